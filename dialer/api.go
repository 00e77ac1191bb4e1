package dialer

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Do hands a command to the engine and waits until its turn is durable. The
// error is a *Refusal when the command was understood and cannot be done,
// ErrBusy or ErrStopped when it was not taken, or ctx's: then it may still
// happen.
func (e *Engine) Do(ctx context.Context, m Message) (any, error) {
	return e.do(ctx, Command, m)
}

func (e *Engine) do(ctx context.Context, u Urgency, m Message) (any, error) {
	type result struct {
		reply any
		err   error
	}
	done := make(chan result, 1)
	if err := e.inbox.put(u, Item{Message: m, Done: func(reply any, err error) { done <- result{reply, err} }}); err != nil {
		return nil, err
	}
	select {
	case r := <-done:
		if u == Command {
			crash.Point(crash.CommandAfterCommit)
		}
		return r.reply, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Each hands many commands in and waits for all; replies and errors stand
// beside the messages. It is for bulk work: commands of others go first.
func (e *Engine) Each(ctx context.Context, ms []Message) ([]any, []error) {
	replies, errs := make([]any, len(ms)), make([]error, len(ms))
	const ahead = 512
	for from := 0; from < len(ms); from += ahead {
		part := ms[from:min(from+ahead, len(ms))]
		done := make(chan struct{}, len(part))
		for i, m := range part {
			at := from + i
			err := e.inbox.put(Bulk, Item{Message: m, Done: func(reply any, err error) {
				replies[at], errs[at] = reply, err
				done <- struct{}{}
			}})
			if err != nil {
				errs[at] = err
				done <- struct{}{}
			}
		}
		for range part {
			select {
			case <-done:
			case <-ctx.Done():
				return make([]any, len(ms)), fill(len(ms), ctx.Err())
			}
		}
	}
	return replies, errs
}

func fill(n int, err error) []error {
	out := make([]error, n)
	for i := range out {
		out[i] = err
	}
	return out
}

// Rows reads committed state.
func (e *Engine) Rows() state.Rows { return state.Rows{R: e.o.Ledger} }

// Now is the engine's wall clock.
func (e *Engine) Now() time.Time { return e.o.Wall.Now() }

// Dispositions is the set in force.
func (e *Engine) Dispositions() *routing.Set { return e.o.Rules.Dispositions }

// Token names a number without telling it.
func (e *Engine) Token(n cadence.Number) event.Token { return TokenOf(e.o.Rules.NumberKey, n) }

// LeadByExternal finds a lead by its external id, zero when there is none.
func (e *Engine) LeadByExternal(ext string) (cadence.ID, error) {
	return e.Rows().LeadByExternal(externalKey(ext))
}

// Status is the live picture.
type Status struct {
	At        time.Time // wall
	Stopped   bool      // the kill switch
	StoppedAt int64     // since when, Unix ms; 0 while it is off
	Doubt     Doubt     // why nothing is dialed; zero when dialing is on
	Calls     projection.Calls
	Ready     int   // due touches in memory that wait for a grant
	NextDue   int64 // Unix ms, 0 when nothing is due; it may lie before the next due unless Idle
	Leads     uint64
	Policy    uint64
	PerSecond float64
	// Granted is how many calls a second the pacer grants, as of GrantedAt (real).
	Granted   float64
	GrantedAt time.Time
	InFlight  int // calls open by the pacer's count, with grants that are neither spent nor given back
	Stuck     int
	// PacksAmiss is why the newest rule packs were refused, "" when they were
	// not: then calls are judged by older ones.
	PacksAmiss string
	Idle       bool // nothing is in flight, ready or being decided
}

// Status returns the picture after the last turn; Calls and PerSecond are of
// now.
func (e *Engine) Status() Status {
	turning := e.turning.Load()
	s := *e.status.Load()
	s.Idle = s.Idle && !turning
	s.PacksAmiss = e.packsAmiss()
	s.Calls = e.board.Calls()
	s.PerSecond = e.board.PerSecond(e.o.Real.Now().Unix())
	s.Stuck = e.board.Overdue(e.o.Wall.Now().UnixMilli() - ms(5*time.Minute))
	return s
}

// publish renews the picture. What the office decided is shown once it is
// durable.
func (e *Engine) publish(now Now, doubt Doubt) {
	o := &e.told
	e.shown = doubt
	s := &Status{At: atMs(now.Wall), Doubt: doubt, Stopped: o.Stopped, Ready: e.shard.Pending(), Leads: o.Leads, Policy: o.Policy}
	if s.Stopped {
		s.Doubt, s.StoppedAt = Doubt{ReasonKillSwitch, o.Reason}, o.StopAt
	}
	s.Granted, s.GrantedAt, s.InFlight = e.shard.Pace()
	s.Idle = s.Ready == 0 && e.board.Calls().Total() == 0 && e.inbox.empty() && len(e.shard.timers.fired) == 0
	if due, ok := e.shard.NextDue(s.Idle); ok {
		s.NextDue = due
	}
	e.status.Store(s)
}

// AcceptClock is an operator's word that the wall clock is right.
func (e *Engine) AcceptClock() { e.health.acceptClock(); e.wake() }

// Known is what the instance has, for validating documents.
func (e *Engine) Known() (cadence.Known, error) {
	names := map[string]bool{}
	err := e.Rows().Cadences(func(c *state.Cadence) bool { names[c.Name] = true; return true })
	k := known(&e.o.Rules)
	k.Cadence = func(name string) bool { return names[name] }
	audio := map[string]bool{}
	err = errors.Join(err, e.Rows().Medias(func(m *state.Media) bool {
		audio[cadence.MediaPrefix+hex.EncodeToString(m.Hash)] = m.Sound()
		return true
	}))
	k.Media = func(name string) bool { return audio[name] }
	set, unread := e.Packs()
	if set != nil {
		k.Law = LawNotes(set, &e.o.Rules, window.DayOf(e.Now()))
	}
	return k, errors.Join(err, unread)
}

// Pending counts enrollments with a due touch.
func (e *Engine) Pending() (int64, error) {
	var sum int64
	var failed error
	rows := e.Rows()
	err := rows.Cadences(func(c *state.Cadence) bool {
		s, err := rows.Stats(c.ID)
		failed = err
		sum += s.Pending
		return err == nil
	})
	if err == nil {
		err = failed
	}
	return sum, err
}
