package state

import "github.com/carillon-dialer/carillon/dialer/ledger"

// base is what a View's rows are read from when they are not in memory. All
// tables share it, so that a turn can read from one snapshot.
type base struct{ ledger.Reader }

// On reads from r until it is called again. A turn is decided on one snapshot,
// which costs less than a view of the store for each row; before Settle the
// View must stand on a reader that sees the turn's commit.
func (v *View) On(r ledger.Reader) { v.base.Reader = r }

// Base is what On was last given.
func (v *View) Base() ledger.Reader { return v.base.Reader }
