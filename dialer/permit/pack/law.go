package pack

import (
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Query is what rules are chosen by. Purpose and Voice are never empty; an
// empty Line is not known, and then rules about any line apply.
type Query struct {
	Countries []string // of the number and of the address
	States    []string // of the area code and of the address
	Purpose   string
	Voice     string
	Line      string
	Evidence  []string // what waives rules and satisfies consent
	Given     []string // of that, what was given to the seller of the call
	// Declared is what the cadence's author says of everybody. It is evidence
	// for rules that let a declaration suffice.
	Declared []string
	// Hopeful asks for the hours of a call whose person is not looked at yet:
	// consent is taken to be there, and waives nothing.
	Hopeful bool
}

// String names the place and the purpose.
func (q Query) String() string {
	parts := append(slices.Clone(q.Countries), q.States...)
	return strings.Join(append(parts, q.Purpose, q.Voice), " ")
}

// Law is what the rules demand of one kind of call, ready to be judged by. It
// is immutable.
type Law struct {
	Set     Digest
	Known   bool           // some rule is about one of the countries
	Windows []*window.Rule // hours, holidays, emergencies; consents that are missing close their days
	Caps    []Limit
	Waits   []Limit
	Missing []Limit // consents that are not there
	Met     []Limit // consents that are there, By what
	Waived  []Limit // rules that do not hold, By what
	// Exempt are the imported lists that do not forbid the call, because their
	// rule is waived by a consent or a relationship.
	Exempt   []string
	Scrubs   []Limit // imported lists with the age they may have
	Abandons []Limit // shares of abandoned calls that a campaign may not exceed
	Rings    []Limit
	Daily    []Limit       // calls that a cadence may make in a day of the house
	Callers  []Limit       // what the caller ID has to be
	Duties   []*Rule       // told, not judged
	Reach    time.Duration // how far back calls are counted
	// PersonReach is the same for what is counted per person, at all of the
	// person's numbers; 0 when nothing is.
	PersonReach time.Duration
}

// Limit is a rule that is no window. It is in force on the local days Since to
// Until, where 0 is no bound.
type Limit struct {
	ID           string
	Max          int           // of a cap: calls within Span or the calendar period
	Span         time.Duration // of a cap that rolls; of a wait; the least ring; the most that a list is old
	List         string        // of a list that is scrubbed against
	Share        float64       // of abandoned calls: percent of the live answers
	Within       time.Duration // … the time in which an answered call is put through, 0 for any
	Month        bool          // of a cap without Span: counted per month, else per day
	After        string        // of a wait
	Need         string        // of a consent
	By           string        // of what is met or waived: by which evidence
	Declared     bool          // … which is a declaration
	Kind         Kind          // of what is waived
	Person       bool          // of a cap, a wait: holds for all the person's numbers together
	Subject      bool          // … and for calls about one subject
	ToSeller     bool          // of evidence: only what was given to the seller counts
	Voluntary    bool          // of a list: judged from its first import on
	Prefixes     []string      // of a caller ID: E.164 numbers begin with one of these
	CallBack     bool          // of a caller ID: it takes calls
	Since, Until window.Day
}

// What a wait counts from.
const (
	afterAttempt      = "attempt"
	afterConversation = "conversation"
	afterRefusal      = "refusal"
)

// Awaits reports whether the rule of an id speaks of the house and not of the
// lead, which waits until the house has done its part: a list that has to be
// imported anew.
func (l *Law) Awaits(id string) bool {
	return slices.ContainsFunc(l.Scrubs, func(s Limit) bool { return s.ID == id })
}

// Scrub is the limit of a rule about a list; it panics for any other id.
func (l *Law) Scrub(id string) *Limit {
	i := slices.IndexFunc(l.Scrubs, func(s Limit) bool { return s.ID == id })
	return &l.Scrubs[i]
}

// Conversation reports whether a wait counts from talking to a person.
func (l *Limit) Conversation() bool { return l.After == afterConversation }

// Refusal reports whether a wait counts from a person's no to an offer.
func (l *Limit) Refusal() bool { return l.After == afterRefusal }

// Always reports whether the limit is in force on all days.
func (l *Limit) Always() bool { return l.Since == 0 && l.Until == 0 }

// InForce reports whether the limit is in force on a local day.
func (l *Limit) InForce(day window.Day) bool {
	return (l.Since == 0 || day >= l.Since) && (l.Until == 0 || day <= l.Until)
}

// about reports whether a rule that applies so is about the call.
func (a Applies) about(q *Query) bool {
	one := func(list []string, have string) bool { return len(list) == 0 || slices.Contains(list, have) }
	return a.at(q) && one(a.Purpose, q.Purpose) && one(a.Voice, q.Voice) && (q.Line == "" || one(a.Line, q.Line))
}

// at reports whether a rule that applies so is about the place of the call.
func (a Applies) at(q *Query) bool {
	meets := func(list, have []string) bool {
		return len(list) == 0 || slices.ContainsFunc(have, func(h string) bool { return slices.Contains(list, h) })
	}
	return meets(a.Country, q.Countries) && meets(a.State, q.States)
}

// Law chooses and compiles the rules about a call, in the order of files and
// lines.
func (s *Set) Law(q Query) *Law {
	l := &Law{Set: s.digest, Known: slices.ContainsFunc(q.Countries, func(c string) bool { return s.countries[c] })}
	for _, p := range s.placed() {
		r, applies := p.rule, p.file.Applies.over(p.rule.Applies)
		if !applies.at(&q) {
			continue
		}
		l.reach(r) // a number is called for several purposes
		switch {
		case !applies.about(&q):
		case !l.waive(r, &q):
			l.add(s, r, &q)
		case r.Kind == Scrub:
			l.Exempt = append(l.Exempt, r.Params.List)
		}
	}
	return l
}

// waive reports whether evidence takes a rule away, and notes which.
func (l *Law) waive(r *Rule, q *Query) bool {
	by, declared := r.by(q, func(name string) bool { return slices.Contains(r.WaivedBy, name) })
	if by != "" {
		l.Waived = append(l.Waived, Limit{ID: r.ID, Kind: r.Kind, By: by, Declared: declared, ToSeller: r.ToSeller, Since: r.since, Until: r.until})
	}
	return by != ""
}

// by is the evidence that suits a rule, a record before a declaration; "" for
// none.
func (r *Rule) by(q *Query, suits func(name string) bool) (name string, declared bool) {
	have := q.Evidence
	if r.ToSeller {
		have = q.Given
	}
	if i := slices.IndexFunc(have, suits); i >= 0 {
		return have[i], false
	}
	if r.Declared {
		if i := slices.IndexFunc(q.Declared, suits); i >= 0 {
			return q.Declared[i], true
		}
	}
	return "", false
}

// reach keeps calls as long as a rule about the place may count them.
func (l *Law) reach(r *Rule) {
	switch r.Kind {
	case Cap:
		if r.perCadence() {
			return // a counter of its own, see Daily
		}
		rolling, _ := must(r.Params.Per)
		if rolling == 0 {
			rolling = 31 * 24 * time.Hour
		}
		l.reachBack(r, rolling)
	case Wait:
		wait, _ := must(r.Params.For)
		l.reachBack(r, wait)
	case Window, Holiday, Emergency, Consent, Ring, TZ, DNC, Scrub, Abandon, CallerID, Recording, Retention:
	}
}

func (l *Law) reachBack(r *Rule, d time.Duration) {
	if l.Reach = max(l.Reach, d); r.perPerson() {
		l.PersonReach = max(l.PersonReach, d)
	}
}

// perPerson reports whether a cap or silence holds for a person, whatever the
// number; perSubject whether it holds for calls about one thing.
// A lead is a person.
func (r *Rule) perPerson() bool {
	return slices.ContainsFunc(r.Params.Key, func(k string) bool { return k == "person" || k == "lead" })
}

// keyCadence is the key of caps on all calls of a cadence.
const keyCadence = "cadence"

func (r *Rule) perCadence() bool { return slices.Contains(r.Params.Key, keyCadence) }

func (r *Rule) perSubject() bool {
	return slices.ContainsFunc(r.Params.Key, func(k string) bool { return k == "subject" || k == "debt" || k == "campaign" })
}

func (l *Law) add(s *Set, r *Rule, q *Query) {
	limit := Limit{ID: r.ID, Since: r.since, Until: r.until, Person: r.perPerson(), Subject: r.perSubject(), ToSeller: r.ToSeller}
	switch p := &r.Params; r.Kind {
	case Window, Holiday, Emergency:
		l.Windows = append(l.Windows, s.window(r))
	case Cap:
		if limit.Max = p.Max; r.perCadence() {
			l.Daily = append(l.Daily, limit)
			break
		}
		limit.Span, limit.Month = must(p.Per)
		l.Caps = append(l.Caps, limit)
	case Wait:
		limit.Span, _ = must(p.For)
		if limit.After = p.After; p.After == afterAttempt {
			limit.Max = 1
			l.Caps = append(l.Caps, limit)
			break
		}
		l.Waits = append(l.Waits, limit)
	case Consent:
		limit.Need = p.Need
		limit.By, limit.Declared = r.by(q, func(name string) bool { return Satisfies(name, p.Need) })
		switch {
		case limit.By != "":
			l.Met = append(l.Met, limit)
		case !q.Hopeful:
			l.Missing = append(l.Missing, limit)
			l.Windows = append(l.Windows, &window.Rule{ID: r.ID, Since: r.since, Until: r.until})
		}
	case Ring:
		limit.Span, _ = must(p.MinRing)
		l.Rings = append(l.Rings, limit)
	case Scrub:
		limit.List, limit.Voluntary = p.List, p.Voluntary
		limit.Span, _ = must(p.MaxAge)
		l.Scrubs = append(l.Scrubs, limit)
	case Abandon:
		limit.Share, limit.Within = p.MaxPercent, r.ConnectWithin()
		l.Abandons = append(l.Abandons, limit)
	case CallerID:
		limit.Prefixes, limit.CallBack = s.prefixes(r), p.CallableBack
		l.Callers = append(l.Callers, limit)
	case DNC, Recording, Retention:
		l.Duties = append(l.Duties, r)
	case TZ: // widens the candidates before anything is judged
	}
}

// Satisfies reports whether evidence is, or stands for, what a rule needs:
// written consent is express consent too.
func Satisfies(have, need string) bool {
	return have == need || need == consentExpress && have == consentWritten
}

// window compiles a rule about local time.
func (s *Set) window(r *Rule) *window.Rule {
	w := &window.Rule{ID: r.ID, Since: r.since, Until: r.until}
	var err error
	switch p := &r.Params; r.Kind {
	case Window:
		if w.Week, err = weekOf(p.Days); err == nil && p.Zone != "" {
			w.Zone, err = window.LoadZone(p.Zone)
		}
	case Holiday:
		w.Week = window.Full()
		if w.Holidays = dates(p.Dates); p.Calendar != "" {
			w.Holidays = s.calendars[p.Calendar].has
		}
		w.OnHolidays, err = openOf(p.Open)
	default: // an emergency allows nothing while it lasts
	}
	if err != nil {
		panic("BUG: pack: a checked rule: " + err.Error())
	}
	return w
}

func dates(texts []string) window.Holidays {
	days := make([]window.Date, 0, len(texts))
	for _, text := range texts {
		if t, err := time.Parse(time.DateOnly, text); err == nil {
			days = append(days, window.DateOf(t))
		}
	}
	return window.Dates(days...)
}

// Period is what an abandon rule counts over: a span, or day or month.
func (r *Rule) Period() (span time.Duration, calendar string) {
	span, calendar, err := periodOf(r.Params.Per)
	if err != nil {
		panic("BUG: pack: a checked period: " + err.Error())
	}
	return span, calendar
}

// ConnectWithin is the time in which an abandon rule wants an answered call put
// through, 0 for any.
func (r *Rule) ConnectWithin() time.Duration {
	if r.Params.ConnectWithin == "" {
		return 0
	}
	within, _ := must(r.Params.ConnectWithin)
	return within
}

// MaxAge is how old the list of a scrub rule may be.
func (r *Rule) MaxAge() time.Duration {
	age, _ := must(r.Params.MaxAge)
	return age
}

// must reads a period that was checked; none stands for a calendar period.
func must(text string) (rolling time.Duration, month bool) {
	rolling, calendar, err := periodOf(text)
	if err != nil {
		if rolling, err = durationOf(text); err != nil {
			panic("BUG: pack: a checked period: " + err.Error())
		}
	}
	return rolling, calendar == perMonth
}
