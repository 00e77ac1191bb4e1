package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// Formats of what is stored. A ledger with a higher number is refused.
const (
	FoldVersion = 4
)

// BucketMs is the width of a counter bucket: a quarter of an hour, so that
// every time zone's days and hours are whole buckets.
const BucketMs = 15 * 60 * 1000

// Office is the one row of what is nobody's: the kill switch and the counters
// that number things. Policy rises with every change that a permit depends on.
type Office struct {
	Policy   uint64 `cbor:"1,keyasint"`
	Stopped  bool   `cbor:"2,keyasint,omitempty"`
	Reason   string `cbor:"3,keyasint,omitempty"`
	StopAt   int64  `cbor:"4,keyasint,omitempty"`
	LastLane uint32 `cbor:"5,keyasint,omitempty"`
	Audits   uint64 `cbor:"6,keyasint,omitempty"`
	Reports  uint64 `cbor:"7,keyasint,omitempty"`
	DNC      uint64 `cbor:"8,keyasint,omitempty"` // how many do-not-call marks there are
	Leads    uint64 `cbor:"9,keyasint,omitempty"`
	Fold     int    `cbor:"10,keyasint,omitempty"`
	DNCSum   uint64 `cbor:"11,keyasint,omitempty"` // exclusive-or of MarkSum over those marks
	Edition  uint64 `cbor:"12,keyasint,omitempty"` // of what the office published to the shards
	// Packs names the set of rule packs in force, zero before the first.
	Packs event.Packs `cbor:"13,keyasint,omitzero"`
	// ScrubLists is how many imported lists of numbers there are.
	ScrubLists uint32 `cbor:"14,keyasint,omitempty"`
	// Over names the campaigns that are over a share of abandoned calls.
	Over *event.CampaignsOver `cbor:"30,keyasint,omitempty"`
}

// Packs is a set of rule packs that was ever in force, in its canonical form.
type Packs struct {
	Body []byte `cbor:"1,keyasint"`
	At   int64  `cbor:"2,keyasint"`
}

// Cadence is a cadence's row. Draft is the document being edited, canonical
// JSON; Version is the published one, 0 before the first.
type Cadence struct {
	ID          cadence.ID   `cbor:"1,keyasint"`
	Name        string       `cbor:"2,keyasint"`
	Status      event.Status `cbor:"3,keyasint"`
	Version     uint32       `cbor:"4,keyasint,omitempty"`
	Draft       []byte       `cbor:"5,keyasint"`
	Halted      bool         `cbor:"6,keyasint,omitempty"`
	CreatedAt   int64        `cbor:"7,keyasint"`
	UpdatedAt   int64        `cbor:"8,keyasint"`
	PublishedAt int64        `cbor:"9,keyasint,omitempty"`
}

// Dialing reports whether calls of the cadence may be placed.
func (c *Cadence) Dialing() bool { return c.Status == event.Active && !c.Halted }

// Version is an immutable published document.
type Version struct {
	Document []byte `cbor:"1,keyasint"`
	At       int64  `cbor:"2,keyasint"`
}

// Stats are a cadence's running totals of leads. Pending counts enrollments
// with a due touch.
type Stats struct {
	Enrolled    int64 `cbor:"1,keyasint,omitempty"` // ever
	Active      int64 `cbor:"2,keyasint,omitempty"`
	Pending     int64 `cbor:"3,keyasint,omitempty"`
	Contacted   int64 `cbor:"4,keyasint,omitempty"` // leads with a contact
	ToContact   int64 `cbor:"5,keyasint,omitempty"` // their attempts up to and including the first one
	Quarantined int64 `cbor:"6,keyasint,omitempty"`
	// Out are the leads that a rule has put out, and that have not come back, by
	// the rule's name.
	Out []RuleCount `cbor:"140,keyasint,omitempty"`
}

