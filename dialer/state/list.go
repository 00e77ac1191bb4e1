package state

import (
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// List is a set of leads that came in together, how they are called, and what
// became of them. Figures count leads, and with several shards those of this one.
type List struct {
	Name     string `cbor:"1,keyasint"`
	Source   string `cbor:"2,keyasint,omitempty"`
	LeadType string `cbor:"3,keyasint,omitempty"`
	At       int64  `cbor:"4,keyasint"`
	Leads    int64  `cbor:"5,keyasint,omitempty"`

	Paused   bool  `cbor:"6,keyasint,omitempty"`
	Priority int   `cbor:"7,keyasint,omitempty"`
	Release  int64 `cbor:"8,keyasint,omitempty"` // new leads a day; 0 is no limit
	// Days are the last of the house on which new leads were let go, oldest
	// count first. There are several because a clock may be set back over a
	// midnight.
	Days []DayCount `cbor:"9,keyasint,omitempty"`

	Attempted int64       `cbor:"11,keyasint,omitempty"`
	Contacted int64       `cbor:"12,keyasint,omitempty"`
	Converted int64       `cbor:"13,keyasint,omitempty"`
	Exhausted int64       `cbor:"14,keyasint,omitempty"`
	Blocked   []RuleCount `cbor:"15,keyasint,omitempty"` // in the order in which the rules first blocked
}

// RuleCount is how many leads a rule holds back for good.
type RuleCount struct {
	Rule string `cbor:"1,keyasint"`
	N    int64  `cbor:"2,keyasint"`
}

// DayCount is how many new leads were let go on a day of the house.
type DayCount struct {
	Day int64 `cbor:"1,keyasint"`
	N   int64 `cbor:"2,keyasint"`
}

// maxDays is how many days a list counts its new leads of.
const maxDays = 3

// ReleasedOn is how many new leads were let go on a day of the house.
func (l *List) ReleasedOn(day int64) int64 {
	for _, d := range l.Days {
		if d.Day == day {
			return d.N
		}
	}
	return 0
}

// release counts n more new leads of a day.
func (l *List) release(day, n int64) {
	days := slices.Clone(l.Days)
	i := slices.IndexFunc(days, func(d DayCount) bool { return d.Day == day })
	if i < 0 {
		i, days = len(days), append(days, DayCount{Day: day})
	}
	days[i].N = max(0, days[i].N+n)
	if len(days) > maxDays {
		days = days[1:]
	}
	l.Days = days
}

// EachList calls fn for every list, in the order of ids.
func (v *View) EachList(fn func(cadence.ID, *List)) {
	v.lists.each(tabList, idOf, func(k []byte, r *List) { fn(idOf(k), r) })
}

func (v *View) foldList(f event.Fact) {
	switch f := f.(type) {
	case *event.ListSet:
		l := v.lists.edit(f.ID)
		l.Paused, l.Priority, l.Release = f.Paused, f.Priority, f.Release
		v.lists.put(f.ID, l)
		v.changes.Lists = append(v.changes.Lists, f.ID)
		v.raisePolicy(f)
	case *event.ListReleased:
		l := v.lists.edit(f.List)
		l.release(f.Day, f.N)
		v.lists.put(f.List, l)
		if l.Release > 0 && !slices.Contains(v.changes.Lists, f.List) {
			v.changes.Lists = append(v.changes.Lists, f.List)
		}
	case *event.LeadTallied:
		e := v.enrollments.edit(f.Enrollment)
		n := int64(1)
		if f.Gone {
			n, e.Tallied = -1, e.Tallied&^f.As
		} else {
			e.Tallied |= f.As
		}
		v.enrollments.put(f.Enrollment, e)
		l := v.lists.edit(f.List)
		l.count(f.As, n, f.Rule)
		v.lists.put(f.List, l)
	}
}

func (l *List) count(as event.Tally, n int64, rule string) {
	add := func(bit event.Tally, figure *int64) {
		if as&bit != 0 {
			*figure += n
		}
	}
	add(event.TallyAttempted, &l.Attempted)
	add(event.TallyContacted, &l.Contacted)
	add(event.TallyConverted, &l.Converted)
	add(event.TallyExhausted, &l.Exhausted)
	if as&event.TallyBlocked == 0 {
		return
	}
	l.Blocked = slices.Clone(l.Blocked)
	i := slices.IndexFunc(l.Blocked, func(b RuleCount) bool { return b.Rule == rule })
	if i < 0 {
		i, l.Blocked = len(l.Blocked), append(l.Blocked, RuleCount{Rule: rule})
	}
	l.Blocked[i].N += n
	l.Blocked = slices.DeleteFunc(l.Blocked, func(b RuleCount) bool { return b.N == 0 })
}

// EndsAs is what a lead whose last stay ended with a status counts as; 0 for
// nothing.
func EndsAs(status string) event.Tally {
	switch status {
	case "completed", "unreachable":
		return event.TallyExhausted
	case "blocked":
		return event.TallyBlocked
	}
	return 0
}

// RuleCondition stands for everything that blocks a lead and is no rule.
const RuleCondition = "condition"

// BlockedBy is the rule that a stay's end names. Texts that are no rule's name
// count as one.
func BlockedBy(reason string) string {
	if reason == "" || strings.ContainsAny(reason, " :") {
		return RuleCondition
	}
	return reason
}

// uncount takes what a stay was counted for out of its list's figures.
func (v *View) uncount(list cadence.ID, id cadence.ID) {
	e := v.enrollments.get(id)
	if e == nil || e.Tallied == 0 || list.IsZero() {
		return
	}
	l := v.lists.edit(list)
	l.count(e.Tallied, -1, BlockedBy(e.Reason))
	v.lists.put(list, l)
	e.Tallied = 0
	v.enrollments.put(id, e)
}
