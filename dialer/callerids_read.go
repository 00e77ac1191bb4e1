package dialer

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// CallerIDSeen is one of our numbers as it stands: what the configuration says
// of it, and what its calls have been like. Times are wall, Unix ms.
type CallerIDSeen struct {
	Number       cadence.Number
	Region       string // "US-CO"; "" is nowhere
	Capabilities []string
	DailyCap     int // 0 is no limit
	Today        int64
	DayEnds      int64
	LastUse      int64 // 0 is never
	Figures      pacing.Figures
	Rest         *CallerIDRest // nil while it does not rest
	Pools        []PoolSeen    // by name
}

// The states of a caller ID: a closed set.
const (
	CallerIDReady   = "ready"   // may be called from
	CallerIDFull    = "full"    // had its calls today
	CallerIDResting = "resting" // rests, whether or not it had its calls
)

// State is one of the states.
func (c *CallerIDSeen) State() string {
	switch {
	case c.Rest != nil:
		return CallerIDResting
	case c.DailyCap > 0 && c.Today >= int64(c.DailyCap):
		return CallerIDFull
	}
	return CallerIDReady
}

// Ill is what is wrong with its figures in the first pool where something is.
func (c *CallerIDSeen) Ill() pacing.Ill {
	for i := range c.Pools {
		if ill := c.Pools[i].Ill; ill != pacing.Well {
			return ill
		}
	}
	return pacing.Well
}

// CallerIDRest is why a number is not called from, and until when.
type CallerIDRest struct {
	Since, Until int64
	Reason       string
	By           string     // carrier, health or operator
	Rule         pacing.Ill // of health
	Author       string     // of an operator
}

// PoolSeen is a number beside the others of one of its pools. Ill is what the
// figures say today; a number may be ill and not rest, because half of its pool
// does or because nothing rests by itself.
type PoolSeen struct {
	Name   string
	Others pacing.Figures // of all others together
	Ill    pacing.Ill
}

// CallerIDs are all numbers that calls are placed from, in their order, from
// committed state.
func (e *Engine) CallerIDs() ([]CallerIDSeen, error) {
	s := callerIDReader{rules: &e.o.Rules, now: e.Now().UnixMilli(), read: map[cadence.Number]*state.CallerID{}, pools: map[cadence.Number][]string{}, sums: map[string]pacing.Figures{}}
	s.today, s.ends = dayOf(s.rules.DayZone, s.now)
	if err := s.load(e.Rows()); err != nil {
		return nil, err
	}
	all := make([]CallerIDSeen, 0, len(s.read))
	for i := range s.rules.CallerIDs {
		if id := &s.rules.CallerIDs[i]; s.pools[id.Number] != nil {
			all = append(all, s.seen(id))
			delete(s.pools, id.Number) // it may stand in several pools
		}
	}
	slices.SortFunc(all, func(a, b CallerIDSeen) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}

// Thresholds are what numbers are judged by.
func (e *Engine) Thresholds() pacing.Thresholds { return e.o.Rules.Health }

// callerIDReader reads every number once and sums up every pool once.
type callerIDReader struct {
	rules            *Rules
	read             map[cadence.Number]*state.CallerID
	pools            map[cadence.Number][]string
	sums             map[string]pacing.Figures
	now, today, ends int64
}

func (s *callerIDReader) load(rows state.Rows) error {
	for _, pool := range poolsOf(s.rules.CallerIDs) {
		var sum pacing.Figures
		for _, n := range pool.numbers {
			if s.read[n] == nil {
				row, err := rows.CallerID(n)
				if err != nil {
					return err
				}
				s.read[n] = cmp.Or(row, &state.CallerID{})
			}
			s.pools[n] = append(s.pools[n], pool.name)
			sum.Add(s.figures(n))
		}
		s.sums[pool.name] = sum
	}
	return nil
}

func (s *callerIDReader) figures(n cadence.Number) pacing.Figures {
	return HealthOf(s.read[n], s.today, max(1, s.rules.Health.Days))
}

func (s *callerIDReader) seen(id *pacing.CallerID) CallerIDSeen {
	row := s.read[id.Number]
	c := CallerIDSeen{
		Number: id.Number, Region: id.Region, Capabilities: id.Capabilities, DailyCap: id.DailyCap, DayEnds: s.ends, LastUse: row.LastUse,
		Figures: s.figures(id.Number),
	}
	if row.Day == s.today {
		c.Today = row.Today
	}
	if row.RestUntil > s.now {
		c.Rest = &CallerIDRest{row.RestedAt, row.RestUntil, row.RestWhy, row.RestBy, pacing.Ill(row.RestRule), row.Rester}
	}
	for _, name := range s.pools[id.Number] {
		p := PoolSeen{Name: name, Others: s.sums[name].Less(c.Figures)}
		p.Ill = s.rules.Health.Judge(c.Figures, p.Others)
		c.Pools = append(c.Pools, p)
	}
	return c
}