// Counts are what happened to the attempts whose intent fell in one bucket.
type Counts struct {
	Intents     int64 `cbor:"1,keyasint,omitempty"`
	Attempts    int64 `cbor:"2,keyasint,omitempty"` // accepted by the carrier
	Completed   int64 `cbor:"3,keyasint,omitempty"`
	Answered    int64 `cbor:"4,keyasint,omitempty"` // by a person
	Contacts    int64 `cbor:"5,keyasint,omitempty"`
	Conversions int64 `cbor:"6,keyasint,omitempty"`
	Abandoned   int64 `cbor:"7,keyasint,omitempty"`
	Returned    int64 `cbor:"8,keyasint,omitempty"`
	Unconfirmed int64 `cbor:"9,keyasint,omitempty"`
	Voicemails  int64 `cbor:"10,keyasint,omitempty"`
}

// Add adds n times d.
func (c *Counts) Add(d Counts, n int64) {
	c.Intents += n * d.Intents
	c.Attempts += n * d.Attempts
	c.Completed += n * d.Completed
	c.Answered += n * d.Answered
	c.Contacts += n * d.Contacts
	c.Conversions += n * d.Conversions
	c.Abandoned += n * d.Abandoned
	c.Returned += n * d.Returned
	c.Unconfirmed += n * d.Unconfirmed
	c.Voicemails += n * d.Voicemails
}

// Lane says what a lane of the due index holds. Lane 0 has no row: it is the
// engine's own and always read.
type Lane struct {
	Cadence cadence.ID  `cbor:"1,keyasint"`
	List    cadence.ID  `cbor:"2,keyasint"`
	Class   event.Class `cbor:"3,keyasint"`
}

// Mark is a lane's low mark: nothing is due in it before At.
type Mark struct {
	At int64 `cbor:"1,keyasint"`
}

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
	Several    bool                    `cbor:"43,keyasint,omitempty"` // calls were made to numbers that are not among Numbers
	OnLine     int                     `cbor:"27,keyasint,omitempty"` // return calls of the lead that are going on
	Returned   cadence.DispositionCode `cbor:"28,keyasint,omitempty"` // of a return call, until the open touch has ended
	Tallied    event.Tally             `cbor:"50,keyasint,omitempty"` // what was counted in its list for it
	Alone      bool                    `cbor:"51,keyasint,omitempty"` // known to be the lead's only stay
	Paused     int64                   `cbor:"44,keyasint,omitempty"` // since when it is not called, 0 while it is
	PausedBy   string                  `cbor:"45,keyasint,omitempty"`
}

// Number is what is known of a number, whoever's it is.
type Number struct {
	Number    cadence.Number `cbor:"1,keyasint"`
	Leads     []cadence.ID   `cbor:"2,keyasint,omitzero"`
	DNC       bool           `cbor:"3,keyasint,omitempty"`
	DNCAt     int64          `cbor:"4,keyasint,omitempty"`
	DNCReason string         `cbor:"5,keyasint,omitempty"`
	DNCSource string         `cbor:"6,keyasint,omitempty"`
	Retired   string         `cbor:"7,keyasint,omitempty"`
	RetiredAt int64          `cbor:"8,keyasint,omitempty"`
	Open      cadence.ID     `cbor:"9,keyasint,omitzero"`
	Intents   []int64        `cbor:"10,keyasint,omitempty"` // times of intents that may still count in a cap
	LastTouch cadence.ID     `cbor:"11,keyasint,omitzero"`  // the last ask that was answered with an intent
	LastTry   int            `cbor:"12,keyasint,omitempty"` // of asks that had no number of their own yet
	Region    string         `cbor:"13,keyasint,omitempty"`
	Last      cadence.ID     `cbor:"14,keyasint,omitzero"`  // the attempt of the last ask, when it is over
	LastAsk   int            `cbor:"15,keyasint,omitempty"` // which ask of LastTouch it was
	DNCBy     string         `cbor:"16,keyasint,omitempty"`
	Noes      []No           `cbor:"17,keyasint,omitempty"` // of a narrower scope than everything, each scope once
	Said      uint32         `cbor:"18,keyasint,omitempty"` // how many entries the history has
	Past      []cadence.ID   `cbor:"30,keyasint,omitempty"` // leads of it that were erased
	Consents  []Given        `cbor:"40,keyasint,omitempty"`
	Ends      []ConsentEnd   `cbor:"41,keyasint,omitempty"`
	Agreed    uint32         `cbor:"42,keyasint,omitempty"` // how many entries the history of consents has
	Heard     []Heard        `cbor:"43,keyasint,omitempty"` // what was said in calls, by their campaigns
	OnLine    int            `cbor:"25,keyasint,omitempty"` // calls from it to us that are going on
	Rehearses bool           `cbor:"50,keyasint,omitempty"` // Open is a rehearsal: no ask led to it
}

