package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// newPacer paces the carrier account.
func (w *World) newPacer() (*pacing.Pacer, error) {
	ids := make([]pacing.CallerID, len(w.o.CallerIDs))
	for i, n := range w.o.CallerIDs {
		ids[i] = pacing.CallerID{Number: n, DailyCap: w.o.CallerCap}
	}
	return pacing.New(pacing.Config{CPS: w.o.CPS, Channels: w.o.Channels, CallerIDs: ids, Seed: w.o.Seed})
}

// account is the pacer a node asks: its own when it is the only one, else one
// that all share, as the carrier has one account for all.
func (w *World) account() (*pacing.Pacer, error) {
	if len(w.nodes) > 1 && w.pacer != nil {
		return w.pacer, nil
	}
	var err error
	w.pacer, err = w.newPacer()
	return w.pacer, err
}

// recount tells the shared pacer how many channels are held, by open attempts
// and by asks under way, after a node has lost its memory.
func (w *World) recount() {
	if len(w.nodes) == 1 {
		return
	}
	held := map[string]int{}
	for _, n := range w.nodes {
		w.witness.check(n.rows().Opens(func(o *state.Open) bool { held[o.I.Campaign]++; return true }))
		w.witness.check(n.rows().Enrollments(cadence.ID{}, func(_ cadence.ID, e *state.Enrollment) bool {
			if e.Touch.State == state.AskedIt && !w.intended(e) {
				held[e.Campaign]++
			}
			return true
		}))
	}
	w.pacer.SetOpen(held)
}

// intended reports whether a stay's ask has led to an attempt that it was not
// told of yet: that is counted as an attempt.
func (w *World) intended(e *state.Enrollment) bool {
	token := e.Numbers[e.Touch.NumberIdx]
	n, err := w.rows(token.Slot()).Number(token)
	w.witness.check(err)
	return n != nil && n.LastTouch == e.Touch.ID && n.LastAsk == e.Touch.Asks
}
