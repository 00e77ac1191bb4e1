package cadence

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Caps bound how often a cadence calls. They only narrow: the caps of the law
// and of the house hold beside them.
type Caps struct {
	// Lead bounds the calls to one lead, at all its numbers together and
	// whatever cadence they were made for.
	Lead []Cap `json:"lead,omitempty"`
	// Daily is how many calls the cadence may make in one day of the house
	// (pacing.day_zone), to all leads together; 0 is no limit.
	Daily int `json:"daily,omitempty"`
}

// Cap is at most Max calls per Per: "6h" or "7d" is a span that rolls (a day is
// 24 hours), CapPerDay a day of the calendar where the lead is.
type Cap struct {
	Max int    `json:"max"`
	Per string `json:"per"`
}

// CapPerDay is the calendar day of the lead's zone; where several zones are
// possible, the day of each of them.
const CapPerDay = "day"

// Limits of caps.
const (
	MaxLeadCaps = 5
	MaxCapCalls = 1000
	MaxDaily    = 10_000_000
	// LongestCap is the longest span that a cap may count: calls are kept as long.
	LongestCap = 31 * 24 * time.Hour
)

var capForm = regexp.MustCompile(`^([1-9][0-9]{0,2})([hd])$`)

// Rolling is the span over which the cap rolls; 0 for one of the calendar day.
func (c Cap) Rolling() (time.Duration, error) {
	if c.Per == CapPerDay {
		return 0, nil
	}
	form := capForm.FindStringSubmatch(c.Per)
	if form == nil {
		return 0, fmt.Errorf("%q is no period of a cap", clip(c.Per))
	}
	n, _ := strconv.Atoi(form[1]) // three digits at most
	unit := time.Hour
	if form[2] == "d" {
		unit *= 24
	}
	if span := time.Duration(n) * unit; span <= LongestCap {
		return span, nil
	}
	return 0, fmt.Errorf("%q is longer than %d days", c.Per, LongestCap/(24*time.Hour))
}

// caps checks what bounds the calls.
func (v *validator) caps() {
	c := v.doc.Caps
	if c == nil {
		return
	}
	if c.Daily < 0 || c.Daily > MaxDaily {
		v.errorAt("caps.daily", "range", fmt.Sprintf("caps.daily is %d", c.Daily), fmt.Sprintf("give 1 to %d, or leave it out", MaxDaily))
	}
	if !v.count("caps.lead", len(c.Lead), MaxLeadCaps) {
		return
	}
	for i, one := range c.Lead {
		path := at("caps.lead", i)
		if one.Max < 1 || one.Max > MaxCapCalls {
			v.errorAt(path+".max", "range", fmt.Sprintf("max is %d", one.Max), fmt.Sprintf("give 1 to %d", MaxCapCalls))
		}
		if _, err := one.Rolling(); err != nil {
			v.errorAt(path+".per", "cap_period", err.Error(), "write it as 6h or 7d (at most 31d), or day for the calendar day where the lead is")
		}
	}
}

// overshadowed finds caps that say nothing, because another one always holds
// first: at most as many calls in at least as long.
func (l *linter) overshadowed() {
	if l.doc.Caps == nil {
		return
	}
	all := l.doc.Caps.Lead
	for i, c := range all {
		for j, other := range all {
			if i != j && shadows(other, c) && (!shadows(c, other) || j < i) {
				l.warnAt(at("caps.lead", i), "cap_overshadowed", fmt.Sprintf("%d calls per %s are never reached: %d per %s hold first", c.Max, c.Per, other.Max, other.Per), "remove it, or correct one of the two")
				break
			}
		}
	}
}

// shadows reports whether nobody who keeps a can exceed b.
func shadows(a, b Cap) bool {
	long, err := a.Rolling()
	short, bad := b.Rolling()
	if err != nil || bad != nil || a.Max > b.Max {
		return false
	}
	return a.Per == b.Per || a.Per != CapPerDay && b.Per != CapPerDay && long >= short
}

// tooManyTries finds steps whose retries alone take longer than a cap lets
// them: they are made all the same, only later than the step says.
func (l *linter) tooManyTries() {
	if l.doc.Caps == nil {
		return
	}
	for i := range l.doc.Steps {
		for j, r := range l.doc.Steps[i].Routes {
			if r.Do != DoRetry || r.Max == 0 || r.Delay == nil {
				continue
			}
			delay, ok := r.Delay.Exact()
			if !ok {
				continue
			}
			for _, c := range l.doc.Caps.Lead {
				if span, err := c.Rolling(); err == nil && span > 0 && r.Max+1 > c.Max && time.Duration(c.Max)*delay < span {
					l.warnAt(at(at("steps", i)+".routes", j), "cap_delays_retries",
						fmt.Sprintf("%d tries %s apart, but at most %d calls per %s to a lead", r.Max+1, r.Delay, c.Max, c.Per), "the tries that are over wait until the cap lets them; allow fewer, or more time between them")
					break
				}
			}
		}
	}
}
