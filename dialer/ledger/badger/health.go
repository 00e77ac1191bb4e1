package badger

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// ErrDiskFull is returned by Open when the disk has too little room to start,
// and is why a ledger fails that runs out of it: Badger writes into memory
// maps, where a full disk kills the process without a word.
var ErrDiskFull = errors.New("ledger: disk full")

// leastRoom is what opening takes, and what a ledger may need at any moment:
// it replays or begins one memory table and flushes another.
func (o *Options) leastRoom() uint64 { return uint64(o.MemTableSize) * 3 / 2 }

// roomLeft is asked before each transaction: below the least room the ledger
// ends while it still can. Space that cannot be asked for is the keeper's
// concern.
func (l *Ledger) roomLeft() error {
	if l.opts.InMemory {
		return nil
	}
	free, err := l.opts.free(l.opts.Dir)
	if need := l.opts.leastRoom(); err == nil && free < need {
		return fmt.Errorf("%w: %s has %d bytes free, going on takes %d", ErrDiskFull, l.opts.Dir, free, need)
	}
	return nil
}

// ground is what is known of the disk.
type ground struct {
	mu   sync.Mutex
	free uint64
	low  bool
}

// Health tells about the ground the ledger stands on. It does no I/O.
func (l *Ledger) Health() ledger.Health {
	l.ground.mu.Lock()
	free, low := l.ground.free, l.ground.low
	l.ground.mu.Unlock()
	return ledger.Health{
		FreeBytes:  free,
		MinFree:    l.opts.MinFree,
		Low:        low,
		CommitP99:  l.latency.p99(realNow()),
		Repaired:   slices.Clone(l.repaired),
		Suspicious: l.water.suspicions(),
	}
}

// measureDisk asks for the free space. Low ends only an eighth above where it
// began, so that dialing does not flutter at the edge.
func (l *Ledger) measureDisk() error {
	if l.opts.InMemory {
		return nil
	}
	free, err := l.opts.free(l.opts.Dir)
	if err != nil {
		return err
	}
	l.ground.mu.Lock()
	defer l.ground.mu.Unlock()
	l.ground.free = free
	switch {
	case free < l.opts.MinFree:
		l.ground.low = true
	case free >= l.opts.MinFree+l.opts.MinFree/8:
		l.ground.low = false
	}
	return nil
}

// keep syncs the high-water file and looks at the disk once a second until
// stop is closed.
func (l *Ledger) keep(stop <-chan struct{}) {
	tick := everySecond()
	defer tick.Stop()
	blind := false
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if err := errors.Join(l.water.sync(), l.tellWitness()); err != nil {
			l.fail(err)
		}
		err := l.measureDisk()
		if err != nil && !blind {
			l.opts.Logger.Error("free disk space unknown", zap.Error(err))
		}
		blind = err != nil
	}
}

// SetMark keeps the caller's own digest of what must not vanish (such as how
// many numbers are on the do-not-call list) beside the positions. It is
// written at once and durable within a second; a crash may leave the one
// before, so the digest should name the position it speaks of.
func (l *Ledger) SetMark(digest []byte) error {
	if len(digest) > MaxMarkBytes {
		return fmt.Errorf("set mark: %w: %d bytes, at most %d", ledger.ErrTooLarge, len(digest), MaxMarkBytes)
	}
	if !l.gate.enter() {
		return ledger.ErrClosed
	}
	defer l.gate.leave()
	if err := l.water.update(func(w *watermark) { w.digest = slices.Clone(digest) }); err != nil {
		l.fail(err)
		return l.Err()
	}
	return nil
}

// Mark returns the digest last set, also by an earlier process. It is nil when
// none was, and in a ledger in memory.
func (l *Ledger) Mark() []byte { return l.water.read().digest }

// AcceptSuspicion records that an operator has seen what Health calls
// suspicious and wants to go on. It is durable when it returns.
func (l *Ledger) AcceptSuspicion() error {
	if !l.gate.enter() {
		return ledger.ErrClosed
	}
	defer l.gate.leave()
	for _, s := range l.water.read().suspicious {
		l.opts.Logger.Warn("suspicion accepted by an operator", zap.String("suspicion", s))
	}
	err := l.signStore() // it may have been another ledger's, and is ours now
	if err == nil {
		err = l.water.update(func(w *watermark) { w.suspicious = nil })
	}
	if err == nil {
		err = errors.Join(l.water.sync(), l.tellWitness())
	}
	if err != nil {
		l.fail(err)
		return l.Err()
	}
	return nil
}
