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
