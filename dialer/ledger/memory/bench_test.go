package memory_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
)

// BenchmarkCommit commits turns of 512 transitions: a lead's row, its due key
// and its attempt, over 100,000 leads.
func BenchmarkCommit(b *testing.B) {
	const turn, leads = 512, 100_000
	l := memory.New()
	ten, err := l.Claim(context.Background(), 0)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	row, attempt, body := make([]byte, 400), make([]byte, 200), make([]byte, 32<<10)
	writes := make([]ledger.Write, 0, 3*turn)
	keys := make([]byte, 0, 3*turn*25)
	due := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		writes, keys = writes[:0], keys[:0]
		for range turn {
			lead := rng.Uint64N(leads)
			due++
			writes = append(writes,
				ledger.Write{Key: key(&keys, 'L', lead, 0), Value: row},
				ledger.Write{Key: key(&keys, 'D', due, lead)},
				ledger.Write{Key: key(&keys, 'A', lead, due%8), Value: attempt})
		}
		if _, err := ten.Commit(context.Background(), 1, body, writes); err != nil {
			b.Fatal(err)
		}
		if due%(64*turn) == 0 {
			pos, _ := ten.Head()
			if _, err := ten.Trim(context.Background(), pos, 1<<20); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*3*turn/b.Elapsed().Seconds(), "writes/s")
}

func key(arena *[]byte, kind byte, a, b uint64) []byte {
	at := len(*arena)
	k := append(*arena, kind)
	k = binary.BigEndian.AppendUint64(k, a)
	k = binary.BigEndian.AppendUint64(k, b)
	*arena = k
	return k[at:]
}

// BenchmarkGet reads random rows of 100,000.
func BenchmarkGet(b *testing.B) {
	l, n := filled(b)
	rng := rand.New(rand.NewPCG(1, 2))
	var arena []byte
	b.ReportAllocs()
	for b.Loop() {
		arena = arena[:0]
		if _, err := l.Get(key(&arena, 'L', rng.Uint64N(n), 0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScanKeys reads 1,000 keys from a random place.
func BenchmarkScanKeys(b *testing.B) {
	l, n := filled(b)
	rng := rand.New(rand.NewPCG(1, 2))
	var arena []byte
	for b.Loop() {
		arena = arena[:0]
		left := 1000
		err := l.ScanKeys(key(&arena, 'L', rng.Uint64N(n-1000), 0), nil, func([]byte) bool { left--; return left > 0 })
		if err != nil || left != 0 {
			b.Fatal(err, left)
		}
	}
}

func filled(b *testing.B) (*memory.Ledger, uint64) {
	b.Helper()
	const n = 100_000
	l := memory.New()
	ten, err := l.Claim(context.Background(), 0)
	if err != nil {
		b.Fatal(err)
	}
	for i := uint64(0); i < n; i += 1000 {
		var writes []ledger.Write
		for j := i; j < i+1000; j++ {
			var arena []byte
			writes = append(writes, ledger.Write{Key: key(&arena, 'L', j*7919%n, 0), Value: make([]byte, 400)})
		}
		if _, err := ten.Commit(context.Background(), 1, nil, writes); err != nil {
			b.Fatal(err)
		}
	}
	return l, n
}
