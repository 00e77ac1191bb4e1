package ledgertest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

func reopen(b *bench) {
	ten, other := b.claim(0), b.claim(65535)
	for i := range 50 {
		b.commit(ten, int64(i), fmt.Sprint("turn ", i), set(fmt.Sprintf("k%02d", i), fmt.Sprint(i)), del(fmt.Sprintf("k%02d", i-7)))
		b.commit(other, int64(i), "other", set(fmt.Sprintf("o%02d", i%10), fmt.Sprint(i)))
	}
	before, err := dump(b)
	if err != nil {
		b.Fatal(err)
	}
	recs := [][]ledger.Record{b.records(ten, 1), b.records(other, 1)}
	for range 3 {
		b.reopen()
		after, err := dump(b)
		if err != nil {
			b.Fatal(err)
		}
		if !slices.Equal(before, after) {
			b.Fatalf("state before %q, after %q", before, after)
		}
	}
	for i, ten := range []ledger.Tenure{b.claim(0), b.claim(65535)} {
		same := slices.EqualFunc(recs[i], b.records(ten, 1), func(x, y ledger.Record) bool {
			return x.Hash() == y.Hash() && bytes.Equal(x.Body, y.Body)
		})
		if !same {
			b.Fatalf("records of shard %d changed", i)
		}
	}
}

func claims(b *bench) {
	b.claim(5)
	_, err := b.Claim(context.Background(), 5)
	b.wantErr(err, ledger.ErrOwned)
	b.claim(6)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = b.Claim(ended, 7)
	b.wantErr(err, context.Canceled)
	b.claim(7)
	b.reopen()
	b.claim(5)
}

func sideBySide(b *bench) {
	const shards, turns = 6, 40
	var wg sync.WaitGroup
	errs := make(chan error, shards)
	for s := range uint16(shards) {
		ten := b.claim(s)
		wg.Go(func() {
			for i := range turns {
				key := fmt.Sprintf("%d/%03d", s, i)
				pos, err := ten.Commit(context.Background(), int64(i), []byte(key), []ledger.Write{set(key, key), set(fmt.Sprint("last ", s), key)})
				if err == nil && pos != uint64(i+1) {
					err = fmt.Errorf("shard %d turn %d: position %d", s, i, pos)
				}
				if v, gerr := b.Get([]byte(key)); err == nil && (gerr != nil || string(v) != key) {
					err = fmt.Errorf("shard %d does not see its own commit %s: %q, %w", s, key, v, gerr)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		b.Fatal(err)
	}
	b.reopen()
	state, err := dump(b)
	if err != nil || len(state) != shards*turns+shards {
		b.Fatalf("%d keys, %v", len(state), err)
	}
	for s := range uint16(shards) {
		if recs := b.records(b.claim(s), 1); len(recs) != turns {
			b.Fatalf("shard %d has %d records", s, len(recs))
		}
	}
}

func tooLarge(b *bench) {
	many := make([]ledger.Write, ledger.MaxCommitKeys+1)
	for i := range many {
		many[i] = set(fmt.Sprint("many ", i), "")
	}
	heavy := make([]ledger.Write, 0, 7)
	for i := range 7 {
		heavy = append(heavy, ledger.Write{Key: []byte(fmt.Sprint("heavy ", i)), Value: make([]byte, 1000<<10)})
	}
	for i, c := range []struct {
		body   []byte
		writes []ledger.Write
	}{
		{nil, many},
		{nil, heavy},
		{make([]byte, ledger.MaxCommitBytes+1), nil},
		{nil, []ledger.Write{{Key: make([]byte, ledger.MaxKeyBytes+1)}}},
		{nil, []ledger.Write{set("fits", "x"), {Key: []byte("k"), Value: make([]byte, ledger.MaxValueBytes+1)}}},
	} {
		ten := b.claim(uint16(i))
		_, err := ten.Commit(context.Background(), 1, c.body, c.writes)
		b.wantErr(err, ledger.ErrTooLarge)
		if pos, _ := ten.Head(); pos != 0 {
			b.Fatalf("case %d: a refused commit took position %d", i, pos)
		}
	}
	state, err := dump(b)
	if err != nil || len(state) != 0 {
		b.Fatalf("a refused commit left %d keys, %v", len(state), err)
	}
	ten := b.claim(100)
	writes := []ledger.Write{
		{Key: bytes.Repeat([]byte("k"), ledger.MaxKeyBytes), Value: bytes.Repeat([]byte("v"), 1000)},
		{Key: []byte("v"), Value: bytes.Repeat([]byte("w"), ledger.MaxValueBytes)},
	}
	if _, err := ten.Commit(context.Background(), 1, nil, writes); err != nil {
		b.Fatalf("the largest key and value: %v", err)
	}
	b.reopen()
	for _, w := range writes {
		if v, err := b.Get(w.Key); err != nil || !bytes.Equal(v, w.Value) {
			b.Fatalf("value of %d bytes came back as %d, %v", len(w.Value), len(v), err)
		}
	}
}

func deadTenure(b *bench) {
	ten := b.claim(0)
	b.commit(ten, 1, "", set("a", "1"))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := ten.Commit(ended, 2, nil, []ledger.Write{set("a", "2")})
	b.wantErr(err, context.Canceled)
	_, err = ten.Commit(context.Background(), 3, nil, []ledger.Write{set("a", "3")})
	b.wantErr(err, ledger.ErrFailed)
	if v, err := b.Get([]byte("a")); err != nil || string(v) != "1" {
		b.Fatalf("a = %q, %v", v, err)
	}
	_, err = ten.Trim(context.Background(), 2, 1)
	b.wantErr(err, ledger.ErrFailed)
}

func closed(b *bench) {
	ten := b.claim(0)
	b.commit(ten, 1, "", set("a", "1"))
	b.close()
	_, err := b.Get([]byte("a"))
	b.wantErr(err, ledger.ErrClosed)
	b.wantErr(b.Scan(nil, nil, func(_, _ []byte) bool { return true }), ledger.ErrClosed)
	b.wantErr(b.ScanKeys(nil, nil, func([]byte) bool { return true }), ledger.ErrClosed)
	b.wantErr(b.ScanBack(nil, nil, func(_, _ []byte) bool { return true }), ledger.ErrClosed)
	b.wantErr(b.Snapshot(func(ledger.Reader) error { return nil }), ledger.ErrClosed)
	_, err = b.Claim(context.Background(), 1)
	b.wantErr(err, ledger.ErrClosed)
	_, err = ten.Commit(context.Background(), 1, nil, nil)
	b.wantErr(err, ledger.ErrClosed)
	_, err = ten.Trim(context.Background(), 1, 1)
	b.wantErr(err, ledger.ErrClosed)
	b.wantErr(ten.Records(1, func(ledger.Record) bool { return true }), ledger.ErrClosed)
	if err := b.Close(); err != nil {
		b.Fatalf("second close: %v", err)
	}
	b.open()
}
