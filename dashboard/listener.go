package dashboard

import (
	"net"
	"sync"
	"time"
)

// tracked is a listener that knows its connections, so that a shutdown need
// not wait for idle ones: drain makes every read of theirs end, which closes
// those that wait for a request and ends streams, while answers under way are
// still written.
type tracked struct {
	net.Listener
	mu       sync.Mutex
	conns    map[*conn]struct{}
	draining bool
}

func track(ln net.Listener) *tracked { return &tracked{Listener: ln, conns: map[*conn]struct{}{}} }

// Accept waits for a connection.
func (t *tracked) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err != nil {
		return nil, err
	}
	out := &conn{Conn: c, of: t}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns[out] = struct{}{}
	if t.draining {
		out.drain()
	}
	return out, nil
}

func (t *tracked) drain() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.draining = true
	for c := range t.conns {
		c.drain()
	}
}

// cut closes what is still open.
func (t *tracked) cut() {
	t.mu.Lock()
	open := make([]*conn, 0, len(t.conns))
	for c := range t.conns {
		open = append(open, c)
	}
	t.mu.Unlock()
	for _, c := range open {
		_ = c.Close() // it may be closed already
	}
}

type conn struct {
	net.Conn
	of       *tracked
	mu       sync.Mutex
	draining bool
}

var past = time.Unix(1, 0)

func (c *conn) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	_ = c.Conn.SetReadDeadline(past) // a closed connection needs none
}

// SetReadDeadline keeps reads ended once the connection drains.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining {
		t = past
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline sets both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// Close closes the connection and forgets it.
func (c *conn) Close() error {
	c.of.mu.Lock()
	delete(c.of.conns, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
