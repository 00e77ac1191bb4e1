package sender

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"golang.org/x/sys/unix"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/wire"
)

// socket is a connection without the runtime's poller: what would block is
// EAGAIN.
type socket int

// dialSocket connects to the server of a base URL.
func dialSocket(ctx context.Context, base string) (l *Line, fd int, err error) {
	l, err = DialLine(ctx, base)
	if err != nil {
		return nil, 0, err
	}
	defer l.Close() // the socket has a file descriptor of its own
	tcp, ok := l.conn.ReadWriteCloser.(*net.TCPConn)
	if !ok {
		return nil, 0, fmt.Errorf("connect to %q: not TCP but %T", base, l.conn.ReadWriteCloser)
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, 0, err
	}
	var dup error
	if err := raw.Control(func(own uintptr) { fd, dup = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0) }); err != nil || dup != nil {
		return nil, 0, errors.Join(err, dup)
	}
	return &Line{conn: wire.NewConn(socket(fd)), host: l.host}, fd, nil
}

// Read implements io.Reader.
func (s socket) Read(p []byte) (int, error) {
	n, err := unix.Read(int(s), p)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return max(n, 0), err
}

// Write implements io.Writer. A webhook is far smaller than what a socket takes
// at once.
func (s socket) Write(p []byte) (int, error) {
	n, err := unix.Write(int(s), p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return max(n, 0), err
}

// Close implements io.Closer.
func (s socket) Close() error { return unix.Close(int(s)) }
