package dialer

import (
	"cmp"
	"context"
	"fmt"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// How many changed leads a page looks at before it is made, and how many are
// looked at together beside it.
const (
	lookFirst = 1000
	lookSome  = 200
)

// sortedLeads are the leads in their orders.
type sortedLeads struct {
	*onDemand
	orders *projection.LeadOrders
}

func newSortedLeads() sortedLeads { return sortedLeads{newOnDemand(), projection.NewLeadOrders()} }

// SortedLeads lists leads in an order. The first page after a start reads every
// lead, which ctx bounds the wait for; whole is false, and the page empty,
// while that is not done. n is how many leads are known by then.
func (e *Engine) SortedLeads(ctx context.Context, q *projection.LeadQuestion) (page []projection.LeadKey, next *projection.LeadKey, whole bool, n int, err error) {
	if err := e.sorted.await(ctx); err != nil {
		return nil, nil, false, 0, fmt.Errorf("leads cannot be sorted: %w", err)
	}
	if whole, n = e.sorted.orders.Whole(); !whole {
		return nil, nil, false, n, nil
	}
	if _, err := e.sorted.orders.Catch(e.Rows(), lookFirst); err != nil {
		return nil, nil, true, n, err
	}
	page, next = e.sorted.orders.Page(q)
	return page, next, true, n, nil
}

// sortLeads reads every stored lead once somebody wants them in an order, and
// from then on looks at those that change.
func (e *Engine) sortLeads(ctx context.Context) {
	if err := e.sorted.fill(ctx, func() error { return e.readLeads(ctx) }); err != nil {
		e.log.Error("leads cannot be sorted", zap.Error(err))
		return
	}
	e.sorted.follow(ctx, func() {
		for done := false; !done && ctx.Err() == nil; {
			var err error
			if done, err = e.sorted.orders.Catch(e.Rows(), lookSome); err != nil {
				e.log.Error("the order of leads lacks what changed lately", zap.Error(err))
				return
			}
		}
	})
}

func (e *Engine) readLeads(ctx context.Context) error {
	var after cadence.ID
	err := e.inParts(ctx, fillRest, func() (last bool, err error) {
		keys, err := e.leadKeys(ctx, after)
		if err != nil {
			return false, err
		}
		e.sorted.orders.Fill(keys)
		if len(keys) < fillLeads {
			return true, nil
		}
		after = keys[len(keys)-1].ID
		return false, nil
	})
	if err == nil {
		e.sorted.orders.Complete()
	}
	return err
}

// leadKeys reads the leads behind one, fillLeads at most.
func (e *Engine) leadKeys(ctx context.Context, after cadence.ID) ([]projection.LeadKey, error) {
	keys, rows := make([]projection.LeadKey, 0, fillLeads), e.Rows()
	var failed error
	err := rows.Leads(after, func(l *state.Lead) bool {
		called, err := rows.LastCall(l.Lead.ID)
		if failed = err; err != nil {
			return false
		}
		keys = append(keys, projection.KeyOf(l, called))
		return len(keys) < fillLeads && ctx.Err() == nil
	})
	return keys, cmp.Or(err, failed)
}

// resort tells the orders of the leads that a durable turn changed or called.
func (e *Engine) resort(facts []event.Fact) {
	if !e.sorted.wanted() {
		return
	}
	var leads, attempts []cadence.ID
	for _, f := range facts {
		switch f := f.(type) {
		case *event.LeadSaved:
			leads = append(leads, f.Lead.ID)
		case *event.LeadErased:
			leads = append(leads, f.Lead)
		case *event.LeadRemoved:
			leads = append(leads, f.Lead)
		case *event.AttemptEnded:
			attempts = append(attempts, f.Attempt)
		}
	}
	if len(leads)+len(attempts) == 0 {
		return
	}
	e.sorted.orders.Note(leads, attempts)
	e.sorted.wake()
}
