package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// parcel is a message from one home to another. When both are at one shard it
// is decided in the turn it came up in. Otherwise it travels: it is owed by
// its sender until the receiver has it durably, and taken exactly once, in the
// order it was sent in. Kinds and field numbers are stored in owed rows and
// never change.
type parcel interface {
	Message
	state.Row
	kind() uint8
	to(h Homes) uint16 // the shard of its receiver
}

// ask is the lead's home asking the number's home for an intent. Touch and
// Nth are its name: asking again under the same name is answered the same.
type ask struct {
	Enrollment cadence.ID  `cbor:"1,keyasint"`
	Touch      cadence.ID  `cbor:"2,keyasint"`
	Nth        int         `cbor:"3,keyasint"` // the touch's how many-eth ask, from 1
	Try        int         `cbor:"4,keyasint,omitempty"`
	Token      event.Token `cbor:"5,keyasint"`
	Lead       cadence.ID  `cbor:"6,keyasint"`
	Cadence    cadence.ID  `cbor:"7,keyasint"`
	Version    uint32      `cbor:"8,keyasint"`
	List       cadence.ID  `cbor:"9,keyasint,omitzero"`
	Campaign   string      `cbor:"10,keyasint"`
	Step       int         `cbor:"11,keyasint,omitempty"`
	Run        int         `cbor:"12,keyasint"`
	Zones      string      `cbor:"13,keyasint"`
	State      string      `cbor:"14,keyasint,omitempty"`
	Due        int64       `cbor:"15,keyasint"`
	Expires    int64       `cbor:"16,keyasint"`
	Grant      Grant       `cbor:"17,keyasint"`
	Texts      []string    `cbor:"18,keyasint,omitempty"`
	// What the lead's home knows of the person, see person.
	Others    []int64 `cbor:"20,keyasint,omitempty"`
	Elsewise  []int64 `cbor:"21,keyasint,omitempty"`
	Talked    int64   `cbor:"22,keyasint,omitempty"`
	Refused   int64   `cbor:"23,keyasint,omitempty"`
	SubTalked int64   `cbor:"24,keyasint,omitempty"`
	SubRefuse int64   `cbor:"25,keyasint,omitempty"`
}

// answer is the number's home answering an ask: exactly one of an attempt,
// deferred, blocked and returned.
type answer struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Touch      cadence.ID `cbor:"2,keyasint"`
	Nth        int        `cbor:"3,keyasint"`
	Attempt    cadence.ID `cbor:"4,keyasint,omitzero"`  // the intent
	Until      int64      `cbor:"5,keyasint,omitempty"` // deferred
	Rule       string     `cbor:"6,keyasint,omitempty"` // deferred or blocked
	Blocked    bool       `cbor:"7,keyasint,omitempty"`
	Returned   bool       `cbor:"8,keyasint,omitempty"`
	At         int64      `cbor:"9,keyasint,omitempty"` // of the intent
}

// unask takes back what an ask may have led to. It follows the ask on the same
// way, so that the ask has been decided when it comes.
type unask struct {
	Token  event.Token `cbor:"1,keyasint"`
	Touch  cadence.ID  `cbor:"2,keyasint"`
	Reason string      `cbor:"3,keyasint"`
}

// over tells the lead's home that the touch's attempt has ended.
type over struct {
	Enrollment cadence.ID              `cbor:"1,keyasint"`
	Touch      cadence.ID              `cbor:"2,keyasint"`
	Attempt    cadence.ID              `cbor:"3,keyasint"`
	Code       cadence.DispositionCode `cbor:"4,keyasint,omitempty"`
	Posted     bool                    `cbor:"5,keyasint,omitempty"`
	CallbackAt int64                   `cbor:"6,keyasint,omitempty"`
	Contact    bool                    `cbor:"7,keyasint,omitempty"`
	Counts     bool                    `cbor:"8,keyasint,omitempty"`
	Hold       int64                   `cbor:"9,keyasint,omitempty"` // how long a posted disposition is awaited, ms
	Returned   bool                    `cbor:"10,keyasint,omitempty"`
	Wait       int64                   `cbor:"11,keyasint,omitempty"` // of a returned one: not before now + Wait
	Reason     string                  `cbor:"12,keyasint,omitempty"`
	Called     int64                   `cbor:"13,keyasint,omitempty"` // when the intent was written
	Talked     int64                   `cbor:"14,keyasint,omitempty"` // somebody was talked to: when, 0 for nobody
	Refused    int64                   `cbor:"15,keyasint,omitempty"` // an offer was refused
}

