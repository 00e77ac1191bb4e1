package projection

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MaxContactAttempt is the last point of the attempts-to-contact curve: later
// attempts are counted with it.
const MaxContactAttempt = 30

// Question is which calls a report is about: those that are over and whose
// intent fell in [From, To), Unix ms.
type Question struct {
	From, To int64
	Cadence  cadence.ID // zero: of every cadence
}

// Report says what became of the calls of a period. Every figure is counted
// from the same calls.
type Report struct {
	Counts       state.Counts
	Leads        int64 // stays that were called
	ByCadence    []CadenceCalls
	Steps        []StepCalls // of each cadence by run and position
	Dispositions []CodeCalls // most calls first
	Hours        [7 * 24]HourCalls
	NoHour       HourCalls // calls whose lead's zone is unknown
	ToContact    ToContact
	CallerIDs    []CallerCalls // by number
	// Since is the instant before which calls are no longer kept, 0 for none;
	// Reached how far back they have been read, 0 when all have.
	Since, Reached int64
}

// CadenceCalls are the calls of one cadence.
type CadenceCalls struct {
	Cadence cadence.ID
	Leads   int64
	Counts  state.Counts
}

// StepCalls are the calls of one step in one run.
type StepCalls struct {
	Cadence  cadence.ID
	Step     string
	Position int // from 0, in the newest version that made such a call
	Run      int
	Leads    int64
	Counts   state.Counts
}

// CodeCalls are the calls with one standing disposition.
type CodeCalls struct {
	Code  cadence.DispositionCode
	Calls int64
}

// HourCalls are the calls of one hour of the week.
type HourCalls struct{ Attempts, Contacts int64 }

// CallerCalls are the calls from one of our numbers.
type CallerCalls struct {
	Number cadence.Number
	Counts state.Counts
}

// ToContact is the attempts-to-contact curve of the leads that were called for
// the first time in the period, by their calls until its end.
type ToContact struct {
	Leads  int64
	Points []ContactPoint // the first attempt first, without gaps
}

// ContactPoint is the Attempt-th accepted call of a stay: how many leads had it
// without a contact before, and how many had their first contact in it.
type ContactPoint struct {
	Attempt           int
	Reached, Contacts int64
}

// Report counts.
func (c *History) Report(q Question) *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := reporter{
		c: c, out: &Report{Since: c.since}, stays: map[cadence.ID]*lead{}, cadences: map[uint32]*CadenceCalls{},
		steps: map[stepRun]*stepSum{}, codes: map[uint32]int64{}, from: map[uint32]*state.Counts{},
	}
	if !c.whole && c.since == 0 {
		b.out.Reached = max(c.reached, 1)
	}
	only, some := c.cadences.of[q.Cadence]
	if q.Cadence.IsZero() || some {
		c.between(q.From, q.To, func(one *call) {
			if q.Cadence.IsZero() || one.cadence == only {
				b.add(one)
			}
		})
	}
	c.between(0, q.From, func(one *call) {
		if l := b.stays[one.stay]; l != nil {
			l.earlier = true
		}
	})
	return b.finish()
}

type stepRun struct {
	cadence, step uint32
	run           uint16
}

type stepSum struct {
	StepCalls
	leads map[cadence.ID]struct{}
}

// lead is what became of a stay in the period.
type lead struct {
	cadence  uint32
	attempts int
	reached  int // attempts up to and including the first contact
	contact  bool
	earlier  bool // it was called before the period
}

// reporter gathers one report.
type reporter struct {
	c        *History
	out      *Report
	stays    map[cadence.ID]*lead
	cadences map[uint32]*CadenceCalls
	steps    map[stepRun]*stepSum
	codes    map[uint32]int64
	from     map[uint32]*state.Counts
}

