package dialer

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// The limits of rehearsals.
const (
	// RehearsalsPerDay is how many calls one staff number gets in any 24 hours,
	// those that speak a code among them.
	RehearsalsPerDay = 10
	// VerificationsPerDay is how many calls may speak a code to a number that is
	// not verified: it may be a stranger's.
	VerificationsPerDay = 3
	// RehearsalWait is how long a rehearsal waits for its turn: whoever asked
	// stands at the telephone.
	RehearsalWait = time.Minute
)

// The rules under which a rehearsal places no call, beside those of the permit.
const (
	RuleStaff         = "house.staff_number"
	RuleRehearsals    = "house.rehearsals"
	RuleRehearsalLate = "house.rehearsal_late"
)

// Rehearse wants one call to a staff number, as a step of a cadence would place
// it: of the draft, or of a published version (0: the newest). The same ID asked
// again leads to no second call.
type Rehearse struct {
	ID      cadence.ID
	Number  cadence.Number
	Cadence cadence.ID
	Draft   bool
	Version uint32
	Step    string // its key, or its place from 1
	By      string
}

// VerifyStaff wants one call to a staff number that speaks a code.
type VerifyStaff struct {
	ID     cadence.ID
	Number cadence.Number
	Code   string
	By     string
}

func (*Rehearse) message()    {}
func (*VerifyStaff) message() {}

// rehearsal carries what is to be rehearsed to the home of its number.
type rehearsal struct {
	ID      cadence.ID     `cbor:"1,keyasint"`
	Token   event.Token    `cbor:"2,keyasint"`
	Number  cadence.Number `cbor:"3,keyasint"`
	Cadence cadence.ID     `cbor:"4,keyasint,omitzero"`
	Version uint32         `cbor:"5,keyasint,omitempty"`
	Text    []byte         `cbor:"6,keyasint"`
	Step    int            `cbor:"7,keyasint,omitempty"`
	Code    string         `cbor:"8,keyasint,omitempty"`
	By      string         `cbor:"9,keyasint"`
}

func (*rehearsal) message()            {}
func (*rehearsal) kind() uint8         { return 50 }
func (m *rehearsal) to(h Homes) uint16 { return h.Of(m.Token.Slot()) }
func (m *rehearsal) verifies() bool    { return m.Code != "" }
func (m *rehearsal) document() cadence.ID {
	sum := sha256.Sum256(append([]byte("rehearsed document|"), m.Text...))
	return cadence.NewID(cadence.OfficeSlot, [14]byte(sum[:14]))
}

// askRehearsal takes the request at the office, where drafts are: it finds the
// document and sends it to the number's home, which decides.
func (c *Core) askRehearsal(now int64, v *state.View, m *Rehearse) Outcome {
	r := &rehearsal{ID: m.ID, Token: c.Token(m.Number), Number: m.Number, Cadence: m.Cadence, By: signed(m.By)}
	if c.askedBefore(v, r) {
		return Outcome{}
	}
	text, version, refused := c.rehearsable(v, m)
	if refused != nil {
		return Outcome{Err: refused}
	}
	doc, problems := cadence.Parse(text)
	if doc != nil {
		problems = append(problems, cadence.Publishable(doc, c.known(v))...)
		problems = append(problems, c.lintErrors(v, doc)...)
	}
	if bad := errorsOnly(problems); len(bad) > 0 {
		return Outcome{Err: &Refusal{Code: CodeInvalid, Message: "only what could be published can be rehearsed; see details", Details: bad}}
	}
	if r.Step = stepOf(doc, m.Step); r.Step < 0 {
		return Outcome{Err: refusal(CodeNotFound, "step", "there is no step "+m.Step)}
	}
	r.Text, r.Version = text, version
	return c.sendRehearsal(now, v, r)
}

