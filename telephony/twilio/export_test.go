package twilio

import (
	"crypto/x509"
	"net/http"
	"net/url"

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

// Trust adds certificate authorities to those of the system.
func (c *Client) Trust(roots *x509.CertPool) { c.wire.(*transport).roots.RootCAs = roots }

// SetProxy replaces what the environment says.
func (c *Client) SetProxy(proxy func(*http.Request) (*url.URL, error)) {
	c.wire.(*transport).proxy = proxy
}

// Brief is what twilio-go gets of an answer to a placed call.
func Brief(answer []byte) []byte { return brief(answer, nil) }

// EncodeForm is a request's body.
func EncodeForm(data url.Values) string {
	b := newFormBody(data)
	defer b.free()
	return string(b.text)
}

// IsE164 and IsCallSID judge without a regular expression.
var (
	IsE164    = isE164
	IsCallSID = isCallSID
	Stamp     = stamp
)
