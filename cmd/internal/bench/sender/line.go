package sender

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/wire"
)

// Line is one connection to a server, with one request on its way at a time.
type Line struct {
	conn *wire.Conn
	host string
	out  []byte
}

// DialLine connects to the server of a base URL.
func DialLine(ctx context.Context, base string) (*Line, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("connect to %q: %w", base, err)
	}
	c, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, fmt.Errorf("connect to %q: %w", base, err)
	}
	return &Line{conn: wire.NewConn(c), host: u.Host}, nil
}

// Close ends the connection.
func (l *Line) Close() { _ = l.conn.Close() }

// post sends a form to a path with its signature.
func (l *Line) post(path string, body, signature []byte) error {
	l.out = append(append(append(l.out[:0], "POST "...), path...), " HTTP/1.1\r\nHost: "...)
	l.out = append(append(l.out, l.host...), "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
	l.out = append(strconv.AppendInt(l.out, int64(len(body)), 10), "\r\n"...)
	l.out = append(append(append(l.out, "X-Twilio-Signature: "...), signature...), "\r\n\r\n"...)
	l.out = append(l.out, body...)
	if _, err := l.conn.Write(l.out); err != nil {
		return fmt.Errorf("send a webhook: %w", err)
	}
	return nil
}

// Send tells one state of a call and fails unless it is answered 200.
func (l *Line) Send(f *Form, account string, c *Call, s State, seq int, at time.Time) error {
	if err := l.begin(f, account, c, s, seq, at); err != nil {
		return err
	}
	return l.answered()
}

// begin tells one state of a call; its answer is read by answered.
func (l *Line) begin(f *Form, account string, c *Call, s State, seq int, at time.Time) error {
	to := c.Status
	if s.Voice {
		to = c.Voice
	}
	path, err := pathOf(to)
	if err != nil {
		return err
	}
	body, signature := f.Webhook(account, c, s, seq, at)
	return l.post(path, body, signature)
}

// answered reads one answer and fails unless it is a 200.
func (l *Line) answered() error {
	m, err := l.conn.Read()
	if err != nil {
		return fmt.Errorf("read the answer to a webhook: %w", err)
	}
	if status := m.Status(); status != 200 {
		return fmt.Errorf("a webhook was answered %d", status)
	}
	return nil
}
