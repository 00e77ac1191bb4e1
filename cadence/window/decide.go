package window

import "time"

// Horizon is how far Decide looks ahead. Rules that allow nothing within it
// count as never.
const Horizon = 400 * 24 * time.Hour

// Verdict is the answer to "may this call be placed now?". All instants are
// UTC.
type Verdict struct {
	OK bool
	// NotAfter is set when OK: the first instant that some rule does not
	// allow in some zone, at most Horizon away. The call must be placed
	// before it.
	NotAfter time.Time
	// Rule and Zone tell, when not OK, which rule refuses and where: the
	// first in the order given.
	Rule string
	Zone *time.Location
	// Until is, when neither OK nor Never, the earliest instant at which all
	// rules allow in all zones. It is exact and never early.
	Until time.Time
	// Never says that there is no such instant within Horizon.
	Never bool
}

// Decide judges the instant t. Every rule must allow, in its own zone or, if
// it has none, in each of the candidate zones. Rules of local time without a
// candidate zone refuse for ever with RuleNoZone. Without any rule everything
// is allowed.
//
// It allocates nothing. A refusal costs a step per change of any rule up to
// Until.
func Decide(t time.Time, zones []*time.Location, rules []*Rule) Verdict {
	q := query{zones: zones, rules: rules, limit: t.Unix() + int64(Horizon/time.Second)}
	for _, r := range rules {
		if r.Zone == nil && len(zones) == 0 {
			return Verdict{Rule: RuleNoZone, Never: true}
		}
	}
	now := t.Unix() // rules change only on whole seconds
	rule, zone, end := q.refused(now)
	if rule == nil {
		return Verdict{OK: true, NotAfter: time.Unix(end, 0).UTC()}
	}
	v := Verdict{Rule: rule.ID, Zone: zone}
	if at := q.allowed(now); at < q.limit {
		v.Until = time.Unix(at, 0).UTC()
	} else {
		v.Never = true
	}
	return v
}

// query is one call of Decide. Instants are Unix seconds.
type query struct {
	zones []*time.Location
	rules []*Rule
	limit int64
}

// pairs is how many pairs of rule and zone there are to look at; pair(i) is
// one of them, rule by rule.
func (q *query) pairs() int { return len(q.rules) * max(len(q.zones), 1) }

func (q *query) pair(i int) (*Rule, *time.Location) {
	n := max(len(q.zones), 1)
	r := q.rules[i/n]
	if r.Zone == nil {
		return r, q.zones[i%n]
	}
	if i%n == 0 {
		return r, r.Zone
	}
	return nil, nil // a rule with its own zone is looked at once
}

// allowed is the first instant from at on that everything allows, or limit.
func (q *query) allowed(at int64) int64 {
	for i, agreed := 0, 0; agreed < q.pairs() && at < q.limit; i, agreed = (i+1)%q.pairs(), agreed+1 {
		r, z := q.pair(i)
		if r == nil {
			continue
		}
		if next := r.seek(at, z, true, q.limit); next > at {
			at, agreed = next, 0
		}
	}
	return min(at, q.limit)
}

// refused is the first rule, and where, that refuses the instant at; when all
// allow it, the first instant after it that something refuses, or limit.
func (q *query) refused(at int64) (*Rule, *time.Location, int64) {
	end := q.limit
	for i := range q.pairs() {
		r, z := q.pair(i)
		if r == nil {
			continue
		}
		if end = r.seek(at, z, false, end); end == at {
			return r, z, at
		}
	}
	return nil, nil, end
}
