package dialer

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// MaxForecast is how many touches a forecast shows at most.
const MaxForecast = 100

// Forecast says when a lead's next touches happen when every call ends with
// one assumed disposition and nobody changes anything: routing and the permit
// decide as they will then, under today's rules. What it cannot know is when
// the pacer grants a call that is due; a touch happens at its time or later.
type Forecast struct {
	Lead   cadence.ID
	At     time.Time
	Assume cadence.DispositionCode
	Stays  []StayForecast // open enrollments, oldest first
}

// StayForecast is the future of one enrollment.
type StayForecast struct {
	Enrollment cadence.ID
	Cadence    cadence.ID
	Name       string
	// Held is the rule that keeps anything from happening until somebody acts
	// (the kill switch, an inactive cadence); the touches are told as if it
	// were lifted now. "" when there is none.
	Held    string
	Touches []ForecastTouch
	// Ends is why no touch follows the last one: a final status of routing,
	// "blocked" or "exited", or "" when the forecast was long enough.
	Ends string
	// Reason says more about Ends: the reason of the move, or the rule.
	Reason string
}

// ForecastTouch is one touch to come.
type ForecastTouch struct {
	StepKey string
	Run     int
	Number  int       // index into the lead's numbers
	Why     string    // the move that leads to it
	Wanted  time.Time // when the cadence wants it
	At      time.Time // the first instant, not before it, that the rules allow
	Zone    *time.Location
	Rule    string // what moved it from Wanted to At; "" when nothing did
}

// Forecast answers for one lead from committed state: at most limit touches
// over all its enrollments, in the order of their times. It returns a *Refusal
// when there is no such lead or disposition.
func (e *Engine) Forecast(lead cadence.ID, assume cadence.DispositionCode, limit int) (*Forecast, error) {
	d, ok := e.o.Rules.Dispositions.Resolve(assume)
	if !ok {
		return nil, refusal(CodeInvalid, "assume", "there is no disposition "+string(assume))
	}
	rows := e.Rows()
	l, err := rows.Lead(lead)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, refusal(CodeNotFound, "id", "there is no such lead")
	}
	s := seer{e: e, rows: rows, rules: &e.o.Rules, lead: l, assume: d, now: e.Now(), placed: map[int][]int64{}, begun: map[int]bool{}}
	s.facts = func(st *seenStay) (permit.Facts, error) { return e.factsNow(rows, st.Enrollment, &st.row, st.home) }
	for _, stay := range l.Stays {
		if stay.LeftAt != 0 {
			continue
		}
		if err := s.enter(stay.Enrollment); err != nil {
			return nil, err
		}
	}
	if err := s.look(min(limit, MaxForecast)); err != nil {
		return nil, err
	}
	f := &Forecast{Lead: lead, At: s.now, Assume: d.Code}
	for _, st := range s.stays {
		f.Stays = append(f.Stays, st.StayForecast)
	}
	return f, nil
}

// seer looks ahead for one lead. All its stays advance together, since calls
// of one count in the caps of the others.
type seer struct {
	e      *Engine // of a lead that is there, as rows
	rows   state.Rows
	rules  *Rules
	facts  func(*seenStay) (permit.Facts, error) // what the permit is told about the next call
	lead   *state.Lead
	assume *routing.Disposition
	now    time.Time
	stays  []*seenStay
	placed map[int][]int64 // by number: instants of the calls foreseen, in ms
	begun  map[int]bool    // numbers that a call of this lead's is under way to
}

// seenStay is a stay and the copy of its row that the forecast moves.
type seenStay struct {
	StayForecast
	row    state.Enrollment
	home   *state.Cadence
	plan   *Plan
	wanted time.Time
	why    string
	next   ForecastTouch
	open   bool // next is to come
}

