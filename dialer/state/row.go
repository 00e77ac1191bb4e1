package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
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
