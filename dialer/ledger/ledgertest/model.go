package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

const modelShards = 3

// machine drives a ledger beside plain maps.
type machine struct {
	harness Harness
	ledger  ledger.Ledger
	tenures [modelShards]ledger.Tenure

	state map[string]string
	logs  [modelShards][]ledger.Record
	base  [modelShards]uint64
}

func model(t *testing.T, fresh func(t *testing.T) Harness) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{harness: fresh(t), state: map[string]string{}}
		m.open(rt)
		defer func() {
			if err := m.ledger.Close(); err != nil {
				rt.Fatalf("close: %v", err)
			}
		}()
		rt.Repeat(map[string]func(*rapid.T){
			"":       m.check,
			"commit": m.commit,
			"range":  m.scan,
			"get":    m.get,
			"replay": m.replay,
			"trim":   m.trim,
			"reopen": m.reopen,
		})
	})
}

func (m *machine) open(rt *rapid.T) {
	var err error
	if m.ledger, err = m.harness.Open(); err != nil {
		rt.Fatalf("open: %v", err)
	}
	for s := range m.tenures {
		if m.tenures[s], err = m.ledger.Claim(context.Background(), uint16(s)); err != nil {
			rt.Fatalf("claim: %v", err)
		}
		pos, at := m.tenures[s].Head()
		if wantPos, wantAt := m.head(s); pos != wantPos || at != wantAt {
			rt.Fatalf("shard %d opens at %d, time %d; want %d, %d", s, pos, at, wantPos, wantAt)
		}
	}
}

func (m *machine) head(shard int) (uint64, int64) {
	if n := len(m.logs[shard]); n > 0 {
		return uint64(n), m.logs[shard][n-1].At
	}
	return 0, 0
}

func (m *machine) reopen(rt *rapid.T) {
	if err := m.ledger.Close(); err != nil {
		rt.Fatalf("close: %v", err)
	}
	m.open(rt)
}

func keyOf(rt *rapid.T, label string) string {
	n := rapid.IntRange(0, 4).Draw(rt, label+" length")
	key := make([]byte, n)
	for i := range key {
		key[i] = rapid.SampledFrom([]byte{0, 1, 'a', 'b', 0xff}).Draw(rt, label)
	}
	return string(key)
}

func (m *machine) commit(rt *rapid.T) {
	shard := rapid.IntRange(0, modelShards-1).Draw(rt, "shard")
	at := rapid.Int64Range(-2, 60).Draw(rt, "at")
	body := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(rt, "body")
	var writes []ledger.Write
	for range rapid.IntRange(0, 12).Draw(rt, "writes") {
		key := keyOf(rt, "key")
		if rapid.IntRange(0, 2).Draw(rt, "delete") == 0 {
			writes = append(writes, del(key))
			delete(m.state, key)
			continue
		}
		value := rapid.StringN(0, 8, 30).Draw(rt, "value")
		writes = append(writes, set(key, value))
		m.state[key] = value
	}
	pos, last := m.head(shard)
	rec := ledger.Record{Shard: uint16(shard), Pos: pos + 1, At: max(at, last), Body: body}
	if pos > 0 {
		rec.Prev = m.logs[shard][pos-1].Hash()
	}
	m.logs[shard] = append(m.logs[shard], rec)
	got, err := m.tenures[shard].Commit(context.Background(), at, body, writes)
	if err != nil || got != rec.Pos {
		rt.Fatalf("commit: position %d, %v; want %d", got, err, rec.Pos)
	}
}

// check compares the whole state after every step.
func (m *machine) check(rt *rapid.T) {
	got := make(map[string]string, len(m.state))
	if err := m.ledger.Scan(nil, nil, func(k, v []byte) bool { got[string(k)] = string(v); return true }); err != nil {
		rt.Fatalf("scan: %v", err)
	}
	if !maps.Equal(got, m.state) {
		rt.Fatalf("state %q, want %q", got, m.state)
	}
}

func (m *machine) get(rt *rapid.T) {
	key := keyOf(rt, "key")
	want, there := m.state[key]
	got, err := m.ledger.Get([]byte(key))
	if there && (err != nil || string(got) != want) || !there && !errors.Is(err, ledger.ErrNotFound) {
		rt.Fatalf("get %q: %q, %v; want %q, %v", key, got, err, want, there)
	}
}

func (m *machine) scan(rt *rapid.T) {
	from, to := keyOf(rt, "from"), keyOf(rt, "to")
	var want []string
	for k := range m.state {
		if k >= from && (to == "" || k < to) {
			want = append(want, k)
		}
	}
	sort.Strings(want)
	up, err := keysOf(m.ledger, from, to)
	var down []string
	berr := m.ledger.ScanBack([]byte(from), []byte(to), func(k, _ []byte) bool { down = append(down, string(k)); return true })
	slices.Reverse(down)
	if err != nil || berr != nil || !slices.Equal(up, want) || !slices.Equal(down, want) {
		rt.Fatalf("[%q, %q): up %q %v, down %q %v, want %q", from, to, up, err, down, berr, want)
	}
}

func (m *machine) replay(rt *rapid.T) {
	shard := rapid.IntRange(0, modelShards-1).Draw(rt, "shard")
	log := m.logs[shard]
	from := rapid.Uint64Range(0, uint64(len(log))+2).Draw(rt, "from")
	var got []ledger.Record
	err := m.tenures[shard].Records(from, func(r ledger.Record) bool { got = append(got, r); return true })
	if from > 0 && from <= m.base[shard] {
		if !errors.Is(err, ledger.ErrTrimmed) {
			rt.Fatalf("records from trimmed %d: %v", from, err)
		}
		return
	}
	want := log[min(max(from, m.base[shard]+1)-1, uint64(len(log))):]
	same := slices.EqualFunc(got, want, func(x, y ledger.Record) bool { return fmt.Sprint(x) == fmt.Sprint(y) })
	if err != nil || !same {
		rt.Fatalf("records of %d from %d: %v, %v; want %v", shard, from, got, err, want)
	}
}

func (m *machine) trim(rt *rapid.T) {
	shard := rapid.IntRange(0, modelShards-1).Draw(rt, "shard")
	before := rapid.Uint64Range(0, uint64(len(m.logs[shard]))+3).Draw(rt, "before")
	limit := rapid.IntRange(0, 5).Draw(rt, "limit")
	last := min(uint64(max(int64(before)-1, 0)), uint64(len(m.logs[shard])), m.base[shard]+uint64(limit))
	want := 0
	if last > m.base[shard] {
		want = int(last - m.base[shard])
		m.base[shard] = last
	}
	n, err := m.tenures[shard].Trim(context.Background(), before, limit)
	if err != nil || n != want {
		rt.Fatalf("trim before %d limit %d: %d, %v; want %d", before, limit, n, err, want)
	}
}
