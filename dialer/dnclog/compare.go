package dnclog

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Difference is what ledger and log do not agree on.
type Difference struct {
	// Lost are marks that the log has and the ledger has not, or has although
	// they were taken away since: facts to be put back.
	Lost []event.Fact
	// Unlogged are marks that only the ledger has: entries to be appended.
	Unlogged []Entry
}

// Compare holds a log against a ledger's list. Counts and sums that agree end
// it at once; else all marked numbers are read.
//
// A mark is logged before the ledger has it and its removal after, both before
// anybody is told. So a number that the log says is marked is to be marked,
// and one whose removal it tells was no longer marked in the ledger: when it
// is, the ledger is an older one. Only a mark that is younger than the removal
// in the log stands: then it is the log that has lost its end.
func Compare(f *Found, r ledger.Reader) (d Difference, err error) {
	rows := state.Rows{R: r}
	office, err := rows.Office()
	if err != nil {
		return d, fmt.Errorf("read the office: %w", err)
	}
	if office.DNC == f.Count && office.DNCSum == f.Sum {
		return d, nil
	}
	marked := map[Name]bool{}
	err = rows.DNC(cadence.ID{}, func(id cadence.ID, n *state.Number) bool {
		for _, own := range Entries(id, n) {
			marked[own.Name()] = true
			e, known := f.Marks[own.Name()]
			switch {
			case known && e.On:
			case known && e.At >= own.At:
				d.Lost = append(d.Lost, fact(&e))
			default:
				d.Unlogged = append(d.Unlogged, own)
			}
		}
		return true
	})
	if err != nil {
		return d, fmt.Errorf("read the do-not-call list: %w", err)
	}
	for t, e := range f.Marks {
		if e.On && !marked[t] {
			d.Lost = append(d.Lost, fact(&e))
		}
	}
	slices.SortFunc(d.Lost, func(a, b event.Fact) int {
		x, y := a.(*event.NumberMarked), b.(*event.NumberMarked)
		return cmp.Or(cmp.Compare(x.At, y.At), bytes.Compare(x.Token[:], y.Token[:]), cmp.Compare(x.Scope, y.Scope))
	})
	return d, nil
}

// Ensure reads the row of every number that the log says is marked, for a
// ledger whose tables have not all been checked: there count and sum may tell
// of rows that cannot be found any more. One that is not marked is
// ledger.ErrDamaged.
func Ensure(f *Found, r ledger.Reader) error {
	rows := state.Rows{R: r}
	for m, e := range f.Marks {
		if !e.On {
			continue
		}
		n, err := rows.Number(m.Token)
		if err != nil {
			return fmt.Errorf("read a number on the do-not-call list: %w", err)
		}
		if n == nil || !n.Has(m.Scope) {
			return fmt.Errorf("%w: a number on the do-not-call list is not marked", ledger.ErrDamaged)
		}
	}
	return nil
}

// Entries are the marks that a number's row holds, as the log says them.
func Entries(id cadence.ID, n *state.Number) []Entry {
	var all []Entry
	for _, no := range n.Marked() {
		all = append(all, Entry{Token: event.TokenOfID(id), Scope: no.Scope, On: true, At: no.At, Source: no.Source})
	}
	return all
}

func fact(e *Entry) event.Fact {
	return &event.NumberMarked{
		Token: e.Token, Mark: event.MarkDNC, On: e.On, Reason: "from the do-not-call log", Source: e.Source, At: e.At, Scope: e.Scope, By: "do-not-call log",
	}
}
