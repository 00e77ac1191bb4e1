package twilio

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

var (
	errHeaderTooLarge = errors.New("the answer's header is larger than 64 KiB")
	errInterim        = errors.New("too many interim answers")
	past              = time.Unix(1, 0)
)

// maxInterim is how many 1xx answers may come before the one that counts.
const maxInterim = 5

// counted is a network connection that knows whether bytes left.
type counted struct {
	net.Conn
	wrote int64
}

// Write implements io.Writer.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.wrote += int64(n)
	return n, err
}

// conn is one connection. Between two requests it belongs to the pool, else to
// the goroutine of its request.
type conn struct {
	pool   *pool
	out    counted
	stream net.Conn // out, or TLS above it
	in     *bufio.Reader
	header int64  // how many bytes of a header may still be read; -1 outside of headers
	text   []byte // the request as it is written
	since  time.Duration
	pulse  pulse
	abort  func() // ends reads and writes
}

func newConn(p *pool, raw net.Conn) *conn {
	c := &conn{pool: p, out: counted{Conn: raw}, header: -1}
	c.stream = &c.out
	c.in = bufio.NewReaderSize(reading{c}, 4<<10)
	c.pulse.of(raw)
	c.abort = func() { _ = c.out.SetDeadline(past) } // a closed connection needs none
	return c
}

// reading is the connection below the buffer: it bounds headers.
type reading struct{ *conn }

// Read implements io.Reader.
func (r reading) Read(b []byte) (int, error) {
	if r.header < 0 {
		return r.stream.Read(b)
	}
	if r.header == 0 {
		return 0, errHeaderTooLarge
	}
	n, err := r.stream.Read(b[:min(int64(len(b)), r.header)])
	r.header -= int64(n)
	return n, err
}

// alive reports whether the far side has neither closed an idle connection nor
// said something nobody asked for.
func (c *conn) alive() bool { return c.in.Buffered() == 0 && c.quiet() && c.pulse.felt() }

// quiet reports whether TLS holds nothing that was read along with the last
// answer: taken for the next one, it would name another call. With the deadline
// past, what was read already is all a read can give, and it asks no socket.
func (c *conn) quiet() bool {
	if c.pool.tls == nil {
		return true
	}
	if c.out.SetReadDeadline(past) != nil {
		return false
	}
	_, err := c.in.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && c.out.SetReadDeadline(time.Time{}) == nil
}

// close takes no leave of a TLS peer, which could take seconds.
func (c *conn) close() { _ = c.out.Close() } // nobody can act on an error

// roundTrip writes the request and reads the answer's header. The body ends
// the connection's use when it is closed.
func (c *conn) roundTrip(req *http.Request) (*http.Response, error) {
	if err := c.render(req); err != nil {
		return nil, unsentError{err}
	}
	stop := context.AfterFunc(req.Context(), c.abort)
	before := c.out.wrote
	if _, err := c.stream.Write(c.text); err != nil {
		stop()
		if c.out.wrote == before {
			return nil, unsentError{err}
		}
		return nil, err
	}
	if req.Method == http.MethodPost {
		crash.Point(crash.PostAfterWrite)
	}
	res, err := c.answer()
	if err != nil {
		stop()
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	res.Request = req
	res.Body = &answering{Reader: res.Body, of: c, stop: stop, keep: !res.Close}
	return res, nil
}

// render writes the request into c.text. All of it leaves in one write.
func (c *conn) render(req *http.Request) error {
	t := append(append(append(c.text[:0], req.Method...), ' '), req.URL.RequestURI()...)
	t = append(append(append(t, " HTTP/1.1\r\nHost: "...), req.Host...), "\r\n"...)
	for name, values := range req.Header {
		for _, v := range values {
			t = append(append(append(append(t, name...), ": "...), v...), "\r\n"...)
		}
	}
	if req.Body == nil {
		t = append(t, "\r\n"...)
		c.text = t
		return nil
	}
	defer req.Body.Close()
	t = strconv.AppendInt(append(t, "Content-Length: "...), req.ContentLength, 10)
	t = append(t, "\r\n\r\n"...)
	head := len(t)
	t = append(t, make([]byte, req.ContentLength)...)
	if _, err := io.ReadFull(req.Body, t[head:]); err != nil {
		return fmt.Errorf("read the request's body: %w", err)
	}
	c.text = t
	return nil
}

// answer reads the header of the answer that counts.
func (c *conn) answer() (*http.Response, error) {
	c.header = maxHeader
	defer func() { c.header = -1 }()
	for range maxInterim {
		res, err := http.ReadResponse(c.in, nil)
		if err != nil {
			return nil, err
		}
		if res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols {
			return res, nil
		}
	}
	return nil, errInterim
}

// answering is an answer's body. The connection serves again when the body was
// read to its end, nothing follows it and the request was not given up.
type answering struct {
	io.Reader
	of    *conn
	stop  func() bool
	keep  bool
	ended bool
}

// Read implements io.Reader.
func (a *answering) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	a.ended = a.ended || err == io.EOF
	return n, err
}

// Close implements io.Closer. It may be called more than once.
func (a *answering) Close() error {
	if c := a.of; c != nil {
		a.of = nil
		c.pool.release(c, a.stop() && a.keep && a.ended && c.in.Buffered() == 0)
	}
	return nil
}
