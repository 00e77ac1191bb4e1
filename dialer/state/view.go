package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Broken is the panic of a View that cannot read or decode what it stands on.
// It must stop the shard: deciding on half the truth is worse than standing
// still.
type Broken struct{ Err error }

func (b *Broken) Error() string { return "state: " + b.Err.Error() }

func (b *Broken) Unwrap() error { return b.Err }

// View is durable state with the changes of the turn on top: what a message
// sees includes what the messages before it did. Rows it returns must not be
// changed, and say what they say until the next Fold, which changes them where
// they are; nobody keeps one longer. One goroutine owns a View.
type View struct {
	base *base

	office      rows[struct{}, Office]
	stamps      rows[struct{}, Versions]
	cadences    rows[cadence.ID, Cadence]
	versions    rows[versionID, Version]
	packs       rows[event.Packs, Packs]
	stats       rows[cadence.ID, Stats]
	buckets     rows[bucketID, Counts]
	lives       rows[bucketID, Live]
	lanes       rows[uint32, Lane]
	marks       rows[uint32, Mark]
	leads       rows[cadence.ID, Lead]
	externals   rows[cadence.ID, claim]
	enrollments rows[cadence.ID, Enrollment]
	numbers     rows[event.Token, Number]
	opens       rows[cadence.ID, Open]
	attempts    rows[cadence.ID, Attempt]
	callerIDs   rows[cadence.Number, CallerID]
	spends      rows[int64, Spend]
	cadenceDays rows[cadenceDayID, CadenceDay]
	lists       rows[cadence.ID, List]
	imports     rows[cadence.ID, Import]
	answers     rows[string, Answer]
	peers       rows[uint16, Peer]
	scrubs      rows[uint32, ScrubList]
	listed      rows[event.Token, Listed]
	media       rows[MediaHash, Media]
	users       rows[cadence.ID, User]
	sessions    rows[cadence.ID, Session]
	keys        rows[cadence.ID, Key]
	templates   rows[cadence.ID, Template]
	erased      rows[cadence.ID, Erased]
	returns     rows[cadence.ID, ReturnCall]
	staff       rows[event.Token, Staff]
	rehearsals  rows[cadence.ID, Rehearsal]
	views       rows[cadence.ID, SavedView]

	loose   loose
	key     []byte // one key under construction
	bytes   []byte // of the keys and values of this turn's writes
	flying  loose  // of the sealed turn
	held    []byte // bytes of the sealed turn
	weight  int
	changes Changes
}

type versionID struct {
	id cadence.ID
	v  uint32
}

type bucketID struct {
	slot int64
	id   cadence.ID
}

// Changes tells the shell what the turn's facts did to what it keeps in
// memory.
type Changes struct {
	Armed []Armed      // new rows of the due index
	Opens []cadence.ID // attempts whose open row was written or removed
	Lanes []uint32     // lanes opened
	// Cadences whose status, halt flag or version changed.
	Cadences []cadence.ID
	// Lists whose settings changed, or of whose day's leads one was let go.
	Lists []cadence.ID
}

// Armed is one new row of the due index.
type Armed struct {
	Lane       uint32
	Due        int64
	Touch      cadence.ID
	Enrollment cadence.ID
}

