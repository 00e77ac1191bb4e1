package dialer

import (
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// MaxListPriority bounds the priority of a list on both sides of 0, which
	// is that of every list until somebody sets another.
	MaxListPriority = 9
	// MaxListRelease bounds how many new leads a day a list may be limited to.
	MaxListRelease = 1_000_000_000
)

// reasonListPaused is why a call was taken back.
const reasonListPaused = "list_paused"

// SetList changes how the leads of a list are called. What is nil stays. The
// reply is whether anything changed.
type SetList struct {
	List     cadence.ID
	Paused   *bool
	Priority *int
	Release  *int64 // new leads a day; 0 lifts the limit
}

func (*SetList) message() {}

// setList changes a list's settings. A pause takes back, in its own turn, the
// calls of the list that are queued or ringing.
func (c *Core) setList(now int64, v *state.View, m *SetList) Outcome {
	row := v.List(m.List)
	if row == nil {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such list")}
	}
	f := &event.ListSet{ID: m.List, Paused: row.Paused, Priority: row.Priority, Release: row.Release, At: now}
	if m.Paused != nil {
		f.Paused = *m.Paused
	}
	if m.Priority != nil {
		f.Priority = *m.Priority
	}
	if m.Release != nil {
		f.Release = *m.Release
	}
	switch {
	case f.Priority < -MaxListPriority || f.Priority > MaxListPriority:
		return Outcome{Err: refusal(CodeInvalid, "priority", fmt.Sprintf("priority must be %d to %d", -MaxListPriority, MaxListPriority))}
	case f.Release < 0 || f.Release > MaxListRelease:
		return Outcome{Err: refusal(CodeInvalid, "release_per_day", fmt.Sprintf("release_per_day must be 1 to %d, or null for no limit", MaxListRelease))}
	case f.Paused == row.Paused && f.Priority == row.Priority && f.Release == row.Release:
		return Outcome{Reply: false}
	}
	out := c.decreed(v, f)
	out.Reply = true
	return out
}

// mayCall reports whether touches of a list and class may be called on a day of
// the house. A touch of the class Fresh is a stay's first.
func (c *Core) mayCall(v *state.View, list cadence.ID, class event.Class, day int64) bool {
	if list.IsZero() {
		return true
	}
	row := v.List(list)
	if row == nil {
		return true
	}
	return !row.Paused && (class != event.Fresh || row.Release == 0 || row.ReleasedOn(day) < c.rules.Homes.share(row.Release, day))
}

// share is the part of a day's limit that is this shard's. The parts add up to
// the limit, and those of a rest go round, so that every lead's day comes.
func (h Homes) share(limit, day int64) int64 {
	if !h.several() {
		return limit
	}
	n := int64(h.Shards)
	return (limit + (int64(h.Self)+day)%n) / n
}

// released counts a new lead of a list whose call is asked for, or, with -1,
// that it was not called after all.
func (c *Core) released(out *Outcome, e *state.Enrollment, at, n int64) {
	if e.Touch.Class != event.Fresh || e.List.IsZero() {
		return
	}
	day, _ := dayOf(c.rules.DayZone, at)
	out.fact(&event.ListReleased{List: e.List, Day: day, N: n})
}

// tally follows the facts of a decision up in the figures of the leads' lists.
// v is as it was before them.
func (c *Core) tally(v *state.View, out *Outcome) {
	for _, f := range slices.Clip(out.Facts) {
		switch f := f.(type) {
		case *event.TouchDone:
			as := event.Tally(0)
			if f.Counts {
				as = event.TallyAttempted
			}
			if f.Contact {
				as |= c.contacted(f.Code)
			}
			c.tallyStay(v, out, f.Enrollment, as)
		case *event.EnrollmentLeft:
			c.tallyEnd(v, out, f)
		case *event.Enrolled:
			c.tallyBack(v, out, f)
		}
	}
}

// contacted is what a contact counts as by its disposition.
func (c *Core) contacted(code cadence.DispositionCode) event.Tally {
	as := event.TallyAttempted | event.TallyContacted
	if d, ok := c.rules.Dispositions.Resolve(code); ok && d.Conversion {
		as |= event.TallyConverted
	}
	return as
}

// tallyStay counts the lead of a stay as what it was not yet counted as, in
// this stay or in another one.
func (c *Core) tallyStay(v *state.View, out *Outcome, id cadence.ID, as event.Tally) {
	e := v.Enrollment(id)
	if e == nil || e.List.IsZero() || as&^e.Tallied == 0 {
		return
	}
	as &^= e.Tallied
	if !e.Alone { // else the lead need not be read, which is a part of what a dial costs
		as &^= talliedBeside(v, e.Lead, id)
	}
	if as != 0 {
		out.fact(&event.LeadTallied{List: e.List, Enrollment: id, As: as})
	}
}

