package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&LeadSaved{}, &ExternalClaimed{}, &NumberClaimed{}, &SignalNoted{}, &Enrolled{}, &TouchArmed{}, &Asked{},
		&TouchDialing{}, &TouchHeld{}, &TouchDone{}, &EnrollmentLeft{}, &NumberMarked{}, &LeadMigrated{}, &DueDropped{},
		&CallFound{})
}

// Token names a number without telling it: the first 14 bytes of
// HMAC-SHA-256(number key, E.164).
type Token [14]byte

// Slot is the slot of the number's home: the first 12 bits of its token.
func (t Token) Slot() uint16 { return uint16(t[0])<<4 | uint16(t[1])>>4 }

// ID is the token as an id in its own slot, the form used in keys.
func (t Token) ID() cadence.ID { return cadence.NewID(t.Slot(), t) }

// TokenOfID is the token whose ID it is.
func TokenOfID(id cadence.ID) (t Token) {
	copy(t[:], id[len(id)-len(t):])
	return t
}

// LeadSaved creates or replaces a lead. Import and Line name the row it came
// from; both are zero for the API. Tokens stand beside the lead's numbers.
type LeadSaved struct {
	Lead   cadence.Lead `cbor:"1,keyasint"`
	Tokens []Token      `cbor:"2,keyasint,omitempty"`
	List   cadence.ID   `cbor:"3,keyasint,omitzero"`
	At     int64        `cbor:"4,keyasint"`
}

// ExternalClaimed binds an external id to a lead.
type ExternalClaimed struct {
	Key  cadence.ID `cbor:"1,keyasint"` // slot and hash of the external id
	Lead cadence.ID `cbor:"2,keyasint"`
}

// NumberClaimed makes a number known and binds it to a lead.
type NumberClaimed struct {
	Token  Token          `cbor:"1,keyasint"`
	Number cadence.Number `cbor:"2,keyasint"`
	Lead   cadence.ID     `cbor:"3,keyasint"`
	Region string         `cbor:"4,keyasint,omitempty"` // ISO country of the number, "" when unknown
}

// NumberMarked sets or clears do-not-call, or retires a number that cannot be
// reached. Number is set when the number was not known before. Scope is what a
// do-not-call is about, By who said so: one that names nobody is of a release
// that kept no history.
type NumberMarked struct {
	Token  Token          `cbor:"1,keyasint"`
	Number cadence.Number `cbor:"2,keyasint,omitempty"`
	Mark   Mark           `cbor:"3,keyasint"`
	On     bool           `cbor:"4,keyasint"`
	Reason string         `cbor:"5,keyasint,omitempty"`
	Source string         `cbor:"6,keyasint,omitempty"`
	At     int64          `cbor:"7,keyasint"`
	Scope  cadence.Scope  `cbor:"8,keyasint,omitempty"`
	By     string         `cbor:"9,keyasint,omitempty"`
}

// Mark is what a NumberMarked changes.
type Mark uint8

// The marks.
const (
	MarkDNC Mark = iota + 1
	MarkRetired
)

// SignalNoted keeps that a signal arrived for a lead.
type SignalNoted struct {
	Lead   cadence.ID `cbor:"1,keyasint"`
	Signal string     `cbor:"2,keyasint"`
	At     int64      `cbor:"3,keyasint"`
}

// Enrolled begins a lead's stay in a cadence. A TouchArmed follows.
type Enrolled struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Lead     cadence.ID `cbor:"2,keyasint"`
	Cadence  cadence.ID `cbor:"3,keyasint"`
	Version  uint32     `cbor:"4,keyasint"`
	List     cadence.ID `cbor:"5,keyasint,omitzero"`
	Campaign string     `cbor:"6,keyasint"`
	Numbers  []Token    `cbor:"7,keyasint"`
	ZoneSets []string   `cbor:"8,keyasint,omitempty"` // beside Numbers: candidate zones joined by commas, or "!" and the rule that finds none
	State    string     `cbor:"9,keyasint,omitempty"`
	Country  string     `cbor:"10,keyasint,omitempty"`
	At       int64      `cbor:"11,keyasint"`
	Several  bool       `cbor:"12,keyasint,omitempty"` // other numbers than these were called for the lead
	Alone    bool       `cbor:"13,keyasint,omitempty"` // the lead had no stay before
	Beside   cadence.ID `cbor:"14,keyasint,omitzero"`  // the stay that was alone until now
}

// LeadMigrated refreshes what an open enrollment copies from its lead.
type LeadMigrated struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Numbers  []Token    `cbor:"2,keyasint"`
	ZoneSets []string   `cbor:"3,keyasint,omitempty"`
	State    string     `cbor:"4,keyasint,omitempty"`
	Country  string     `cbor:"5,keyasint,omitempty"`
	// NumberIdx is where the open touch's number stands now, and bit i of
	// Retired that number i is not called again in this stay.
	NumberIdx int    `cbor:"6,keyasint,omitempty"`
	Retired   uint16 `cbor:"7,keyasint,omitempty"`
	Several   bool   `cbor:"8,keyasint,omitempty"` // the lead had another number
}

