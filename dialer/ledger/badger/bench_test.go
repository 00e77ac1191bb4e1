package badger_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

const benchLeads = 100_000

// BenchmarkCommit makes turns of 512 transitions durable: a lead's row, its
// due key and its attempt, each.
func BenchmarkCommit(b *testing.B) {
	const turn = 512
	l := open(b, badger.Options{Dir: b.TempDir(), MinFree: 1})
	ten := claim(b, l, 0)
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 400+200+64<<10)
	for i := range noise {
		noise[i] = byte(rng.Uint32N(16)) // about as compressible as rows are
	}
	row, attempt, body := noise[:400], noise[400:600], noise[600:]
	writes := make([]ledger.Write, 0, 3*turn)
	keys := make([]byte, 0, 3*turn*17)
	due := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		writes, keys = writes[:0], keys[:0]
		for range turn {
			lead := rng.Uint64N(benchLeads)
			due++
			writes = append(writes,
				ledger.Write{Key: benchKey(&keys, 'L', lead, 0), Value: row},
				ledger.Write{Key: benchKey(&keys, 'D', due, lead)},
				ledger.Write{Key: benchKey(&keys, 'A', lead, due%8), Value: attempt})
		}
		if _, err := ten.Commit(context.Background(), 1, body, writes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*turn/b.Elapsed().Seconds(), "transitions/s")
	b.ReportMetric(float64(l.Health().CommitP99.Microseconds())/1000, "p99-ms")
}

func benchKey(arena *[]byte, kind byte, a, b uint64) []byte {
	at := len(*arena)
	k := append(*arena, kind)
	k = binary.BigEndian.AppendUint64(k, a)
	k = binary.BigEndian.AppendUint64(k, b)
	*arena = k
	return k[at:]
}

// filled is a ledger with rows of 400 bytes, flushed to tables by a restart.
func filled(b *testing.B) *badger.Ledger {
	b.Helper()
	o := badger.Options{Dir: b.TempDir(), MinFree: 1}
	l := open(b, o)
	ten := claim(b, l, 0)
	for i := uint64(0); i < benchLeads; i += 5000 {
		var writes []ledger.Write
		for j := i; j < i+5000; j++ {
			var arena []byte
			writes = append(writes, ledger.Write{Key: benchKey(&arena, 'L', j*7919%benchLeads, 0), Value: make([]byte, 400)})
		}
		if _, err := ten.Commit(context.Background(), 1, nil, writes); err != nil {
			b.Fatal(err)
		}
	}
	mustClose(b, l)
	return open(b, o)
}

// BenchmarkGet reads random rows, each in a view of its own.
func BenchmarkGet(b *testing.B) {
	l := filled(b)
	rng := rand.New(rand.NewPCG(1, 2))
	var arena []byte
	b.ReportAllocs()
	for b.Loop() {
		arena = arena[:0]
		if _, err := l.Get(benchKey(&arena, 'L', rng.Uint64N(benchLeads), 0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshotGet reads 100 random rows in one view.
func BenchmarkSnapshotGet(b *testing.B) {
	l := filled(b)
	rng := rand.New(rand.NewPCG(1, 2))
	var arena []byte
	b.ReportAllocs()
	for b.Loop() {
		err := l.Snapshot(func(r ledger.Reader) error {
			for range 100 {
				arena = arena[:0]
				if _, err := r.Get(benchKey(&arena, 'L', rng.Uint64N(benchLeads), 0)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScanKeys seeks a random place and reads 1,000 keys.
func BenchmarkScanKeys(b *testing.B) {
	l := filled(b)
	rng := rand.New(rand.NewPCG(1, 2))
	var arena []byte
	for b.Loop() {
		arena = arena[:0]
		left := 1000
		err := l.ScanKeys(benchKey(&arena, 'L', rng.Uint64N(benchLeads-1000), 0), nil, func([]byte) bool { left--; return left > 0 })
		if err != nil || left != 0 {
			b.Fatal(err, left)
		}
	}
}
