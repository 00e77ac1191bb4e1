// Package ledger is the port to durable storage: ordered bytes under one
// owner per shard, a chained log of records, and one atomic, synced commit of
// both. It imports nothing of the engine and knows nothing of its meaning.
package ledger

import (
	"context"
	"errors"
	"time"
)

// Errors of every ledger.
var (
	// ErrNotFound is returned by Get for a key that is not there.
	ErrNotFound = errors.New("ledger: key not found")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("ledger: closed")
	// ErrFailed is returned by Commit once a commit has failed: nothing may
	// be acknowledged any more and the process must end.
	ErrFailed = errors.New("ledger: failed")
	// ErrOwned is returned when another process or tenure has the shard.
	ErrOwned = errors.New("ledger: owned by another process")
	// ErrForeign is returned for a directory that is not a Carillon ledger.
	ErrForeign = errors.New("ledger: not a Carillon ledger")
	// ErrNewer is returned for a ledger written by a newer version.
	ErrNewer = errors.New("ledger: written by a newer version")
	// ErrDamaged is returned, wrapped with what was found, when stored bytes
	// do not match their checksum or the log's chain is broken.
	ErrDamaged = errors.New("ledger: damaged")
)

// Write sets a key, or deletes it when Delete is true. The ledger keeps Key
// and Value until Commit returns; the caller must not change them meanwhile.
type Write struct {
	Key, Value []byte
	Delete     bool
}

// Record is one turn's log entry. Pos counts from 1 per shard without gaps.
// At is record time (Unix milliseconds, never running backwards). Prev is the
// chain hash of the record before. Body is opaque.
type Record struct {
	Shard uint16
	Pos   uint64
	At    int64
	Prev  [32]byte
	Body  []byte
}

// Reader reads committed state. Returned slices belong to the caller.
type Reader interface {
	// Get returns the value of a key, or ErrNotFound.
	Get(key []byte) ([]byte, error)
	// Scan calls fn for each key in [from, to) in ascending order until fn
	// returns false. key and value are valid only during the call.
	Scan(from, to []byte, fn func(key, value []byte) bool) error
	// ScanKeys is Scan without values: cheaper, value is nil.
	ScanKeys(from, to []byte, fn func(key []byte) bool) error
	// ScanBack is Scan in descending order over [from, to).
	ScanBack(from, to []byte, fn func(key, value []byte) bool) error
}

// Ledger is an open store. Its Reader sees the latest committed state and is
// safe for concurrent use.
type Ledger interface {
	Reader
	// Snapshot gives fn one consistent view. Long snapshots hold back
	// compaction: keep them under seconds.
	Snapshot(fn func(Reader) error) error
	// Hold is Snapshot without a function: the view lives until release is
	// called, which must be done once and before Close, which waits for it.
	// A Hold taken while a commit is under way may wait for its end.
	Hold() (view Reader, release func(), err error)
	// Claim makes the caller the only writer of a shard until Close. There is
	// one tenure per shard and process.
	Claim(ctx context.Context, shard uint16) (Tenure, error)
	// Close ends all tenures and releases the store.
	Close() error
}

// Tenure is the ownership of one shard.
type Tenure interface {
	// Head is the position and record time of the last committed record (0, 0
	// when the log is empty).
	Head() (pos uint64, at int64)
	// Commit appends one record with body at record time at (raised to the
	// last record's when it lies before it) and applies writes, in one atomic
	// step that is durable when Commit returns. After any error the tenure is
	// dead: the outcome is unknown and the process must end. Like the writes,
	// body is the caller's again when Commit returns.
	Commit(ctx context.Context, at int64, body []byte, writes []Write) (pos uint64, err error)
	// Records calls fn for the log records from position from on, in order,
	// after checking their chain. It fails with ErrDamaged on a gap.
	Records(from uint64, fn func(Record) bool) error
	// Trim deletes log records before position before, at most limit of them,
	// and returns how many went.
	Trim(ctx context.Context, before uint64, limit int) (int, error)
}

// Health is what a ledger tells about the ground it stands on.
type Health struct {
	FreeBytes  uint64
	MinFree    uint64
	Low        bool          // free space is below MinFree: stop dialing
	CommitP99  time.Duration // over the last minute or so
	Repaired   []string      // what opening had to mend, in words
	Suspicious []string      // why no call may be placed until an operator accepts
}