// Asked is the open attempt that an ask led to, zero when there is none.
func (n *Number) Asked() cadence.ID {
	if n.Rehearses {
		return cadence.ID{}
	}
	return n.Open
}

// LastAttempt is the attempt that the last ask led to, open or over.
func (n *Number) LastAttempt() cadence.ID {
	if !n.Asked().IsZero() {
		return n.Open
	}
	return n.Last
}

// Attempt is the final row of an attempt. It names the number by its token
// only and holds all that reports and permit replay need.
type Attempt struct {
	Token      event.Token             `cbor:"1,keyasint"`
	Enrollment cadence.ID              `cbor:"2,keyasint"`
	Touch      cadence.ID              `cbor:"3,keyasint"`
	Try        int                     `cbor:"4,keyasint,omitempty"`
	Lead       cadence.ID              `cbor:"5,keyasint"`
	Cadence    cadence.ID              `cbor:"6,keyasint"`
	Version    uint32                  `cbor:"7,keyasint"`
	Campaign   string                  `cbor:"8,keyasint"`
	Step       int                     `cbor:"9,keyasint"`
	StepKey    string                  `cbor:"10,keyasint"`
	Run        int                     `cbor:"11,keyasint"`
	List       cadence.ID              `cbor:"12,keyasint,omitzero"`
	From       cadence.Number          `cbor:"13,keyasint"`
	Connect    string                  `cbor:"14,keyasint"`
	Zone       string                  `cbor:"15,keyasint,omitempty"`
	Local      string                  `cbor:"16,keyasint,omitempty"`
	Policy     uint64                  `cbor:"17,keyasint"`
	Verdict    []byte                  `cbor:"18,keyasint"`
	At         int64                   `cbor:"19,keyasint"` // of the intent
	Due        int64                   `cbor:"20,keyasint"`
	PlacedAt   int64                   `cbor:"21,keyasint,omitempty"`
	AnsweredAt int64                   `cbor:"22,keyasint,omitempty"`
	EndedAt    int64                   `cbor:"23,keyasint"`
	CallID     string                  `cbor:"24,keyasint,omitempty"`
	State      event.State             `cbor:"25,keyasint"`
	Code       cadence.DispositionCode `cbor:"26,keyasint"`
	By         string                  `cbor:"27,keyasint,omitempty"`
	Result     telephony.Result        `cbor:"28,keyasint,omitempty"`
	Reason     string                  `cbor:"29,keyasint,omitempty"`
	AnsweredBy telephony.AnsweredBy    `cbor:"30,keyasint,omitempty"`
	DurationMs int64                   `cbor:"31,keyasint,omitempty"`
	LegMs      int64                   `cbor:"32,keyasint,omitempty"`
	Digits     string                  `cbor:"33,keyasint,omitempty"`
	Script     string                  `cbor:"34,keyasint,omitempty"`
	Price      string                  `cbor:"35,keyasint,omitempty"`
	Accepted   bool                    `cbor:"36,keyasint,omitempty"`
	Completed  bool                    `cbor:"37,keyasint,omitempty"`
	Answered   bool                    `cbor:"38,keyasint,omitempty"`
	Contact    bool                    `cbor:"39,keyasint,omitempty"`
	Converted  bool                    `cbor:"40,keyasint,omitempty"`
	Abandoned  bool                    `cbor:"41,keyasint,omitempty"`
	Revisions  uint16                  `cbor:"42,keyasint,omitempty"`
	Posted     bool                    `cbor:"43,keyasint,omitempty"`
	Seen       uint64                  `cbor:"44,keyasint,omitempty"`
	Voicemail  bool                    `cbor:"45,keyasint,omitempty"`
	Note       string                  `cbor:"46,keyasint,omitempty"`
	AMD        telephony.AMD           `cbor:"47,keyasint,omitempty"`
	Drop       *event.Drop             `cbor:"48,keyasint,omitempty"` // of a voicemail
	Day        int64                   `cbor:"50,keyasint,omitempty"` // of its caller ID's figures
	Short      bool                    `cbor:"51,keyasint,omitempty"`
	Near       bool                    `cbor:"52,keyasint,omitempty"`
	Cost       int64                   `cbor:"53,keyasint,omitempty"`  // millionths of the account's currency
	Rehearsal  cadence.ID              `cbor:"60,keyasint,omitzero"`   // it counts in no figure
	Document   cadence.ID              `cbor:"61,keyasint,omitzero"`   // of a rehearsal: what it played
	Rules      []string                `cbor:"140,keyasint,omitempty"` // about abandoned calls, as of the intent …
	Sorted     bool                    `cbor:"141,keyasint,omitempty"` // … which are known
	HeardAt    int64                   `cbor:"142,keyasint,omitempty"`
	Wait       int64                   `cbor:"143,keyasint,omitempty"` // ms from there until somebody spoke to them, 0 for never
	Late       bool                    `cbor:"144,keyasint,omitempty"` // later than a rule allows, or a message instead
	Told       bool                    `cbor:"145,keyasint,omitempty"` // the message behind targets that nobody answered
	Within     int64                   `cbor:"146,keyasint,omitempty"` // ms, as of the intent
}

