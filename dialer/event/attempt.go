package event

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

func init() {
	register(&Intended{}, &CallPlaced{}, &CallChanged{}, &ScriptServed{}, &AttemptReturned{}, &AttemptUnclear{},
		&AttemptEnded{}, &AttemptRevised{}, &DeadlineSet{}, &EffectOwed{}, &EffectDone{}, &DispositionPosted{})
}

// State is where an attempt stands.
type State uint8

// The states of an attempt. The open ones come first; Returned, Rejected,
// NotPlaced and Ended are terminal.
const (
	Intent State = iota + 1
	Unknown
	Placed
	Ringing
	Live
	Closing // the call is over; late evidence about its connected leg is awaited
	Ended
	Returned
	Rejected
	NotPlaced
)

var stateNames = [...]string{"", "intent", "unknown", "placed", "ringing", "live", "closing", "ended", "returned", "rejected", "not_placed"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "invalid"
}

// Terminal reports whether the attempt is over.
func (s State) Terminal() bool { return s >= Ended }

// Intended is the durable permission to place one call: written, synced, and
// only then sent. Verdict is the encoded permit.
type Intended struct {
	Attempt    cadence.ID     `cbor:"1,keyasint"`
	Token      Token          `cbor:"2,keyasint"`
	Number     cadence.Number `cbor:"3,keyasint"`
	Enrollment cadence.ID     `cbor:"4,keyasint"`
	Touch      cadence.ID     `cbor:"5,keyasint"`
	Try        int            `cbor:"6,keyasint,omitempty"`
	Lead       cadence.ID     `cbor:"7,keyasint"`
	Cadence    cadence.ID     `cbor:"8,keyasint"`
	Version    uint32         `cbor:"9,keyasint"`
	Campaign   string         `cbor:"10,keyasint"`
	Step       int            `cbor:"11,keyasint"`
	StepKey    string         `cbor:"12,keyasint"`
	Run        int            `cbor:"13,keyasint"`
	List       cadence.ID     `cbor:"14,keyasint,omitzero"`
	From       cadence.Number `cbor:"15,keyasint"`
	Connect    string         `cbor:"16,keyasint"`
	AMD        telephony.AMD  `cbor:"17,keyasint,omitempty"`
	RingMs     int64          `cbor:"18,keyasint"`
	NotAfter   int64          `cbor:"19,keyasint"`
	Zone       string         `cbor:"20,keyasint,omitempty"`
	Local      string         `cbor:"21,keyasint,omitempty"`
	Policy     uint64         `cbor:"22,keyasint"`
	Verdict    []byte         `cbor:"23,keyasint"`
	Deadline   int64          `cbor:"24,keyasint"`
	At         int64          `cbor:"25,keyasint"`
	Due        int64          `cbor:"26,keyasint"`
	CapSince   int64          `cbor:"27,keyasint"`            // earlier intents than this no longer count in any cap
	Texts      []string       `cbor:"28,keyasint,omitempty"`  // merged texts: the voicemail's, then each connect target's
	Nth        int            `cbor:"29,keyasint,omitempty"`  // of the ask it answers
	Day        int64          `cbor:"34,keyasint,omitempty"`  // the house's day that its caller ID and its money count in
	Near       bool           `cbor:"35,keyasint,omitempty"`  // caller ID and number are of one exchange
	Closes     int64          `cbor:"36,keyasint,omitempty"`  // until when the hours allow it
	Cost       int64          `cbor:"37,keyasint,omitempty"`  // reckoned while it is open, millionths of the account's currency
	CapDay     int64          `cbor:"130,keyasint,omitempty"` // the house's day in which it counts among its cadence's calls
	// Of a rehearsal: it is nobody's stay, and counts in no figure. Document is
	// what it plays, in the place of the cadence's version.
	Rehearsal cadence.ID `cbor:"45,keyasint,omitzero"`
	Document  cadence.ID `cbor:"46,keyasint,omitzero"`
	// Rules about abandoned calls that the call is under; Sorted says that they
	// are known. Within is the least time, in ms, in which they want an answered
	// call put through; 0 is any.
	Rules  []string `cbor:"140,keyasint,omitempty"`
	Sorted bool     `cbor:"141,keyasint,omitempty"`
	Within int64    `cbor:"142,keyasint,omitempty"`
}

// CallPlaced binds the carrier's call to the attempt. How is response,
// webhook or listing.
type CallPlaced struct {
	Attempt  cadence.ID `cbor:"1,keyasint"`
	CallID   string     `cbor:"2,keyasint"`
	How      string     `cbor:"3,keyasint"`
	Deadline int64      `cbor:"4,keyasint"`
	At       int64      `cbor:"5,keyasint"`
}

