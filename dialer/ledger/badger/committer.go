package badger

import (
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// stored is one write of a transaction, in stored form.
type stored struct {
	key, value []byte
	remove     bool
}

// job is one finished write set: a shard's commit or trim. It stands or falls
// as a whole and is never split.
type job struct {
	writes []stored
	bytes  int
	mark   *shardMark // the shard's new end, nil for a trim
	began  time.Time
	done   chan error // takes exactly one answer
}

// commitLoop joins what is ready into one synced transaction after another
// until the queue is closed.
func (l *Ledger) commitLoop() {
	var next *job
	for {
		first := next
		next = nil
		if first == nil {
			j, ok := <-l.queue
			if !ok {
				return
			}
			first = j
		}
		batch := []*job{first}
		keys, bytes := len(first.writes), first.bytes
	gather:
		for {
			select {
			case j, ok := <-l.queue:
				if !ok {
					break gather
				}
				if keys+len(j.writes) > l.joinKeys || bytes+j.bytes > l.joinBytes {
					next = j
					break gather
				}
				batch = append(batch, j)
				keys, bytes = keys+len(j.writes), bytes+j.bytes
			default:
				break gather
			}
		}
		l.commitBatch(batch, keys, bytes)
	}
}

// commitBatch makes a batch durable, notes it in the high-water file and
// answers everyone. The mark is written before the answer, so that nothing
// acknowledged can vanish unnoticed when the process dies.
func (l *Ledger) commitBatch(batch []*job, keys, bytes int) {
	began := realNow()
	err := l.Err()
	if err == nil {
		if err = l.write(batch); err != nil {
			l.fail(err)
			err = l.Err()
		}
	}
	ended := realNow()
	if err == nil {
		l.opts.OnCommit(keys, bytes, ended.Sub(began))
	}
	for _, j := range batch {
		if err == nil {
			l.latency.add(ended, ended.Sub(j.began))
		}
		j.done <- err
	}
}

func (l *Ledger) write(batch []*job) error {
	if err := l.roomLeft(); err != nil {
		return err
	}
	txn := l.db.NewTransaction(true)
	defer txn.Discard()
	for _, j := range batch {
		for i := range j.writes {
			w := &j.writes[i]
			var err error
			if w.remove {
				err = txn.Delete(w.key)
			} else {
				err = txn.Set(w.key, w.value)
			}
			if err != nil {
				return fmt.Errorf("gather transaction: %w", err)
			}
		}
	}
	crash.Point(crash.LedgerBeforeCommit)
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	crash.Point(crash.HighWaterBeforeWrite)
	err := l.water.update(func(w *watermark) {
		for _, j := range batch {
			if j.mark != nil {
				w.set(*j.mark)
			}
		}
	})
	crash.Point(crash.HighWaterAfterWrite)
	return err
}

// failure is why nothing may be acknowledged any more.
type failure struct{ cause error }

// fail ends all commits for good. A sync that failed once must not be tried
// again: the kernel may have dropped the pages and report success.
func (l *Ledger) fail(cause error) {
	if l.failure.CompareAndSwap(nil, &failure{cause}) {
		l.opts.Logger.Error("ledger failed: the process must end", zap.Error(cause))
	}
}

// Err is nil, or ErrFailed with its cause once a commit or a sync has failed.
func (l *Ledger) Err() error {
	if f := l.failure.Load(); f != nil {
		return fmt.Errorf("%w: %w", ledger.ErrFailed, f.cause)
	}
	return nil
}
