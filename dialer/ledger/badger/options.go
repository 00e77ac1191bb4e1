package badger

import (
	"math"
	"time"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"go.uber.org/zap"
)

// Defaults of Options.
const (
	// DefaultMinFree is the free space below which no call may be placed. A
	// full disk kills the process inside Badger's memory maps, beyond rescue.
	DefaultMinFree = 1 << 30
	// DefaultMemTableSize bounds the write-ahead log a restart replays, and
	// through it the largest transaction (15 % of it).
	DefaultMemTableSize = 64 << 20
	// DefaultCheckFirst is read within a second or two.
	DefaultCheckFirst = 256 << 20
	// DefaultCompactors is enough to keep up with one committer on two cores.
	DefaultCompactors = 2
	// NoCompactors runs none, for tests under virtual time: each compactor
	// wakes every 50 ms.
	NoCompactors = -1
)

const (
	indexCache = 64 << 20
	memTables  = 4
	// tableSize is that of every level. A compaction takes memory for ten
	// tables and more at once, twice their size each: with tables that double
	// from level to level that was 1.5 GB and more.
	tableSize = 8 << 20
	// baseLevel is the size up to which new tables are merged straight into
	// one level. With Badger's 10 MiB each byte of a gigabyte was written again
	// at three levels.
	baseLevel = 256 << 20
)

// Options say where and how a ledger is opened. The zero value of each field
// but Dir takes its default.
type Options struct {
	// Dir is the ledger's own directory. It is made when missing. Nothing
	// else may be kept in it.
	Dir string
	// InMemory keeps everything in memory: no directory, no lock, no
	// high-water file and no disk guard.
	InMemory bool
	// Witness names a file outside Dir that says once a second how far the
	// ledger has come: an older copy of the whole directory cannot take it
	// along. Empty keeps none.
	Witness string
	// Logger takes Badger's messages and the ledger's. Nil discards them.
	Logger *zap.Logger
	// MinFree is the free space in bytes below which Health says Low.
	MinFree uint64
	// Ballast is the size in bytes of a file kept to be given back by
	// ReleaseBallast. 0 keeps none.
	Ballast int64
	// MemTableSize in bytes. Values below 8 MiB are raised to it: smaller
	// tables could not hold a value of ledger.MaxValueBytes.
	MemTableSize int64
	// CheckFirst is how many bytes of tables are read whole, with all
	// checksums, before the ledger opens; the rest follows beside the work. One
	// less than 0 has everything read first.
	CheckFirst int64
	// NumCompactors is at least 2, or NoCompactors.
	NumCompactors int
	// OnCommit is told of every durable transaction: how many keys and bytes
	// it carried and how long it took. It runs on the committing goroutine
	// and must return at once.
	OnCommit func(keys, bytes int, took time.Duration)

	free func(dir string) (uint64, error) // freeBytes, or a test's disk
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	if o.MinFree == 0 {
		o.MinFree = DefaultMinFree
	}
	if o.MemTableSize == 0 {
		o.MemTableSize = DefaultMemTableSize
	}
	o.MemTableSize = max(o.MemTableSize, 8<<20)
	switch {
	case o.CheckFirst < 0:
		o.CheckFirst = math.MaxInt64
	case o.CheckFirst == 0:
		o.CheckFirst = DefaultCheckFirst
	}
	switch {
	case o.NumCompactors < 0:
		o.NumCompactors = 0
	case o.NumCompactors == 0:
		o.NumCompactors = DefaultCompactors
	default:
		o.NumCompactors = max(o.NumCompactors, 2)
	}
	if o.free == nil {
		o.free = freeBytes
	}
	if o.OnCommit == nil {
		o.OnCommit = func(int, int, time.Duration) {}
	}
	return o
}

// store translates the options. SyncWrites makes a commit durable when it
// returns. Tables are verified by checkTables and checkRest: Badger's
// OnTableRead would panic in a goroutine of its own, and OnBlockRead would lose
// keys in silence. All values stay below the threshold of the value log, so
// that it is empty: it needs no collection, and Badger only logs a failing
// sync of it. Conflict detection has nothing to detect under one committer.
//
// Tables are not compressed: blocks are then read where the kernel has them
// mapped, with no copy, no cache of our own and no decompression, which cost a
// tenth of a dial's CPU time. They take about half as much disk again. Tables
// that an earlier version compressed are read as they are.
func (o Options) store() badgerdb.Options {
	dir := ""
	if !o.InMemory {
		dir = storeDir(o.Dir)
	}
	b := badgerdb.DefaultOptions(dir).
		WithInMemory(o.InMemory).
		WithSyncWrites(!o.InMemory).
		WithDetectConflicts(false).
		WithMetricsEnabled(false).
		WithNumVersionsToKeep(1).
		WithCompression(options.None).
		WithChecksumVerificationMode(options.NoVerification).
		WithMemTableSize(o.MemTableSize).
		WithNumMemtables(memTables).
		WithBaseTableSize(tableSize).
		WithBaseLevelSize(baseLevel).
		WithNumCompactors(o.NumCompactors).
		WithValueLogFileSize(64 << 20).
		WithBlockCacheSize(0).
		WithIndexCacheSize(indexCache).
		WithLogger(storeLog{o.Logger.Named("badger").Sugar()})
	b.TableSizeMultiplier = 1
	return b
}
