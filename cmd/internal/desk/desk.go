// Package desk plays the people at the desks of a call centre. It takes the
// calls that the simulated carrier connects, talks for a while, and posts a
// disposition through the product's public API, as any call-centre software
// would. It knows nothing else of the dialer and keeps a log of its own, the
// witness for conversions.
package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// Options say what kind of desk to be. All but Mix, Client and Fail are
// required.
type Options struct {
	Clock clock.Clock // talk and wrap-up run on it
	Seed  uint64
	Log   string // file; continued when it is there
	Mix   []Share
	// Client makes the requests; http.DefaultClient when nil.
	Client *http.Client
	// Fail is told of what could not be posted or logged, nil drops it.
	Fail func(error)
}

// Share is how often an answered call ends with a disposition.
type Share struct {
	Code   string
	Weight float64
}

// DefaultMix is an assumption for demos, not a measurement: one conversation
// in seven is a sale, few are a no for ever.
func DefaultMix() []Share {
	return []Share{
		{"NOT_INTERESTED", 0.40}, {"INTERESTED", 0.20}, {"CALLBACK", 0.15}, {"SALE", 0.14}, {"WRONG_NUMBER", 0.06}, {"DNC", 0.05},
	}
}

// wrapUp is how long the desk writes before it posts, on its clock.
const wrapUp = 20 * time.Second

// Desk takes calls. It is safe for concurrent use.
type Desk struct {
	o      Options
	log    *log
	client *http.Client

	mu     sync.Mutex
	server string
	key    string
	since  map[string]time.Time // connected: attempts and when they were
	posted int                  // being written up
	closed bool
	stop   context.CancelFunc
	ctx    context.Context // ends the posts at Close
	posts  sync.WaitGroup
}

// New opens the desk's log. Dispositions of calls that ended before a restart
// and were not posted are posted once Serve has named the server.
func New(o Options) (*Desk, error) {
	if len(o.Mix) == 0 {
		o.Mix = DefaultMix()
	}
	if o.Fail == nil {
		o.Fail = func(error) {}
	}
	d := &Desk{o: o, client: o.Client, since: map[string]time.Time{}}
	if d.client == nil {
		d.client = http.DefaultClient
	}
	d.ctx, d.stop = context.WithCancel(context.Background())
	var err error
	if d.log, err = openLog(o.Log); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// Serve names the server to post to, with a key if it wants one, and posts what
// an earlier desk left.
func (d *Desk) Serve(server, key string) {
	d.mu.Lock()
	d.server, d.key = server, key
	d.mu.Unlock()
	for _, line := range d.log.owed() {
		d.finish(line.Attempt, line.T, d.o.Clock.Now())
	}
}

// Bridge answers a leg, for simcarrier.Options.OnBridge.
func (d *Desk) Bridge(b simcarrier.Bridge) (answer bool, talk time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.server == "" {
		return false, 0
	}
	at := d.o.Clock.Now().Truncate(time.Millisecond)
	if err := d.log.write(Line{T: at, Attempt: b.Attempt, Ev: Connected}); err != nil {
		d.o.Fail(err)
		return false, 0
	}
	d.since[b.Attempt] = at
	return true, d.fate(b.Attempt).talk
}

// Release takes the end of a leg, for simcarrier.Options.OnRelease. Of a talk
// that did not come about nothing is posted.
func (d *Desk) Release(b simcarrier.Bridge, talked time.Duration) {
	if talked <= 0 {
		d.miss(b.Attempt)
		return
	}
	d.mu.Lock()
	since := d.since[b.Attempt]
	d.mu.Unlock()
	d.finish(b.Attempt, since, d.o.Clock.Now().Add(wrapUp))
}

func (d *Desk) miss(attempt string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.since, attempt)
	if d.closed {
		return
	}
	if err := d.log.write(Line{T: d.o.Clock.Now(), Attempt: attempt, Ev: Missed}); err != nil {
		d.o.Fail(err)
	}
}

// finish posts the disposition of an attempt that was connected since, at an
// instant.
func (d *Desk) finish(attempt string, since, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.since, attempt)
	if d.closed {
		return // the next start posts it
	}
	d.posted++
	d.posts.Go(func() {
		err := d.dispose(attempt, since, at)
		d.mu.Lock()
		d.posted--
		d.mu.Unlock()
		if err != nil && !errors.Is(err, context.Canceled) {
			d.o.Fail(fmt.Errorf("disposition of %s: %w", attempt, err))
		}
	})
}

func (d *Desk) dispose(attempt string, since, at time.Time) error {
	reached, stop := d.o.Clock.At(at)
	defer stop()
	select {
	case <-reached:
	case <-d.ctx.Done():
		return d.ctx.Err()
	}
	f := d.fate(attempt)
	if err := d.post(attempt, since, f); err != nil {
		return err
	}
	return d.log.write(Line{T: d.o.Clock.Now(), Attempt: attempt, Ev: Disposed, Code: f.code})
}

// Idle reports whether no call is connected or being written up.
func (d *Desk) Idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.since) == 0 && d.posted == 0
}

// Close stops taking calls, gives up what is being written up (the next start
// posts it), and closes the log. It may be called twice.
func (d *Desk) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.posts.Wait()
	return d.log.close()
}
