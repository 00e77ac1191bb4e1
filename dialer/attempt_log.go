package dialer

import (
	"bytes"
	"errors"
	"fmt"
	"sort"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// How much of the log one reading looks through. A record is passed over by a
// search for the attempt's id, so what bounds it is the reading itself: 64 MiB
// take some tenths of a second.
const (
	logLookBytes   = 64 << 20
	logLookRecords = 200_000
)

// logSlack is how far behind an attempt's end (ms) its last record may lie: a
// turn is dated when it is committed.
const logSlack = 5 * 60_000

// Logged is a fact as the log holds it: in which record, and when that was
// committed (Unix ms).
type Logged struct {
	Pos  uint64
	At   int64
	Fact event.Fact
}

// AttemptLog is what the log still holds about an attempt, oldest first.
type AttemptLog struct {
	Facts []Logged
	// Trimmed says that the attempt began before the oldest record kept.
	Trimmed bool
	// Cut says that too much was written meanwhile for one reading; what came
	// behind the last fact shown was not looked at.
	Cut bool
}

// AttemptLog reads what the log holds about an attempt that began at begun and
// was over at ended (Unix ms; 0: it is open). What was said of it after its end
// is not looked for: that is kept in its revisions.
func (e *Engine) AttemptLog(id cadence.ID, begun, ended int64) (AttemptLog, error) {
	var out AttemptLog
	from, trimmed, err := e.logFrom(begun)
	if err != nil || from == 0 {
		out.Trimmed = trimmed
		return out, err
	}
	out.Trimmed = trimmed
	var failed error
	size, seen := 0, 0
	err = e.tenure.Records(from, func(r ledger.Record) bool {
		if ended != 0 && r.At > ended+logSlack {
			return false
		}
		size, seen = size+len(r.Body), seen+1
		if out.Cut = size > logLookBytes || seen > logLookRecords; out.Cut {
			return false
		}
		if !bytes.Contains(r.Body, id[:]) {
			return true
		}
		over, err := out.take(id, &r)
		failed = err
		return err == nil && !over
	})
	if errors.Is(err, ledger.ErrTrimmed) { // between the search and the reading
		return AttemptLog{Trimmed: true}, nil
	}
	return out, errors.Join(err, failed)
}

// take adds a record's facts about the attempt and reports whether it is over.
func (l *AttemptLog) take(id cadence.ID, r *ledger.Record) (over bool, err error) {
	facts, err := event.Decode(r.Body)
	if err != nil {
		return false, fmt.Errorf("read record %d of the log: %w", r.Pos, err)
	}
	for _, f := range facts {
		of, ends := aboutAttempt(f)
		if of != id {
			continue
		}
		l.Facts = append(l.Facts, Logged{r.Pos, r.At, f})
		over = over || ends
	}
	return over, nil
}

// aboutAttempt is the attempt that a fact is about, zero when it is about none,
// and whether it ends it.
func aboutAttempt(f event.Fact) (id cadence.ID, ends bool) {
	switch f := f.(type) {
	case *event.Intended:
		return f.Attempt, false
	case *event.CallPlaced:
		return f.Attempt, false
	case *event.CallChanged:
		return f.Attempt, false
	case *event.ScriptServed:
		return f.Attempt, false
	case *event.AttemptUnclear:
		return f.Attempt, false
	case *event.DeadlineSet:
		return f.Attempt, false
	case *event.EffectOwed:
		return f.Attempt, false
	case *event.EffectDone:
		return f.Attempt, false
	case *event.DispositionPosted:
		return f.Attempt, false
	case *event.AttemptReturned:
		return f.Attempt, true
	case *event.AttemptEnded:
		return f.Attempt, true
	}
	return cadence.ID{}, false
}

// logFrom finds the first record committed at or after an instant, 0 when there
// is none. Record time never runs backwards, so halving finds it. trimmed says
// that records of that instant are no longer kept.
func (e *Engine) logFrom(at int64) (pos uint64, trimmed bool, err error) {
	last, lastAt := e.tenure.Head()
	if last == 0 || lastAt < at {
		return 0, false, nil
	}
	first, err := e.recordFrom(0)
	if err != nil || first.Pos == 0 {
		return 0, false, err
	}
	if first.At >= at {
		return first.Pos, first.Pos > 1, nil
	}
	n := sort.Search(int(last-first.Pos), func(i int) bool {
		if err != nil {
			return true
		}
		var r ledger.Record
		r, err = e.recordFrom(first.Pos + 1 + uint64(i))
		return r.At >= at
	})
	if errors.Is(err, ledger.ErrTrimmed) {
		return 0, true, nil
	}
	return first.Pos + 1 + uint64(n), false, err
}

// recordFrom reads one record, the oldest for 0.
func (e *Engine) recordFrom(pos uint64) (first ledger.Record, err error) {
	err = e.tenure.Records(pos, func(r ledger.Record) bool { first = r; return false })
	return first, err
}
