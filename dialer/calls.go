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

// How the calls for reports are read: so many at once, and a rest (real time)
// behind them, since live calls go first. catchAt is how many closed calls may
// wait to be taken in while nobody asks.
const (
	readCalls = 5_000
	readRest  = 10 * time.Millisecond
	catchAt   = 5_000
)

// pastCalls is what reports are counted from. Nothing is kept before somebody
// asks for one.
type pastCalls struct {
	calls *projection.History
	asked chan struct{} // closed by the first report
	read  chan struct{} // closed when every stored call is in
	full  chan struct{} // many closed calls wait
}

func newPastCalls() pastCalls {
	return pastCalls{projection.NewHistory(projection.MaxCalls), make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)}
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
	e.reporting.Do(func() { close(e.past.asked) })
	select {
	case <-e.past.read:
	case <-ctx.Done():
	}
	return e.past.calls.Catch(e.Rows())
}

// feedReports reads the stored calls once somebody asks for a report, newest
// first, and from then on takes in what closes.
func (e *Engine) feedReports(ctx context.Context) {
	select {
	case <-e.past.asked:
	case <-ctx.Done():
		return
	}
	if err := e.readCalls(ctx); err != nil {
		e.log.Error("reports cannot be counted", zap.Error(err))
		return
	}
	for {
		select {
		case <-e.past.full:
			if err := e.past.calls.Catch(e.Rows()); err != nil {
				e.log.Error("a report lacks what closed lately", zap.Error(err))
			}
		case <-ctx.Done():
			return
		}
	}
}

func (e *Engine) readCalls(ctx context.Context) error {
	to, below := int64(1<<53), cadence.ID{}
	for ctx.Err() == nil {
		rows := make([]projection.Closed, 0, readCalls)
		err := e.Rows().AttemptsBetween(0, to, below, func(id cadence.ID, a *state.Attempt) bool {
			rows = append(rows, projection.Closed{ID: id, Row: a})
			return len(rows) < readCalls && ctx.Err() == nil
		})
		if err != nil {
			return err
		}
		room := e.past.calls.Add(rows)
		if len(rows) < readCalls || !room {
			break
		}
		last := rows[len(rows)-1]
		to, below = last.Row.At, last.ID
		e.rest(ctx, readRest)
	}
	if ctx.Err() == nil {
		e.past.calls.Complete()
		close(e.past.read)
	}
	return nil
}

// recount tells reports of the attempts that a durable turn closed or revised.
func (e *Engine) recount(facts []event.Fact) {
	select {
	case <-e.past.asked:
	default:
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
		select {
		case e.past.full <- struct{}{}:
		default:
		}
	}
}
