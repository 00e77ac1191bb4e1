package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

func positions(b *bench) {
	ten := b.claim(0)
	if pos, at := ten.Head(); pos != 0 || at != 0 {
		b.Fatalf("empty log has head %d at %d", pos, at)
	}
	for i, c := range []struct{ at, want int64 }{{100, 100}, {250, 250}, {90, 250}, {250, 250}, {251, 251}, {-5, 251}} {
		pos := b.commit(ten, c.at, fmt.Sprint("turn ", i))
		head, at := ten.Head()
		if pos != uint64(i+1) || head != pos || at != c.want {
			b.Fatalf("commit %d at %d: position %d, head %d at %d, want %d at %d", i, c.at, pos, head, at, i+1, c.want)
		}
	}
	b.reopen()
	ten = b.claim(0)
	if pos, at := ten.Head(); pos != 6 || at != 251 {
		b.Fatalf("reopened head %d at %d", pos, at)
	}
	if pos := b.commit(ten, 1, "later"); pos != 7 {
		b.Fatalf("position %d after reopening, want 7", pos)
	}
	if recs := b.records(ten, 7); len(recs) != 1 || recs[0].At != 251 {
		b.Fatalf("record time ran back over a restart: %+v", recs)
	}
}

func chained(b *bench) {
	ten := b.claim(3)
	for i := range 20 {
		if i == 11 {
			b.reopen()
			ten = b.claim(3)
		}
		b.commit(ten, int64(i), fmt.Sprint("body ", i), set(fmt.Sprint(i), "x"))
	}
	var prev [32]byte
	for i, r := range b.records(ten, 1) {
		if r.Shard != 3 || r.Pos != uint64(i+1) || r.At != int64(i) || string(r.Body) != fmt.Sprint("body ", i) {
			b.Fatalf("record %d: %+v", i, r)
		}
		if r.Prev != prev {
			b.Fatalf("record %d does not follow its predecessor", r.Pos)
		}
		prev = r.Hash()
	}
}

func recordsFrom(b *bench) {
	ten := b.claim(0)
	for i := range 9 {
		b.commit(ten, int64(i), fmt.Sprint(i))
	}
	other := b.claim(1)
	b.commit(other, 1, "another shard's")
	for _, c := range []struct {
		from  uint64
		count int
	}{{0, 9}, {1, 9}, {5, 5}, {9, 1}, {10, 0}, {1000, 0}} {
		recs := b.records(ten, c.from)
		if len(recs) != c.count {
			b.Fatalf("from %d: %d records, want %d", c.from, len(recs), c.count)
		}
		if c.count > 0 && recs[0].Pos != max(c.from, 1) {
			b.Fatalf("from %d: first is %d", c.from, recs[0].Pos)
		}
	}
	seen := 0
	if err := ten.Records(2, func(ledger.Record) bool { seen++; return seen < 3 }); err != nil || seen != 3 {
		b.Fatalf("stopping: %d records, %v", seen, err)
	}
}

func trim(b *bench) {
	ctx := context.Background()
	ten := b.claim(0)
	for i := range 10 {
		b.commit(ten, int64(i), fmt.Sprint(i))
	}
	step := func(before uint64, limit, want int, first uint64) {
		b.Helper()
		n, err := ten.Trim(ctx, before, limit)
		if err != nil || n != want {
			b.Fatalf("trim before %d limit %d: %d, %v; want %d", before, limit, n, err, want)
		}
		recs := b.records(ten, 0)
		if first > 10 && len(recs) > 0 || first <= 10 && (len(recs) == 0 || recs[0].Pos != first) {
			b.Fatalf("after trimming before %d: %+v, want first %d", before, recs, first)
		}
	}
	step(1, 100, 0, 1)
	step(4, 2, 2, 3)
	step(4, 2, 1, 4)
	step(4, 2, 0, 4)
	step(7, 0, 0, 4)
	b.wantErr(ten.Records(3, func(ledger.Record) bool { return true }), ledger.ErrTrimmed)
	hash := b.records(ten, 10)[0].Hash()
	step(1000, 1000, 7, 11)
	b.reopen()
	ten = b.claim(0)
	if pos, at := ten.Head(); pos != 10 || at != 9 {
		b.Fatalf("head after trimming all: %d at %d", pos, at)
	}
	b.wantErr(ten.Records(10, func(ledger.Record) bool { return true }), ledger.ErrTrimmed)
	if pos := b.commit(ten, 0, "next"); pos != 11 {
		b.Fatalf("position %d after trimming all", pos)
	}
	if r := b.records(ten, 11)[0]; r.Prev != hash || r.At != 9 {
		b.Fatalf("the chain was broken by trimming: %+v", r)
	}
}

// trimBeside: who reads the log while it is trimmed finds it trimmed or whole,
// never damaged.
func trimBeside(b *bench) {
	ten := b.claim(0)
	b.commit(ten, 1, "")
	done := make(chan error)
	go func() {
		for i := range uint64(100) {
			_, err := ten.Commit(context.Background(), 1, []byte("body"), nil)
			if err == nil && i%3 == 0 {
				_, err = ten.Trim(context.Background(), i, 1000)
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for from := uint64(0); ; from++ {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			return
		default:
		}
		var last uint64
		err := ten.Records(from%50, func(r ledger.Record) bool {
			if last > 0 && r.Pos != last+1 {
				b.Fatalf("record %d after %d", r.Pos, last)
			}
			last = r.Pos
			return true
		})
		if err != nil && !errors.Is(err, ledger.ErrTrimmed) {
			b.Fatal(err)
		}
	}
}

func bodies(b *bench) {
	ten := b.claim(0)
	sizes := []int{0, 1, 512<<10 - 1, 512 << 10, 512<<10 + 1, 1 << 20, 3<<20 + 77}
	for i, n := range sizes {
		body := bytes.Repeat([]byte{byte(i + 1), 0xA5, byte(i)}, n/3+1)[:n]
		if _, err := ten.Commit(context.Background(), 1, body, []ledger.Write{set("k", "v")}); err != nil {
			b.Fatalf("body of %d: %v", n, err)
		}
	}
	b.reopen()
	for i, r := range b.records(b.claim(0), 1) {
		want := bytes.Repeat([]byte{byte(i + 1), 0xA5, byte(i)}, sizes[i]/3+1)[:sizes[i]]
		if !bytes.Equal(r.Body, want) {
			b.Fatalf("body of %d bytes came back as %d", len(want), len(r.Body))
		}
	}
}
