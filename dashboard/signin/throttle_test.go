package signin

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// nobodys is an engine without a user.
type nobodys struct{ rows *memory.Ledger }

func (nobodys) Do(context.Context, dialer.Message) (any, error) { return nil, nil }
func (n nobodys) Rows() state.Rows                              { return state.Rows{R: n.rows} }

// A password that nobody looked at was not wrong.
func TestABusyServerIsNobodysFailure(t *testing.T) {
	g := New(Options{Engine: nobodys{memory.New()}, Real: clock.NewManual(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))})
	from := Visitor{From: "192.0.2.1"}
	for range cap(g.hasher.line) {
		g.hasher.line <- struct{}{}
	}
	for range 2 * freeOfAddress {
		if _, _, err := g.SignIn(t.Context(), "a@example.test", "wrong", from); !errors.Is(err, ErrBusy) {
			t.Fatalf("while others sign in: %v", err)
		}
	}
	for range cap(g.hasher.line) {
		<-g.hasher.line
	}
	for i := range freeOfAccount {
		if _, _, err := g.SignIn(t.Context(), "a@example.test", "wrong", from); !errors.Is(err, ErrWrong) {
			t.Fatalf("wrong password %d: %v", i+1, err)
		}
	}
	if _, _, err := g.SignIn(t.Context(), "a@example.test", "wrong", from); !errors.As(err, new(*Throttled)) {
		t.Fatalf("after %d wrong ones: %v", freeOfAccount, err)
	}
}

// Who has waited out a pause and meets a busy server need not wait again.
func TestABusyServerLengthensNoPause(t *testing.T) {
	real := clock.NewManual(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	g := New(Options{Engine: nobodys{memory.New()}, Real: real})
	try := func() error {
		_, _, err := g.SignIn(t.Context(), "a@example.test", "wrong", Visitor{From: "192.0.2.1"})
		return err
	}
	var pause *Throttled
	for range 3 * freeOfAccount {
		if err := try(); errors.As(err, &pause) {
			real.Advance(pause.Wait)
		}
	}
	for !errors.As(try(), &pause) { // the longest so far begins
	}
	real.Advance(pause.Wait)
	for range cap(g.hasher.line) {
		g.hasher.line <- struct{}{}
	}
	if err := try(); !errors.Is(err, ErrBusy) {
		t.Fatalf("while others sign in: %v", err)
	}
	for range cap(g.hasher.line) {
		<-g.hasher.line
	}
	if err := try(); !errors.Is(err, ErrWrong) {
		t.Errorf("when they have: %v", err)
	}
}
