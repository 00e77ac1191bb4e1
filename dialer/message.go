package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// Message is one thing for a shard to decide about.
type Message interface{ message() }

// Grant is the pacer's leave to place one call now, from one caller ID.
type Grant struct {
	From    cadence.Number `cbor:"1,keyasint"`
	Expires int64          `cbor:"2,keyasint"` // wall, Unix ms
	Day     int64          `cbor:"3,keyasint,omitempty"`
}

// Due says that a row of the due index has come and, for a dial, that the
// pacer granted it.
type Due struct {
	Lane       uint32
	Due        int64
	Touch      cadence.ID
	Enrollment cadence.ID
	Grant      *Grant // nil in lane 0
}

// Sent is the executor's report about one attempt.
type Sent struct {
	Attempt cadence.ID
	Placed  telephony.Placed
	Err     *telephony.Error // nil: accepted
	Late    bool             // not_after had passed: nothing was sent
}

// Reported is a verified carrier event.
type Reported struct{ Event telephony.Event }

// ReturnCall is a verified report about a call that somebody makes to one of our
// numbers. The reply is an Answered.
type ReturnCall struct{ Call telephony.Inbound }

// Deadline says that an open attempt has to be looked at.
type Deadline struct{ Attempt cadence.ID }

// LookKind is what to ask the carrier about an attempt.
type LookKind uint8

// The kinds of look.
const (
	LookCall LookKind = iota + 1 // fetch the call
	LookLegs                     // list the legs its script dialed
	LookFind                     // search for a call that may be ours
)

// Look is an order to ask the carrier.
type Look struct {
	Attempt  cadence.ID
	Kind     LookKind
	CallID   string
	To, From cadence.Number
	Since    int64
	Until    int64
}

// Looked is what the carrier said. Ours is the call of a search that is
// certainly the attempt's; Unbound counts calls of it that are
// under way and might still turn out to be.
type Looked struct {
	Attempt  cadence.ID
	Kind     LookKind
	At       int64 // when the look began
	Call     *telephony.Call
	Legs     []telephony.Call
	Ours     *telephony.Call
	Unbound  int
	Complete bool
	Gone     bool // the carrier knows no call of that id
	Err      string
}

// Acted reports that the carrier carried out an owed effect, or why not.
type Acted struct {
	Attempt cadence.ID
	Effect  event.Effect
	Err     string
}

// Recover is the first message after opening: intents nobody can answer for
// become unknown.
type Recover struct {
	After cadence.ID // attempts up to this one have been seen to
}

// SetDialing is the kill switch.
type SetDialing struct {
	Stop   bool
	Reason string
}

// SetPacks puts a set of rule packs in force. Body is its canonical form.
type SetPacks struct{ Body []byte }

// SaveCadence creates a cadence (zero ID) or replaces its draft.
type SaveCadence struct {
	ID       cadence.ID
	New      bool
	Document []byte
	Rename   bool // a name clash becomes "Name (2)" instead of a conflict
}

// PublishCadence makes the draft a version, or with Version an older version's
// document the newest one again. Then the draft follows it, unless it has
// changes that were never published.
type PublishCadence struct {
	ID      cadence.ID
	Version uint32
}

// SwitchCadence changes a cadence's status. Unarchive brings an archived one
// back as it was before it was ever active: a draft, or inactive; To is not
// asked then.
type SwitchCadence struct {
	ID        cadence.ID
	To        event.Status
	Unarchive bool
}

// HaltCadence sets or clears a cadence's halt flag.
type HaltCadence struct {
	ID     cadence.ID
	Halted bool
}

// DeleteCadence removes a cadence nobody is enrolled in.
type DeleteCadence struct{ ID cadence.ID }

// OpenImport starts an import job and its list.
type OpenImport struct {
	Job  event.ImportOpened
	List event.ListOpened
}

// ImportRow applies one row of a file.
type ImportRow struct {
	Import cadence.ID
	Line   int64 // of the file, from 1
	Lead   cadence.Lead
	// Consent is what the person agreed to, for the row's numbers; nil when the
	// row says nothing of it.
	Consent *cadence.ConsentRecord
	Reject  *event.RowRejected // set when the row cannot be a lead
}

