package badger

import "time"

// The ledger measures how long commits take and syncs the high-water file once
// a second. Both are about the disk, so they run on real time, also where the
// engine above runs on another clock. Nothing stored depends on it but the
// date of creation.

func realNow() time.Time { return time.Now() }

func everySecond() *time.Ticker { return time.NewTicker(time.Second) }
