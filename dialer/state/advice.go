package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Hidden is a recommendation that somebody put aside. At is 0 when it was
// taken back.
type Hidden struct {
	At int64  `cbor:"1,keyasint,omitempty"`
	By string `cbor:"2,keyasint"`
}

func (v *View) foldAdvice(f *event.AdviceHidden) {
	row := &Hidden{At: f.At, By: f.By}
	if f.Shown {
		row.At = 0
	}
	v.setRow(idKey(tabHidden, f.ID), row)
}

// Hidden is what was decided about a recommendation, nil for nothing.
func (q Rows) Hidden(id cadence.ID) (*Hidden, error) {
	return readRow[Hidden](q.R, idKey(tabHidden, id))
}
