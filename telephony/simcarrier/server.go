package simcarrier

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// Server is a carrier with a listener of its own.
type Server struct {
	*Carrier
	// URL is the base URL to give to a client, without a trailing slash.
	URL string

	served chan error
}

// NewServer starts a carrier that listens on addr, for example "127.0.0.1:0".
func NewServer(addr string, o Options) (*Server, error) {
	c, err := New(o)
	if err != nil {
		return nil, err
	}
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("simulated carrier: %w", err), c.Close(context.Background()))
	}
	s := &Server{Carrier: c, URL: "http://" + ln.Addr().String(), served: make(chan error, 1)}
	go func() { s.served <- c.Serve(ln) }()
	return s, nil
}

// Close is Carrier.Close, and waits for the listener's goroutine too. It is
// to be called once.
func (s *Server) Close(ctx context.Context) error {
	err := s.Carrier.Close(ctx)
	return errors.Join(err, <-s.served)
}
