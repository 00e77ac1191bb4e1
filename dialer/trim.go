package dialer

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// How the log is kept short: it is history, state does not need it.
const (
	// LogKeep is how long records are kept.
	LogKeep = 7 * 24 * time.Hour
	// trimEvery is the pause between two passes (real time), trimBatch how
	// many records one deletion takes.
	trimEvery = time.Hour
	trimBatch = 1000
)

// trimPace is when the first pass begins after a start, and how many records
// one deletion takes. A build that dies on purpose does not live for long.
func trimPace() (first time.Duration, batch int) {
	if crash.On {
		return trimEvery / 6000, trimBatch / 50
	}
	return trimEvery / 60, trimBatch
}

// trim deletes log records older than LogKeep, a batch at a time so that no
// turn waits long. What it deletes is no state.
func (e *Engine) trim(ctx context.Context) error {
	cutoff := e.o.Wall.Now().Add(-LogKeep).UnixMilli()
	_, batch := trimPace()
	for ctx.Err() == nil {
		before, err := e.oldRecords(cutoff, batch)
		if err != nil || before == 0 {
			return err
		}
		// One that is given up midway would end the tenure: nothing of what the
		// engine still learns while it stops could be kept.
		n, err := e.tenure.Trim(context.WithoutCancel(ctx), before, batch)
		if err != nil {
			return fmt.Errorf("trim the log: %w", err)
		}
		e.log.Debug("log trimmed", zap.Int("records", n))
		if n == 0 {
			return nil
		}
	}
	return nil
}

// oldRecords returns the position behind the old records of one batch, 0 when
// none is old.
func (e *Engine) oldRecords(cutoff int64, batch int) (uint64, error) {
	before, seen := uint64(0), 0
	err := e.tenure.Records(0, func(r ledger.Record) bool {
		if r.At >= cutoff || seen == batch {
			return false
		}
		seen++
		before = r.Pos + 1
		return true
	})
	if err != nil {
		return 0, fmt.Errorf("read the log's oldest records: %w", err)
	}
	return before, nil
}
