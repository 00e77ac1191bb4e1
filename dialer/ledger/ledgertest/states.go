package ledgertest

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

func atomic(b *bench) {
	ten := b.claim(0)
	b.commit(ten, 1, "", set("a", "1"), set("b", "1"))
	b.commit(ten, 2, "", del("a"), set("b", "2"), set("c", ""), del("never there"))
	b.commit(ten, 3, "", set("d", "first"), set("d", "last"), set("e", "x"), del("e"), del("f"), set("f", "y"))
	if _, err := b.Get([]byte("a")); err == nil {
		b.Fatal("deleted key is still there")
	}
	_, err := b.Get([]byte("e"))
	b.wantErr(err, ledger.ErrNotFound)
	for k, want := range map[string]string{"b": "2", "c": "", "d": "last", "f": "y"} {
		if v, err := b.Get([]byte(k)); err != nil || string(v) != want {
			b.Fatalf("%s = %q, %v; want %q", k, v, err, want)
		}
	}
	// One reader beside one writer sees all of a commit or nothing of it.
	done := make(chan error)
	go func() {
		for i := range 200 {
			s := fmt.Sprint(i)
			if _, err := ten.Commit(context.Background(), 4, nil, []ledger.Write{set("x", s), set("y", s)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			running = false
		default:
		}
		err := b.Snapshot(func(r ledger.Reader) error {
			x, _ := r.Get([]byte("x"))
			y, _ := r.Get([]byte("y"))
			if !bytes.Equal(x, y) {
				return fmt.Errorf("half a commit seen: x %q, y %q", x, y)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func scans(b *bench) {
	ten := b.claim(0)
	keys := []string{"", "\x00", "a", "a\x00", "ab", "b", "b\xff", "b\xff\xff", "c", "\xff", "\xff\xff"}
	var writes []ledger.Write
	for _, i := range []int{5, 2, 9, 0, 7, 1, 10, 3, 8, 6, 4} {
		writes = append(writes, set(keys[i], "v"+keys[i]))
	}
	b.commit(ten, 1, "", writes...)
	bounds := append(slices.Clone(keys), "aa", "bb", "z", "\xff\xff\xff")
	for _, from := range bounds {
		for _, to := range bounds {
			var want []string
			for _, k := range keys {
				if k >= from && (to == "" || k < to) {
					want = append(want, k)
				}
			}
			checkRange(b, from, to, want)
		}
	}
	for stop := 1; stop < 4; stop++ {
		var up, down, names []string
		_ = b.Scan(nil, nil, func(k, _ []byte) bool { up = append(up, string(k)); return len(up) < stop })
		_ = b.ScanKeys(nil, nil, func(k []byte) bool { names = append(names, string(k)); return len(names) < stop })
		_ = b.ScanBack(nil, nil, func(k, _ []byte) bool { down = append(down, string(k)); return len(down) < stop })
		if !slices.Equal(up, keys[:stop]) || !slices.Equal(names, up) || len(down) != stop || down[0] != "\xff\xff" {
			b.Fatalf("stopping after %d: %q, %q, %q", stop, up, names, down)
		}
	}
}

func checkRange(b *bench, from, to string, want []string) {
	b.Helper()
	names, err := keysOf(b, from, to)
	if err != nil {
		b.Fatal(err)
	}
	var up, down []string
	see := func(into *[]string) func(k, v []byte) bool {
		return func(k, v []byte) bool {
			if string(v) != "v"+string(k) {
				b.Fatalf("key %q has value %q", k, v)
			}
			*into = append(*into, string(k))
			return true
		}
	}
	if err := b.Scan([]byte(from), []byte(to), see(&up)); err != nil {
		b.Fatal(err)
	}
	if err := b.ScanBack([]byte(from), []byte(to), see(&down)); err != nil {
		b.Fatal(err)
	}
	slices.Reverse(down)
	for _, got := range [][]string{names, up, down} {
		if !slices.Equal(got, want) {
			b.Fatalf("range [%q, %q): keys %q, up %q, down %q; want %q", from, to, names, up, down, want)
		}
	}
}

func snapshot(b *bench) {
	ten := b.claim(0)
	b.commit(ten, 1, "", set("a", "1"), set("b", "1"), set("c", "1"))
	err := b.Snapshot(func(r ledger.Reader) error {
		before, err := dump(r)
		if err != nil {
			return err
		}
		b.commit(ten, 2, "", set("a", "2"), del("b"), set("d", "2"))
		b.commit(ten, 3, "", set("a", "3"))
		after, err := dump(r)
		if err != nil {
			return err
		}
		if !slices.Equal(before, after) {
			return fmt.Errorf("the view moved: %q, then %q", before, after)
		}
		if v, err := r.Get([]byte("b")); err != nil || string(v) != "1" {
			return fmt.Errorf("b = %q, %w", v, err)
		}
		_, err = r.Get([]byte("d"))
		b.wantErr(err, ledger.ErrNotFound)
		if v, err := b.Get([]byte("a")); err != nil || string(v) != "3" {
			return fmt.Errorf("outside, a = %q, %w", v, err)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	want := fmt.Errorf("the function's own error")
	b.wantErr(b.Snapshot(func(ledger.Reader) error { return want }), want)
	names, err := keysOf(b, "", "")
	if err != nil {
		b.Fatal(err)
	}
	b.wantKeys(names, "a", "c", "d")
}

func nested(b *bench) {
	ten := b.claim(0)
	var writes []ledger.Write
	for i := range 200 {
		writes = append(writes, set(fmt.Sprintf("k%03d", i), "1"))
	}
	b.commit(ten, 1, "", writes...)
	seen := 0
	err := b.Scan([]byte("k"), []byte("l"), func(k, v []byte) bool {
		seen++
		if string(v) != "1" {
			b.Fatalf("the scan saw a later commit at %s", k)
		}
		got, err := b.Get(k)
		if err != nil || string(got) != "1" {
			b.Fatalf("get within a scan: %q, %v", got, err)
		}
		if seen%20 == 0 {
			b.commit(ten, 1, "", set("k199", "2"), del(string(k)), set(string(k)+"x", "2"))
			if n, err := keysOf(b, "k199", "k1999"); err != nil || len(n) != 1 {
				b.Fatalf("scan within a scan: %q, %v", n, err)
			}
		}
		return seen < 199
	})
	if err != nil || seen != 199 {
		b.Fatalf("%d keys, %v", seen, err)
	}
}

func ownership(b *bench) {
	ten := b.claim(0)
	key, value, body := []byte("key"), []byte("value"), []byte("body")
	if _, err := ten.Commit(context.Background(), 1, body, []ledger.Write{{Key: key, Value: value}}); err != nil {
		b.Fatal(err)
	}
	for _, s := range [][]byte{key, value, body} {
		clear(s) // the ledger's only until Commit has returned
	}
	b.commit(ten, 2, "another", set("other", "thing of another length"))
	got, err := b.Get([]byte("key"))
	if err != nil || string(got) != "value" {
		b.Fatalf("key = %q, %v", got, err)
	}
	_ = append(got[:0], "spoil"...)
	_ = append(got, "spoil"...)
	recs := b.records(ten, 1)
	if string(recs[0].Body) != "body" {
		b.Fatalf("body is %q", recs[0].Body)
	}
	clear(recs[0].Body)
	if again, err := b.Get([]byte("key")); err != nil || string(again) != "value" {
		b.Fatalf("key = %q, %v after the caller wrote into its copy", again, err)
	}
	if recs := b.records(ten, 1); string(recs[0].Body) != "body" {
		b.Fatalf("body is %q after the caller wrote into its copy", recs[0].Body)
	}
}
