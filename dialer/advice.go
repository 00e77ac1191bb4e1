package dialer

import (
	"context"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

// HideAdvice puts a recommendation aside, or, with Shown, takes that back. Its
// reply is nothing.
type HideAdvice struct {
	ID    cadence.ID
	Shown bool
	By    Author
}

func (*HideAdvice) message() {}

func hideAdvice(now int64, m *HideAdvice) Outcome {
	return Outcome{Facts: []event.Fact{&event.AdviceHidden{ID: m.ID, Shown: m.Shown, By: m.By.Name, At: now}}}
}

// Signals are what advice about cadences rests on: calls begun in [from, to),
// those since recent apart. ok is false while the stored calls are still being
// read, which ctx bounds the wait for.
func (e *Engine) Signals(ctx context.Context, from, recent, to int64) (s []projection.Signal, ok bool, err error) {
	if err := e.counted(ctx); err != nil {
		return nil, false, err
	}
	s, ok = e.past.calls.Signals(from, recent, to)
	return s, ok, nil
}
