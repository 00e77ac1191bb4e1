package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// runGrants offers the heads of every lane that may be dialed to the pacer and
// decides those it grants. A grant that wrote no intent is given back.
func (s *Shard) runGrants(now Now) {
	free := turnDials - len(s.out.Dials)
	if s.paused || len(s.backlog) > 0 || s.view.Office().Stopped || free <= 0 || s.Full() {
		return
	}
	heads, from := s.heads(now, free)
	if len(heads) == 0 {
		return
	}
	s.pacer.SetWall(s.core.wallOf(now.Wall))
	grants, refused := s.pacer.Pick(now.Real, heads, free)
	granted := make([]pacing.Grant, len(grants))
	copy(granted, grants)
	taken := map[*lane]map[int]bool{}
	take := func(head int) timer {
		h := from[head]
		if taken[h.lane] == nil {
			taken[h.lane] = map[int]bool{}
		}
		taken[h.lane][h.at] = true
		return h.lane.ready[h.at]
	}
	for _, r := range refused {
		t := take(r.Head)
		s.act(now, &refuse{enrollment: t.enrollment, touch: t.id, due: t.due, lane: t.lane, rule: r.Reason, until: s.refusedUntil(now, r)})
	}
	for _, g := range granted {
		if s.Full() {
			s.pacer.Release(g.ID, now.Real)
			continue
		}
		t := take(g.Head)
		s.spent = false
		crash.Point(crash.TimerFireBeforeIntent)
		s.act(now, &Due{Lane: t.lane, Due: t.due, Touch: t.id, Enrollment: t.enrollment, Grant: &Grant{From: g.From, Expires: now.Wall + askFor, Day: g.Day}})
		if s.spent {
			s.pacer.Opened(g.ID, now.Real)
		} else {
			s.pacer.Release(g.ID, now.Real)
		}
	}
	for l, gone := range taken {
		l.remove(gone)
	}
}

// refusedUntil is when a touch without a caller ID is tried again.
func (s *Shard) refusedUntil(now Now, r pacing.Refusal) int64 {
	if r.Until.IsZero() {
		return now.Wall + ms(noCallerIDFor)
	}
	return ceilMs(r.Until)
}

// noCallerIDFor is how long a touch waits whose pool is empty: somebody has to
// add a number.
const noCallerIDFor = 5 * time.Minute

type headAt struct {
	lane *lane
	at   int
}

// heads gathers the oldest ready touches of every lane, at most free of each,
// with what each needs.
// Stale ones are dropped on the way.
func (s *Shard) heads(now Now, free int) ([]pacing.Head, []headAt) {
	var heads []pacing.Head
	var from []headAt
	room := s.pacer.Room(now.Real)
	if room <= 0 {
		return nil, nil
	}
	room = min(room, free)
	highest := s.highest()
	for _, n := range s.timers.order {
		l := s.timers.lanes[n]
		if n == 0 || len(l.ready) == 0 || !s.dialable(l) {
			continue
		}
		priority := s.priority(l, highest)
		for i := range min(room, len(l.ready)) {
			h := s.headOf(now.Wall, l, l.ready[i])
			h.Priority = priority
			heads = append(heads, h)
			from = append(from, headAt{l, i})
		}
	}
	return heads, from
}

func (s *Shard) headOf(now int64, l *lane, t timer) pacing.Head {
	h := pacing.Head{Class: classOf(l.row.Class), Due: atMs(t.due), ID: t.id}
	e := s.view.Enrollment(t.enrollment)
	if e == nil {
		s.rehearsalHead(now, &h, t)
		return h
	}
	if e.LeftAt != 0 || e.Touch.ID != t.id || e.Touch.State != state.Waiting {
		return h // stale: deciding it drops it
	}
	p := s.core.plan(s.view, e.Cadence, e.Version)
	need := p.Need(e.Step)
	h.Campaign, h.Try = e.Campaign, e.Touch.Try
	h.Need = pacing.Need{Strategy: need.Strategy, Pool: need.Pool, Number: need.Number, Lead: e.Lead}
	if e.Touch.NumberIdx < len(e.ZoneSets) {
		h.Need.Demands = s.core.placing(s.view, p, e.Step, e.ZoneSets[e.Touch.NumberIdx]).demandsAt(now)
	}
	if need.Strategy == cadence.StrategyLocal {
		h.Need.To, h.Need.Region = s.whereabouts(e)
	}
	return h
}

