package dialer

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// How the directory is filled at a start: so many leads at once, and a rest
// (real time) behind them, since calls go first.
const (
	fillLeads = 20_000
	fillRest  = 50 * time.Millisecond
)

// Directory finds leads by what they are known by.
func (e *Engine) Directory() *projection.Directory { return e.directory }

// fillDirectory puts every stored lead in. What is saved meanwhile comes by
// enlist.
func (e *Engine) fillDirectory(ctx context.Context) {
	var after cadence.ID
	for ctx.Err() == nil {
		leads := make([]*cadence.Lead, 0, fillLeads)
		err := e.Rows().Leads(after, func(l *state.Lead) bool {
			leads = append(leads, &l.Lead)
			return len(leads) < fillLeads && ctx.Err() == nil
		})
		if err != nil {
			e.log.Error("leads cannot be searched by name", zap.Error(err))
			return
		}
		read := len(leads)
		if read > 0 {
			after = leads[read-1].ID
		}
		e.directory.Fill(leads)
		if read < fillLeads {
			if ctx.Err() == nil {
				e.directory.Complete()
			}
			return
		}
		reached, stop := e.o.Real.At(e.o.Real.Now().Add(fillRest))
		select {
		case <-reached:
		case <-ctx.Done():
		}
		stop()
	}
}

// enlist tells the directory of the leads of a durable turn.
func (e *Engine) enlist(facts []event.Fact) {
	var leads []*cadence.Lead
	for _, f := range facts {
		switch f := f.(type) {
		case *event.LeadSaved:
			leads = append(leads, &f.Lead)
		case *event.LeadErased:
			e.directory.Put(leads...) // what was said before it
			e.directory.Forget(f.Lead)
			leads = nil
		}
	}
	if len(leads) > 0 {
		e.directory.Put(leads...)
	}
}
