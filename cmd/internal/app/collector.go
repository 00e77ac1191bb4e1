package app

import (
	"os"
	"runtime/debug"
)

// heapGrowth is how much the heap may grow between two collections while the
// engine works, in percent of what lives. Go's own 100 costs an eighth of a
// webhook's processor time, mostly for the memory tables of the ledger, which
// are large and short-lived.
const heapGrowth = 200

// easeCollector sets the collector for work. Whoever sets GOGC decides, and
// GOMEMLIMIT holds in any case. Before the work, while a ledger is opened, Go's
// own setting keeps the garbage of opening small.
func easeCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
