package dialer

import (
	"fmt"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// Plan is a published version made ready to run: its windows compiled, its
// expressions parsed. It is immutable.
type Plan struct {
	ID       cadence.ID
	Number   uint32
	Doc      *cadence.Document
	ExitIf   []*cadence.Condition
	Signals  map[string]bool
	Steps    []planStep
	declared []string // what the cadence vouches for
	holidays bool
}

type planStep struct {
	condition *cadence.Condition
	connect   []cadence.Connect
	voicemail string // text or "" when audio or none
	merges    bool   // some text names a field of the lead
	ring      time.Duration
	detect    detect
	voice     cadence.Voice
	audio     []string // what it may play that is stored
	leaves    bool     // a message for machines
}

// detect is how a step tells machines from people, as the carrier is told.
type detect struct {
	amd     telephony.AMD
	async   bool
	timeout time.Duration // 0: the carrier's default
}

type planKey struct {
	id      cadence.ID
	version uint32
}

// defaultRing is how long a step rings when it does not say: above the 15 s
// that 16 CFR 310.4(b)(4)(ii) asks for, below most voicemail greetings.
const defaultRing = 25 * time.Second

// newPlan compiles a published document. An error is a bug: publishing
// validated it.
func newPlan(id cadence.ID, number uint32, raw []byte) (*Plan, error) {
	doc, problems := cadence.Parse(raw)
	if doc == nil {
		return nil, fmt.Errorf("cadence %s version %d: %v", id.Text(cadence.KindCadence), number, problems)
	}
	p := &Plan{ID: id, Number: number, Doc: doc, Signals: map[string]bool{}}
	own, err := permit.NewPack(anyLaw, doc.TimeRestrictions)
	if err != nil {
		return nil, err
	}
	if err := own.Capped(doc.Caps); err != nil {
		return nil, err
	}
	if doc.Consent != "" {
		p.declared = []string{"consent." + string(doc.Consent)}
	}
	if doc.TimeRestrictions != nil {
		p.holidays = doc.TimeRestrictions.Holidays
	}
	for _, x := range doc.ExitWhen {
		if x.Signal != "" {
			p.Signals[x.Signal] = true
			continue
		}
		c, err := cadence.CompileCondition(x.If)
		if err != nil {
			return nil, fmt.Errorf("exit_when: %w", err)
		}
		p.ExitIf = append(p.ExitIf, c)
	}
	for i := range doc.Steps {
		s, err := planOf(doc, &doc.Steps[i])
		if err != nil {
			return nil, fmt.Errorf("step %s: %w", doc.Steps[i].Key, err)
		}
		p.Steps = append(p.Steps, s)
	}
	return p, nil
}

func planOf(doc *cadence.Document, s *cadence.Step) (planStep, error) {
	ps := planStep{connect: doc.Connect, ring: defaultRing, voice: doc.VoiceOf(s)}
	if len(s.Connect) > 0 {
		ps.connect = s.Connect
	}
	if d, ok := s.RingFor.Exact(); ok && d > 0 {
		ps.ring = d
	}
	if s.Advanced.Condition != "" {
		c, err := cadence.CompileCondition(s.Advanced.Condition)
		if err != nil {
			return ps, err
		}
		ps.condition = c
	}
	ps.detect, ps.leaves = detectOf(s), s.Voicemail.Leave
	if s.Voicemail.Leave {
		ps.voicemail = s.Voicemail.Text
		ps.merges = strings.Contains(s.Voicemail.Text, "{{")
	}
	if _, ours := cadence.MediaHash(s.Voicemail.Audio); ours && s.Voicemail.Leave {
		ps.audio = append(ps.audio, s.Voicemail.Audio)
	}
	for _, c := range ps.connect {
		if _, ours := cadence.MediaHash(c.Audio); ours {
			ps.audio = append(ps.audio, c.Audio)
		}
		ps.merges = ps.merges || strings.Contains(c.Text, "{{")
	}
	return ps, nil
}

func detectOf(s *cadence.Step) detect {
	if s.Detection.Mode == cadence.DetectOff {
		return detect{}
	}
	d := detect{amd: telephony.AMDDetect, async: s.Detection.Mode == cadence.DetectAsync}
	if s.Voicemail.Leave {
		d.amd = telephony.AMDDetectEnd
	}
	if t, ok := s.Detection.Timeout.Exact(); ok {
		d.timeout = t
	}
	return d
}

// anyLaw stands in for the law where only the cadence's hours are looked at.
var anyLaw = &pack.Law{Windows: []*window.Rule{{ID: "any", Week: window.Full()}}}

// joined is a law with the cadence's own hours, which newPlan has looked at. A
// law without any hours, which a set of an earlier release may make, gives a
// pack without windows: the permit blocks by it (permit.RuleNoPack).
func (p *Plan) joined(law *pack.Law) *permit.Pack {
	joined, err := permit.NewPack(law, p.Doc.TimeRestrictions)
	if err != nil {
		return &permit.Pack{Law: law}
	}
	if err := joined.Capped(p.Doc.Caps); err != nil {
		panic("BUG: newPlan has looked at the caps: " + err.Error())
	}
	return joined
}

// query is what the law is asked about calls of a step.
func (p *Plan) query(step int, places []string) pack.Query {
	f := permit.Facts{Jurisdictions: places, Purpose: string(p.Doc.PurposeOf()), Voice: string(p.Steps[step].voice), Declared: p.declared}
	return f.Query()
}

// texts renders what a call of this step may say to the lead: the voicemail
// first, then each connect target's message. It is nil when no text names a
// field, so that most intents carry none.
func (p *Plan) texts(step int, lead *cadence.Lead) []string {
	s := &p.Steps[step]
	if !s.merges {
		return nil
	}
	vars := p.Doc.Steps[step].Advanced.Variables
	out := make([]string, 1+len(s.connect))
	out[0] = cadence.Merge(s.voicemail, lead, vars)
	for i, c := range s.connect {
		out[i+1] = cadence.Merge(c.Text, lead, vars)
	}
	return out
}

// kind is who takes the answer at a step: the first connect target.
func (p *Plan) kind(step int) string {
	if c := p.Steps[step].connect; len(c) > 0 {
		return string(c[0].To)
	}
	return ""
}

// plan returns the compiled version, compiling it the first time.
func (c *Core) plan(v *state.View, id cadence.ID, version uint32) *Plan {
	return c.planAt(v, planKey{id, version})
}

func (c *Core) planAt(v *state.View, k planKey) *Plan {
	if p, ok := c.plans[k]; ok {
		return p
	}
	row := v.Version(k.id, k.version)
	if row == nil {
		panic(fmt.Sprintf("BUG: version %d of cadence %s is gone", k.version, k.id.Bare()))
	}
	p, err := newPlan(k.id, k.version, row.Document)
	if err != nil {
		panic(fmt.Sprintf("BUG: published version does not compile: %v", err))
	}
	c.plans[k] = p
	return p
}