// CallChanged merges one event or poll into the open attempt. Every field is
// the merged result, so that folding is a copy.
type CallChanged struct {
	Attempt    cadence.ID           `cbor:"1,keyasint"`
	State      State                `cbor:"2,keyasint"`
	Seen       uint64               `cbor:"3,keyasint,omitempty"`
	Status     telephony.Status     `cbor:"4,keyasint,omitempty"`
	AnsweredBy telephony.AnsweredBy `cbor:"5,keyasint,omitempty"`
	SIP        int                  `cbor:"6,keyasint,omitempty"`
	DurationMs int64                `cbor:"7,keyasint,omitempty"`
	Digits     string               `cbor:"8,keyasint,omitempty"`
	LegStatus  telephony.Status     `cbor:"9,keyasint,omitempty"`
	LegMs      int64                `cbor:"10,keyasint,omitempty"`
	RingingAt  int64                `cbor:"11,keyasint,omitempty"`
	AnsweredAt int64                `cbor:"12,keyasint,omitempty"`
	EndedAt    int64                `cbor:"13,keyasint,omitempty"`
	Deadline   int64                `cbor:"14,keyasint"`
	Price      string               `cbor:"15,keyasint,omitempty"`
	At         int64                `cbor:"16,keyasint"`
	Polls      int                  `cbor:"17,keyasint,omitempty"`
	Note       string               `cbor:"18,keyasint,omitempty"`
	LegID      string               `cbor:"19,keyasint,omitempty"`
	PlayedAt   int64                `cbor:"20,keyasint,omitempty"`
	HeardAt    int64                `cbor:"140,keyasint,omitempty"` // when the call first asked what to do
	LegAt      int64                `cbor:"141,keyasint,omitempty"` // when the leg it was put through to answered
}

// ScriptServed records what the answered call was told to do. Kind is
// connect, message, voicemail or hangup; Target is the index in the fallback
// chain. LengthMs is how long a voicemail's stored audio lasts, 0 when nobody
// knows.
type ScriptServed struct {
	Attempt  cadence.ID `cbor:"1,keyasint"`
	Kind     string     `cbor:"2,keyasint"`
	Target   int        `cbor:"3,keyasint,omitempty"`
	Deadline int64      `cbor:"4,keyasint"`
	At       int64      `cbor:"5,keyasint"`
	LengthMs int64      `cbor:"6,keyasint,omitempty"`
}

// DispositionPosted keeps a disposition that came while the call was live; it
// is applied at its end.
type DispositionPosted struct {
	Attempt    cadence.ID              `cbor:"1,keyasint"`
	Code       cadence.DispositionCode `cbor:"2,keyasint"`
	Variables  map[string]string       `cbor:"3,keyasint,omitempty"`
	Note       string                  `cbor:"4,keyasint,omitempty"`
	CallbackAt int64                   `cbor:"5,keyasint,omitempty"`
	By         string                  `cbor:"6,keyasint,omitempty"`
	At         int64                   `cbor:"7,keyasint"`
}

// AttemptReturned takes an intent back: certainly no call was made. It counts
// in nothing.
type AttemptReturned struct {
	Attempt   cadence.ID `cbor:"1,keyasint"`
	Reason    string     `cbor:"2,keyasint"`
	At        int64      `cbor:"3,keyasint"`
	Rehearsal bool       `cbor:"4,keyasint,omitempty"`
}

// AttemptUnclear records that nobody knows whether there is a call.
type AttemptUnclear struct {
	Attempt  cadence.ID `cbor:"1,keyasint"`
	Reason   string     `cbor:"2,keyasint"`
	Deadline int64      `cbor:"3,keyasint"`
	At       int64      `cbor:"4,keyasint"`
}

// DeadlineSet moves the time at which an open attempt is looked at again.
type DeadlineSet struct {
	Attempt  cadence.ID `cbor:"1,keyasint"`
	Deadline int64      `cbor:"2,keyasint"`
	Polls    int        `cbor:"3,keyasint,omitempty"`
	Note     string     `cbor:"4,keyasint,omitempty"`
}

// AttemptEnded closes an attempt for good and frees its number. State is
// Ended, Rejected or NotPlaced. Code is the disposition that stands for now.
type AttemptEnded struct {
	Attempt   cadence.ID              `cbor:"1,keyasint"`
	State     State                   `cbor:"2,keyasint"`
	Code      cadence.DispositionCode `cbor:"3,keyasint"`
	By        string                  `cbor:"4,keyasint,omitempty"` // system, digits, or who posted it
	Result    telephony.Result        `cbor:"5,keyasint,omitempty"`
	Reason    string                  `cbor:"6,keyasint,omitempty"`
	Accepted  bool                    `cbor:"7,keyasint,omitempty"` // the carrier took the call
	Completed bool                    `cbor:"8,keyasint,omitempty"` // it ran to an outcome
	Answered  bool                    `cbor:"9,keyasint,omitempty"` // a person picked up
	Contact   bool                    `cbor:"10,keyasint,omitempty"`
	Converted bool                    `cbor:"11,keyasint,omitempty"`
	Abandoned bool                    `cbor:"12,keyasint,omitempty"`
	At        int64                   `cbor:"13,keyasint"`
	Posted    bool                    `cbor:"14,keyasint,omitempty"`
	Voicemail bool                    `cbor:"15,keyasint,omitempty"`
	Judged    bool                    `cbor:"16,keyasint,omitempty"`  // detection said who answered
	Fetched   bool                    `cbor:"17,keyasint,omitempty"`  // the call asked for its script
	Drop      *Drop                   `cbor:"18,keyasint,omitempty"`  // of a voicemail
	Short     bool                    `cbor:"20,keyasint,omitempty"`  // answered, and over within seconds
	Cost      int64                   `cbor:"21,keyasint,omitempty"`  // millionths of the account's currency
	Talked    bool                    `cbor:"22,keyasint,omitempty"`  // somebody was talked to: silences begin
	Refused   bool                    `cbor:"23,keyasint,omitempty"`  // an offer was refused
	Rehearsal bool                    `cbor:"30,keyasint,omitempty"`  // it counts in no figure
	Wait      int64                   `cbor:"140,keyasint,omitempty"` // ms until somebody spoke to them, 0 for never
	Late      bool                    `cbor:"141,keyasint,omitempty"` // later than a rule allows, or a message instead
	Told      bool                    `cbor:"142,keyasint,omitempty"` // the message behind targets that nobody answered
}

