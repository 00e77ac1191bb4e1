package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

// Options say what world to run.
type Options struct {
	Seed         uint64
	Leads        int
	Document     []byte   // the cadence, canonical JSON
	Also         [][]byte // more cadences; nobody is enrolled in them at first
	Dispositions *routing.Set
	Packs        []byte // the rule packs in force, in their canonical form
	Waves        int    // in how many files the leads come, spread over the faulty time; 0 is 1
	Start        time.Time
	Faulty       time.Duration // how long faults happen; then none
	Limit        time.Duration // when the world ends in any case
	Faults       Faults
	Mute         []string // deeds operators leave out
	CPS          float64
	Channels     int
	CallerIDs    []cadence.Number
	Check        bool // check every invariant after every turn
	Numbers      []cadence.Number
	Ground       Ground // nil is Memory
	Shards       int    // 0 is 1
	Horizon      int    // when set, the world ends after that many turns and is scanned
	CrashAt      uint64 // when set, the process dies at this commit …
	CrashLanded  bool   // … after it landed, else before
}
