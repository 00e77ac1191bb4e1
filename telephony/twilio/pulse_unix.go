//go:build unix

package twilio

import (
	"errors"
	"net"
	"syscall"
)

// pulse looks whether an idle connection still stands: net/http has a
// goroutine read every one of them, this one asks the socket, which takes half
// a microsecond.
type pulse struct {
	raw  syscall.RawConn
	look func(uintptr) bool
	ok   bool
}

func (p *pulse) of(c net.Conn) {
	if s, is := c.(syscall.Conn); is {
		p.raw, _ = s.SyscallConn() // nil: nothing can be felt
	}
	p.look = func(fd uintptr) bool {
		var one [1]byte
		_, err := syscall.Read(int(fd), one[:])
		p.ok = errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR)
		return true
	}
}

// felt reports that the socket has neither an end nor a byte to read.
func (p *pulse) felt() bool {
	if p.raw == nil {
		return false
	}
	err := p.raw.Read(p.look)
	return err == nil && p.ok
}
