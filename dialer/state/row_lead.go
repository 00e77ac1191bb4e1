package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Lead is a person with where they came from and where they have been.
type Lead struct {
	Lead      cadence.Lead  `cbor:"1,keyasint"`
	Tokens    []event.Token `cbor:"2,keyasint,omitempty"`
	List      cadence.ID    `cbor:"3,keyasint,omitzero"`
	CreatedAt int64         `cbor:"4,keyasint"`
	UpdatedAt int64         `cbor:"5,keyasint"`
	Stays     []Stay        `cbor:"6,keyasint,omitempty"`
	Signals   []Signal      `cbor:"7,keyasint,omitempty"`
	// Former are the numbers it had and has no more, in their order: their rows
	// name it still.
	Former []event.Token `cbor:"140,keyasint,omitempty"`
	Heard  []Heard       `cbor:"141,keyasint,omitempty"` // what was said in its calls to us, by their campaigns
}

// Stay is a lead's view of one enrollment. LeftAt is 0 while it is open.
type Stay struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Cadence    cadence.ID `cbor:"2,keyasint"`
	At         int64      `cbor:"3,keyasint"`
	LeftAt     int64      `cbor:"4,keyasint,omitempty"`
}

// Signal is a signal that arrived; the last maxSignals are kept.
type Signal struct {
	Name string `cbor:"1,keyasint"`
	At   int64  `cbor:"2,keyasint"`
}

const maxSignals = 32

// TouchState is what an enrollment's open touch waits for.
type TouchState uint8

// The states of a touch.
const (
	NoTouch TouchState = iota
	Waiting            // for its due time, in the due index
	AskedIt            // for the number's home to answer
	Dialing            // for its attempt to end
	Held               // for a posted disposition, until HoldUntil
)

// Touch is the open touch of an enrollment.
type Touch struct {
	ID        cadence.ID              `cbor:"1,keyasint"`
	State     TouchState              `cbor:"2,keyasint"`
	Try       int                     `cbor:"3,keyasint,omitempty"`
	NumberIdx int                     `cbor:"4,keyasint,omitempty"`
	Lane      uint32                  `cbor:"5,keyasint,omitempty"`
	Due       int64                   `cbor:"6,keyasint,omitempty"` // or the end of the hold
	Wanted    int64                   `cbor:"7,keyasint,omitempty"`
	Rule      string                  `cbor:"8,keyasint,omitempty"`
	Why       string                  `cbor:"9,keyasint,omitempty"`
	Attempt   cadence.ID              `cbor:"10,keyasint,omitzero"`
	Code      cadence.DispositionCode `cbor:"11,keyasint,omitempty"`
	Class     event.Class             `cbor:"12,keyasint,omitempty"`
	Expires   int64                   `cbor:"13,keyasint,omitempty"`
	Asks      int                     `cbor:"14,keyasint,omitempty"` // how often it has asked the number's home
	Reminded  bool                    `cbor:"15,keyasint,omitempty"` // asked at another shard: lane 0 reminds at Due
}

// timed reports whether the touch has a row in the due index.
func (t *Touch) timed() bool {
	return t.State == Waiting || t.State == Held || t.State == AskedIt && t.Reminded
}

// Used counts the retries one disposition has consumed in this step and run.
type Used struct {
	On cadence.DispositionCode `cbor:"1,keyasint"`
	N  int                     `cbor:"2,keyasint"`
}

// Enrollment is a lead's stay in a cadence.
type Enrollment struct {
	Lead       cadence.ID              `cbor:"1,keyasint"`
	Cadence    cadence.ID              `cbor:"2,keyasint"`
	Version    uint32                  `cbor:"3,keyasint"`
	List       cadence.ID              `cbor:"4,keyasint,omitzero"`
	Campaign   string                  `cbor:"5,keyasint"`
	Numbers    []event.Token           `cbor:"6,keyasint"`
	ZoneSets   []string                `cbor:"7,keyasint,omitempty"`
	State      string                  `cbor:"8,keyasint,omitempty"`
	Country    string                  `cbor:"9,keyasint,omitempty"`
	Retired    uint16                  `cbor:"10,keyasint,omitempty"`
	EnteredAt  int64                   `cbor:"11,keyasint"`
	Step       int                     `cbor:"12,keyasint"`
	StepKey    string                  `cbor:"13,keyasint"`
	Run        int                     `cbor:"14,keyasint"`
	RunStarted int64                   `cbor:"15,keyasint"`
	Touch      Touch                   `cbor:"16,keyasint"`
	Retries    []Used                  `cbor:"17,keyasint,omitempty"`
	Attempts   int                     `cbor:"18,keyasint,omitempty"`
	Contacted  bool                    `cbor:"19,keyasint,omitempty"`
	LeftAt     int64                   `cbor:"20,keyasint,omitempty"`
	Left       string                  `cbor:"21,keyasint,omitempty"`
	Reason     string                  `cbor:"22,keyasint,omitempty"`
	Last       cadence.DispositionCode `cbor:"23,keyasint,omitempty"`
	Done       []string                `cbor:"24,keyasint,omitempty"` // step keys with a final disposition in this run
	Touches    int                     `cbor:"25,keyasint,omitempty"` // how many touches were opened; numbers the next
	LastTry    cadence.ID              `cbor:"26,keyasint,omitzero"`  // the attempt of the last finished touch
	Calls      []Called                `cbor:"40,keyasint,omitempty"` // what counts in caps that the lead's numbers share
	Talked     int64                   `cbor:"41,keyasint,omitempty"` // when somebody was last talked to
	Refused    int64                   `cbor:"42,keyasint,omitempty"` // when an offer was last refused
	Several    bool                    `cbor:"43,keyasint,omitempty"` // the lead was spoken with, or called, on numbers that are not among Numbers
	OnLine     int                     `cbor:"27,keyasint,omitempty"` // return calls of the lead that are going on
	Returned   cadence.DispositionCode `cbor:"28,keyasint,omitempty"` // of a return call, until the open touch has ended
	Tallied    event.Tally             `cbor:"50,keyasint,omitempty"` // what was counted in its list for it
	Alone      bool                    `cbor:"51,keyasint,omitempty"` // known to be the lead's only stay
	Paused     int64                   `cbor:"44,keyasint,omitempty"` // since when it is not called, 0 while it is
	PausedBy   string                  `cbor:"45,keyasint,omitempty"`
}
