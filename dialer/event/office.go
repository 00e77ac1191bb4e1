package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&CadenceDrafted{}, &CadencePublished{}, &CadenceSwitched{}, &CadenceHalted{}, &CadenceDeleted{},
		&DialingSwitched{}, &ListOpened{}, &ImportOpened{}, &ImportAdvanced{}, &RowRejected{},
		&LaneOpened{}, &LaneMarked{}, &AnswerKept{}, &AnswersDropped{}, &Audited{}, &CallerIDRested{}, &ReportKept{}, &ImportEnded{}, &Upgraded{}, &PacksSet{})
}

// Status is where a cadence stands.
type Status string

// The statuses of a cadence.
const (
	Draft    Status = "draft"
	Active   Status = "active"
	Inactive Status = "inactive"
	Archived Status = "archived"
)

// CadenceDrafted creates a cadence or replaces its draft. Document is the
// canonical JSON.
type CadenceDrafted struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Name     string     `cbor:"2,keyasint"`
	Document []byte     `cbor:"3,keyasint"`
	At       int64      `cbor:"4,keyasint"`
}

// CadencePublished turns the document into an immutable version. Type is who
// takes the answer, Campaign the name pacing counts under.
type CadencePublished struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Version  uint32     `cbor:"2,keyasint"`
	Document []byte     `cbor:"3,keyasint"`
	At       int64      `cbor:"4,keyasint"`
}

// CadenceSwitched changes the status.
type CadenceSwitched struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	Status Status     `cbor:"2,keyasint"`
	At     int64      `cbor:"3,keyasint"`
}

// CadenceHalted sets or clears the halt flag, which stops dialing without
// changing the status.
type CadenceHalted struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	Halted bool       `cbor:"2,keyasint"`
	At     int64      `cbor:"3,keyasint"`
}

// CadenceDeleted removes a cadence nobody is enrolled in.
type CadenceDeleted struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

// DialingSwitched is the kill switch.
type DialingSwitched struct {
	Stopped bool   `cbor:"1,keyasint"`
	Reason  string `cbor:"2,keyasint,omitempty"`
	At      int64  `cbor:"3,keyasint"`
}

// ListOpened names a set of leads that came in together.
type ListOpened struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Name     string     `cbor:"2,keyasint"`
	Source   string     `cbor:"3,keyasint,omitempty"`
	LeadType string     `cbor:"4,keyasint,omitempty"`
	At       int64      `cbor:"5,keyasint"`
}

// ImportOpened starts an import job over a spooled file. Digest is the
// SHA-256 of the file: with a line number it is a row's identity.
type ImportOpened struct {
	ID          cadence.ID        `cbor:"1,keyasint"`
	List        cadence.ID        `cbor:"2,keyasint"`
	Digest      []byte            `cbor:"3,keyasint"`
	Cadence     cadence.ID        `cbor:"4,keyasint,omitzero"`
	OnDuplicate string            `cbor:"5,keyasint"`
	Region      string            `cbor:"6,keyasint"`
	Format      string            `cbor:"7,keyasint"`
	Mapping     map[string]string `cbor:"8,keyasint,omitempty"`
	At          int64             `cbor:"9,keyasint"`
	Bytes       int64             `cbor:"10,keyasint,omitempty"`
	// Of a file of numbers for a scrub list, which has no leads.
	Scrub      uint32 `cbor:"11,keyasint,omitempty"`
	Edition    uint32 `cbor:"12,keyasint,omitempty"`
	AsOf       int64  `cbor:"13,keyasint,omitempty"`
	MaxRejects int64  `cbor:"14,keyasint,omitempty"`
	By         string `cbor:"15,keyasint,omitempty"`
}

// ImportAdvanced adds what one batch of rows did; Line is the last line done.
type ImportAdvanced struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Line     int64      `cbor:"2,keyasint"`
	Rows     int64      `cbor:"3,keyasint"`
	Accepted int64      `cbor:"4,keyasint,omitempty"`
	Updated  int64      `cbor:"5,keyasint,omitempty"`
	Skipped  int64      `cbor:"6,keyasint,omitempty"`
	Rejected int64      `cbor:"7,keyasint,omitempty"`
	Enrolled int64      `cbor:"8,keyasint,omitempty"`
	At       int64      `cbor:"9,keyasint"`
	Sum      uint64     `cbor:"10,keyasint,omitempty"` // of a scrub list: over all numbers of the batch, repeats too
	Repeated int64      `cbor:"11,keyasint,omitempty"` // of Updated: about leads that the same list came with
}

// ImportEnded closes an import: State is done or failed.
type ImportEnded struct {
	ID    cadence.ID `cbor:"1,keyasint"`
	State string     `cbor:"2,keyasint"`
	Error string     `cbor:"3,keyasint,omitempty"`
	At    int64      `cbor:"4,keyasint"`
}

// RowRejected keeps why one row of an import was refused.
type RowRejected struct {
	Import  cadence.ID `cbor:"1,keyasint"`
	Line    int64      `cbor:"2,keyasint"`
	Column  string     `cbor:"3,keyasint,omitempty"`
	Code    string     `cbor:"4,keyasint"`
	Message string     `cbor:"5,keyasint"`
}

// Class is the priority of a lane.
type Class uint8