// EndImport closes an import job.
type EndImport struct {
	Import cadence.ID
	Error  string
}

// OpenScrub begins the import of an edition of a scrub list. The reply is an
// OpenedScrub.
type OpenScrub struct {
	Name string
	Job  event.ImportOpened // ID, Digest, Bytes, Region, AsOf, MaxRejects, By
}

// OpenedScrub is the import that takes the file in: the one asked for, or one
// before that took or is taking the same file of the same date.
type OpenedScrub struct {
	Import cadence.ID
	Known  bool
}

// ScrubRows are lines of a file of numbers, in order, up to Line.
type ScrubRows struct {
	Import  cadence.ID
	Line    int64
	Tokens  []event.Token
	Rejects []event.RowRejected
}

// EndScrub closes the import of a scrub list. Count and Sum are what was found
// in the ledger, or Error says why it failed.
type EndScrub struct {
	Import     cadence.ID
	Count, Sum uint64
	Error      string
}

// Enroll puts one lead into a cadence. Due, when set, is the earliest time of
// the first touch; Trusted skips the re-entry rule (a route decided already).
type Enroll struct {
	Lead      cadence.ID
	Cadence   cadence.ID
	StartStep string
	Due       int64
	Trusted   bool
}

// Leave ends an enrollment.
type Leave struct {
	Enrollment cadence.ID
	Status     string
	Reason     string
}

// PatchLead changes a lead. A nil field stays as it is.
type PatchLead struct {
	Lead  cadence.ID
	Patch LeadPatch
}

// LeadPatch are the changes of a PatchLead. Numbers replaces all numbers;
// Fields are merged, an empty value removes the field.
type LeadPatch struct {
	Name, FirstName, LastName, Email, Status, Owner *string
	Zone, PostalCode, State, Country                *string
	Numbers                                         []cadence.LeadNumber
	Fields                                          map[string]string
}

// Signal tells that something happened to a lead outside.
type Signal struct {
	Lead cadence.ID
	Name string
	At   int64
}

// MarkNumber sets or clears a number's do-not-call mark of one scope. By is who
// says so.
type MarkNumber struct {
	Number cadence.Number
	On     bool
	Scope  cadence.Scope
	Reason string
	Source string
	By     string
}

// Dispose posts a disposition for an attempt.
type Dispose struct {
	Attempt    cadence.ID
	Code       cadence.DispositionCode
	Variables  map[string]string
	Note       string
	CallbackAt int64
	By         string
}

// Remember keeps the answer to an idempotent request.
type Remember struct{ Fact event.AnswerKept }

// Forget drops kept answers.
type Forget struct{ Keys []string }

// Audit keeps a security-relevant event, or what somebody did to a target.
// Before and After are SHA-256 of what the target was and is, empty where it
// was not there.
type Audit struct {
	What, Detail, Target string
	By                   Author
	Before, After        []byte
}

// Raise raises low marks: nothing is due in these lanes before these times.
type Raise struct{ Marks map[uint32]int64 }

func (*Due) message()            {}
func (*Sent) message()           {}
func (*Reported) message()       {}
func (*Deadline) message()       {}
func (*ReturnCall) message()     {}
func (*Looked) message()         {}
func (*Acted) message()          {}
func (*Recover) message()        {}
func (*SetDialing) message()     {}
func (*SetPacks) message()       {}
func (*SaveCadence) message()    {}
func (*PublishCadence) message() {}
func (*SwitchCadence) message()  {}
func (*HaltCadence) message()    {}
func (*DeleteCadence) message()  {}
func (*OpenImport) message()     {}
func (*ImportRow) message()      {}
func (*EndImport) message()      {}
func (*Enroll) message()         {}
func (*OpenScrub) message()      {}
func (*ScrubRows) message()      {}
func (*EndScrub) message()       {}
func (*Leave) message()          {}
func (*PatchLead) message()      {}
func (*Signal) message()         {}
func (*MarkNumber) message()     {}
func (*Dispose) message()        {}
func (*Remember) message()       {}
func (*Forget) message()         {}
func (*Audit) message()          {}
func (*Raise) message()          {}
