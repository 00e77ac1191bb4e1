package badger

import "time"

// The ledger measures how long commits take and syncs the high-water file once
// a second. Both are about the disk, so they run on real time, also where the
// engine above runs on another clock. Nothing stored depends on it but the
// date of creation.

func realNow() time.Time { return time.Now() }

func everySecond() *time.Ticker { return time.NewTicker(time.Second) }

// pause rests and reports whether to go on: false once stop is closed.
func pause(stop <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-stop:
		return false
	case <-t.C:
		return true
	}
}
