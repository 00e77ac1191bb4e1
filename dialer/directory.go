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

// foundLeads are the leads as a search knows them.
type foundLeads struct {
	*onDemand
	directory *projection.Directory
}

func newFoundLeads() foundLeads { return foundLeads{newOnDemand(), &projection.Directory{}} }

// Directory finds leads by what they are known by. It is filled once somebody
// has asked for it.
func (e *Engine) Directory() *projection.Directory {
	e.found.want()
	return e.found.directory
}

// fillDirectory puts every stored lead in once somebody searches. What is saved
// from then on comes by enlist.
func (e *Engine) fillDirectory(ctx context.Context) {
	if err := e.found.fill(ctx, func() error { return e.readNames(ctx) }); err != nil {
		e.log.Error("leads cannot be searched by name", zap.Error(err))
	}
}

func (e *Engine) readNames(ctx context.Context) error {
	var after cadence.ID
	err := e.inParts(ctx, fillRest, func() (last bool, err error) {
		leads := make([]*cadence.Lead, 0, fillLeads)
		err = e.Rows().Leads(after, func(l *state.Lead) bool {
			leads = append(leads, &l.Lead)
			return len(leads) < fillLeads && ctx.Err() == nil
		})
		read := len(leads)
		if err != nil || read == 0 {
			return true, err
		}
		after = leads[read-1].ID
		e.found.directory.Fill(leads)
		return read < fillLeads, nil
	})
	if err == nil {
		e.found.directory.Complete()
	}
	return err
}

// unlist takes leads out whom the undo of an import has removed. It looks at
// every term, so this is done once for all of them and not on the shard's
// goroutine.
func (e *Engine) unlist(removed []cadence.ID) {
	if e.found.wanted() {
		e.found.directory.Forget(removed...)
	}
}

// enlist tells the directory of the leads of a durable turn. Before anybody
// searches there is nothing to tell: the rows hold them. Those that an undo
// removes are taken out by unlist.
func (e *Engine) enlist(facts []event.Fact) {
	if !e.found.wanted() {
		return
	}
	var leads []*cadence.Lead
	for _, f := range facts {
		switch f := f.(type) {
		case *event.LeadSaved:
			leads = append(leads, &f.Lead)
		case *event.LeadErased:
			e.found.directory.Put(leads...) // what was said before it
			e.found.directory.Forget(f.Lead)
			leads = nil
		}
	}
	if len(leads) > 0 {
		e.found.directory.Put(leads...)
	}
}