// late tells the lead's home that a closed attempt was given a disposition.
type late struct {
	Enrollment cadence.ID              `cbor:"1,keyasint"`
	Attempt    cadence.ID              `cbor:"2,keyasint"`
	Code       cadence.DispositionCode `cbor:"3,keyasint"`
	CallbackAt int64                   `cbor:"4,keyasint,omitempty"`
	Contact    bool                    `cbor:"5,keyasint,omitempty"`
	By         string                  `cbor:"6,keyasint,omitempty"`
	Talked     int64                   `cbor:"7,keyasint,omitempty"`
	Refused    int64                   `cbor:"8,keyasint,omitempty"`
}

// withdraw takes an attempt back, or cancels its call when it is too late for
// that and Unsent does not say to let it be. The attempt's shard decides it as a
// withdrawal.
type withdraw struct {
	Attempt cadence.ID `cbor:"1,keyasint"`
	Reason  string     `cbor:"2,keyasint"`
	Unsent  bool       `cbor:"3,keyasint,omitempty"`
}

// mark tells a number's home to set a mark.
type mark struct {
	Token  event.Token `cbor:"1,keyasint"`
	Mark   event.Mark  `cbor:"2,keyasint"`
	On     bool        `cbor:"3,keyasint,omitempty"`
	Reason string      `cbor:"4,keyasint,omitempty"`
	Source string      `cbor:"5,keyasint,omitempty"`
	// Scope and By are of do-not-call.
	Scope cadence.Scope `cbor:"6,keyasint,omitempty"`
	By    string        `cbor:"7,keyasint,omitempty"`
}

// markLead tells a lead's home to put all the lead's numbers on the
// do-not-call list.
type markLead struct {
	Lead   cadence.ID    `cbor:"1,keyasint"`
	Reason string        `cbor:"2,keyasint,omitempty"`
	Source string        `cbor:"3,keyasint,omitempty"`
	Scope  cadence.Scope `cbor:"4,keyasint,omitempty"`
	By     string        `cbor:"5,keyasint,omitempty"`
}

// claimNumber makes a number known at its home and binds it to a lead.
type claimNumber struct {
	Token  event.Token    `cbor:"1,keyasint"`
	Number cadence.Number `cbor:"2,keyasint"`
	Lead   cadence.ID     `cbor:"3,keyasint"`
}

// claimExternal binds an external id to a lead.
type claimExternal struct {
	Key  cadence.ID `cbor:"1,keyasint"`
	Lead cadence.ID `cbor:"2,keyasint"`
}

// policy carries what the office decided to another shard. Edition counts
// what the office has published.
type policy struct {
	Shard   uint16 `cbor:"1,keyasint"`
	Edition uint64 `cbor:"2,keyasint"`
	Facts   []byte `cbor:"3,keyasint"` // as in a record
}

func (*ask) message()           {}
func (*answer) message()        {}
func (*unask) message()         {}
func (*over) message()          {}
func (*late) message()          {}
func (*withdraw) message()      {}
func (*mark) message()          {}
func (*markLead) message()      {}
func (*claimNumber) message()   {}
func (*claimExternal) message() {}
func (*policy) message()        {}

func (*ask) kind() uint8           { return 1 }
func (*answer) kind() uint8        { return 2 }
func (*unask) kind() uint8         { return 3 }
func (*over) kind() uint8          { return 4 }
func (*late) kind() uint8          { return 5 }
func (*withdraw) kind() uint8      { return 6 }
func (*mark) kind() uint8          { return 7 }
func (*markLead) kind() uint8      { return 8 }
func (*claimNumber) kind() uint8   { return 9 }
func (*claimExternal) kind() uint8 { return 10 }
func (*policy) kind() uint8        { return 11 }

func (m *ask) to(h Homes) uint16           { return h.Of(m.Token.Slot()) }
func (m *answer) to(h Homes) uint16        { return h.Of(m.Enrollment.Slot()) }
func (m *unask) to(h Homes) uint16         { return h.Of(m.Token.Slot()) }
func (m *over) to(h Homes) uint16          { return h.Of(m.Enrollment.Slot()) }
func (m *late) to(h Homes) uint16          { return h.Of(m.Enrollment.Slot()) }
func (m *withdraw) to(h Homes) uint16      { return h.Of(m.Attempt.Slot()) }
func (m *mark) to(h Homes) uint16          { return h.Of(m.Token.Slot()) }
func (m *markLead) to(h Homes) uint16      { return h.Of(m.Lead.Slot()) }
func (m *claimNumber) to(h Homes) uint16   { return h.Of(m.Token.Slot()) }
func (m *claimExternal) to(h Homes) uint16 { return h.Of(m.Key.Slot()) }
func (m *policy) to(Homes) uint16          { return m.Shard }
