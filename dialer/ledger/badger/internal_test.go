package badger

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// TestFailStop: after one failure nothing is acknowledged any more, in any
// shard, and the cause is told.
func TestFailStop(t *testing.T) {
	l, err := Open(Options{Dir: t.TempDir(), MemTableSize: 8 << 20, MinFree: 1})
	if err != nil {
		t.Fatal(err)
	}
	var tens []ledger.Tenure
	for s := range uint16(2) {
		ten, err := l.Claim(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		tens = append(tens, ten)
	}
	if err := l.water.file.Close(); err != nil {
		t.Fatal(err)
	}
	_, first := tens[0].Commit(t.Context(), 1, nil, nil)
	_, other := tens[1].Commit(t.Context(), 1, nil, nil)
	_, trimmed := tens[1].Trim(t.Context(), 1, 1)
	for _, err := range []error{first, other, trimmed, l.Err()} {
		if !errors.Is(err, ledger.ErrFailed) {
			t.Fatalf("%v", err)
		}
	}
	if err := l.Close(); err == nil {
		t.Fatal("a ledger that failed closed without a word")
	}
}

// TestDiskRunsFull: a ledger that runs out of room acknowledges nothing more,
// says why, and touches the disk no more; with room again all is there that
// was acknowledged, and what follows.
func TestDiskRunsFull(t *testing.T) {
	var free atomic.Uint64
	free.Store(1 << 40)
	o := Options{Dir: t.TempDir(), MemTableSize: 8 << 20, MinFree: 1, free: func(string) (uint64, error) { return free.Load(), nil }}
	l, ten := claimed(t, o)
	for range 3 {
		if _, err := ten.Commit(t.Context(), 1, []byte("acknowledged"), nil); err != nil {
			t.Fatal(err)
		}
	}
	free.Store(o.leastRoom() - 1)
	for range 2 { // and it stays so, whatever room there is
		if _, err := ten.Commit(t.Context(), 1, []byte("too late"), nil); !errors.Is(err, ledger.ErrFailed) || !errors.Is(err, ErrDiskFull) {
			t.Fatalf("without room: %v", err)
		}
		free.Store(1 << 40)
	}
	tables := func() []string {
		all, err := filepath.Glob(filepath.Join(storeDir(o.Dir), "*.sst"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if err := l.Close(); err != nil || len(tables()) > 0 {
		t.Fatalf("closed: %v, and %v was written", err, tables())
	}
	left := copied(t, o.Dir)
	if err := l.db.Close(); err != nil { // what the end of the process lets go of
		t.Fatal(err)
	}
	o.Dir = left
	l, ten = claimed(t, o)
	if pos, _ := ten.Head(); pos != 3 || len(l.Health().Suspicious) > 0 {
		t.Fatalf("%d records, %+v", pos, l.Health())
	}
	if _, err := ten.Commit(t.Context(), 1, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func claimed(t *testing.T, o Options) (*Ledger, ledger.Tenure) {
	t.Helper()
	l, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	ten, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return l, ten
}

// copied is a directory as a kill at this moment would leave it.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestUnknownOutcome: a caller that stops waiting gets an error, the tenure is
// dead, and the commit lands or not as a whole.
func TestUnknownOutcome(t *testing.T) {
	hold, entered := make(chan struct{}), make(chan struct{})
	l, err := Open(Options{InMemory: true, MemTableSize: 8 << 20, OnCommit: func(int, int, time.Duration) {
		entered <- struct{}{}
		<-hold
	}})
	if err != nil {
		t.Fatal(err)
	}
	ten, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	_, err = ten.Commit(ctx, 1, nil, []ledger.Write{{Key: []byte("k"), Value: []byte("v")}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	close(hold)
	if _, err := ten.Commit(t.Context(), 1, nil, nil); !errors.Is(err, ledger.ErrFailed) {
		t.Fatalf("commit of a dead tenure: %v", err)
	}
	if v, err := l.Get([]byte("k")); err != nil || string(v) != "v" {
		t.Fatalf("%q, %v", v, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestLatencyBuckets(t *testing.T) {
	last := -1
	for us := range int64(1 << 20) {
		d := time.Duration(us) * time.Microsecond
		b := latencyBucket(d)
		if b < last || b > last+1 {
			t.Fatalf("%v falls into bucket %d after %d", d, b, last)
		}
		last = b
		if top := latencyCeiling(b); top <= d || float64(top) > float64(d)*1.125+2000 {
			t.Fatalf("%v has ceiling %v", d, top)
		}
	}
	if b := latencyBucket(1<<63 - 1); b != latencyBuckets-1 {
		t.Fatalf("the longest duration in bucket %d", b)
	}
	var l latency
	now := time.Unix(1000, 0)
	for range 9900 {
		l.add(now, time.Millisecond)
	}
	for range 99 {
		l.add(now.Add(30*time.Second), time.Second)
	}
	if p := l.p99(now.Add(31 * time.Second)); p > 2*time.Millisecond {
		t.Fatalf("99 of 9,999 slow: p99 %v", p)
	}
	for range 5 {
		l.add(now.Add(30*time.Second), time.Second)
	}
	if p := l.p99(now.Add(31 * time.Second)); p < time.Second || p > 1126*time.Millisecond {
		t.Fatalf("104 of 10,004 slow: p99 %v", p)
	}
}

func TestWatermarkText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := watermark{seq: rapid.Uint64().Draw(rt, "seq")}
		copy(w.id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(rt, "id"))
		for range rapid.IntRange(0, 5).Draw(rt, "shards") {
			m := shardMark{shard: rapid.Uint16().Draw(rt, "shard"), pos: rapid.Uint64().Draw(rt, "pos"), at: rapid.Int64().Draw(rt, "at")}
			copy(m.head[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "head"))
			w.set(m)
		}
		w.digest = rapid.SliceOf(rapid.Byte()).Draw(rt, "digest")
		w.suspicious = rapid.SliceOfN(rapid.String(), 0, 3).Draw(rt, "suspicious")
		raw := w.encode(nil)
		got, err := decodeWatermark(append(slices.Clone(raw), "left over"...))
		if err != nil || !bytes.Equal(got.encode(nil), raw) {
			rt.Fatalf("%+v became %+v, %v", w, got, err)
		}
		at := rapid.IntRange(0, len(raw)-1).Draw(rt, "flip")
		raw[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
		if _, err := decodeWatermark(raw); err == nil {
			rt.Fatalf("byte %d changed unseen", at)
		}
	})
}

// FuzzWatermark: any bytes are read or refused, even with a right checksum.
func FuzzWatermark(f *testing.F) {
	w := watermark{seq: 9, digest: []byte("digest"), suspicious: []string{"a", "b"}}
	w.set(shardMark{shard: 1, pos: 5, at: 7})
	f.Add(w.encode(nil)[waterHead:])
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 60))
	f.Fuzz(func(t *testing.T, body []byte) {
		slot := append([]byte(waterMagic), make([]byte, 8)...)
		slot[8], slot[9], slot[10], slot[11] = byte(len(body)>>24), byte(len(body)>>16), byte(len(body)>>8), byte(len(body))
		sum := crc(nil, body)
		slot[12], slot[13], slot[14], slot[15] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
		got, err := decodeWatermark(append(slot, body...))
		if err != nil {
			return
		}
		again, err := decodeWatermark(got.encode(nil))
		if err != nil || again.seq != got.seq || len(again.shards) != len(got.shards) {
			t.Fatalf("%+v became %+v, %v", got, again, err)
		}
	})
}

// TestSlots: whatever is torn in one slot, the newest other one is read, and a
// sync never leaves the last synced slot to be overwritten.
func TestSlots(t *testing.T) {
	path := t.TempDir() + "/high-water"
	h, known, trouble, err := openHighWater(path)
	if err != nil || known || trouble != "" {
		t.Fatalf("%v %q %v", known, trouble, err)
	}
	for i := range uint64(7) {
		if err := h.update(func(w *watermark) { w.set(shardMark{pos: i + 1}) }); err != nil {
			t.Fatal(err)
		}
		synced := h.slot
		if err := h.sync(); err != nil {
			t.Fatal(err)
		}
		if h.slot == synced {
			t.Fatal("the synced slot would be overwritten")
		}
	}
	if err := h.update(func(w *watermark) { w.set(shardMark{pos: 8}) }); err != nil {
		t.Fatal(err)
	}
	torn := h.slot
	if _, err := h.file.WriteAt([]byte("torn"), torn*slotStride+20); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	h, known, trouble, err = openHighWater(path)
	if err != nil || !known || trouble != "" || h.now.shards[0].pos != 7 {
		t.Fatalf("%v %q %v: %+v", known, trouble, err, h.now)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}
