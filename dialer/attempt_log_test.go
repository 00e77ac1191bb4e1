package dialer_test

import (
	"context"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// trimmable is a ledger whose one tenure the test can trim.
type trimmable struct {
	ledger.Ledger
	tenure ledger.Tenure
}

func (l *trimmable) Claim(ctx context.Context, shard uint16) (ledger.Tenure, error) {
	t, err := l.Ledger.Claim(ctx, shard)
	l.tenure = t
	return t, err
}

// The log tells an attempt's facts and nobody else's, and says when its
// beginning has been trimmed.
func TestAttemptLog(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store := &trimmable{Ledger: memory.New()}
		l := startLive(t, liveOptions{store: store, spool: spool})
		l.leads(8)
		sleep(5 * time.Second)
		begun := map[cadence.ID]int64{}
		if err := l.engine.Rows().Opens(func(o *state.Open) bool { begun[o.I.Attempt] = o.I.At; return true }); err != nil {
			t.Fatal(err)
		}
		if len(begun) != 8 {
			t.Fatalf("%d open attempts", len(begun))
		}
		for id, at := range begun {
			l.wantLog(id, at)
		}
		l.do(&dialer.SetDialing{Stop: true})
		pos, _ := store.tenure.Head()
		if _, err := store.tenure.Trim(t.Context(), pos, 1000); err != nil {
			t.Fatal(err)
		}
		for id, at := range begun {
			if got, err := l.engine.AttemptLog(id, at, 0); err != nil || !got.Trimmed {
				t.Errorf("after a trim: %+v, %v", got, err)
			}
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// wantLog reads the log of an attempt that was placed.
func (l *live) wantLog(id cadence.ID, begun int64) {
	l.t.Helper()
	got, err := l.engine.AttemptLog(id, begun, 0)
	if err != nil || got.Trimmed || got.Cut || len(got.Facts) != 2 {
		l.t.Fatalf("%+v, %v", got, err)
	}
	if f, ok := got.Facts[0].Fact.(*event.Intended); !ok || f.Attempt != id {
		l.t.Errorf("the first fact is %+v", got.Facts[0].Fact)
	}
	if f, ok := got.Facts[1].Fact.(*event.CallPlaced); !ok || f.Attempt != id {
		l.t.Errorf("the second fact is %+v", got.Facts[1].Fact)
	}
	if early, err := l.engine.AttemptLog(id, begun, begun-6*60_000); err != nil || len(early.Facts) != 0 {
		l.t.Errorf("up to an end before it: %+v, %v", early, err)
	}
}
