package dialer_test

import (
	"context"
	"errors"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// listener is a do-not-call log that notes what the ledger held when it was
// written to.
type listener struct {
	r       *rig
	fail    error
	entries []dnclog.Entry
	held    []bool // by the ledger at that moment
}

func (l *listener) Append(entries []dnclog.Entry) error {
	for _, e := range entries {
		n, err := (state.Rows{R: l.r.store}).Number(e.Token)
		l.r.check(err)
		l.entries, l.held = append(l.entries, e), append(l.held, n != nil && n.DNC)
	}
	return l.fail
}

// A no is in the log before the ledger has it, a removal after; the last word
// of a turn on a number is the one that is logged.
func TestNoLogOrder(t *testing.T) {
	r := newRig(t)
	log := &listener{r: r}
	r.nolog = log
	r.open()
	mark := func(n cadence.Number, on bool) dialer.Item {
		return dialer.Item{Message: &dialer.MarkNumber{Number: n, On: on, Source: "api"}}
	}
	r.turn(mark(first, true), mark(second, true), mark(second, false))
	r.turn(mark(first, false))
	r.turn(mark(first, false)) // not marked: nothing to tell
	want := []struct {
		n        cadence.Number
		on, held bool
	}{{first, true, false}, {second, false, false}, {first, false, false}}
	if len(log.entries) != len(want) {
		t.Fatalf("%+v", log.entries)
	}
	for i, w := range want {
		e := log.entries[i]
		if e.Token != dialer.TokenOf([]byte(numberKey), w.n) || e.On != w.on || log.held[i] != w.held || e.At != r.now.UnixMilli() || e.Source != "api" {
			t.Errorf("entry %d: %+v while the ledger held %v, want %+v", i, e, log.held[i], w)
		}
	}
}

// A log that fails stops the turn before anything of it is durable or told.
func TestNoLogFails(t *testing.T) {
	r := newRig(t)
	r.nolog = &listener{r: r, fail: errors.New("no room")}
	r.open()
	told := false
	_, err := r.shard.Turn(context.Background(), r.turnNow(), []dialer.Item{{
		Message: &dialer.MarkNumber{Number: first, On: true}, Done: func(any, error) { told = true },
	}})
	if !errors.Is(err, ledger.ErrFailed) || told {
		t.Fatalf("%v, told %v", err, told)
	}
	if r.number(first).DNC {
		t.Error("the ledger has a mark that the log has not")
	}
}