// talliedBeside is what a lead was counted as in its stays other than one;
// everything when there is no such lead any more.
func talliedBeside(v *state.View, lead, id cadence.ID) (as event.Tally) {
	l := v.Lead(lead)
	if l == nil {
		return ^event.Tally(0)
	}
	for i := range l.Stays {
		if other := l.Stays[i].Enrollment; other != id {
			if o := v.Enrollment(other); o != nil {
				as |= o.Tallied
			}
		}
	}
	return as
}

// tallyEnd counts how a lead's last open stay ended.
func (c *Core) tallyEnd(v *state.View, out *Outcome, f *event.EnrollmentLeft) {
	e := v.Enrollment(f.Enrollment)
	as := state.EndsAs(f.Status)
	if e == nil || e.List.IsZero() || as == 0 {
		return
	}
	l := v.Lead(e.Lead)
	if l == nil {
		return
	}
	for i := range l.Stays {
		if l.Stays[i].LeftAt == 0 && l.Stays[i].Enrollment != f.Enrollment {
			return
		}
	}
	t := &event.LeadTallied{List: e.List, Enrollment: f.Enrollment, As: as}
	if as == event.TallyBlocked {
		t.Rule = state.BlockedBy(f.Reason)
	}
	out.fact(t)
}

// tallyBack counts a lead that enters again no longer as one whose stays are
// over.
func (c *Core) tallyBack(v *state.View, out *Outcome, f *event.Enrolled) {
	l := v.Lead(f.Lead)
	if l == nil || f.List.IsZero() {
		return
	}
	for i := range l.Stays {
		id := l.Stays[i].Enrollment
		e := v.Enrollment(id)
		if e == nil || e.Tallied&(event.TallyExhausted|event.TallyBlocked) == 0 {
			continue
		}
		t := &event.LeadTallied{List: e.List, Enrollment: id, As: e.Tallied & (event.TallyExhausted | event.TallyBlocked), Gone: true}
		if t.As == event.TallyBlocked {
			t.Rule = state.BlockedBy(e.Reason)
		}
		out.fact(t)
	}
}

// today is the day of the house that an instant lies in. It is asked at every
// wake, so the last answer is kept for as long as it holds.
func (s *Shard) today(wall int64) int64 {
	if wall < s.day.since || wall >= s.day.ends {
		n, ends := dayOf(s.core.rules.DayZone, wall)
		s.day = houseDay{n: n, since: wall, ends: ends}
	}
	return s.day.n
}

// houseDay is a day of the house, known to hold in [since, ends), Unix ms.
type houseDay struct{ n, since, ends int64 }

// orRelease is a wake, or the end of the day before it on which a list has let
// its new leads go and has more of them.
func (s *Shard) orRelease(now Now, at int64, ok bool) (int64, bool) {
	day := s.today(now.Wall)
	if ok && at <= s.day.ends {
		return at, ok
	}
	for _, n := range s.timers.order {
		l := s.timers.lanes[n]
		if n == 0 || l.row.Class != event.Fresh || l.row.List.IsZero() || l.next == noDue && len(l.ready) == 0 && l.inWheel == 0 {
			continue
		}
		row := s.view.List(l.row.List)
		if row != nil && !row.Paused && row.Release > 0 && !s.core.mayCall(s.view, l.row.List, event.Fresh, day) {
			return s.day.ends, true
		}
	}
	return at, ok
}

// leaveLists lets go of the near part of lanes that a list's settings, or the
// end of its day's leads, keep from being called.
func (s *Shard) leaveLists(changed []cadence.ID) {
	for _, id := range changed {
		for _, n := range s.timers.order {
			if l := s.timers.lanes[n]; n != 0 && l.row.List == id && !s.dialable(l) {
				s.timers.drop(l)
			}
		}
	}
}

// priority is a lane's among those of its campaign: its list's. A callback was
// promised to somebody, and has the highest there is.
func (s *Shard) priority(l *lane, highest int) int {
	if l.row.Class == event.Callback {
		return highest
	}
	return s.priorityOf(l.row.List)
}

func (s *Shard) priorityOf(list cadence.ID) int {
	if list.IsZero() {
		return 0
	}
	if row := s.view.List(list); row != nil {
		return row.Priority
	}
	return 0
}

// highest is the highest priority of any list that has a lane, 0 at least.
func (s *Shard) highest() int {
	most := 0
	for _, l := range s.timers.lanes {
		most = max(most, s.priorityOf(l.row.List))
	}
	return most
}

// listFacts are what the permit judges a list by, as far as the number's home
// knows it.
func listFacts(f *permit.Facts, l *state.List) {
	f.ListPaused = l != nil && l.Paused
}

// listUntil says from when on a new lead of a list may be called, when it may
// not today: 0 for at once. It is for those who ask; a turn never reads such a
// lead.
func (r *Rules) listUntil(l *state.List, class event.Class, now int64) int64 {
	if l == nil || class != event.Fresh || l.Release == 0 {
		return 0
	}
	day, ends := dayOf(r.DayZone, now)
	if l.ReleasedOn(day) < l.Release {
		return 0
	}
	return ends
}
