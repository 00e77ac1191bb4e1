package dialer

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// How the calls for reports are read: so many at once, and a rest (real time)
// behind them, since live calls go first. catchAt is how many closed calls may
// wait to be taken in while nobody asks.
const (
	readCalls = 5_000
	readRest  = 10 * time.Millisecond
	catchAt   = 5_000
)

// pastCalls is what reports are counted from.
type pastCalls struct {
	*onDemand
	calls *projection.History
}

func newPastCalls() pastCalls {
	return pastCalls{newOnDemand(), projection.NewHistory(projection.MaxCalls)}
}

// CallReport counts the closed calls of a period. The first report reads them all;
// one that comes before that is done tells how far back it reaches, unless ctx
// gives it the time to wait.
func (e *Engine) CallReport(ctx context.Context, q projection.Question) (*projection.Report, error) {
	if err := e.counted(ctx); err != nil {
		return nil, err
	}
	return e.past.calls.Report(q), nil
}

// counted has what is told about calls taken in, and waits for the first
// reading of all of them as long as ctx allows.
func (e *Engine) counted(ctx context.Context) error {
	if err := e.past.await(ctx); err != nil {
		return fmt.Errorf("reports cannot be counted: %w", err)
	}
	return e.past.calls.Catch(e.Rows())
}

// feedReports reads the stored calls once somebody asks for a report, newest
// first, and from then on takes in what closes.
func (e *Engine) feedReports(ctx context.Context) {
	if err := e.past.fill(ctx, func() error { return e.readCalls(ctx) }); err != nil {
		e.log.Error("reports cannot be counted", zap.Error(err))
		return
	}
	e.past.follow(ctx, func() {
		if err := e.past.calls.Catch(e.Rows()); err != nil {
			e.log.Error("a report lacks what closed lately", zap.Error(err))
		}
	})
}

func (e *Engine) readCalls(ctx context.Context) error {
	to, below := int64(1<<53), cadence.ID{}
	err := e.inParts(ctx, readRest, func() (last bool, err error) {
		rows := make([]projection.Closed, 0, readCalls)
		err = e.Rows().AttemptsBetween(0, to, below, func(id cadence.ID, a *state.Attempt) bool {
			rows = append(rows, projection.Closed{ID: id, Row: a})
			return len(rows) < readCalls && ctx.Err() == nil
		})
		if err != nil {
			return false, err
		}
		if room := e.past.calls.Add(rows); len(rows) < readCalls || !room {
			return true, nil
		}
		oldest := rows[len(rows)-1]
		to, below = oldest.Row.At, oldest.ID
		return false, nil
	})
	if err == nil {
		e.past.calls.Complete()
	}
	return err
}

// recount tells reports of the attempts that a durable turn closed or revised.
func (e *Engine) recount(facts []event.Fact) {
	if !e.past.wanted() {
		return
	}
	var ids []cadence.ID
	for _, f := range facts {
		switch f := f.(type) {
		case *event.AttemptEnded:
			ids = append(ids, f.Attempt)
		case *event.AttemptRevised:
			ids = append(ids, f.Attempt)
		}
	}
	if len(ids) > 0 && e.past.calls.Note(ids...) >= catchAt {
		e.past.wake()
	}
}
