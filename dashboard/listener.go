package dashboard

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	hertz "github.com/cloudwego/hertz/pkg/common/errors"
)

// tracked is a listener that knows its connections, so that a shutdown need
// not wait for idle ones: drain ends the reads of those, which closes the ones
// that wait for a request and ends streams, while answers under way are still
// written. A request that has begun to arrive may arrive whole: an answer of
// 408 would tell its sender, a carrier perhaps, that the fault is theirs.
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
	asked    atomic.Bool // something was read since the last answer
	mu       sync.Mutex
	draining bool
	reading  bool
	wanted   time.Time // the deadline of reads that was asked for
	set      time.Time // and the one that holds
}

// sameDeadline is how much too early a read may be ended.
const sameDeadline = time.Second

var past = time.Unix(1, 0)

func (c *conn) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	if !c.asked.Load() {
		c.end()
	}
}

// end ends reads.
func (c *conn) end() {
	c.set = past
	_ = c.Conn.SetReadDeadline(past) // a closed connection needs none
}

// SetReadDeadline keeps reads ended once the connection drains and no request
// is under way. Outside of a read it only takes note: of the two deadlines that
// each request brings the second is mostly never waited under, and setting one
// costs as much as to parse a header.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining && !c.asked.Load() {
		t = past
	}
	c.wanted = t
	if !c.reading {
		return nil
	}
	return c.heed()
}

// heed lets the wanted deadline hold, unless one holds that is nearly the same.
func (c *conn) heed() error {
	if early := c.wanted.Sub(c.set); c.wanted.Equal(c.set) || !c.wanted.IsZero() && early > 0 && early < sameDeadline {
		return nil
	}
	c.set = c.wanted
	return c.Conn.SetReadDeadline(c.wanted)
}

// begin is what a read begins with.
func (c *conn) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading = true
	if c.draining && !c.asked.Load() {
		return nil // ended
	}
	return c.heed()
}

// Read notes that a request has begun to arrive.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.begin(); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.asked.Store(true)
	}
	c.mu.Lock()
	c.reading = false
	c.mu.Unlock()
	return n, err
}

// Write answers; what is read from now on is another request.
func (c *conn) Write(p []byte) (int, error) {
	c.answer()
	n, err := c.Conn.Write(p)
	return n, left(err)
}

// left makes of a client that has closed its end what Hertz closes a connection
// for without a word. Hertz means to be silent then, but on the listener that
// has streams its own connection hides that from it, and every page that was
// closed stood in the log.
func left(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return fmt.Errorf("%w: %w", hertz.ErrShortConnection, err)
	}
	return err
}

func (c *conn) answer() {
	if !c.asked.Swap(false) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining {
		c.end()
	}
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
