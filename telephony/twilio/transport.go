package twilio

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// Bounds of a connection. Idle ones are dropped before a load balancer would
// (60 s is usual), since a request written to a connection that is just being
// closed leaves the attempt unclear.
const (
	dialFor      = 5 * time.Second
	handshakeFor = 5 * time.Second
	keepAlive    = 30 * time.Second
	idleFor      = 50 * time.Second
	maxHeader    = 64 << 10
)

// unsentError marks a request of which certainly no byte was written. Every
// other error of a transport leaves open what the carrier has seen.
type unsentError struct{ error }

func (e unsentError) Unwrap() error { return e.error }

// transport sends each request at most once, over HTTP/1.1 only: one request
// per connection keeps a broken connection from making every call in flight
// unclear at once. Each host has a pool of its own. A host behind a proxy is
// reached through net/http, which knows all kinds of proxies and costs four
// times as much; which hosts are, the environment says.
type transport struct {
	conns int
	roots *tls.Config
	proxy func(*http.Request) (*url.URL, error)

	mu    sync.Mutex
	hosts map[target]http.RoundTripper
}

type target struct{ scheme, host string }

func newTransport(conns int) *transport {
	return &transport{
		conns: conns, proxy: http.ProxyFromEnvironment, hosts: map[target]http.RoundTripper{},
		roots: &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}},
	}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	host, err := t.host(req)
	if err != nil {
		return nil, unsentError{err}
	}
	return host.RoundTrip(req)
}

func (t *transport) host(req *http.Request) (http.RoundTripper, error) {
	key := target{req.URL.Scheme, req.URL.Host}
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.hosts[key]; h != nil {
		return h, nil
	}
	through, err := t.proxy(req)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	var h http.RoundTripper
	if through != nil {
		h = proxied{newProxied(t.conns, through, t.roots)}
	} else if h, err = newPool(req.URL, t.conns, t.roots); err != nil {
		return nil, err
	}
	t.hosts[key] = h
	return h, nil
}

// CloseIdleConnections closes what no request uses.
func (t *transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range t.hosts {
		h.(interface{ CloseIdleConnections() }).CloseIdleConnections()
	}
}

// proxied sends through a proxy.
type proxied struct{ *http.Transport }

func newProxied(conns int, through *url.URL, roots *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyURL(through),
		DialContext:            (&net.Dialer{Timeout: dialFor, KeepAlive: keepAlive}).DialContext,
		TLSHandshakeTimeout:    handshakeFor,
		TLSClientConfig:        roots.Clone(),
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConns:           conns,
		MaxIdleConnsPerHost:    conns,
		MaxConnsPerHost:        conns,
		IdleConnTimeout:        idleFor,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true,
	}
}

// RoundTrip implements http.RoundTripper. net/http may send a request again
// only when it knows that nothing was written on the connection it tried
// first; asking for another connection therefore takes the mark back. It has
// ended its write loop before it returns, so the mark is final then.
func (p proxied) RoundTrip(req *http.Request) (*http.Response, error) {
	var wrote atomic.Bool
	own := req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn:      func(string) { wrote.Store(false) },
		WroteHeaders: func() { wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			if req.Method == http.MethodPost {
				crash.Point(crash.PostAfterWrite)
			}
		},
	}))
	if req.Body != nil { // net/http may still hold a body when it returns
		text, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, unsentError{err}
		}
		own.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
		own.Body, _ = own.GetBody() // it never fails
	}
	res, err := p.Transport.RoundTrip(own)
	if err != nil && !wrote.Load() {
		err = unsentError{err}
	}
	return res, err
}

// headers are built once and shared by all requests; a RoundTripper must not
// change them. There is never an Idempotency-Key: the carrier ignores it, and
// net/http takes it as leave to send a POST again.
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

// bounded limits a context to a time from now, unless it ends before that
// anyway.
func bounded(ctx context.Context, limit time.Duration, now time.Time) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok && end.Sub(now) <= limit {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// loopback reports whether a host name is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