// Revision is one change to a closed attempt, numbered under it.
type Revision struct {
	event.AttemptRevised
	Was cadence.DispositionCode `cbor:"31,keyasint,omitempty"`
}

// Import is an import job.
type Import struct {
	Job      event.ImportOpened `cbor:"1,keyasint"`
	State    string             `cbor:"2,keyasint"` // running, done, failed, undoing, undone
	Line     int64              `cbor:"3,keyasint,omitempty"`
	Rows     int64              `cbor:"4,keyasint,omitempty"`
	Accepted int64              `cbor:"5,keyasint,omitempty"`
	Updated  int64              `cbor:"6,keyasint,omitempty"`
	Skipped  int64              `cbor:"7,keyasint,omitempty"`
	Rejected int64              `cbor:"8,keyasint,omitempty"`
	Enrolled int64              `cbor:"9,keyasint,omitempty"`
	Error    string             `cbor:"10,keyasint,omitempty"`
	EndedAt  int64              `cbor:"11,keyasint,omitempty"`
	Sum      uint64             `cbor:"12,keyasint,omitempty"` // of a scrub list: sum of TokenSum over all numbers of the file
	Removed  int64              `cbor:"13,keyasint,omitempty"` // leads that its undo took out
	Kept     []event.Kept       `cbor:"14,keyasint,omitempty"` // leads that its undo left
	UndoneBy string             `cbor:"15,keyasint,omitempty"`
	UndoneAt int64              `cbor:"16,keyasint,omitempty"` // when its undo began, or ended
	Repeated int64              `cbor:"17,keyasint,omitempty"` // of Updated: about leads of the same list
}

// Reject is one refused row of an import.
type Reject struct {
	Line    int64  `cbor:"1,keyasint"`
	Column  string `cbor:"2,keyasint,omitempty"`
	Code    string `cbor:"3,keyasint"`
	Message string `cbor:"4,keyasint"`
}

// Answer is a kept answer to an idempotent request.
type Answer struct {
	Hash   []byte `cbor:"1,keyasint"`
	Status int    `cbor:"2,keyasint"`
	Body   []byte `cbor:"3,keyasint"`
	At     int64  `cbor:"4,keyasint"`
}
