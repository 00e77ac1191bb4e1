package api

import (
	"cmp"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type explanation struct {
	AsOf         string           `json:"as_of"`
	Lead         string           `json:"lead"`
	Answer       permit.Result    `json:"answer"`
	Blocker      *blocker         `json:"blocker"`
	NextEligible *eligible        `json:"next_eligible"`
	Touches      []explainedTouch `json:"touches"`
	Numbers      []explainedNum   `json:"numbers"`
}

type blocker struct {
	Rule    string  `json:"rule"`
	Message string  `json:"message"`
	Until   *string `json:"until"`
}

type eligible struct {
	At    string `json:"at"`
	Local string `json:"local"`
	Zone  string `json:"zone"`
}

type explainedTouch struct {
	Touch       string         `json:"touch"`
	Enrollment  string         `json:"enrollment"`
	Cadence     string         `json:"cadence"`
	CadenceName string         `json:"cadence_name"`
	Step        string         `json:"step"`
	Due         *string        `json:"due"`
	Answer      permit.Result  `json:"answer"`
	Rule        string         `json:"rule"`
	Message     string         `json:"message"`
	Until       *string        `json:"until"`
	Trace       []explainCheck `json:"trace"`
}

type explainCheck struct {
	Rule   string        `json:"rule"`
	Kind   permit.Kind   `json:"kind"`
	Result permit.Result `json:"result"`
	Zone   string        `json:"zone"`
	Local  string        `json:"local"`
	Until  *string       `json:"until"`
	Detail string        `json:"detail"`
	Title  string        `json:"title"`
	Source string        `json:"source"`
	Remedy string        `json:"remedy"`
	Duty   bool          `json:"duty"`
}

type explainedNum struct {
	Number   cadence.Number `json:"number"`
	Zones    []string       `json:"zones"`
	DNC      bool           `json:"dnc"`
	Retired  bool           `json:"retired"`
	Attempts int            `json:"attempts_24h"`
	Open     *string        `json:"open_attempt"`
}

// The rules of an explanation that are no permit's: the touch is not up for a
// permit yet.
const (
	ruleNotEnrolled = permit.RuleNotEnrolled
	ruleDialing     = dialer.RuleDialing
	ruleHeld        = dialer.RuleHeld
)

const localForm = "2006-01-02T15:04:05"

// rulebook says what rules are: those of the house and of the packs in force.
type rulebook struct{ set *pack.Set }

func (a *API) rulebook() (rulebook, error) {
	set, err := a.op.Packs()
	return rulebook{set}, err
}

// message says what a rule is and what ends it. A rule that is in force no
// more, of an earlier set, is told by its detail alone.
func (b rulebook) message(rule, detail string) string {
	info, _ := dialer.RuleInfo(b.set, rule)
	text := info.Title
	if gate := dialer.GateText(detail); rule == permit.RuleHealth && gate != "" {
		return "Dialing is off: " + gate
	}
	if detail != "" {
		text += " (" + detail + ")"
	}
	if info.Unblock != "" {
		text += ": " + info.Unblock
	}
	return text
}

func (a *API) explainLead(r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	x, err := a.op.Explain(id)
	if err != nil {
		return answer{}, err
	}
	l, err := foundLead(a.op.Rows(), id)
	if err != nil {
		return answer{}, err
	}
	rules, err := a.rulebook()
	if err != nil {
		return answer{}, err
	}
	e := explainer{rules: rules, rows: a.op.Rows(), now: x.At, out: &explanation{
		AsOf: at(x.At.UnixMilli()), Lead: id.Text(cadence.KindLead), Answer: permit.Block, Touches: []explainedTouch{}, Numbers: []explainedNum{},
	}}
	for i := range x.Stays {
		if err := e.touch(&x.Stays[i]); err != nil {
			return answer{}, err
		}
	}
	if err := e.numbers(l); err != nil {
		return answer{}, err
	}
	if len(x.Stays) == 0 {
		if e.out.Blocker, err = e.left(l); err != nil {
			return answer{}, err
		}
	}
	return ok(e.out)
}

// left says why a lead is in no cadence: the rule that ended its last stay, with
// its remedy, where a rule did.
func (e *explainer) left(l *state.Lead) (*blocker, error) {
	var last *state.Stay
	for i := range l.Stays {
		if s := &l.Stays[i]; last == nil || s.LeftAt > last.LeftAt {
			last = s
		}
	}
	if last == nil {
		return &blocker{Rule: ruleNotEnrolled, Message: e.rules.message(ruleNotEnrolled, "")}, nil
	}
	row, err := e.rows.Enrollment(last.Enrollment)
	if err != nil || row == nil {
		return &blocker{Rule: ruleNotEnrolled, Message: e.rules.message(ruleNotEnrolled, "")}, err
	}
	c, err := e.rows.Cadence(last.Cadence)
	if err != nil {
		return nil, err
	}
	name := "a cadence that is gone"
	if c != nil {
		name = c.Name
	}
	detail := fmt.Sprintf("left %s at %s: %s", name, at(last.LeftAt), row.Left)
	if _, known := dialer.RuleInfo(e.rules.set, row.Reason); known {
		return &blocker{Rule: row.Reason, Message: e.rules.message(row.Reason, detail)}, nil
	}
	return &blocker{Rule: ruleNotEnrolled, Message: e.rules.message(ruleNotEnrolled, detail)}, nil
}

// explainer puts the stays of one lead together. The lead may be called when
// one of its touches may; otherwise the touch that may first speaks for it.
type explainer struct {
	rules rulebook
	rows  state.Rows
	now   time.Time
	out   *explanation
	next  time.Time
	zone  map[string][]string
}

func (e *explainer) touch(s *dialer.StayExplained) error {
	row, err := e.rows.Enrollment(s.Enrollment)
	if err != nil || row == nil {
		return err
	}
	t := explainedTouch{
		Touch: row.Touch.ID.Text(cadence.KindTouch), Enrollment: s.Enrollment.Text(cadence.KindEnrollment),
		Cadence: s.Cadence.Text(cadence.KindCadence), CadenceName: s.Name, Step: s.StepKey, Due: maybeTime(s.Due), Answer: permit.Allow, Trace: e.rules.checks(s.Trace),
	}
	switch {
	case s.Waiting == "dialing":
		t.Answer, t.Rule, t.Message = permit.Defer, ruleDialing, e.rules.message(ruleDialing, "")
	case s.Waiting == "disposition":
		t.Answer, t.Rule, t.Message, t.Until = permit.Defer, ruleHeld, e.rules.message(ruleHeld, ""), maybeTime(s.Due)
	case s.First.Rule != "" && s.First.Result != permit.Allow:
		t.Answer, t.Rule, t.Until = s.First.Result, s.First.Rule, maybeTime(s.First.Until)
		t.Message = e.rules.message(s.First.Rule, s.First.Detail)
	case s.Due.After(e.now):
		rule := cmp.Or(s.Deferred, dialer.RuleNotDue) // what moved it there knows better
		t.Answer, t.Rule, t.Message, t.Until = permit.Defer, rule, e.rules.message(rule, ""), maybeTime(s.Due)
	}
	e.out.Touches = append(e.out.Touches, t)
	e.speak(s, &t)
	for i, token := range row.Numbers {
		if i < len(row.ZoneSets) {
			e.keepZones(string(token[:]), row.ZoneSets[i])
		}
	}
	return nil
}

// speak lets a touch speak for the lead if it may be called sooner than those
// before it.
func (e *explainer) speak(s *dialer.StayExplained, t *explainedTouch) {
	first := len(e.out.Touches) == 1
	sooner := !s.Eligible.IsZero() && (e.next.IsZero() || s.Eligible.Before(e.next))
	if !first && !sooner {
		return
	}
	e.out.Answer, e.out.Blocker = t.Answer, nil
	if t.Answer != permit.Allow {
		e.out.Blocker = &blocker{t.Rule, t.Message, t.Until}
	}
	if s.Eligible.IsZero() {
		return
	}
	e.next = s.Eligible
	zone := time.UTC
	for _, c := range s.Trace {
		if z, err := window.LoadZone(c.Zone); err == nil {
			zone = z
			break
		}
	}
	e.out.NextEligible = &eligible{at(s.Eligible.UnixMilli()), s.Eligible.In(zone).Format(localForm), zone.String()}
}

// checks are a trace's, with what their rules are and what ends them.
func (b rulebook) checks(trace []permit.Check) []explainCheck {
	out := []explainCheck{}
	for _, c := range trace {
		info, _ := dialer.RuleInfo(b.set, c.Rule)
		x := explainCheck{
			Rule: c.Rule, Kind: c.Kind, Result: c.Result, Zone: c.Zone, Until: maybeTime(c.Until), Detail: c.Detail,
			Title: info.Title, Source: info.Source, Remedy: info.Unblock, Duty: c.Duty,
		}
		if !c.Local.IsZero() {
			x.Local = c.Local.Format(localForm)
		}
		out = append(out, x)
	}
	return out
}

func (e *explainer) keepZones(token, set string) {
	if e.zone == nil {
		e.zone = map[string][]string{}
	}
	if names := dialer.ZoneNames(set); len(names) > 0 {
		e.zone[token] = names
	}
}

// numbers shows what is known of the lead's numbers. Zones are those an open
// enrollment judges by; without one there are none.
func (e *explainer) numbers(l *state.Lead) error {
	since := e.now.Add(-permit.NumberWindow).UnixMilli()
	for i, n := range l.Lead.Numbers {
		x := explainedNum{Number: n.Number, Zones: []string{}}
		if i < len(l.Tokens) {
			row, err := e.rows.Number(l.Tokens[i])
			if err != nil {
				return err
			}
			if z := e.zone[string(l.Tokens[i][:])]; z != nil {
				x.Zones = z
			}
			if row != nil {
				x.DNC, x.Retired, x.Open = row.DNC, row.Retired != "", maybeID(cadence.KindAttempt, row.Open)
				for _, at := range row.Intents {
					if at > since {
						x.Attempts++
					}
				}
			}
		}
		e.out.Numbers = append(e.out.Numbers, x)
	}
	return nil
}
