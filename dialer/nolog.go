package dialer

import (
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// DNCLog keeps do-not-call marks outside the ledger. What Append was given is
// durable when it returns nil; after an error nothing more may be acknowledged.
type DNCLog interface{ Append([]dnclog.Entry) error }

// nolog is the part of a turn that the do-not-call log has to hear of.
type nolog struct {
	to     DNCLog                // nil keeps none
	marked []*event.NumberMarked // this turn's
	off    []dnclog.Entry
}

// take ends a turn: what it marked goes with it to the ledger.
func (l *nolog) take() nolog {
	gone := *l
	l.marked = nil
	return gone
}

// note remembers a mark that was just folded.
func (l *nolog) note(f *event.NumberMarked) {
	if l.to != nil && f.Mark == event.MarkDNC {
		l.marked = append(l.marked, f)
	}
}

// before makes the turn's marks durable ahead of its commit: a no is known
// before anybody is told that it was heard, and at no moment is there a mark in
// the ledger that the log has not. Of several about one number and scope
// the last holds.
func (l *nolog) before() error {
	if len(l.marked) == 0 {
		return nil
	}
	last := make(map[dnclog.Name]*event.NumberMarked, len(l.marked))
	for _, f := range l.marked {
		last[dnclog.Name{Token: f.Token, Scope: f.Scope}] = f
	}
	var on []dnclog.Entry
	for _, f := range l.marked {
		e := dnclog.Entry{Token: f.Token, Scope: f.Scope, On: f.On, At: f.At, Source: f.Source}
		if last[e.Name()] != f {
			continue
		}
		if f.On {
			on = append(on, e)
		} else {
			l.off = append(l.off, e)
		}
	}
	return l.append(on)
}

// after makes what was taken away durable once the ledger has it and before
// anybody is told. Dying in between leaves the number marked in the log, and
// the next start marks it again: nobody was told otherwise.
func (l *nolog) after() error { return l.append(l.off) }

func (l *nolog) append(entries []dnclog.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := l.to.Append(entries); err != nil {
		return fmt.Errorf("commit turn: %w", errors.Join(ledger.ErrFailed, err))
	}
	return nil
}
