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

// How the directory is filled: so many leads at once, and a rest (real time)
// behind them, since calls go first.
const (
	fillLeads = 20_000
	fillRest  = 50 * time.Millisecond
)

// Directory finds leads by what they are known by. It is filled once somebody
// has asked for it: a server in which nobody searches keeps no memory for it.
func (e *Engine) Directory() *projection.Directory {
	e.searched.Do(func() { close(e.searching) })
	return e.directory
}

// fillDirectory puts every stored lead in once somebody searches. What is saved
// from then on comes by enlist.
func (e *Engine) fillDirectory(ctx context.Context) {
	select {
	case <-e.searching:
	case <-ctx.Done():
		return
	}
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
		e.rest(ctx, fillRest)
	}
}

// rest waits for a while of real time, or until ctx ends.
func (e *Engine) rest(ctx context.Context, d time.Duration) {
	reached, stop := e.o.Real.At(e.o.Real.Now().Add(d))
	defer stop()
	select {
	case <-reached:
	case <-ctx.Done():
	}
}

// enlist tells the directory of the leads of a durable turn. Before anybody
// searches there is nothing to tell: the rows hold them.
func (e *Engine) enlist(facts []event.Fact) {
	select {
	case <-e.searching:
	default:
		return
	}
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
