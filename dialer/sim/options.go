package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
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
	Consent      string // what is on record of every lead, a kind of consent; "" is nothing
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
	// People, when given, are the leads, in the place of the samples; Numbers then
	// holds two for each of them, the first one theirs. The witness, whose own
	// tables are small, leaves their hours and caps to whoever reads Log.
	People []cadence.Lead
	// Log, when given, is written while the world lives.
	Log       *Log
	Countries []string // that may be called; nil is the United States
	NumberCap int      // calls to a number in any 24 hours; 0 is the engine's own
	CallerCap int      // calls from a caller ID a day; 0 is no limit
	// Editions are imported lists that come while the world lives, in this order.
	Editions []Edition
	// Says is what agents may say of a talk; nil is a little of everything.
	Says []cadence.DispositionCode
	// Return, when set, is how often everybody who has left is entered again.
	Return time.Duration
	// Relent is the chance that somebody who is entered again takes a no back.
	Relent float64
	// ListPauses, when set, is how often a list is paused for a while, and
	// ListRelease how many new leads every list lets go a day.
	ListPauses  time.Duration
	ListRelease int64
	// Rehearse, when set, is how often somebody does something about rehearsals.
	Rehearse time.Duration
	// Abandon has campaigns judged by the calls they abandon, as the engine does;
	// Late counts those that are put through too late among them.
	Abandon bool
	Late    dialer.Late
	// GoodLines are all in service, and none is a fax.
	GoodLines   bool
	CrashAt     uint64 // when set, the process dies at this commit …
	CrashLanded bool   // … after it landed, else before
}

// Edition is one import of a list of numbers.
type Edition struct {
	List    string
	After   time.Duration // since the world's beginning
	Age     time.Duration // of its date, when it comes
	Numbers []cadence.Number
}