// Drop is what became of a voicemail: whether a beep was heard before it,
// how long it was played, and, when it was not played to its end, who cut it.
type Drop struct {
	Beep  bool   `cbor:"1,keyasint,omitempty"`
	Ms    int64  `cbor:"2,keyasint,omitempty"`
	Cut   Cut    `cbor:"3,keyasint,omitempty"`
	Audio string `cbor:"4,keyasint,omitempty"` // as the document names it, "" for a text
}

// Cut is why a voicemail was not played to its end.
type Cut string

// The cuts. CutNotPlayed is a message that the call passed over: its audio
// could not be had.
const (
	CutNone      Cut = ""
	CutFarEnd    Cut = "far_end"
	CutTimeLimit Cut = "time_limit"
	CutByUs      Cut = "by_us"
	CutNotPlayed Cut = "not_played"
)

// AttemptRevised changes the standing disposition of a closed attempt: a
// posted disposition, a correction, or late evidence.
type AttemptRevised struct {
	Attempt    cadence.ID              `cbor:"1,keyasint"`
	Code       cadence.DispositionCode `cbor:"2,keyasint"`
	By         string                  `cbor:"3,keyasint,omitempty"`
	Note       string                  `cbor:"4,keyasint,omitempty"`
	Variables  map[string]string       `cbor:"5,keyasint,omitempty"`
	CallbackAt int64                   `cbor:"6,keyasint,omitempty"`
	Accepted   bool                    `cbor:"7,keyasint,omitempty"`
	Completed  bool                    `cbor:"8,keyasint,omitempty"`
	Answered   bool                    `cbor:"9,keyasint,omitempty"`
	Contact    bool                    `cbor:"10,keyasint,omitempty"`
	Converted  bool                    `cbor:"11,keyasint,omitempty"`
	Abandoned  bool                    `cbor:"12,keyasint,omitempty"`
	CallID     string                  `cbor:"13,keyasint,omitempty"`
	At         int64                   `cbor:"14,keyasint"`
	Seen       uint64                  `cbor:"15,keyasint,omitempty"`
	Why        string                  `cbor:"16,keyasint"`           // posted, correction, evidence
	Drop       *Drop                   `cbor:"17,keyasint,omitempty"` // set when evidence changes it
	Talked     bool                    `cbor:"18,keyasint,omitempty"`
	Refused    bool                    `cbor:"19,keyasint,omitempty"`
	Wait       int64                   `cbor:"140,keyasint,omitempty"`
	Late       bool                    `cbor:"141,keyasint,omitempty"`
}

// Effect is a kind of owed effect.
type Effect string

// The owed effects. Each is harmless when done twice.
const (
	EffectCancel Effect = "cancel" // end the call unless it was answered
	EffectHangUp Effect = "hangup" // end the call in any state
	// EffectRedirect makes the call ask for its script anew. Done twice, a
	// message begins again from its start.
	EffectRedirect Effect = "redirect"
)

// EffectOwed makes an attempt owe an effect to the carrier until its end.
type EffectOwed struct {
	Attempt cadence.ID `cbor:"1,keyasint"`
	Effect  Effect     `cbor:"2,keyasint"`
	Reason  string     `cbor:"3,keyasint"`
	At      int64      `cbor:"4,keyasint"`
}

// EffectDone records that the carrier confirmed an owed effect, so that it
// need not be asked for again before the attempt's end.
type EffectDone struct {
	Attempt cadence.ID `cbor:"1,keyasint"`
	At      int64      `cbor:"2,keyasint"`
}

func (*Intended) fact() uint16          { return 80 }
func (*CallPlaced) fact() uint16        { return 81 }
func (*CallChanged) fact() uint16       { return 82 }
func (*ScriptServed) fact() uint16      { return 83 }
func (*AttemptReturned) fact() uint16   { return 84 }
func (*AttemptUnclear) fact() uint16    { return 85 }
func (*AttemptEnded) fact() uint16      { return 86 }
func (*AttemptRevised) fact() uint16    { return 87 }
func (*DeadlineSet) fact() uint16       { return 88 }
func (*EffectOwed) fact() uint16        { return 89 }
func (*EffectDone) fact() uint16        { return 90 }
func (*DispositionPosted) fact() uint16 { return 91 }
