package projection

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
)

// Signal is what advice about one cadence rests on: its calls that are over.
type Signal struct {
	Cadence cadence.ID
	All     HourCalls         // of the whole period
	Hours   [7 * 24]HourCalls // of the same, where the lead is
	Steps   []StepSignal      // by position
	Recent  HourCalls         // since recent
}

// StepSignal are the calls of one step of the first run, before an instant and
// since.
type StepSignal struct {
	Step           string
	Position       int
	Before, Recent HourCalls
}

// Signals counts the calls begun in [from, to) for advice, those since recent
// apart, in one walk over all cadences; they come by id. ok is false while the
// stored calls are still being read: half of them would mislead.
func (c *History) Signals(from, recent, to int64) (out []Signal, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.whole {
		return nil, false
	}
	found := map[uint32]*Signal{}
	steps := map[stepRun]*StepSignal{}
	c.between(from, to, func(one *call) {
		s := found[one.cadence]
		if s == nil {
			s = &Signal{Cadence: c.cadences.all[one.cadence]}
			found[one.cadence] = s
		}
		s.All.add(one)
		if one.week != noHour {
			s.Hours[one.week].add(one)
		}
		late := one.at >= recent
		if late {
			s.Recent.add(one)
		}
		if one.run != 1 {
			return
		}
		k := stepRun{one.cadence, one.step, 1}
		step := steps[k]
		if step == nil {
			step = &StepSignal{Step: c.steps.all[one.step]}
			steps[k] = step
		}
		step.Position = int(one.position) // the newest comes last
		if late {
			step.Recent.add(one)
		} else {
			step.Before.add(one)
		}
	})
	for k, s := range steps {
		of := found[k.cadence]
		of.Steps = append(of.Steps, *s)
	}
	for _, s := range found {
		slices.SortFunc(s.Steps, func(a, b StepSignal) int {
			return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Step, b.Step))
		})
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Signal) int { return slices.Compare(a.Cadence[:], b.Cadence[:]) })
	return out, true
}

func (h *HourCalls) add(one *call) {
	if one.is(accepted) {
		h.Attempts++
	}
	if one.is(contact) {
		h.Contacts++
	}
}

func (h HourCalls) less(o HourCalls) HourCalls {
	return HourCalls{h.Attempts - o.Attempts, h.Contacts - o.Contacts}
}
