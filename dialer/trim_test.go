package dialer_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
)

// slowTrims is a ledger whose trims take until gate is closed. Given up before
// that they end the tenure, as they do in a ledger that cannot tell what it
// stored.
type slowTrims struct {
	*memory.Ledger
	begun, gate chan struct{}
}

func (l slowTrims) Claim(ctx context.Context, shard uint16) (ledger.Tenure, error) {
	t, err := l.Ledger.Claim(ctx, shard)
	return &slowTrim{Tenure: t, of: l}, err
}

type slowTrim struct {
	ledger.Tenure
	of   slowTrims
	dead bool
}

func (t *slowTrim) Trim(ctx context.Context, before uint64, limit int) (int, error) {
	close(t.of.begun)
	select {
	case <-t.of.gate:
		return t.Tenure.Trim(ctx, before, limit)
	case <-ctx.Done():
		t.dead = true
		return 0, ctx.Err()
	}
}

func (t *slowTrim) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	if t.dead {
		return 0, errors.Join(ledger.ErrFailed, errors.New("a trim was given up"))
	}
	return t.Tenure.Commit(ctx, at, body, writes)
}

// An engine that stops while the log is trimmed keeps what it still learns.
func TestLiveStopWhileTheLogIsTrimmed(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store := slowTrims{memory.New(), make(chan struct{}), make(chan struct{})}
		wall := clockAhead{}
		l := startLive(t, liveOptions{store: store, spool: spool, with: func(o *dialer.Options) { o.Wall = &wall }})
		l.do(&dialer.Audit{What: "old"})
		wall.by.Store(int64(dialer.LogKeep + time.Hour))
		<-store.begun
		l.stop()
		synctest.Wait()
		if _, err := l.engine.Do(context.Background(), &dialer.Audit{What: "while it stops"}); err != nil {
			t.Error(err)
		}
		close(store.gate)
		if err := <-l.ended; err != nil {
			t.Error(err)
		}
	})
}