// The classes, most urgent first.
const (
	Callback Class = iota
	Fresh
	Retry
)

// LaneOpened says what a lane of the due index holds.
type LaneOpened struct {
	Lane    uint32     `cbor:"1,keyasint"`
	Cadence cadence.ID `cbor:"2,keyasint"`
	List    cadence.ID `cbor:"3,keyasint"`
	Class   Class      `cbor:"4,keyasint"`
}

// LaneMarked raises a lane's low mark: nothing is due in it before Mark.
type LaneMarked struct {
	Lane uint32 `cbor:"1,keyasint"`
	Mark int64  `cbor:"2,keyasint"`
}

// AnswerKept remembers the answer to a request with an Idempotency-Key.
type AnswerKept struct {
	Key    string `cbor:"1,keyasint"`
	Hash   []byte `cbor:"2,keyasint"`
	Status int    `cbor:"3,keyasint"`
	Body   []byte `cbor:"4,keyasint"`
	At     int64  `cbor:"5,keyasint"`
}

// AnswersDropped forgets kept answers that are past their time.
type AnswersDropped struct {
	Keys []string `cbor:"1,keyasint"`
}

// Audited keeps a security-relevant event, such as a forged webhook, or what
// somebody did. Before and After are SHA-256 of what the deed was about, left
// out where it was not there.
type Audited struct {
	What   string `cbor:"1,keyasint"`
	Detail string `cbor:"2,keyasint,omitempty"`
	At     int64  `cbor:"3,keyasint"`
	Who    string `cbor:"4,keyasint,omitempty"` // the id of a user or key, or operator, or local
	Name   string `cbor:"5,keyasint,omitempty"` // as people knew them then
	From   string `cbor:"6,keyasint,omitempty"` // an address
	Target string `cbor:"7,keyasint,omitempty"` // an id
	Before []byte `cbor:"8,keyasint,omitempty"`
	After  []byte `cbor:"9,keyasint,omitempty"`
}

// CallerIDRested takes a caller ID out of rotation until a time: the carrier
// refused it, its figures are bad, or somebody wants it. A time that has come
// ends a rest. ClearDay, when set, is the day up to which its figures are done
// with.
type CallerIDRested struct {
	Number   cadence.Number `cbor:"1,keyasint"`
	Until    int64          `cbor:"2,keyasint"`
	Reason   string         `cbor:"3,keyasint"`
	ClearDay int64          `cbor:"4,keyasint,omitempty"`
	By       string         `cbor:"5,keyasint,omitempty"` // carrier, health or operator
	At       int64          `cbor:"6,keyasint,omitempty"`
	Rule     string         `cbor:"7,keyasint,omitempty"` // of health: a pacing.Ill
	Author   string         `cbor:"8,keyasint,omitempty"` // who, when an operator
}

// ReportKept keeps a message that could not be handled: its panic, once.
type ReportKept struct {
	What   string     `cbor:"1,keyasint"`
	Reason string     `cbor:"2,keyasint"`
	Touch  cadence.ID `cbor:"3,keyasint,omitzero"`
	At     int64      `cbor:"4,keyasint"`
}

// Packs names a set of rule packs: the SHA-256 of its canonical form.
type Packs [32]byte

// IsZero reports whether it names no set.
func (p Packs) IsZero() bool { return p == Packs{} }

// PacksSet puts a set of rule packs in force. Body is its canonical form; it is
// empty when the ledger has it already.
type PacksSet struct {
	Digest Packs  `cbor:"1,keyasint"`
	Body   []byte `cbor:"2,keyasint,omitempty"`
	At     int64  `cbor:"3,keyasint"`
}

// Upgraded stamps a ledger with the versions that its state is written in:
// when it is made, after each migration, and when the tz database changes.
// While a migration is under way To is the fold version it leads to and Cursor
// how far it has come.
type Upgraded struct {
	Fold   int    `cbor:"1,keyasint"`
	Facts  int    `cbor:"2,keyasint"`
	Zones  string `cbor:"3,keyasint,omitempty"`
	To     int    `cbor:"4,keyasint,omitempty"`
	Cursor []byte `cbor:"5,keyasint,omitempty"`
}

func (*CadenceDrafted) fact() uint16   { return 1 }
func (*CadencePublished) fact() uint16 { return 2 }
func (*CadenceSwitched) fact() uint16  { return 3 }
func (*CadenceHalted) fact() uint16    { return 4 }
func (*CadenceDeleted) fact() uint16   { return 5 }
func (*DialingSwitched) fact() uint16  { return 6 }
func (*ListOpened) fact() uint16       { return 7 }
func (*ImportOpened) fact() uint16     { return 8 }
func (*ImportAdvanced) fact() uint16   { return 9 }
func (*RowRejected) fact() uint16      { return 10 }
func (*LaneOpened) fact() uint16       { return 11 }
func (*LaneMarked) fact() uint16       { return 12 }
func (*AnswerKept) fact() uint16       { return 13 }
func (*AnswersDropped) fact() uint16   { return 14 }
func (*Audited) fact() uint16          { return 15 }
func (*CallerIDRested) fact() uint16   { return 16 }
func (*ReportKept) fact() uint16       { return 17 }
func (*ImportEnded) fact() uint16      { return 18 }
func (*Upgraded) fact() uint16         { return 19 }
func (*PacksSet) fact() uint16         { return 20 }
