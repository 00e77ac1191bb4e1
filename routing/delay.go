package routing

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// routeDelay is the wait of the edge taken: the route's own, else the
// disposition's for a route of the same action, else the step's delay_after.
func (d *decision) routeDelay() cadence.Span {
	switch {
	case d.route.Delay != nil:
		return *d.route.Delay
	case d.disp.Route.Do == d.route.Do && d.disp.Route.Delay != nil:
		return *d.disp.Route.Delay
	}
	return d.step.DelayAfter
}

// anchored is when a step is due that is reached over an edge with this delay:
// counted from the final disposition, or, when the step is anchored at the
// enrollment, from the run's start. It is never before the disposition.
func (d *decision) anchored(to int, delay cadence.Span) time.Time {
	from := d.At
	if d.Doc.Steps[to].Anchor == cadence.AnchorEnrollment {
		from = d.RunStarted
	}
	return delay.From(from, d.zone(), d.Holiday)
}

// after counts a delay from the final disposition, so that a retry that ends
// late moves the next step.
func (d *decision) after(s cadence.Span) time.Time {
	return s.From(d.At, d.zone(), d.Holiday)
}

func (d *decision) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// ReEntryAllowed reports whether a lead that left a cadence at leftAt may
// enter it again now. "after 30d" counts calendar units in UTC. Text that is
// no re_entry means never; validation refuses it.
func ReEntryAllowed(re cadence.ReEntry, leftAt, now time.Time) bool {
	from, ok := reEntryAt(re, leftAt, time.UTC)
	return ok && !now.Before(from)
}

func reEntryAt(re cadence.ReEntry, leftAt time.Time, zone *time.Location) (from time.Time, ok bool) {
	again, wait, err := re.Parse()
	if err != nil || !again {
		return time.Time{}, false
	}
	return wait.From(leftAt, zone, nil), true
}
