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
	to     DNCLog // nil keeps none
	on     []dnclog.Entry
	off    []dnclog.Entry
	marked []*event.NumberMarked // this turn's
}

// note remembers a mark that was just folded.
func (l *nolog) note(f *event.NumberMarked) {
	if l.to != nil && f.Mark == event.MarkDNC {
		l.marked = append(l.marked, f)
	}
}

// before makes the turn's marks durable ahead of its commit: a no is known
// before anybody is told that it was heard, and at no moment is there a mark in
// the ledger that the log has not. Of several about one number the last holds.
func (l *nolog) before() error {
	if len(l.marked) == 0 {
		return nil
	}
	last := make(map[event.Token]*event.NumberMarked, len(l.marked))
	for _, f := range l.marked {
		last[f.Token] = f
	}
	for _, f := range l.marked {
		if last[f.Token] != f {
			continue
		}
		e := dnclog.Entry{Token: f.Token, On: f.On, At: f.At, Source: f.Source}
		if f.On {
			l.on = append(l.on, e)
		} else {
			l.off = append(l.off, e)
		}
	}
	l.marked = l.marked[:0]
	err := l.append(l.on)
	l.on = l.on[:0]
	return err
}

// after makes what was taken away durable once the ledger has it and before
// anybody is told. Dying in between leaves the number marked in the log, and
// the next start marks it again: nobody was told otherwise.
func (l *nolog) after() error {
	err := l.append(l.off)
	l.off = l.off[:0]
	return err
}

func (l *nolog) append(entries []dnclog.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := l.to.Append(entries); err != nil {
		return fmt.Errorf("commit turn: %w", errors.Join(ledger.ErrFailed, err))
	}
	return nil
}