func (s *seer) enter(id cadence.ID) error {
	row, err := s.rows.Enrollment(id)
	if err != nil || row == nil || row.LeftAt != 0 {
		return err
	}
	c, err := s.rows.Cadence(row.Cadence)
	if err != nil {
		return err
	}
	p, err := s.e.plans.get(s.rows, row.Cadence, row.Version)
	if err != nil {
		return err
	}
	st := &seenStay{StayForecast: StayForecast{Enrollment: id, Cadence: row.Cadence, Name: c.Name}, row: *row, home: c, plan: p}
	s.stays = append(s.stays, st)
	t := &row.Touch
	switch t.State {
	case state.Dialing, state.AskedIt:
		began, err := s.underWay(t, row.Numbers[t.NumberIdx])
		if err != nil {
			return err
		}
		ends := began.Add(p.Steps[row.Step].ring)
		if ends.Before(s.now) {
			ends = s.now
		}
		return s.finish(st, ends, s.assume.Code)
	case state.Held:
		return s.finish(st, atMs(t.Due), t.Code)
	case state.Waiting:
		st.wanted, st.why = atMs(max(t.Due, t.Wanted)), t.Why
		if t.Wanted != 0 {
			st.wanted = atMs(t.Wanted)
		}
		return s.prepare(st)
	case state.NoTouch:
	}
	return nil
}

// underWay says when the call under way began: it ends as assumed. The number's
// row counts it already, unless the ask has not been answered yet.
func (s *seer) underWay(t *state.Touch, to event.Token) (time.Time, error) {
	n, err := s.rows.Number(to)
	if err != nil {
		return time.Time{}, err
	}
	if n != nil && n.LastTouch == t.ID && n.LastAsk == t.Asks && len(n.Intents) > 0 {
		s.begun[t.NumberIdx] = true
		return atMs(n.Intents[len(n.Intents)-1]), nil
	}
	s.placed[t.NumberIdx] = append(s.placed[t.NumberIdx], s.now.UnixMilli())
	return s.now, nil
}

// look takes the earliest next touch of all stays, again and again.
func (s *seer) look(limit int) error {
	for range limit {
		var first *seenStay
		for _, st := range s.stays {
			if st.open && (first == nil || st.next.At.Before(first.next.At)) {
				first = st
			}
		}
		if first == nil {
			return nil
		}
		if err := s.prepare(first); err != nil { // another stay's call may have filled a cap meanwhile
			return err
		}
		if !first.open || s.later(first) {
			continue
		}
		first.Touches = append(first.Touches, first.next)
		at := first.next.At
		s.placed[first.next.Number] = append(s.placed[first.next.Number], at.UnixMilli())
		if err := s.finish(first, at.Add(first.plan.Steps[first.row.Step].ring), s.assume.Code); err != nil {
			return err
		}
	}
	return nil
}

// later reports whether another stay's touch now comes before this one's.
func (s *seer) later(st *seenStay) bool {
	return slices.ContainsFunc(s.stays, func(other *seenStay) bool { return other.open && other.next.At.Before(st.next.At) })
}

// finish closes the touch of a stay with a disposition and moves it on.
func (s *seer) finish(st *seenStay, at time.Time, code cadence.DispositionCode) error {
	var home *time.Location
	if len(st.row.ZoneSets) > 0 {
		home = parseZones(st.row.ZoneSets[0]).home()
	}
	m := routing.Decide(routingInput(s.rules.Dispositions, st.plan, &st.row, home, ceilMs(at), code))
	st.row.Attempts++
	if m.ConsumesRetry {
		st.row.Retries = state.AddUse(st.row.Retries, state.Used{On: m.RouteOn, N: 1})
	}
	return s.apply(st, m, at)
}

// apply makes a move, as the core does.
func (s *seer) apply(st *seenStay, m routing.Move, ended time.Time) error {
	st.open = false
	if m.RetireNumber {
		st.row.Retired |= 1 << st.row.Touch.NumberIdx
	}
	if m.Kind.Ends() {
		st.Ends, st.Reason = string(m.Final), m.Reason
		return nil
	}
	if m.Run != st.row.Run || m.StepIndex != st.row.Step {
		st.row.Retries = nil
	}
	if m.Run != st.row.Run {
		st.row.RunStarted = ceilMs(m.Due)
	}
	st.row.Step, st.row.StepKey, st.row.Run = m.StepIndex, st.plan.Doc.Steps[m.StepIndex].Key, m.Run
	st.row.Touch = state.Touch{NumberIdx: m.NumberIndex, Due: ceilMs(m.Due), State: state.Waiting}
	st.wanted, st.why = m.Due, string(m.Kind)
	if m.OtherPart {
		f, err := s.facts(st)
		if err != nil {
			return err
		}
		h := s.hoursOf(&f)
		if at, moved := h.otherPart(ceilMs(m.Due), ended.UnixMilli()); moved {
			st.wanted = atMs(h.spreadOut(at, st.row.Lead))
		}
	}
	return s.prepare(st)
}

