package state

import "github.com/carillon-dialer/carillon/dialer/event"

func (v *View) foldPaused(f *event.StayPaused) {
	e := v.enrollments.edit(f.Enrollment)
	if e.LeftAt != 0 {
		bug("enrollment %s is paused after it was left", f.Enrollment.Bare())
	}
	e.Paused, e.PausedBy = 0, ""
	if f.On {
		e.Paused, e.PausedBy = f.At, f.By
	}
	v.enrollments.put(f.Enrollment, e)
}
