package state

import (
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// rows is one table of the overlay. Resident tables are small and hot: their
// clean rows stay in memory between turns. Of the others stays what keep says,
// the rows of calls under way, which are bounded by the channels; the rest is
// read anew.
type rows[K comparable, R any] struct {
	base     ledger.Reader
	resident bool
	whole    bool // resident, and every row there is stands in m
	keep     func(*R) bool
	key      func(b []byte, k K) []byte // appends the key
	m        map[K]*cell[K, R]
	changed  []*cell[K, R] // what this turn wrote, each once
	read     []*cell[K, R] // of a table that is not resident: what this turn read
	flying   []*cell[K, R] // what the sealed turn wrote
	scratch  []byte
}

// cell is one row in memory; nil is one that is known not to exist. What a turn
// has read and written points at cells, so that its end need not look them up.
type cell[K comparable, R any] struct {
	key     K
	row     *R
	changed bool
}

func newRows[K comparable, R any](base ledger.Reader, resident bool, key func(b []byte, k K) []byte) rows[K, R] {
	return rows[K, R]{base: base, resident: resident, key: key, m: map[K]*cell[K, R]{}}
}

// get returns the row, nil when there is none.
func (t *rows[K, R]) get(k K) *R {
	if c, ok := t.m[k]; ok {
		return c.row
	}
	if t.whole {
		return nil
	}
	t.scratch = t.key(t.scratch[:0], k)
	r, err := readRow[R](t.base, t.scratch)
	if err != nil {
		panic(&Broken{fmt.Errorf("table %q: %w", t.scratch[0], err)})
	}
	if t.resident && r == nil {
		return nil
	}
	c := &cell[K, R]{key: k, row: r}
	t.m[k] = c
	if !t.resident {
		t.read = append(t.read, c)
	}
	return r
}

// edit returns the row to change and put back, a zero one when there is none.
func (t *rows[K, R]) edit(k K) *R {
	if r := t.get(k); r != nil {
		return r
	}
	return new(R)
}

func (t *rows[K, R]) put(k K, r *R) {
	c := t.m[k]
	if c == nil {
		c = &cell[K, R]{key: k}
		t.m[k] = c
	}
	if c.row = r; !c.changed {
		c.changed = true
		t.changed = append(t.changed, c)
	}
}

func (t *rows[K, R]) del(k K) { t.put(k, nil) }

// writes appends the turn's changes to out, and their keys and values to b.
func (t *rows[K, R]) writes(out []ledger.Write, b []byte) ([]ledger.Write, []byte) {
	for _, c := range t.changed {
		at := len(b)
		b = t.key(b, c.key)
		w := ledger.Write{Key: b[at:len(b):len(b)]}
		if r := c.row; r == nil {
			w.Delete = true
		} else {
			at = len(b)
			b = any(r).(Row).AppendCBOR(b)
			w.Value = b[at:len(b):len(b)]
		}
		out = append(out, w)
	}
	return out, b
}

// seal ends a turn: what it only read is left, what it wrote stays in memory
// until it has landed.
func (t *rows[K, R]) seal() {
	for _, c := range t.read {
		if !c.changed {
			t.leave(c)
		}
	}
	for _, c := range t.changed {
		c.changed = false
	}
	clear(t.read)
	t.read = t.read[:0]
	t.changed, t.flying = t.flying, t.changed
}

// land leaves what the sealed turn wrote and the open one has not.
func (t *rows[K, R]) land() {
	for _, c := range t.flying {
		if !c.changed {
			t.leave(c)
		}
	}
	clear(t.flying)
	t.flying = t.flying[:0]
}

// leave keeps a clean row beyond its turn, or forgets it.
func (t *rows[K, R]) leave(c *cell[K, R]) {
	if r := c.row; r == nil || !t.resident && (t.keep == nil || !t.keep(r)) {
		delete(t.m, c.key)
	}
}

// readRow reads one row from a reader, nil when there is none.
func readRow[R any](r ledger.Reader, key []byte) (*R, error) {
	b, err := r.Get(key)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row := new(R)
	if err := Decode(b, row); err != nil {
		return nil, err
	}
	return row, nil
}
