package bench

import (
	"bytes"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// What is filled in is, byte for byte, what an import through the turns of a
// real ledger leaves.
func TestFillingInLeavesWhatAnImportLeaves(t *testing.T) {
	start := noon().Add(time.Minute)
	for name, k := range map[string]stock{
		"all due at once": {leads: 1500, start: start},
		"due in turn":     {leads: 1500, start: start, every: time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store := openStore(t, dir, false)
			key := store.Keys.Number
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			before := publishInto(t, dir, key, fixedID(1))
			k.cadence = fixedID(1)
			want := imported(t, before, key, k)
			s := &session{o: Options{Log: t.Output()}, dir: t.TempDir()}
			if err := s.fillIn(t.Context(), dir, k); err != nil {
				t.Fatal(err)
			}
			store = openStore(t, dir, true)
			got := contents(t, store.Ledger)
			if health := store.Health(); len(health.Suspicious) != 0 {
				t.Errorf("suspicious: %v", health.Suspicious)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			compare(t, got, want)
			if len(want) < len(before)+5*k.leads {
				t.Errorf("%d rows from %d leads", len(want)-len(before), k.leads)
			}
		})
	}
}

func openStore(t *testing.T, dir string, existing bool) *app.Store {
	t.Helper()
	store, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop(), Existing: existing})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// publishInto writes a published cadence through turns, and returns all rows.
func publishInto(t *testing.T, dir string, key []byte, id cadence.ID) map[string][]byte {
	t.Helper()
	l, err := badger.Open(badger.Options{Dir: filepath.Join(dir, "ledger")})
	if err != nil {
		t.Fatal(err)
	}
	tenure, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	shard, now, err := openShard(l, tenure, key, noon(), pacing.Config{CPS: 1, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	turns := turns{ctx: t.Context(), shard: shard, now: now}
	turns.take(&dialer.SaveCadence{ID: id, New: true, Document: []byte(document)})
	turns.take(&dialer.PublishCadence{ID: id})
	all := contents(t, l)
	if err := errors.Join(turns.err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return all
}

func fixedID(n byte) cadence.ID {
	return cadence.NewID(cadence.OfficeSlot, [14]byte{n})
}

// imported is the same import over a ledger in memory that holds the same.
func imported(t *testing.T, before map[string][]byte, key []byte, k stock) map[string][]byte {
	t.Helper()
	l := memory.New()
	tenure, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var writes []ledger.Write
	for _, name := range slices.Sorted(maps.Keys(before)) {
		writes = append(writes, ledger.Write{Key: []byte(name), Value: before[name]})
	}
	if _, err := tenure.Commit(t.Context(), noon().UnixMilli(), nil, writes); err != nil {
		t.Fatal(err)
	}
	if err := importInto(t.Context(), l, tenure, key, k); err != nil {
		t.Fatal(err)
	}
	return contents(t, l)
}

func contents(t *testing.T, r ledger.Reader) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := r.Scan(nil, nil, func(key, value []byte) bool {
		all[string(key)] = bytes.Clone(value)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func compare(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	wrong := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(got[key], want[key]) {
			if wrong++; wrong <= 5 {
				t.Errorf("row %x\n is %x\nnot %x", key, got[key], want[key])
			}
		}
	}
	for key := range got {
		if _, there := want[key]; !there {
			t.Errorf("row %x is too many", key)
		}
	}
	if wrong > 5 {
		t.Errorf("%d rows differ", wrong)
	}
}

// Rows come out in the order of their keys, whatever the order they went in.
func TestSorterSorts(t *testing.T) {
	s := newSorter(t.TempDir(), 200)
	want := map[string]string{}
	for i := range 500 {
		key := fixedID(byte(i * 37))
		key[5] = byte(i >> 8)
		want[string(key[:])] = string(event.Fresh) + key.Bare()[:i%20]
	}
	for key, value := range want {
		s.add([]byte(key), []byte(value))
	}
	m, err := s.merged()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for key, value, err := m.next(); key != nil || err != nil; key, value, err = m.next() {
		if err != nil || want[string(key)] != string(value) {
			t.Fatalf("row %x is %q, not %q; %v", key, value, want[string(key)], err)
		}
		got = append(got, string(key))
	}
	if !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("%d rows of %d, sorted %v", len(got), len(want), slices.IsSorted(got))
	}
	if err := m.close(); err != nil {
		t.Error(err)
	}
}
