package state

import (
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// halves is how a row of a table stands in two: under the table's own key what
// it began with, which is written once, and under a second one the rest, once
// that differs.
type halves[K comparable, R any] struct {
	key   func(b []byte, k K) []byte
	split func(*R) (first, rest *R, same bool)
	join  func(first, rest *R) *R
}

// stored is which halves of a row the ledger holds, with the sealed turn.
type stored uint8

const (
	nothing stored = iota
	oneHalf
	twoHalves
)

// writeHalves appends the writes of one changed row, and notes what will be
// stored then.
func (t *rows[K, R]) writeHalves(c *cell[K, R], out []ledger.Write, b []byte) ([]ledger.Write, []byte) {
	if c.row == nil {
		if c.stored != nothing {
			out, b = appendWrite(out, b, t.key, c.key, (*R)(nil))
		}
		if c.stored == twoHalves {
			out, b = appendWrite(out, b, t.halves.key, c.key, (*R)(nil))
		}
		c.will = nothing
		return out, b
	}
	first, rest, same := t.halves.split(c.row)
	if c.stored == nothing {
		out, b = appendWrite(out, b, t.key, c.key, first)
	}
	if c.will = oneHalf; !same || c.stored == twoHalves {
		out, b = appendWrite(out, b, t.halves.key, c.key, rest)
		c.will = twoHalves
	}
	return out, b
}

// readHalves reads the row of a cell.
func (t *rows[K, R]) readHalves(c *cell[K, R]) error {
	first, err := readRow[R](t.base, t.key(nil, c.key))
	if first == nil || err != nil {
		return err
	}
	rest, err := readRow[R](t.base, t.halves.key(nil, c.key))
	if err != nil {
		return err
	}
	c.row, c.stored = t.halves.join(first, rest), oneHalf
	if rest != nil {
		c.stored = twoHalves
	}
	return nil
}

// joinLoaded completes what load has read of the first halves.
func (t *rows[K, R]) joinLoaded(cells []*cell[K, R]) {
	for _, c := range cells {
		if err := t.readHalves(c); err != nil {
			panic(&Broken{fmt.Errorf("table %q: %w", t.key(nil, c.key)[0], err)})
		}
	}
}
