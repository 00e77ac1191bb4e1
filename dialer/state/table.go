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
	halves   *halves[K, R]              // nil where a row is one
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
	stored  stored // of a table of halves; likewise will, once the turn is sealed
	will    stored
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
	c, err := t.fetch(k)
	if err != nil {
		panic(&Broken{fmt.Errorf("table %q: %w", t.key(nil, k)[0], err)})
	}
	r := c.row
	if t.resident && r == nil {
		return nil
	}
	t.m[k] = c
	if !t.resident {
		t.read = append(t.read, c)
	}
	return r
}

// fetch reads a row into a cell.
func (t *rows[K, R]) fetch(k K) (c *cell[K, R], err error) {
	c = &cell[K, R]{key: k}
	if t.halves != nil {
		return c, t.readHalves(c)
	}
	t.scratch = t.key(t.scratch[:0], k)
	c.row, err = readRow[R](t.base, t.scratch)
	return c, err
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
		if t.halves != nil {
			out, b = t.writeHalves(c, out, b)
			continue
		}
		out, b = appendWrite(out, b, t.key, c.key, c.row)
	}
	return out, b
}

// appendWrite appends the write of one row, nil to delete it, to out, and its
// key and value to b.
func appendWrite[K comparable, R any](out []ledger.Write, b []byte, key func([]byte, K) []byte, k K, row *R) ([]ledger.Write, []byte) {
	at := len(b)
	b = key(b, k)
	w := ledger.Write{Key: b[at:len(b):len(b)], Delete: row == nil}
	if row != nil {
		at = len(b)
		b = any(row).(Row).AppendCBOR(b)
		w.Value = b[at:len(b):len(b)]
	}
	return append(out, w), b
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
		c.changed, c.stored = false, c.will
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
