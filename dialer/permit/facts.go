package permit

import (
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

const (
	// DefaultNumberCap is how many calls one number gets in a rolling 24 h
	// when Facts.NumberCap is not set. FL, OK, MD and OR allow three.
	DefaultNumberCap = 3
	// NumberWindow is the span of the per-number cap.
	NumberWindow = 24 * time.Hour
	// Guard is how long before a window ends, and after a cap's window ends,
	// nothing is placed: it covers the way from the verdict to the ringing
	// telephone.
	Guard = time.Minute
	// OpenWait is when to look again while another call to the number is
	// open. The end of that call comes as an event and is usually sooner.
	OpenWait = 30 * time.Second
)

// Facts is all a verdict depends on besides the instant. The first part comes
// from the lead's home and the office, the second from the number's home. It
// encodes to CBOR with integer keys; Pack is found again by Verdict.Pack.
type Facts struct {
	Policy        uint64   `cbor:"1,keyasint,omitempty"`  // the office's policy number
	Kill          bool     `cbor:"2,keyasint,omitempty"`  // the kill switch is on
	Health        string   `cbor:"3,keyasint,omitempty"`  // why dialing is off, one of a closed set; "" when it is on
	Active        bool     `cbor:"4,keyasint,omitempty"`  // the cadence is active
	Halted        bool     `cbor:"5,keyasint,omitempty"`  // the cadence is halted
	Enrolled      bool     `cbor:"6,keyasint,omitempty"`  // the lead is in the cadence, not exited or paused
	Zones         Zones    `cbor:"7,keyasint,omitempty"`  // every zone the called party may be in
	NonGeographic bool     `cbor:"8,keyasint,omitempty"`  // toll-free and the like, without an explicit zone
	Countries     []string `cbor:"9,keyasint,omitempty"`  // allowed, ISO 3166 alpha-2
	CallerID      bool     `cbor:"10,keyasint,omitempty"` // a caller ID is available (or granted)
	Pack          *Pack    `cbor:"-"`                     // the rules in force

	Country   string  `cbor:"11,keyasint,omitempty"` // of the number, ISO 3166 alpha-2
	DNC       DNC     `cbor:"12,keyasint,omitempty"`
	Retired   bool    `cbor:"13,keyasint,omitempty"` // not in service, fax or somebody else's
	Open      bool    `cbor:"14,keyasint,omitempty"` // another attempt to the number is open
	Intents   []int64 `cbor:"15,keyasint,omitempty"` // Unix ms of what counts in the cap, any order; older ones do no harm
	NumberCap int     `cbor:"16,keyasint,omitempty"` // calls in NumberWindow; 0 is DefaultNumberCap

	// What the rules were chosen by, so that they can be chosen again.
	Jurisdictions []string `cbor:"17,keyasint,omitempty"` // countries and states, of number and address: US, US-FL
	Purpose       string   `cbor:"18,keyasint,omitempty"`
	Voice         string   `cbor:"19,keyasint,omitempty"`
	Line          string   `cbor:"20,keyasint,omitempty"`
	Evidence      []string `cbor:"21,keyasint,omitempty"` // consents and relationships there are

	Ring    int64 `cbor:"22,keyasint,omitempty"` // how long the step rings, ms
	Talked  int64 `cbor:"23,keyasint,omitempty"` // Unix ms of the last conversation on the number
	Refused int64 `cbor:"24,keyasint,omitempty"` // Unix ms of the last refusal of an offer

	// The same for calls about the subject of this one, and what is known of
	// the person beyond the number. The instants of Others and OthersElse are
	// calls to the person's other numbers, about this subject and about others.
	SubjectTalked  int64     `cbor:"25,keyasint,omitempty"`
	SubjectRefused int64     `cbor:"26,keyasint,omitempty"`
	Others         []int64   `cbor:"27,keyasint,omitempty"`
	OthersElse     []int64   `cbor:"28,keyasint,omitempty"`
	Consents       []Consent `cbor:"29,keyasint,omitempty"` // the records that Evidence rests on
	Declared       []string  `cbor:"31,keyasint,omitempty"` // what the cadence's author says of everybody

	Lists []List    `cbor:"30,keyasint,omitempty"` // every imported list, whether or not the number is on it
	Scrub ScrubMode `cbor:"32,keyasint,omitempty"` // how the lists' age is judged

	Over []Over `cbor:"33,keyasint,omitempty"` // shares of abandoned calls that the campaign is over

	Premium bool `cbor:"40,keyasint,omitempty"` // calls to the number cost extra

	// Money, in millionths of the account's currency; all 0 without a cap.
	Spent     int64 `cbor:"41,keyasint,omitempty"` // of the day, with what is reckoned for open calls
	SpendCap  int64 `cbor:"42,keyasint,omitempty"`
	SpendEnds int64 `cbor:"43,keyasint,omitempty"` // when the day ends, Unix ms
	CallCost  int64 `cbor:"44,keyasint,omitempty"` // reckoned for one more call
	Held      int64 `cbor:"45,keyasint,omitempty"` // the part of Spent that is reckoned for open calls

	// Who sells by this call, and what of Evidence was given to them.
	Seller string   `cbor:"130,keyasint,omitempty"`
	Given  []string `cbor:"131,keyasint,omitempty"`

	ListPaused bool  `cbor:"50,keyasint,omitempty"` // the lead's list is paused
	ListUntil  int64 `cbor:"51,keyasint,omitempty"` // Unix ms: before, no new lead of the list is called

	// The day of the house by which the calls of a cadence are counted; all zero
	// where nothing limits them. A shard of several has a share of each limit.
	CadenceCalls int64 `cbor:"132,keyasint,omitempty"` // of that day, at this shard
	CadenceEnds  int64 `cbor:"133,keyasint,omitempty"` // when the day ends, Unix ms
	Shards       int64 `cbor:"134,keyasint,omitempty"` // how many there are; 0 is one
	Turn         int64 `cbor:"135,keyasint,omitempty"` // of this shard on that day, from 0: who has the rest

	From cadence.Number `cbor:"136,keyasint,omitempty"` // the caller ID, where rules ask for one of a kind
	Away bool           `cbor:"137,keyasint,omitempty"` // calls to it do not come to us
}

// Consent is a record that counts as evidence.
type Consent struct {
	Evidence string     `cbor:"1,keyasint"` // what it is, as rules name it
	ID       cadence.ID `cbor:"2,keyasint"`
	Given    int64      `cbor:"3,keyasint"` // Unix ms
	Seller   string     `cbor:"4,keyasint,omitempty"`
}

// List is an imported list of numbers that are not to be called.
type List struct {
	Name  string `cbor:"1,keyasint"`
	AsOf  int64  `cbor:"2,keyasint,omitempty"` // of the edition in force, Unix ms; 0 before the first is whole
	On    bool   `cbor:"3,keyasint,omitempty"` // the number is on it
	Since int64  `cbor:"4,keyasint,omitempty"` // since when, Unix ms
}

// Query is what the rules about the call are chosen by.
func (f *Facts) Query() pack.Query {
	q := pack.Query{Purpose: f.Purpose, Voice: f.Voice, Line: f.Line, Evidence: f.Evidence, Given: f.Given, Declared: f.Declared}
	for _, j := range f.Jurisdictions {
		if _, state, ok := strings.Cut(j, "-"); ok {
			q.States = append(q.States, state)
		} else {
			q.Countries = append(q.Countries, j)
		}
	}
	return q
}

// DNC is the number's do-not-call mark that forbids the call.
type DNC struct {
	On     bool          `cbor:"1,keyasint,omitempty"`
	At     int64         `cbor:"2,keyasint,omitempty"` // Unix ms
	Source string        `cbor:"3,keyasint,omitempty"` // who said so: disposition, api, import …
	Scope  cadence.Scope `cbor:"4,keyasint,omitempty"` // what the no is about; empty is everything
}

// Zones are candidate zones; they are encoded by name and read back from the
// embedded tz database.
type Zones []*time.Location

// MarshalCBOR encodes the names.
func (z Zones) MarshalCBOR() ([]byte, error) {
	names := make([]string, len(z))
	for i, zone := range z {
		names[i] = zone.String()
	}
	return cbor.Marshal(names)
}

// UnmarshalCBOR loads the named zones. It fails on a name this version's tz
// database lacks.
func (z *Zones) UnmarshalCBOR(data []byte) error {
	var names []string
	if err := cbor.Unmarshal(data, &names); err != nil {
		return fmt.Errorf("permit: zone names: %w", err)
	}
	*z = make(Zones, len(names))
	for i, name := range names {
		zone, err := window.LoadZone(name)
		if err != nil {
			return fmt.Errorf("permit: %w", err)
		}
		(*z)[i] = zone
	}
	return nil
}

func (f *Facts) limit() int {
	if f.NumberCap > 0 {
		return f.NumberCap
	}
	return DefaultNumberCap
}
