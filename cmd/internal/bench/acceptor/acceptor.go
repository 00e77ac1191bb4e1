// Package acceptor is a carrier that accepts every call at once, as Twilio
// would, and counts. It runs as a process of its own beside what is measured,
// at a few microseconds a request.
package acceptor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/sender"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/wire"
)

// The account of the accepting carrier.
const (
	AccountSID = "AC000000000000000000000000000be9c4"
	AuthToken  = "the-accepting-carriers-own-token"
)

// Options say what an Acceptor does besides counting.
type Options struct {
	Keep bool // remember every call, for GET /calls
	// Lines is how many calls it tells the whole life of at once, 0 for none;
	// Ahead is how far the engine's clock is ahead of this machine's.
	Lines int
	Ahead time.Duration
}

// Acceptor answers on one listener:
//
//	POST …/Calls.json    201 with a call resource
//	GET /figures         Figures
//	GET /calls           every call since the last reset, one a line
//	GET /took            how long each life took, from the request to its end
//	GET /reset           forgets the calls and the instant of the first
type Acceptor struct {
	o     Options
	ln    net.Listener
	lives *lives

	made  atomic.Uint64
	first atomic.Int64 // Unix nanoseconds of the first request since the last reset
	mu    sync.Mutex
	calls []sender.Call
	conns map[net.Conn]bool
	wg    sync.WaitGroup
}

// Figures are what an Acceptor tells about itself.
type Figures struct {
	Made     uint64        `json:"made"`
	First    int64         `json:"first"` // Unix nanoseconds, 0 before any
	CPU      time.Duration `json:"cpu"`
	Lives    uint64        `json:"lives"`    // calls told to their end
	Webhooks uint64        `json:"webhooks"` // sent and answered
	Failed   uint64        `json:"failed"`   // webhooks that were not answered 200
	Why      string        `json:"why"`      // of the first failure
}

// New listens on a free port of the loopback.
func New(ctx context.Context, o Options) (*Acceptor, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("accepting carrier: %w", err)
	}
	a := &Acceptor{o: o, ln: ln, conns: map[net.Conn]bool{}}
	if o.Lines > 0 {
		a.lives = newLives(o.Lines, o.Ahead)
	}
	return a, nil
}

// URL is the base URL.
func (a *Acceptor) URL() string { return "http://" + a.ln.Addr().String() }

// Serve answers until ctx ends.
func (a *Acceptor) Serve(ctx context.Context) error {
	stop := context.AfterFunc(ctx, a.close)
	defer stop()
	if a.lives != nil {
		a.lives.start(ctx)
	}
	for {
		c, err := a.ln.Accept()
		if err != nil {
			a.wg.Wait()
			if a.lives != nil {
				a.lives.wait()
			}
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("accepting carrier: %w", err)
		}
		a.mu.Lock()
		a.conns[c] = true
		a.mu.Unlock()
		if ctx.Err() != nil {
			_ = c.Close()
		}
		a.wg.Go(func() { a.answer(c) })
	}
}

func (a *Acceptor) close() {
	_ = a.ln.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.conns {
		_ = c.Close()
	}
}

// answer serves one connection to its end; the other side decides when.
func (a *Acceptor) answer(c net.Conn) {
	defer func() {
		_ = c.Close()
		a.mu.Lock()
		delete(a.conns, c)
		a.mu.Unlock()
	}()
	conn, out := wire.NewConn(c), make([]byte, 0, 4<<10)
	for {
		m, err := conn.Read()
		if err != nil {
			return
		}
		if out, err = a.one(out[:0], m); err != nil {
			return
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}

func (a *Acceptor) one(out []byte, m wire.Message) ([]byte, error) {
	method, path := m.Target()
	switch {
	case method == "POST" && strings.HasSuffix(path, "/Calls.json"):
		return a.accept(out, m), nil
	case path == "/figures":
		f, err := a.figures()
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(f)
		return answered(out, "200 OK", body), err
	case path == "/calls":
		var b bytes.Buffer
		a.mu.Lock()
		err := sender.WriteCalls(&b, a.calls)
		a.mu.Unlock()
		return answered(out, "200 OK", b.Bytes()), err
	case path == "/took" && a.lives != nil:
		body, err := json.Marshal(a.lives.all())
		return answered(out, "200 OK", body), err
	case path == "/reset":
		a.mu.Lock()
		a.calls = nil
		a.mu.Unlock()
		a.first.Store(0)
		return answered(out, "200 OK", nil), nil
	}
	return answered(out, "404 Not Found", nil), nil
}

func (a *Acceptor) figures() (Figures, error) {
	cpu, err := usage.CPU()
	if err != nil {
		return Figures{}, err
	}
	f := Figures{Made: a.made.Load(), First: a.first.Load(), CPU: cpu}
	if a.lives != nil {
		f.Lives, f.Webhooks, f.Failed = a.lives.over.Load(), a.lives.sent.Load(), a.lives.failed.Load()
		if why := a.lives.why.Load(); why != nil {
			f.Why = *why
		}
	}
	return f, nil
}

func (a *Acceptor) accept(out []byte, m wire.Message) []byte {
	at := time.Now()
	n := a.made.Add(1)
	a.first.CompareAndSwap(0, at.UnixNano())
	c := sender.Call{SID: fmt.Sprintf("CA%032x", n), At: at.UnixNano()}
	if a.o.Keep || a.lives != nil {
		c.To, c.From = m.Param("To"), m.Param("From")
		c.Status, _, _ = strings.Cut(m.Param("StatusCallback"), "#")
		c.Voice, _, _ = strings.Cut(m.Param("Url"), "#")
	}
	if a.o.Keep {
		a.mu.Lock()
		a.calls = append(a.calls, c)
		a.mu.Unlock()
	}
	if a.lives != nil {
		a.lives.begin(c)
	}
	return created(out, c.SID)
}
