package projection

import (
	"crypto/sha256"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// The kinds of advice: a closed set.
const (
	AdviceCallerID = "caller_id" // a number is answered far less than its pool
	AdviceHours    = "hours"     // an hour reaches far more people than the others
	AdviceStep     = "step"      // a step reaches far fewer people than it did
	AdviceLeads    = "leads"     // an active cadence has nobody left to call
)

const (
	// adviceZ bounds both intervals of a comparison: 99.9 %, since a week has
	// 168 hours and the best of them looks good by chance.
	adviceZ = 3.29
	// adviceCalls is how many attempts each side of a comparison has at least.
	adviceCalls = 100
	// adviceShare is the part of the other attempts that an expected effect
	// moves into the better hour.
	adviceShare = 0.1
)

// Part is a share with what it was counted from and the interval it lies in.
type Part struct {
	Count, Of int64
	pacing.Interval
}

func partOf(count, of int64) Part { return Part{count, of, pacing.Wilson(count, of, adviceZ)} }

// Rate is the share itself.
func (p Part) Rate() float64 { return float64(p.Count) / float64(max(p.Of, 1)) }

// Advice is one thing that the figures say should be looked at. Own is what it
// is about, Rest what that is compared with; Gain how many more people would
// have been reached (answered, for a caller ID) over the same time if it were
// like the other.
type Advice struct {
	Kind      string
	Cadence   cadence.ID
	Number    cadence.Number
	Pool      string
	Step      string
	Week      int // hour of the week
	Own, Rest Part
	Gain      float64
}

// ID names the advice by its subject, so that it is the same as long as it is
// about the same thing.
func (a *Advice) ID() cadence.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%x\x00%s\x00%s\x00%d", a.Kind, a.Cadence[:], a.Number, a.Step, a.Week))
	return cadence.NewID(cadence.OfficeSlot, [14]byte(sum[:14]))
}

// OnHours names the hour of the week in which an active cadence reaches
// significantly more people than in all its others, if there is one: of several
// the one whose interval lies highest.
func OnHours(s *Signal) *Advice {
	var best *Advice
	for week, h := range s.Hours {
		others := s.All.less(h)
		if h.Attempts < adviceCalls || others.Attempts < adviceCalls {
			continue
		}
		own, rest := partOf(h.Contacts, h.Attempts), partOf(others.Contacts, others.Attempts)
		if own.Low <= rest.High || best != nil && own.Low <= best.Own.Low {
			continue
		}
		best = &Advice{
			Kind: AdviceHours, Cadence: s.Cadence, Week: week, Own: own, Rest: rest,
			Gain: adviceShare * float64(rest.Of) * (own.Rate() - rest.Rate()),
		}
	}
	return best
}

// OnSteps names the steps that lately reach significantly fewer people than
// before.
func OnSteps(s *Signal) (out []Advice) {
	for _, step := range s.Steps {
		if step.Before.Attempts < adviceCalls || step.Recent.Attempts < adviceCalls {
			continue
		}
		own, rest := partOf(step.Recent.Contacts, step.Recent.Attempts), partOf(step.Before.Contacts, step.Before.Attempts)
		if own.High >= rest.Low {
			continue
		}
		out = append(out, Advice{
			Kind: AdviceStep, Cadence: s.Cadence, Step: step.Step, Own: own, Rest: rest, Gain: float64(own.Of) * (rest.Rate() - own.Rate()),
		})
	}
	return out
}

// OnCallerID compares a number with the others of one of its pools.
func OnCallerID(n cadence.Number, pool string, own, others pacing.Figures) *Advice {
	if own.Attempts < adviceCalls || others.Attempts < adviceCalls {
		return nil
	}
	a := Advice{Kind: AdviceCallerID, Number: n, Pool: pool, Own: partOf(own.Answered, own.Attempts), Rest: partOf(others.Answered, others.Attempts)}
	if a.Own.High >= a.Rest.Low {
		return nil
	}
	a.Gain = float64(a.Own.Of) * (a.Rest.Rate() - a.Own.Rate())
	return &a
}

// OnLeads says that an active cadence which called lately has nobody left to
// call. enrolled and pending are leads in it now, and touches that wait.
func OnLeads(s *Signal, enrolled, pending int64) *Advice {
	if s.Recent.Attempts == 0 || enrolled > 0 || pending > 0 {
		return nil
	}
	return &Advice{Kind: AdviceLeads, Cadence: s.Cadence, Own: Part{Of: s.Recent.Attempts, Count: s.Recent.Contacts}}
}
