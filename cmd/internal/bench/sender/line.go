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

// Post sends a form to a path with a header line of its own, and returns the
// answer's status.
func (l *Line) Post(path string, body []byte, name, value string) (int, error) {
	l.out = append(append(append(l.out[:0], "POST "...), path...), " HTTP/1.1\r\nHost: "...)
	l.out = append(append(l.out, l.host...), "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
	l.out = append(strconv.AppendInt(l.out, int64(len(body)), 10), "\r\n"...)
	l.out = append(append(append(append(l.out, name...), ": "...), value...), "\r\n\r\n"...)
	l.out = append(l.out, body...)
	if _, err := l.conn.Write(l.out); err != nil {
		return 0, fmt.Errorf("send a webhook: %w", err)
	}
	m, err := l.conn.Read()
	if err != nil {
		return 0, fmt.Errorf("read the answer to a webhook: %w", err)
	}
	return m.Status(), nil
}

// Send tells one state of a call and fails unless it is answered 200.
func (l *Line) Send(f *Form, account string, c *Call, s State, seq int, at time.Time) error {
	to := c.Status
	if s.Voice {
		to = c.Voice
	}
	path, err := pathOf(to)
	if err != nil {
		return err
	}
	body, signature := f.Webhook(account, c, s, seq, at)
	status, err := l.Post(path, body, "X-Twilio-Signature", signature)
	if err == nil && status != 200 {
		err = fmt.Errorf("the webhook %s was answered %d", path, status)
	}
	return err
}
