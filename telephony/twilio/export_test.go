package twilio

import (
	"net/http"

	"github.com/carillon-dialer/carillon/telephony"
)

// SetTransport replaces the network of a client in benchmarks.
func (c *Client) SetTransport(t http.RoundTripper) { c.wire = t }

// EachCode judges every listed code as an answer with status 400.
func EachCode(visit func(code int, e *telephony.Error)) {
	for code := range codes {
		visit(code, classify(http.StatusBadRequest, code))
	}
}
