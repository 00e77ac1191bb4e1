package upgrade

import (
	"encoding/binary"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Current is what this program writes.
func Current() Release {
	return Release{Fold: state.FoldVersion, Facts: event.Version, Zones: window.TZVersion(), Chain: []Migration{
		{To: 2, What: "sums the do-not-call list up, so that it can be compared at every start", Step: sumDNC},
		{To: 3, What: "puts what changes of an open attempt into a row of its own", Step: splitOpens},
		{To: 4, What: "notes with each lead the numbers it had before, and counts by rule whom rules have put out of cadences", Step: lookBack},
	}}
}

// marksPerStep bounds how many marked numbers one step adds.
const marksPerStep = 10_000

// sumDNC adds the marked numbers up and notes the sum in the office's row. The
// cursor is the sum so far and the last number.
func sumDNC(r ledger.Reader, cursor []byte) ([]ledger.Write, []byte, error) {
	var after cadence.ID
	var sum uint64
	if cursor != nil {
		if len(cursor) != 8+len(after) {
			return nil, nil, fmt.Errorf("%w: the cursor has %d bytes", ledger.ErrDamaged, len(cursor))
		}
		sum = binary.BigEndian.Uint64(cursor)
		copy(after[:], cursor[8:])
	}
	rows, n := state.Rows{R: r}, 0
	err := rows.DNC(after, func(id cadence.ID, _ *state.Number) bool {
		sum ^= state.TokenSum(event.TokenOfID(id))
		after = id
		n++
		return n < marksPerStep
	})
	if err != nil {
		return nil, nil, err
	}
	if n == marksPerStep {
		next := binary.BigEndian.AppendUint64(nil, sum)
		return nil, append(next, after[:]...), nil
	}
	office, err := rows.Office()
	if err != nil {
		return nil, nil, err
	}
	if office == (state.Office{}) {
		return nil, nil, nil
	}
	if office.DNCSum = sum; office.Fold != 0 {
		office.Fold = 2
	}
	return []ledger.Write{state.OfficeWrite(&office)}, nil, nil
}

// opensPerStep bounds how many open attempts one step splits.
const opensPerStep = 1000

// splitOpens gives open attempts their second row, and lets the office's row
// say the new version with the last ones. The cursor is the last attempt done.
func splitOpens(r ledger.Reader, cursor []byte) ([]ledger.Write, []byte, error) {
	var after cadence.ID
	if cursor != nil && copy(after[:], cursor) != len(after) {
		return nil, nil, fmt.Errorf("%w: the cursor has %d bytes", ledger.ErrDamaged, len(cursor))
	}
	writes, last, err := state.SplitOpens(r, after, opensPerStep)
	if err != nil || !last.IsZero() {
		return writes, last[:], err
	}
	office, err := state.Rows{R: r}.Office()
	if err != nil || office == (state.Office{}) {
		return writes, nil, err
	}
	if office.Fold != 0 {
		office.Fold = 3
	}
	return append(writes, state.OfficeWrite(&office)), nil, nil
}

// rowsPerStep bounds how many numbers or enrollments one step looks at.
const rowsPerStep = 5000

// The two passes of lookBack.
const (
	passNumbers = iota
	passEnrollments
)

// lookBack goes through the numbers for those that leads had before, then through
// the enrollments for those that rules have ended. The cursor is the pass and the
// last row looked at.
func lookBack(r ledger.Reader, cursor []byte) ([]ledger.Write, []byte, error) {
	var after cadence.ID
	pass := byte(passNumbers)
	if cursor != nil {
		if len(cursor) != 1+len(after) {
			return nil, nil, fmt.Errorf("%w: the cursor has %d bytes", ledger.ErrDamaged, len(cursor))
		}
		pass = cursor[0]
		copy(after[:], cursor[1:])
	}
	look := state.NoteFormer
	if pass == passEnrollments {
		look = state.CountOut
	}
	writes, last, err := look(r, after, rowsPerStep)
	switch {
	case err != nil:
		return nil, nil, err
	case !last.IsZero():
		return writes, append([]byte{pass}, last[:]...), nil
	case pass == passNumbers:
		return writes, append([]byte{passEnrollments}, last[:]...), nil
	}
	office, err := state.Rows{R: r}.Office()
	if err != nil || office == (state.Office{}) {
		return writes, nil, err
	}
	if office.Fold != 0 {
		office.Fold = 4
	}
	return append(writes, state.OfficeWrite(&office)), nil, nil
}