// hoursOf are the hours that facts tell.
func (s *seer) hoursOf(f *permit.Facts) hours {
	if f.Pack == nil {
		return hours{}
	}
	return hours{zones: f.Zones, windows: f.Pack.Windows, spread: s.rules.Spread}
}

// prepare finds out when a stay's next touch may happen, past the steps whose
// condition does not hold then.
func (s *seer) prepare(st *seenStay) error {
	for range len(st.plan.Steps) + 1 {
		if err := s.permit(st); err != nil || !st.open {
			return err
		}
		env := envOf(&st.row, &s.lead.Lead, st.next.At.In(st.next.Zone))
		if why, exits := exitsBy(st.plan, env); exits {
			st.end("exited", why)
			return nil
		}
		cond := st.plan.Steps[st.row.Step].condition
		if cond == nil {
			return nil
		}
		ok, fault := cond.Eval(env)
		if fault != nil { // as in the core, it ends the stay
			st.end("blocked", "condition: "+fault.Error())
		}
		if ok || !st.open {
			return nil
		}
		in := routingInput(s.rules.Dispositions, st.plan, &st.row, st.next.Zone, ceilMs(st.next.At), "")
		m := routing.Skip(in)
		if m.Kind.Ends() {
			st.end(string(m.Final), m.Reason)
			return nil
		}
		st.row.Step, st.row.StepKey, st.row.Run, st.row.Retries = m.StepIndex, st.plan.Doc.Steps[m.StepIndex].Key, m.Run, nil
		st.row.Touch.NumberIdx, st.row.Touch.Due = m.NumberIndex, ceilMs(m.Due)
		st.wanted, st.why = m.Due, string(m.Kind)
	}
	st.end("blocked", "no step's condition holds")
	return nil
}

func (st *seenStay) end(how, why string) { st.open, st.Ends, st.Reason = false, how, why }

// permit finds the first instant that the rules allow. Stops that somebody can
// lift are told apart and taken for lifted.
func (s *seer) permit(st *seenStay) error {
	f, err := s.facts(st)
	if err != nil {
		return err
	}
	for _, check := range permit.Trace(&f, s.now) {
		if lifted := check.Kind == permit.KindStop || check.Kind == permit.KindScrub; lifted && check.Result != permit.Allow && check.Rule != permit.RuleNoPack {
			st.Held = check.Rule
			break
		}
	}
	f.Kill, f.Health, f.Active, f.Halted, f.Enrolled, f.ListPaused, f.ListUntil, f.Scrub = false, "", true, false, true, false, 0, permit.ScrubOff
	number := st.row.Touch.NumberIdx
	f.Open = f.Open && !s.begun[number] && len(s.placed[number]) == 0
	f.Intents = append(slices.Clone(f.Intents), s.placed[number]...)
	slices.Sort(f.Intents)
	for other, at := range s.placed {
		if other != number { // as if about the same subject: rather too late than too early
			f.Others = append(slices.Clip(f.Others), at...)
		}
	}
	slices.Sort(f.Others)
	wanted := st.wanted
	if wanted.Before(s.now) {
		wanted = s.now
	}
	first := permit.Decide(&f, wanted)
	at := eligible(&f, s.now, wanted)
	if at.IsZero() {
		st.end("blocked", permit.Decide(&f, wanted).Rule)
		return nil
	}
	if h := s.hoursOf(&f); at.After(wanted) && h.opens(at.UnixMilli()) {
		at = atMs(h.spreadOut(at.UnixMilli(), st.row.Lead))
	}
	zone := time.UTC
	if len(f.Zones) > 0 {
		zone = f.Zones[0]
	}
	st.open = true
	st.next = ForecastTouch{
		StepKey: st.row.StepKey, Run: st.row.Run, Number: number, Why: st.why, Wanted: st.wanted, At: at, Zone: zone, Rule: first.Rule,
	}
	return nil
}
