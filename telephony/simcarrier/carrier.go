package simcarrier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Carrier is a simulated telephone company. It is safe for concurrent use.
// New starts it and Close ends it; it owns two goroutines, and one for each
// request it makes to the client.
type Carrier struct {
	o        Options
	log      *journal
	crew     *crew
	webhooks *http.Client
	ownPool  *http.Transport // nil when Options.Webhooks was given
	birth    string          // makes SIDs of one start differ from another's
	api      http.Handler

	wake    chan struct{}
	closing chan struct{}
	running sync.WaitGroup
	calling context.Context // of requests to the client
	hangUp  context.CancelCauseFunc

	mu       sync.Mutex
	settled  *sync.Cond // broadcast whenever something was done
	closed   bool
	server   *http.Server
	model    Model
	faults   Faults
	due      timetable
	alarms   uint64
	calls    map[string]*call
	order    []*call                 // API calls and legs, oldest first
	byTo     map[string][]*call      // the same by called number
	counts   map[string]int          // calls to a number, ever
	requests map[string]int          // API requests by address, for the faults
	live     int                     // API calls that are not over
	over     int                     // calls and legs in order that are over
	voice    map[string]voiceSetting // by number of the account: where its calls go
	asked    []string                // numbers looked up while any is the account's
	rung     int                     // calls to the account's numbers
	nextDial time.Time               // when the queue lets the next call out
	tally    tally
}

// New starts a carrier.
func New(o Options) (*Carrier, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	c := &Carrier{
		o: o, model: o.Model, faults: o.Faults,
		wake: make(chan struct{}, 1), closing: make(chan struct{}),
		calls: map[string]*call{}, byTo: map[string][]*call{}, counts: map[string]int{}, requests: map[string]int{},
	}
	c.settled = sync.NewCond(&c.mu)
	c.calling, c.hangUp = context.WithCancelCause(context.Background())
	c.crew = &crew{size: o.MaxWebhooks, idle: func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.settled.Broadcast()
	}}
	c.webhooks = o.Webhooks
	if c.webhooks == nil {
		c.ownPool = newPool(o.MaxWebhooks)
		c.webhooks = &http.Client{Transport: c.ownPool}
	}
	c.birth = strconv.FormatInt(o.Clock.Now().UnixNano(), 36)
	if err := c.openLog(); err != nil {
		return nil, err
	}
	c.api = c.routes()
	c.running.Add(1)
	go c.keepTime()
	return c, nil
}

// openLog starts the journal, after reading back what it holds.
func (c *Carrier) openLog() error {
	if c.o.LogPath == "" {
		c.log = newJournal(c.o.Log, nil, 0)
		return nil
	}
	f, err := openLog(c.o.LogPath)
	if err != nil {
		return err
	}
	last, err := c.recall()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	c.log = newJournal(f, f.Close, last)
	if err := c.endOpenCalls().wait(); err != nil {
		return errors.Join(err, c.log.close())
	}
	return nil
}

// Serve answers requests on ln until Close. It returns nil after Close.
func (c *Carrier) Serve(ln net.Listener) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return errors.Join(ErrClosed, ln.Close())
	}
	if c.server == nil {
		c.server = &http.Server{Handler: c.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	}
	server := c.server
	c.mu.Unlock()
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("simulated carrier on %s: %w", ln.Addr(), err)
	}
	return nil
}

// ErrClosed is returned by Serve after Close.
var ErrClosed = errors.New("simulated carrier: closed")

// Close stops answering, drops all calls where they are, waits until ctx for
// requests to the client to finish and breaks them off then, and closes the
// log. It may be called twice.
func (c *Carrier) Close(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		c.running.Wait()
		return nil
	}
	c.closed = true
	server := c.server
	c.mu.Unlock()
	var errs []error
	if server != nil {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, server.Close())
		}
	}
	close(c.closing)
	c.crew.dismiss()
	stop := context.AfterFunc(ctx, func() { c.hangUp(context.Cause(ctx)) })
	c.crew.hands.Wait()
	stop()
	c.hangUp(ErrClosed)
	c.running.Wait()
	if c.ownPool != nil {
		c.ownPool.CloseIdleConnections()
	}
	return errors.Join(append(errs, c.log.close())...)
}

// newSID makes a SID that depends on what it names and not on when, but for
// the carrier's start.
func (c *Carrier) newSID(prefix string, address ...string) string {
	h := sha256.New()
	_, _ = h.Write([]byte(strconv.FormatUint(c.o.Seed, 36) + "/" + c.birth))
	for _, part := range address {
		_, _ = h.Write([]byte("\x00" + part))
	}
	return prefix + hex.EncodeToString(h.Sum(nil)[:16])
}

// phoneNumberSID is the SID of one of the account's numbers.
func phoneNumberSID(number string) string {
	sum := sha256.Sum256([]byte("number\x00" + number))
	return "PN" + hex.EncodeToString(sum[:16])
}
