package dialer

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Rules are what the core decides by besides state. They do not change while
// it runs.
type Rules struct {
	Dispositions *routing.Set
	Countries    []string        // ISO codes that may be called
	NumberCap    int             // intents per number in any 24 h
	Pools        map[string]bool // caller-ID pools there are
	DayZone      *time.Location  // whose midnight ends the house's day; nil is UTC
	CallerIDs    []pacing.CallerID
	Health       pacing.Thresholds // by which a caller ID rests; zero: none does
	MinutePrice  int64             // Micros, where the carrier tells no price
	SpendCap     int64             // Micros a day; 0 is no cap
	Spread       time.Duration     // over which waiting calls are spread when their hours begin
	NumberKey    []byte            // makes tokens; never changes in a ledger's life
	TimeLimit    time.Duration     // of every call
	Scrub        permit.ScrubMode  // how the age of imported lists is judged
	Seller       string            // who sells for cadences and campaigns that name nobody
	Sellers      map[string]string // campaign → who sells by it
	OnlyReport   bool              // campaigns that abandon too many calls are told of and go on
	Late         Late              // calls put through too late count among the abandoned ones
	Reconcile    []time.Duration   // when an unknown attempt is looked for
	Homes        Homes             // which slots are this shard's
	Returns      Returns           // what callers to our numbers hear and where they go
	OptOut       OptOut            // how people say no by key
}

// DefaultNumberCap is how often one number is called in any 24 hours unless
// the operator says otherwise: the strictest of the US state caps (FL, OK, MD
// and OR allow three solicitation calls).
const DefaultNumberCap = 3

// DefaultTimeLimit is how long a call lasts at most unless Rules say otherwise.
const DefaultTimeLimit = time.Hour

// Core decides. It has no clock, does no I/O and starts nothing; everything it
// answers depends on its rules, the view and the message. Its memory is caches
// of the view, the counter of attempt ids, and whether its shard is fit to
// dial. One goroutine owns it.
type Core struct {
	rules  Rules
	plans  map[planKey]*Plan
	lanes  map[state.Lane]uint32
	names  map[string]cadence.ID
	zones  map[string]*zoneSet
	laws   lawbook
	pools  []callerPool
	tokens tokens
	claim  uint64 // drawn at each open
	minted uint64
	unfit  bool // nothing may be dialed from here, see Shard.Pause
}

// NewCore returns a core that mints attempt ids under the claim nonce. The
// caches are filled by Learn.
func NewCore(rules Rules, claim uint64) *Core {
	if len(rules.Reconcile) == 0 {
		rules.Reconcile = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	}
	if rules.TimeLimit == 0 {
		rules.TimeLimit = DefaultTimeLimit
	}
	rules.OptOut.complete()
	rules.Returns.complete()
	if rules.NumberCap == 0 {
		rules.NumberCap = DefaultNumberCap
	}
	return &Core{
		rules: rules, claim: claim, plans: map[planKey]*Plan{}, lanes: map[state.Lane]uint32{},
		names: map[string]cadence.ID{}, zones: map[string]*zoneSet{},
		tokens: newTokens(rules.NumberKey), pools: poolsOf(rules.CallerIDs),
	}
}

// Token names a number.
func (c *Core) Token(n cadence.Number) event.Token { return c.tokens.of(n) }

// mint draws the next attempt id: slot, claim nonce, counter. It is never used
// again, also after a restored backup, because each open draws a new nonce.
func (c *Core) mint(slot uint16) cadence.ID {
	c.minted++
	var rest [14]byte
	binary.BigEndian.PutUint64(rest[:8], c.claim)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], c.minted)
	copy(rest[8:], n[2:])
	return cadence.NewID(slot, rest)
}

// derive makes an id in a slot from other ids and a number, so that the same
// cause gives the same id.
func derive(slot uint16, kind string, n uint64, ids ...cadence.ID) cadence.ID {
	h := sha256.New()
	h.Write([]byte(kind))
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	h.Write(b[:])
	for _, id := range ids {
		h.Write(id[:])
	}
	var rest [14]byte
	copy(rest[:], h.Sum(nil))
	return cadence.NewID(slot, rest)
}

