package twilio

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// pool holds the connections to one host: as many as requests are under way,
// at most its size. It has no goroutine and no timer: a request is written and
// its answer read by the goroutine that asks, which is why it costs a fraction
// of net/http's transport. What is idle for too long or was closed by the far
// side is found when the next request wants a connection.
type pool struct {
	addr   string
	tls    *tls.Config // nil: plain
	dialer net.Dialer
	slots  chan struct{} // one is held by each request

	mu   sync.Mutex
	idle []*conn // the latest used last
}

func newPool(u *url.URL, size int, roots *tls.Config) (*pool, error) {
	p := &pool{slots: make(chan struct{}, size), dialer: net.Dialer{Timeout: dialFor, KeepAlive: keepAlive}}
	port := u.Port()
	switch u.Scheme {
	case "https":
		p.tls = roots.Clone()
		p.tls.ServerName = u.Hostname()
		if port == "" {
			port = "443"
		}
	case "http":
		if port == "" {
			port = "80"
		}
	default:
		return nil, fmt.Errorf("scheme %q is not http or https", u.Scheme)
	}
	p.addr = net.JoinHostPort(u.Hostname(), port)
	return p, nil
}

// RoundTrip implements http.RoundTripper: one request on one connection, once.
func (p *pool) RoundTrip(req *http.Request) (*http.Response, error) {
	c, err := p.take(req.Context())
	if err != nil {
		return nil, unsentError{err}
	}
	res, err := c.roundTrip(req)
	if err != nil {
		p.release(c, false)
		return nil, err
	}
	return res, nil
}

// take waits for a slot and returns a connection that is not known to be dead.
func (p *pool) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.slots <- struct{}{}:
	default:
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	now := clock.System{}.Mono()
	for c := p.pop(); c != nil; c = p.pop() {
		if now-c.since < idleFor && c.alive() {
			return c, nil
		}
		c.close()
	}
	c, err := p.dial(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return c, nil
}

func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle) - 1
	if n < 0 {
		return nil
	}
	c := p.idle[n]
	p.idle[n] = nil
	p.idle = p.idle[:n]
	return c
}

// release gives the slot back, and the connection when it can serve again. The
// one that has been idle longest goes when its time is up.
func (p *pool) release(c *conn, good bool) {
	if !good {
		c.close()
		<-p.slots
		return
	}
	c.since = clock.System{}.Mono()
	var old *conn
	p.mu.Lock()
	if len(p.idle) > 0 && c.since-p.idle[0].since >= idleFor {
		old = p.idle[0]
		p.idle = append(p.idle[:0], p.idle[1:]...)
	}
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	<-p.slots
	if old != nil {
		old.close()
	}
}

// CloseIdleConnections closes what no request uses.
func (p *pool) CloseIdleConnections() {
	for c := p.pop(); c != nil; c = p.pop() {
		c.close()
	}
}

// dial connects and, for https, shakes hands: nothing of a request is written
// before the certificate was verified.
func (p *pool) dial(ctx context.Context) (*conn, error) {
	raw, err := p.dialer.DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	c := newConn(p, raw)
	if p.tls == nil {
		return c, nil
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeFor)
	defer cancel()
	secured := tls.Client(&c.out, p.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // the handshake's error is the one to tell
		return nil, fmt.Errorf("TLS: %w", err)
	}
	c.stream = secured
	return c, nil
}