// whereabouts is who a touch will call, and where the person is: by the lead's
// own word, else by the number. It reads the lead, because an enrollment names
// numbers by their tokens.
func (s *Shard) whereabouts(e *state.Enrollment) (to cadence.Number, region string) {
	l := s.view.Lead(e.Lead)
	if l == nil || e.Touch.NumberIdx >= len(e.Numbers) {
		return "", ""
	}
	for _, n := range l.Lead.Numbers {
		if s.core.Token(n.Number) == e.Numbers[e.Touch.NumberIdx] {
			to = n.Number
		}
	}
	country, code, ok := window.State(e.Country, e.State)
	if !ok {
		return to, areaState(to)
	}
	return to, country + "-" + code
}

// areaState is the state of a number's area code, as in US-CO; "" where it has
// none.
func areaState(n cadence.Number) string {
	country, code := window.AreaState(string(n))
	if code == "" {
		return ""
	}
	return country + "-" + code
}

// rehearsalHead says what a rehearsal needs that waits for its turn.
func (s *Shard) rehearsalHead(now int64, h *pacing.Head, t timer) {
	r := s.view.Rehearsal(t.enrollment)
	if r == nil || r.State != state.RehearsalWaiting {
		return // stale: deciding it drops it
	}
	p := s.core.plan(s.view, r.Document, state.DocumentVersion)
	need := p.Need(r.Step)
	h.Campaign = p.Doc.CampaignName()
	h.Need = pacing.Need{Strategy: need.Strategy, Pool: need.Pool, Number: need.Number, Lead: t.enrollment}
	n := s.view.Number(r.Token)
	if n == nil {
		return
	}
	h.Need.Demands = s.core.placing(s.view, p, r.Step, zoneText(someone(n.Number), n.Number)).demandsAt(now)
	if need.Strategy == cadence.StrategyLocal {
		h.Need.To, h.Need.Region = n.Number, areaState(n.Number)
	}
}

func classOf(c event.Class) pacing.Class {
	switch c {
	case event.Callback:
		return pacing.Callback
	case event.Fresh:
		return pacing.Fresh
	case event.Retry:
	}
	return pacing.Retry
}

// remove takes decided touches out of the ready ones.
func (l *lane) remove(gone map[int]bool) {
	kept := l.ready[:0]
	for i := range l.ready {
		if !gone[i] {
			kept = append(kept, l.ready[i])
		}
	}
	l.ready = kept
}

// refuse says that no caller ID can be had for a touch now.
type refuse struct {
	enrollment cadence.ID
	touch      cadence.ID
	lane       uint32
	due        int64
	rule       string
	until      int64
}

func (*refuse) message() {}

// refused moves a touch without a caller ID on, so that it is explained and
// does not hold up the others of its lane.
func (c *Core) refused(now int64, v *state.View, m *refuse) Outcome {
	e := v.Enrollment(m.enrollment)
	if r := v.Rehearsal(m.enrollment); e == nil && r != nil && r.State == state.RehearsalWaiting {
		return notRehearsed(m.enrollment, m.rule, "", m.until, now)
	}
	if e == nil || e.LeftAt != 0 || e.Touch.ID != m.touch || e.Touch.State != state.Waiting || e.Touch.Due != m.due {
		return stale(&Due{Lane: m.lane, Due: m.due, Touch: m.touch})
	}
	var out Outcome
	c.rearm(now, v, &out, m.enrollment, e, m.until, m.rule, "deferred")
	return out
}