// Learn fills the caches from the view at open.
func (c *Core) Learn(v *state.View) {
	v.EachLane(func(n uint32, l *state.Lane) { c.lanes[*l] = n })
	v.EachCadence(func(r *state.Cadence) { c.names[r.Name] = r.ID })
	v.EachList(func(cadence.ID, *state.List) {}) // from here on they are in memory
}

// Decide takes one message. now is the wall in Unix milliseconds.
func (c *Core) Decide(now int64, v *state.View, m Message) Outcome {
	out := c.decide(now, v, m)
	c.tally(v, &out)
	return out
}

func (c *Core) decide(now int64, v *state.View, m Message) Outcome {
	switch m := m.(type) {
	case *Due:
		return c.due(now, v, m)
	case *ask:
		return c.ask(now, v, m)
	case *answer:
		return c.answer(now, v, m)
	case *unask:
		return c.unask(v, m)
	case *over:
		return c.over(now, v, m)
	case *late:
		return c.late(now, v, m)
	case *refuse:
		return c.refused(now, v, m)
	case *withdrawal:
		return c.withdraw(now, v, m)
	case *mark:
		return c.mark(now, v, m)
	case *listNumbers:
		return c.listNumbers(now, v, m)
	case *markLead:
		return c.markLead(v, m)
	case *claimNumber:
		return c.claimNumber(v, m)
	case *claimExternal:
		return c.claimExternal(v, m)
	case *intake:
		var out Outcome
		c.travel(now, v, &out, m)
		return out
	case *imported:
		return c.imported(v, m)
	case *policy:
		return c.policy(v, m)
	case *Parcel:
		return c.unpack(v, m)
	case *Receipt:
		return c.receipt(v, m)
	case *Sent:
		return c.sent(now, v, m)
	case *Reported:
		return c.reported(now, v, m)
	case *ReturnCall:
		return c.returnCall(now, v, m)
	case *onLine:
		return c.onLine(now, v, m)
	case *offLine:
		return c.offLine(now, v, m)
	case *leadNo:
		return c.leadNo(now, v, m)
	case *leadHeard:
		return c.leadHeard(v, m)
	case *Deadline:
		return c.deadline(now, v, m)
	case *Looked:
		return c.looked(now, v, m)
	case *Acted:
		return c.acted(now, v, m)
	case *Recover:
		return c.recover(now, v, m)
	case *Dispose:
		return c.dispose(now, v, m)
	case *weigh:
		return c.weigh(now, v, m)
	case *ImportRow:
		return c.importRow(now, v, m)
	case *Enroll:
		return c.enroll(now, v, m)
	case *Leave:
		return c.leave(now, v, m)
	case *MoveStay:
		return c.moveStay(now, v, m)
	case *PauseStay:
		return c.pauseStay(now, v, m)
	case *PatchLead:
		return c.patch(now, v, m)
	case *Signal:
		return c.signal(now, v, m)
	case *MarkNumber:
		return c.markNumber(now, v, m)
	case *removeLead:
		return c.removeLead(now, v, m)
	case *EraseLead:
		return c.eraseLead(now, v, m)
	case *AddConsent:
		return c.addConsent(now, v, m)
	case *RevokeConsent:
		return c.revokeConsent(v, m)
	case *AddStaff:
		return c.addStaff(now, v, m)
	case *RemoveStaff:
		return c.removeStaff(now, v, m)
	case *ConfirmStaff:
		return c.confirmStaff(now, v, m)
	case *Rehearse:
		return c.askRehearsal(now, v, m)
	case *VerifyStaff:
		return c.askCode(now, v, m)
	case *rehearsal:
		return c.takeRehearsal(now, v, m)
	case *giveConsent:
		return c.giveConsent(now, v, m)
	case *endConsent:
		return c.endConsent(now, v, m)
	}
	return c.office(now, v, m)
}

// learn keeps the caches in step with facts that were just folded.
func (c *Core) learn(f event.Fact) {
	switch f := f.(type) {
	case *event.LaneOpened:
		c.lanes[state.Lane{Cadence: f.Cadence, List: f.List, Class: f.Class}] = f.Lane
	case *event.CadenceDrafted:
		c.rename(f.ID, f.Name)
	case *event.CadenceDeleted:
		c.rename(f.ID, "")
	}
}

func (c *Core) rename(id cadence.ID, name string) {
	for n, other := range c.names {
		if other == id {
			delete(c.names, n)
		}
	}
	if name != "" {
		c.names[name] = id
	}
}
