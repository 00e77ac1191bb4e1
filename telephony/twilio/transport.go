package twilio

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/twilio/twilio-go/client"
)

// newTransport is a lean pool. It speaks HTTP/1.1 only: one request per
// connection keeps a broken connection from making every call in flight
// unclear at once, and the moment of the first byte is known per request.
// Idle connections are dropped before a load balancer would (60 s is usual),
// since a request written to a connection that is just being closed leaves
// the attempt unclear.
func newTransport(conns int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConns:           conns,
		MaxIdleConnsPerHost:    conns,
		MaxConnsPerHost:        conns,
		IdleConnTimeout:        50 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
	}
}

// headers are built once and shared by all requests; a RoundTripper must not
// change them. There is never an Idempotency-Key: the carrier ignores it, and
// Go's transport takes it as leave to send a POST again.
func headers(authorization string) (get, post http.Header) {
	agent := "carillon twilio-go/" + client.LibraryVersion
	get = http.Header{
		"Authorization": {authorization},
		"Accept":        {"application/json"},
		"User-Agent":    {agent},
	}
	post = get.Clone()
	post.Set("Content-Type", "application/x-www-form-urlencoded")
	return get, post
}

// loopback reports whether a host name is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
