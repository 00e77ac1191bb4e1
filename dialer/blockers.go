package dialer

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// MaxBlockersLooked is how many waiting touches one answer judges at most.
	MaxBlockersLooked = 100_000
	// blockerSamples is how many leads are named for each rule.
	blockerSamples = 5
)

// RuleNotDue stands for touches whose time has not come: the cadence, and no
// rule of the permit, has them wait.
const RuleNotDue = "touch.not_due"

// Blockers says what keeps the leads of a cadence from being called now.
type Blockers struct {
	Cadence  cadence.ID
	Name     string
	At       time.Time
	Waiting  int64     // touches that wait, as the cadence counts them
	Looked   int       // of those, how many were judged, the earliest due of each lane first
	Callable int       // nothing stands in the way of these
	Rules    []Blocker // most leads first
	Ended    []PutOut  // most leads first
}

// PutOut is one rule and whom it has put out of the cadence for good: their
// stays have ended, and they have not entered again.
type PutOut struct {
	Rule    string
	Leads   int64
	Samples []cadence.ID // a few of them, of the enrollments that were looked at
}

// Blocker is one rule and what it holds back.
type Blocker struct {
	Rule    string
	Result  permit.Result
	Detail  string // of the first lead
	Touches int
	Next    time.Time    // when the first of them may be called; zero when only somebody's action helps
	Samples []cadence.ID // the first few leads
}

// Blockers judges what waits in a cadence, from committed state: at most
// MaxBlockersLooked touches, and at most limit. Each counts under the first
// rule that stands in its way. Leads that a rule has put out already are
// counted all; examples of them are looked for among as many enrollments. It
// returns a *Refusal when there is no such cadence.
func (e *Engine) Blockers(id cadence.ID, limit int) (*Blockers, error) {
	rows := e.Rows()
	c, err := rows.Cadence(id)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, refusal(CodeNotFound, "id", "there is no such cadence")
	}
	stats, err := rows.Stats(id)
	if err != nil {
		return nil, err
	}
	t := tally{e: e, rows: rows, home: c, limit: min(limit, MaxBlockersLooked), found: map[string]*Blocker{}}
	t.out = Blockers{Cadence: id, Name: c.Name, At: e.Now(), Waiting: stats.Pending}
	if err := t.count(id); err != nil {
		return nil, err
	}
	for _, b := range t.found {
		t.out.Rules = append(t.out.Rules, *b)
	}
	slices.SortFunc(t.out.Rules, func(a, b Blocker) int {
		return cmp.Or(cmp.Compare(b.Touches, a.Touches), cmp.Compare(a.Rule, b.Rule))
	})
	if t.out.Ended, err = putOut(rows, id, stats.Out, t.limit); err != nil {
		return nil, err
	}
	return &t.out, nil
}

// putOut names a few of those whom rules have put out of a cadence.
func putOut(rows state.Rows, id cadence.ID, counts []state.RuleCount, limit int) ([]PutOut, error) {
	var out []PutOut
	missing := 0
	for _, c := range counts {
		out = append(out, PutOut{Rule: c.Rule, Leads: c.N})
		missing += int(min(c.N, blockerSamples))
	}
	slices.SortFunc(out, func(a, b PutOut) int { return cmp.Or(cmp.Compare(b.Leads, a.Leads), cmp.Compare(a.Rule, b.Rule)) })
	if missing == 0 {
		return out, nil
	}
	looked := 0
	err := rows.Enrollments(cadence.ID{}, func(_ cadence.ID, e *state.Enrollment) bool {
		looked++
		i := slices.IndexFunc(out, func(p PutOut) bool { return e.Cadence == id && p.Rule == e.OutBy() })
		if i >= 0 && len(out[i].Samples) < blockerSamples && !slices.Contains(out[i].Samples, e.Lead) {
			out[i].Samples = append(out[i].Samples, e.Lead)
			missing--
		}
		return missing > 0 && looked < limit
	})
	return out, err
}

// tally counts the blockers of one cadence.
type tally struct {
	e     *Engine
	rows  state.Rows
	home  *state.Cadence
	limit int
	out   Blockers
	found map[string]*Blocker
}

func (t *tally) count(id cadence.ID) error {
	var lanes []uint32
	err := t.rows.Lanes(func(n uint32, l *state.Lane) bool {
		if l.Cadence == id {
			lanes = append(lanes, n)
		}
		return true
	})
	for _, n := range lanes {
		if err != nil {
			return err
		}
		err = t.lane(n)
	}
	return err
}

func (t *tally) lane(n uint32) error {
	var failed error
	err := t.rows.DueIn(n, func(due int64, id cadence.ID) bool {
		if t.out.Looked == t.limit {
			return false
		}
		failed = t.judge(due, id)
		return failed == nil
	})
	return cmp.Or(failed, err)
}

func (t *tally) judge(due int64, id cadence.ID) error {
	row, err := t.rows.Enrollment(id)
	if err != nil || row == nil || row.Touch.Due != due || row.Touch.State != state.Waiting {
		return err // it moved on meanwhile, or awaits a disposition
	}
	f, err := t.e.factsNow(t.rows, id, row, t.home)
	if err != nil {
		return err
	}
	t.out.Looked++
	v := permit.Decide(&f, t.out.At)
	next := eligible(&f, t.out.At, atMs(due))
	switch {
	case v.Result != permit.Allow:
		t.add(v.Rule, v.Result, v.Detail, next, row.Lead)
	case due > t.out.At.UnixMilli():
		t.add(cmp.Or(row.Touch.Rule, RuleNotDue), permit.Defer, "", next, row.Lead) // what moved it there knows better
	default:
		t.out.Callable++
	}
	return nil
}

func (t *tally) add(rule string, result permit.Result, detail string, next time.Time, lead cadence.ID) {
	b := t.found[rule]
	if b == nil {
		b = &Blocker{Rule: rule, Result: result, Detail: detail}
		t.found[rule] = b
	}
	b.Touches++
	if !next.IsZero() && (b.Next.IsZero() || next.Before(b.Next)) {
		b.Next = next
	}
	if len(b.Samples) < blockerSamples {
		b.Samples = append(b.Samples, lead)
	}
}
