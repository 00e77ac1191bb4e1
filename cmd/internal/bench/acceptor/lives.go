package acceptor

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/sender"
)

// Life is what a call's five webhooks tell: a person answers, hears the message
// to its end and hangs up. Detection is synchronous, so its result comes with
// the question for the script, as it does from Twilio.
var Life = []sender.State{
	{Status: "initiated"},
	{Status: "ringing"},
	{Status: "in-progress"},
	{Status: "in-progress", AnsweredBy: "human", Voice: true},
	{Status: "completed", AnsweredBy: "human", Seconds: 14},
}

// lives tells the lives of calls, each in its order, over lines of their own.
type lives struct {
	lines  int
	ahead  time.Duration
	queue  chan sender.Call
	group  sync.WaitGroup
	over   atomic.Uint64
	sent   atomic.Uint64
	failed atomic.Uint64
	why    atomic.Pointer[string]

	mu   sync.Mutex
	took []time.Duration
}

// queued is how many calls may wait for a line; the engine's own limit of open
// calls is lower in every workload.
const queued = 1 << 20

func newLives(lines int, ahead time.Duration) *lives {
	return &lives{lines: lines, ahead: ahead, queue: make(chan sender.Call, queued)}
}

func (l *lives) begin(c sender.Call) { l.queue <- c }

func (l *lives) start(ctx context.Context) {
	for range l.lines {
		l.group.Go(func() { l.tell(ctx) })
	}
}

func (l *lives) wait() { l.group.Wait() }

// tell takes calls until ctx ends. A webhook that fails is counted and its call
// left there; the line is made anew.
func (l *lives) tell(ctx context.Context) {
	var line *sender.Line
	form := sender.NewForm(AuthToken)
	defer func() {
		if line != nil {
			line.Close()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-l.queue:
			var err error
			if line == nil {
				line, err = sender.DialLine(ctx, c.Status)
			}
			if err == nil {
				err = l.whole(line, form, &c)
			}
			if err != nil && ctx.Err() == nil {
				l.failed.Add(1)
				why := err.Error()
				l.why.CompareAndSwap(nil, &why)
				if line != nil {
					line.Close()
					line = nil
				}
			}
		}
	}
}

func (l *lives) whole(line *sender.Line, form *sender.Form, c *sender.Call) error {
	for seq, s := range Life {
		if err := line.Send(form, AccountSID, c, s, seq, time.Now().Add(l.ahead)); err != nil {
			return err
		}
		l.sent.Add(1)
	}
	l.mu.Lock()
	l.took = append(l.took, time.Duration(time.Now().UnixNano()-c.At))
	l.mu.Unlock()
	l.over.Add(1)
	return nil
}

// all are the times from the request to the answer of the last webhook.
func (l *lives) all() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.took)
}
