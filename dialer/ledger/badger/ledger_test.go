package badger_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		os.Exit(writer(dir))
	}
	flag.Parse()
	// Opening a store takes some 20 ms, and each run of the model opens it
	// several times. -rapid.checks asks for more.
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("20"); err != nil {
			panic(err)
		}
	}
	// A failed open of a damaged store leaves these two behind in Badger. A
	// ledger that was not closed would leave many others.
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("github.com/dgraph-io/ristretto/v2/z.(*AllocatorPool).freeupAllocators"),
		goleak.IgnoreTopFunction("github.com/dgraph-io/badger/v4.(*DB).monitorCache"))
}

func TestConformance(t *testing.T) {
	ledgertest.Exercise(t, func(t *testing.T) ledgertest.Harness {
		return harness{badger.Options{Dir: t.TempDir(), MemTableSize: 24 << 20, MinFree: 1}}
	})
}

type harness struct{ opts badger.Options }

func (h harness) Open() (ledger.Ledger, error) { return badger.Open(h.opts) }

// small keeps tests light; bodies of megabytes need larger tables.
func small(dir string) badger.Options {
	return badger.Options{Dir: dir, MemTableSize: 8 << 20, MinFree: 1}
}

// open opens a ledger that the test's end closes.
func open(t testing.TB, o badger.Options) *badger.Ledger {
	t.Helper()
	l, err := badger.Open(o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { mustClose(t, l) })
	return l
}

func mustClose(t testing.TB, l *badger.Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func claim(t testing.TB, l *badger.Ledger, shard uint16) ledger.Tenure {
	t.Helper()
	ten, err := l.Claim(context.Background(), shard)
	if err != nil {
		t.Fatal(err)
	}
	return ten
}

// fill makes n commits, each with a body and one row of its own.
func fill(t testing.TB, ten ledger.Tenure, n int) {
	t.Helper()
	for range n {
		pos, _ := ten.Head()
		key := fmt.Sprintf("row %06d", pos+1)
		if _, err := ten.Commit(context.Background(), 1, []byte(key), []ledger.Write{{Key: []byte(key), Value: []byte(key)}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestInMemory: the same ledger without a disk keeps state but no high-water
// mark, and leaves no file.
func TestInMemory(t *testing.T) {
	l := open(t, badger.Options{InMemory: true, MemTableSize: 8 << 20})
	ten := claim(t, l, 0)
	fill(t, ten, 30)
	if v, err := l.Get([]byte("row 000007")); err != nil || string(v) != "row 000007" {
		t.Fatalf("%q, %v", v, err)
	}
	if h := l.Health(); h.Low || len(h.Suspicious) > 0 || len(h.Repaired) > 0 {
		t.Fatalf("health %+v", h)
	}
	if err := l.SetMark([]byte("x")); err != nil || l.Mark() != nil {
		t.Fatalf("mark %q, %v", l.Mark(), err)
	}
	if err := l.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestCommitsJoin: shards that commit at once share transactions, and every
// key of every commit is accounted for.
func TestCommitsJoin(t *testing.T) {
	const shards, turns = 16, 30
	var transactions, keys, bytes int
	o := small(t.TempDir())
	o.OnCommit = func(k, b int, _ time.Duration) { transactions++; keys += k; bytes += b }
	l := open(t, o)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for s := range uint16(shards) {
		ten := claim(t, l, s)
		wg.Go(func() {
			<-start
			for i := range turns {
				row := ledger.Write{Key: []byte(fmt.Sprintf("%02d %d", s, i)), Value: make([]byte, 100)}
				if _, err := ten.Commit(context.Background(), 1, nil, []ledger.Write{row}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	close(start)
	wg.Wait()
	mustClose(t, l)
	if keys != 2*shards*turns || bytes < 100*shards*turns {
		t.Fatalf("%d keys, %d bytes", keys, bytes)
	}
	if transactions >= shards*turns {
		t.Fatalf("%d transactions for %d commits: none was joined", transactions, shards*turns)
	}
	t.Logf("%d commits in %d transactions", shards*turns, transactions)
}