// TouchArmed gives an enrollment its open touch and its due time, replacing
// the one before. Rule is set when the permit moved the due: it names the rule
// and Wanted the time before it moved.
type TouchArmed struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Touch      cadence.ID `cbor:"2,keyasint"`
	Step       int        `cbor:"3,keyasint"`
	StepKey    string     `cbor:"4,keyasint"`
	Run        int        `cbor:"5,keyasint"`
	RunStarted int64      `cbor:"6,keyasint"`
	Try        int        `cbor:"7,keyasint,omitempty"`
	NumberIdx  int        `cbor:"8,keyasint,omitempty"`
	Lane       uint32     `cbor:"9,keyasint"`
	Due        int64      `cbor:"10,keyasint"`
	Wanted     int64      `cbor:"11,keyasint,omitempty"`
	Rule       string     `cbor:"12,keyasint,omitempty"`
	Why        string     `cbor:"13,keyasint"` // enrolled, retry, next, goto, callback, deferred, returned …
	At         int64      `cbor:"14,keyasint"`
	Class      Class      `cbor:"15,keyasint"`
	Retired    uint16     `cbor:"16,keyasint,omitempty"` // bits added to the stay's retired numbers
}

// DueDropped removes a row of the due index that no touch waits for.
type DueDropped struct {
	Lane  uint32     `cbor:"1,keyasint"`
	Due   int64      `cbor:"2,keyasint"`
	Touch cadence.ID `cbor:"3,keyasint"`
}

// Asked records that the lead's home asked the number's home for an intent.
type Asked struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Touch      cadence.ID `cbor:"2,keyasint"`
	Try        int        `cbor:"3,keyasint,omitempty"`
	Expires    int64      `cbor:"4,keyasint"`
	At         int64      `cbor:"5,keyasint"`
	Nth        int        `cbor:"6,keyasint,omitempty"` // the touch's how many-eth ask, from 1
	// Again is when the ask is repeated unless it was answered; zero when it
	// is answered in the turn that asks. Lane 0 reminds.
	Again int64 `cbor:"7,keyasint,omitempty"`
}

// TouchDialing records the answer "intent": the touch waits for the attempt.
type TouchDialing struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Touch      cadence.ID `cbor:"2,keyasint"`
	Attempt    cadence.ID `cbor:"3,keyasint"`
	At         int64      `cbor:"4,keyasint"`
}

// TouchHeld keeps a finished touch open for a posted disposition until Until;
// then Code stands.
type TouchHeld struct {
	Enrollment cadence.ID              `cbor:"1,keyasint"`
	Touch      cadence.ID              `cbor:"2,keyasint"`
	Attempt    cadence.ID              `cbor:"3,keyasint"`
	Code       cadence.DispositionCode `cbor:"4,keyasint"`
	Until      int64                   `cbor:"5,keyasint"`
	At         int64                   `cbor:"6,keyasint"`
}

// TouchDone closes a touch with its final disposition. Retry is true when the
// move consumes one retry of the route for Code.
type TouchDone struct {
	Enrollment cadence.ID              `cbor:"1,keyasint"`
	Touch      cadence.ID              `cbor:"2,keyasint"`
	Attempt    cadence.ID              `cbor:"3,keyasint,omitzero"`
	Code       cadence.DispositionCode `cbor:"4,keyasint"`
	Retry      bool                    `cbor:"5,keyasint,omitempty"`
	Counts     bool                    `cbor:"6,keyasint,omitempty"` // the attempt counts among the lead's attempts
	Contact    bool                    `cbor:"7,keyasint,omitempty"`
	At         int64                   `cbor:"8,keyasint"`
	Retired    uint16                  `cbor:"10,keyasint,omitempty"` // bit i: number i is not called again in this stay
	Finishes   bool                    `cbor:"9,keyasint,omitempty"`  // the step will not be tried again in this run
}

// EnrollmentLeft ends a stay. Status is completed, exited, removed,
// transitioned or blocked; Reason says why in a word.
type EnrollmentLeft struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Status     string     `cbor:"2,keyasint"`
	Reason     string     `cbor:"3,keyasint"`
	At         int64      `cbor:"4,keyasint"`
	Asked      bool       `cbor:"5,keyasint,omitempty"` // an ask is under way at another shard; AskClosed follows
}

// CallFound enters a call that the carrier lists and the books do not know,
// after a ledger lost what it knew: it counts in its number's caps. At is when
// the carrier says it was made, CallID its id there. Number is empty where the
// ledger knows the number by its token alone.
type CallFound struct {
	Token  Token          `cbor:"1,keyasint"`
	Number cadence.Number `cbor:"2,keyasint"`
	CallID string         `cbor:"3,keyasint"`
	At     int64          `cbor:"4,keyasint"`
}

func (*LeadSaved) fact() uint16       { return 40 }
func (*ExternalClaimed) fact() uint16 { return 41 }
func (*NumberClaimed) fact() uint16   { return 42 }
func (*SignalNoted) fact() uint16     { return 43 }
func (*Enrolled) fact() uint16        { return 44 }
func (*TouchArmed) fact() uint16      { return 45 }
func (*Asked) fact() uint16           { return 46 }
func (*TouchDialing) fact() uint16    { return 47 }
func (*TouchHeld) fact() uint16       { return 48 }
func (*TouchDone) fact() uint16       { return 49 }
func (*EnrollmentLeft) fact() uint16  { return 50 }
func (*NumberMarked) fact() uint16    { return 51 }
func (*LeadMigrated) fact() uint16    { return 52 }
func (*DueDropped) fact() uint16      { return 53 }
func (*CallFound) fact() uint16       { return 54 }
