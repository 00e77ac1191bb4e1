package cadence

import (
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Weekdays are the day names of windows, Monday first.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func (v *validator) restrictions() {
	r := v.doc.TimeRestrictions
	if r == nil {
		return
	}
	const path = "time_restrictions"
	if r.Zone != "" && r.Zone != ZoneLead {
		if _, err := window.LoadZone(r.Zone); err != nil {
			v.errorAt(path+".zone", "zone", fmt.Sprintf("%q is no time zone", clip(r.Zone)), "write lead or an IANA name such as America/Denver")
		}
	}
	if !v.count(path+".windows", len(r.Windows), MaxListed) {
		return
	}
	for i, w := range r.Windows {
		v.window(at(path+".windows", i), w)
	}
}

func (v *validator) window(path string, w Window) {
	for i, day := range w.Days {
		switch {
		case !slices.Contains(weekdays, day):
			v.oneOf(at(path+".days", i), day, weekdays...)
		case slices.Contains(w.Days[:i], day):
			v.errorAt(at(path+".days", i), "duplicate", fmt.Sprintf("%s is listed twice", day), "keep one")
		}
	}
	const remedy = "write 24-hour times such as 09:00; 24:00 ends the day"
	if !clockTime.MatchString(w.From) {
		v.errorAt(path+".from", "time", fmt.Sprintf("%q is no time of day", clip(w.From)), remedy)
		return
	}
	if !clockTime.MatchString(w.To) && w.To != "24:00" {
		v.errorAt(path+".to", "time", fmt.Sprintf("%q is no time of day", clip(w.To)), remedy)
		return
	}
	if w.To <= w.From { // both are HH:MM, so text order is time order
		v.errorAt(path+".to", "empty_window", fmt.Sprintf("the window from %s to %s is empty", w.From, w.To), "a window does not pass midnight; write two")
	}
}
