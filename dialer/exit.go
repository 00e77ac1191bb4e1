package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// exits evaluates the cadence's exit_when expressions.
func (c *Core) exits(now int64, p *Plan, e *state.Enrollment, lead *state.Lead) (string, bool) {
	if len(p.ExitIf) == 0 || lead == nil {
		return "", false
	}
	return exitsBy(p, c.env(now, e, &lead.Lead))
}

func exitsBy(p *Plan, env cadence.Env) (string, bool) {
	for i, cond := range p.ExitIf {
		ok, err := cond.Eval(env)
		if err != nil { // a condition that cannot be judged must not let a call through
			return "exit_when cannot be evaluated: " + err.Error(), true
		}
		if ok {
			return "exit_when: " + exitText(p, i), true
		}
	}
	return "", false
}

func exitText(p *Plan, i int) string {
	for _, x := range p.Doc.ExitWhen {
		if x.If == "" {
			continue
		}
		if i == 0 {
			return x.If
		}
		i--
	}
	return ""
}

func (c *Core) env(now int64, e *state.Enrollment, lead *cadence.Lead) cadence.Env {
	at := atMs(now)
	if len(e.ZoneSets) > 0 {
		at = at.In(c.zonesOf(e.ZoneSets[0]).home())
	}
	return envOf(e, lead, at)
}

func envOf(e *state.Enrollment, lead *cadence.Lead, at time.Time) cadence.Env {
	return cadence.Env{Lead: lead, Attempt: cadence.Attempts{Count: e.Attempts, Step: e.Step + 1, Run: e.Run}, Now: at}
}

func isFederal(local time.Time) bool { return window.USFederal(window.DateOf(local)) }
