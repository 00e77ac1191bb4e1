// Package wire is as little HTTP/1.1 as two measuring programs need on the
// loopback: whole messages with a Content-Length, one at a time, on connections
// that stay open. It costs a few microseconds, so that what stands at the other
// end is measured and not this.
package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxMessage bounds one message with its header.
const maxMessage = 1 << 20

// ErrTooLarge is returned for a message above 1 MiB.
var ErrTooLarge = errors.New("wire: the message is larger than 1 MiB")

// Conn reads messages from one connection. It is not safe for concurrent use.
type Conn struct {
	io.ReadWriteCloser
	buf  []byte
	from int // where the next message begins
	to   int // where what was read ends
}

// NewConn wraps a connection, which it owns from then on.
func NewConn(c io.ReadWriteCloser) *Conn {
	return &Conn{ReadWriteCloser: c, buf: make([]byte, 8<<10)}
}

// Message is one request or answer. Its parts are valid until the next Read.
type Message struct {
	Line []byte // the first line, without its end
	Body []byte
}

var (
	headEnd = []byte("\r\n\r\n")
	lineEnd = []byte("\r\n")
	length  = []byte("content-length:")
)

// Read returns the next whole message. The error is io.EOF when the other side
// closed between two messages. After any other error of the connection's, such
// as one that says nothing has arrived yet, it may be called again.
func (c *Conn) Read() (Message, error) {
	var head int
	for {
		if i := bytes.Index(c.buf[c.from:c.to], headEnd); i >= 0 {
			head = i + len(headEnd)
			break
		}
		if err := c.more(); err != nil {
			return Message{}, err
		}
	}
	size, err := bodySize(c.buf[c.from : c.from+head])
	if err != nil {
		return Message{}, err
	}
	for c.to-c.from < head+size {
		if err := c.more(); err != nil {
			return Message{}, err
		}
	}
	whole := c.buf[c.from : c.from+head+size]
	if c.from += len(whole); c.from == c.to {
		c.from, c.to = 0, 0
	}
	line, _, _ := bytes.Cut(whole, lineEnd)
	return Message{Line: line, Body: whole[head:]}, nil
}

// more reads what has arrived, making room first.
func (c *Conn) more() error {
	if c.to == len(c.buf) {
		switch {
		case c.from > 0:
			c.to = copy(c.buf, c.buf[c.from:c.to])
			c.from = 0
		case len(c.buf) >= maxMessage:
			return ErrTooLarge
		default:
			c.buf = append(c.buf, make([]byte, len(c.buf))...)
		}
	}
	n, err := c.ReadWriteCloser.Read(c.buf[c.to:])
	c.to += n
	if n > 0 {
		return nil
	}
	return err
}

// bodySize is the Content-Length of a header, 0 when it has none.
func bodySize(head []byte) (int, error) {
	for rest := head; len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, lineEnd)
		if len(line) < len(length) || !bytes.EqualFold(line[:len(length)], length) {
			continue
		}
		n, err := strconv.Atoi(string(bytes.TrimSpace(line[len(length):])))
		if err != nil || n < 0 || n > maxMessage {
			return 0, fmt.Errorf("wire: content length %q", line[len(length):])
		}
		return n, nil
	}
	return 0, nil
}

// Status is the code of an answer's first line, 0 when it is none.
func (m Message) Status() int {
	_, rest, _ := bytes.Cut(m.Line, []byte{' '})
	code, _, _ := bytes.Cut(rest, []byte{' '})
	if string(code) == "200" {
		return 200
	}
	n, err := strconv.Atoi(string(code))
	if err != nil {
		return 0
	}
	return n
}

// Target is the method and the path of a request's first line.
func (m Message) Target() (method, path string) {
	a, rest, _ := bytes.Cut(m.Line, []byte{' '})
	b, _, _ := bytes.Cut(rest, []byte{' '})
	return string(a), string(b)
}

// Param returns one decoded parameter of a form body, "" when it is absent.
func (m Message) Param(name string) string {
	for rest := m.Body; len(rest) > 0; {
		var pair []byte
		pair, rest, _ = bytes.Cut(rest, []byte{'&'})
		if len(pair) > len(name) && pair[len(name)] == '=' && string(pair[:len(name)]) == name {
			return unescape(pair[len(name)+1:])
		}
	}
	return ""
}

// unescape decodes a form value that a Go program encoded.
func unescape(b []byte) string {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '+':
			out = append(out, ' ')
		case c == '%' && i+2 < len(b):
			n, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8)
			if err != nil {
				return string(b)
			}
			out = append(out, byte(n))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