// NewView lays an empty turn over r.
func NewView(r ledger.Reader) *View {
	base := &base{r}
	v := &View{base: base, loose: newLoose(), flying: newLoose()}
	v.office = newRows[struct{}, Office](base, true, func(b []byte, _ struct{}) []byte { return append(b, tabOffice) })
	v.stamps = newRows[struct{}, Versions](base, false, func(b []byte, _ struct{}) []byte { return append(b, tabVersions) })
	v.cadences = newRows[cadence.ID, Cadence](base, true, byID(tabCadence))
	v.versions = newRows[versionID, Version](base, false, func(b []byte, k versionID) []byte { return append(b, versionKey(k.id, k.v)...) })
	v.packs = newRows[event.Packs, Packs](base, false, func(b []byte, k event.Packs) []byte { return append(b, packsKey(k)...) })
	v.stats = newRows[cadence.ID, Stats](base, true, byID(tabStats))
	v.buckets = newRows[bucketID, Counts](base, false, func(b []byte, k bucketID) []byte { return append(b, bucketKey(k.slot*BucketMs, k.id)...) })
	v.lives = newRows[bucketID, Live](base, false, func(b []byte, k bucketID) []byte { return append(b, liveKey(k.slot, k.id)...) })
	v.lanes = newRows[uint32, Lane](base, true, func(b []byte, k uint32) []byte { return append(b, laneKey(tabLane, k)...) })
	v.marks = newRows[uint32, Mark](base, true, func(b []byte, k uint32) []byte { return append(b, laneKey(tabMark, k)...) })
	v.leads = newRows[cadence.ID, Lead](base, false, byID(tabLead))
	v.externals = newRows[cadence.ID, claim](base, false, byID(tabExternal))
	v.enrollments = newRows[cadence.ID, Enrollment](base, false, byID(tabEnrollment))
	v.numbers = newRows[event.Token, Number](base, false, func(b []byte, t event.Token) []byte { return appendIDKey(b, tabNumber, t.ID()) })
	v.opens = newRows[cadence.ID, Open](base, true, byID(tabOpen))
	v.opens.halves = &halves[cadence.ID, Open]{byID(tabProgress), splitOpen, joinOpen}
	v.enrollments.keep = func(e *Enrollment) bool { return e.Touch.State == AskedIt || e.Touch.State == Dialing }
	v.numbers.keep = func(n *Number) bool { return !n.Open.IsZero() }
	v.attempts = newRows[cadence.ID, Attempt](base, false, byID(tabAttempt))
	v.callerIDs = newRows[cadence.Number, CallerID](base, true, func(b []byte, n cadence.Number) []byte { return append(append(b, tabCallerID), n...) })
	v.spends = newRows[int64, Spend](base, true, spendKey)
	v.cadenceDays = newRows[cadenceDayID, CadenceDay](base, true, cadenceDayKey)
	v.lists = newRows[cadence.ID, List](base, true, byID(tabList))
	v.imports = newRows[cadence.ID, Import](base, false, byID(tabImport))
	v.answers = newRows[string, Answer](base, false, func(b []byte, s string) []byte { return append(append(b, tabAnswer), s...) })
	v.media = newRows[MediaHash, Media](base, true, appendMediaKey)
	v.users = newRows[cadence.ID, User](base, true, byID(tabUser))
	v.sessions = newRows[cadence.ID, Session](base, true, byID(tabSession))
	v.keys = newRows[cadence.ID, Key](base, true, byID(tabKey))
	v.templates = newRows[cadence.ID, Template](base, false, byID(tabTemplate))
	v.erased = newRows[cadence.ID, Erased](base, false, byID(tabErased))
	v.returns = newRows[cadence.ID, ReturnCall](base, false, byID(tabReturn))
	v.staff = newRows[event.Token, Staff](base, false, func(b []byte, t event.Token) []byte { return appendIDKey(b, tabStaff, t.ID()) })
	v.rehearsals = newRows[cadence.ID, Rehearsal](base, false, byID(tabRehearsal))
	v.views = newRows[cadence.ID, SavedView](base, true, byID(tabView))
	v.peers = newRows[uint16, Peer](base, true, peerKey)
	v.scrubs = newRows[uint32, ScrubList](base, true, func(b []byte, k uint32) []byte { return append(b, laneKey(tabScrub, k)...) })
	v.listed = newRows[event.Token, Listed](base, false, func(b []byte, t event.Token) []byte { return appendIDKey(b, tabListed, t.ID()) })
	return v
}

func byID(tab byte) func([]byte, cadence.ID) []byte {
	return func(b []byte, id cadence.ID) []byte { return appendIDKey(b, tab, id) }
}

// Size is how many keys the turn has changed so far.
func (v *View) Size() int {
	return len(v.loose.writes) + len(v.leads.changed) + len(v.enrollments.changed) + len(v.numbers.changed) + 2*len(v.opens.changed) +
		len(v.attempts.changed) + len(v.externals.changed) + len(v.answers.changed) + len(v.buckets.changed) + len(v.lives.changed) + len(v.versions.changed) + len(v.packs.changed) +
		len(v.listed.changed) + len(v.returns.changed) + len(v.staff.changed) + len(v.rehearsals.changed)
}

// Weight is about how many bytes of texts the turn's record and rows hold:
// those whose size somebody outside decides.
func (v *View) Weight() int { return v.weight }

// WeighLead is how many bytes of text a lead holds.
func WeighLead(l *cadence.Lead) int {
	n := len(l.ExternalID) + len(l.Name) + len(l.FirstName) + len(l.LastName) + len(l.Email) + len(l.Status) + len(l.Owner) +
		len(l.Zone) + len(l.PostalCode) + len(l.State) + len(l.Country)
	for i := range l.Numbers {
		n += len(l.Numbers[i].Number) + len(l.Numbers[i].Type) + len(l.Numbers[i].Extension)
	}
	for k, val := range l.Fields {
		n += len(k) + len(val)
	}
	return n
}

// putLead puts a lead's row and weighs it.
func (v *View) putLead(id cadence.ID, l *Lead) {
	v.weight += WeighLead(&l.Lead)
	v.leads.put(id, l)
}

func weighTexts(texts []string) (n int) {
	for _, t := range texts {
		n += len(t)
	}
	return n
}