// stepOf finds a step by its key, else by its place from 1; -1 when there is
// none.
func stepOf(doc *cadence.Document, text string) int {
	if i := doc.StepIndex(text); i >= 0 {
		return i
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(doc.Steps) {
		return n - 1
	}
	return -1
}

// askCode takes the request for a call that speaks a code.
func (c *Core) askCode(now int64, v *state.View, m *VerifyStaff) Outcome {
	r := &rehearsal{ID: m.ID, Token: c.Token(m.Number), Number: m.Number, Text: c.verification(), Code: m.Code, By: signed(m.By)}
	if c.askedBefore(v, r) {
		return Outcome{}
	}
	return c.sendRehearsal(now, v, r)
}

// askedBefore reports whether the same was asked before.
func (c *Core) askedBefore(v *state.View, r *rehearsal) bool {
	return c.rules.Homes.here(r.Token.Slot()) && v.Rehearsal(r.ID) != nil
}

// rehearsable is the text that is to be rehearsed, and its version; 0 is the
// draft's.
func (c *Core) rehearsable(v *state.View, m *Rehearse) (text []byte, version uint32, refused *Refusal) {
	row := v.Cadence(m.Cadence)
	switch {
	case row == nil:
		return nil, 0, refusal(CodeNotFound, "cadence", "there is no such cadence")
	case m.Draft:
		return row.Draft, 0, nil
	case m.Version == 0 && row.Version == 0:
		return nil, 0, refusal(CodeConflict, "version", "the cadence was never published; rehearse its draft")
	case m.Version == 0:
		version = row.Version
	default:
		version = m.Version
	}
	found := v.Version(m.Cadence, version)
	if found == nil {
		return nil, 0, refusal(CodeNotFound, "version", "there is no such version")
	}
	return found.Document, version, nil
}

// sendRehearsal tells whoever asks at once what the number's home would refuse,
// where that is here.
func (c *Core) sendRehearsal(now int64, v *state.View, r *rehearsal) Outcome {
	if v.Office().Stopped {
		return Outcome{Err: refusal(CodeConflict, "", "dialing is stopped; resume it first")}
	}
	if c.rules.Homes.here(r.Token.Slot()) {
		if refused := mayRehearse(now, v, r); refused != nil {
			return Outcome{Err: refused}
		}
	}
	return Outcome{Sends: []Message{r}}
}

// mayRehearse is why a number may not be called now, as its staff row tells.
func mayRehearse(now int64, v *state.View, r *rehearsal) *Refusal {
	s := v.Staff(r.Token)
	switch {
	case s == nil:
		return noStaff()
	case r.verifies() && s.VerifiedAt != 0:
		return refusal(CodeConflict, "number", "the number is verified")
	case !r.verifies() && s.VerifiedAt == 0:
		return refusal(CodeConflict, "number", "the number is not verified; let it be called for a code first")
	case !s.Open.IsZero():
		return refusal(CodeConflict, "number", "a call to the number is under way; wait for its end")
	}
	if most := rehearsalsOf(r.verifies()); callsOfDay(s, now) >= most {
		return refusal(CodeConflict, "number", fmt.Sprintf("the number had its %d calls of 24 hours; wait, or choose another", most))
	}
	return nil
}

func rehearsalsOf(verifies bool) int {
	if verifies {
		return VerificationsPerDay
	}
	return RehearsalsPerDay
}

// callsOfDay counts the calls to a staff number in the last 24 hours.
func callsOfDay(s *state.Staff, now int64) (n int) {
	for _, at := range s.Calls {
		if at > now-ms(24*time.Hour) {
			n++
		}
	}
	return n
}

// takeRehearsal begins the wait for a turn at the carrier, at the number's home.
func (c *Core) takeRehearsal(now int64, v *state.View, m *rehearsal) Outcome {
	if v.Rehearsal(m.ID) != nil {
		return Outcome{}
	}
	refused := mayRehearse(now, v, m)
	if refused != nil && v.Staff(m.Token) == nil {
		return Outcome{}
	}
	var out Outcome
	f := &event.RehearsalAsked{
		ID: m.ID, Token: m.Token, Number: m.Number, Region: cadence.Region(m.Number), Cadence: m.Cadence, Version: m.Version,
		Document: m.document(), Step: m.Step, Code: m.Code, Lane: c.lane(v, &out, cadence.ID{}, cadence.ID{}, event.Callback),
		Expires: now + ms(RehearsalWait), By: m.By, At: now,
	}
	if m.verifies() {
		f.Until = now + ms(CodeFor)
	}
	if v.Version(f.Document, state.DocumentVersion) == nil {
		f.Text = m.Text
	}
	doc, problems := cadence.Parse(m.Text)
	if doc == nil {
		panic(fmt.Sprintf("BUG: a document that was checked cannot be read: %v", problems))
	}
	f.StepKey = doc.Steps[m.Step].Key
	out.fact(f)
	if refused != nil { // it changed on the way here
		out.fact(&event.RehearsalRefused{ID: m.ID, Rule: RuleStaff, Detail: refused.Message, At: now})
	}
	return out
}

// verification is what a call plays that speaks a code, from the default pool or
// else the first there is. It goes through the permit like any other, so it says
// what it is for. Whoever adds a number says with that that its owner has agreed
// to be called.
func (c *Core) verification() []byte {
	pool := cadence.DefaultPool
	if !c.rules.Pools[pool] && len(c.rules.Pools) > 0 {
		pool = slices.Min(slices.Collect(maps.Keys(c.rules.Pools)))
	}
	name, err := json.Marshal(pool)
	if err != nil {
		panic("BUG: the name of a pool is text: " + err.Error())
	}
	return fmt.Appendf(nil, verification, name)
}

const verification = `{
  "format": "carillon.cadence/v1", "name": "Verification of a staff number", "purpose": "informational", "consent": "express",
  "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "message", "text": "{{vars.code}}"}],
  "steps": [{"key": "code", "kind": "call", "caller_id": {"pool": %s}, "detection": {"mode": "off"}}]
}`

// codeText is what it says. Digits are read out one by one, twice.
func codeText(code string) string {
	spoken := strings.Join(strings.Split(code, ""), ", ")
	return "Hello. Somebody wants to rehearse calls of Carillon to this telephone, and needs your code for it. Your code is " +
		spoken + ". Again: " + spoken + ". If you did not expect this, tell the code to nobody."
}