func (b *reporter) add(one *call) {
	n := one.counts()
	b.out.Counts.Add(n, 1)
	b.ofCadence(one).Add(n, 1)
	b.ofStep(one, n)
	b.codes[one.code]++
	if b.from[one.from] == nil {
		b.from[one.from] = &state.Counts{}
	}
	b.from[one.from].Add(n, 1)
	cell := &b.out.NoHour
	if one.week != noHour {
		cell = &b.out.Hours[one.week]
	}
	cell.Attempts += n.Attempts
	cell.Contacts += n.Contacts
	b.ofLead(one)
}

func (b *reporter) ofCadence(one *call) *state.Counts {
	s := b.cadences[one.cadence]
	if s == nil {
		s = &CadenceCalls{Cadence: b.c.cadences.all[one.cadence]}
		b.cadences[one.cadence] = s
	}
	return &s.Counts
}

func (b *reporter) ofStep(one *call, n state.Counts) {
	k := stepRun{one.cadence, one.step, one.run}
	s := b.steps[k]
	if s == nil {
		s = &stepSum{leads: map[cadence.ID]struct{}{}}
		s.Cadence, s.Step, s.Run = b.c.cadences.all[one.cadence], b.c.steps.all[one.step], int(one.run)
		b.steps[k] = s
	}
	s.Position = int(one.position) // the newest comes last
	s.leads[one.stay] = struct{}{}
	s.Counts.Add(n, 1)
}

func (b *reporter) ofLead(one *call) {
	l := b.stays[one.stay]
	if l == nil {
		l = &lead{cadence: one.cadence}
		b.stays[one.stay] = l
	}
	if !one.is(accepted) {
		return
	}
	l.attempts++
	if !l.contact {
		l.reached = l.attempts
		l.contact = one.is(contact)
	}
}

func (b *reporter) finish() *Report {
	o := b.out
	o.Leads = int64(len(b.stays))
	for _, l := range b.stays {
		b.cadences[l.cadence].Leads++
	}
	for _, s := range b.cadences {
		o.ByCadence = append(o.ByCadence, *s)
	}
	slices.SortFunc(o.ByCadence, func(x, y CadenceCalls) int {
		return cmp.Or(cmp.Compare(y.Counts.Attempts, x.Counts.Attempts), slices.Compare(x.Cadence[:], y.Cadence[:]))
	})
	for _, s := range b.steps {
		s.Leads = int64(len(s.leads))
		o.Steps = append(o.Steps, s.StepCalls)
	}
	slices.SortFunc(o.Steps, func(x, y StepCalls) int {
		return cmp.Or(slices.Compare(x.Cadence[:], y.Cadence[:]), cmp.Compare(x.Run, y.Run), cmp.Compare(x.Position, y.Position), cmp.Compare(x.Step, y.Step))
	})
	for code, n := range b.codes {
		o.Dispositions = append(o.Dispositions, CodeCalls{b.c.codes.all[code], n})
	}
	slices.SortFunc(o.Dispositions, func(x, y CodeCalls) int { return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Code, y.Code)) })
	for from, n := range b.from {
		o.CallerIDs = append(o.CallerIDs, CallerCalls{b.c.numbers.all[from], *n})
	}
	slices.SortFunc(o.CallerIDs, func(x, y CallerCalls) int { return cmp.Compare(x.Number, y.Number) })
	o.ToContact = b.curve()
	return o
}

// curve counts the leads first called in the period by the attempt that reached
// them.
func (b *reporter) curve() (out ToContact) {
	var reached, contacts [MaxContactAttempt + 1]int64
	last := 0
	for _, l := range b.stays {
		if l.earlier || l.attempts == 0 {
			continue
		}
		out.Leads++
		n := min(l.reached, MaxContactAttempt)
		for i := 1; i <= n; i++ {
			reached[i]++
		}
		if l.contact {
			contacts[n]++
		}
		last = max(last, n)
	}
	for i := 1; i <= last; i++ {
		out.Points = append(out.Points, ContactPoint{i, reached[i], contacts[i]})
	}
	return out
}
