package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/telephony"
)

// scrubbedBy imports a whole edition of a list without numbers.
func (r *rig) scrubbedBy(n byte, name string, asOf time.Time) {
	r.t.Helper()
	e := &edition{r: r, id: cadence.NewID(cadence.OfficeSlot, [14]byte{8, n})}
	r.must(&dialer.OpenScrub{Name: name, Job: event.ImportOpened{ID: e.id, Digest: []byte{n}, AsOf: asOf.UnixMilli()}})
	e.end("")
}

// A lead whose law wants a young list waits while the list is missing or too
// old, stays in its cadence, and is called when a younger edition is in force.
func TestCallsWaitForAYoungList(t *testing.T) {
	for name, c := range map[string]struct {
		mode   permit.ScrubMode
		before func(r *rig) // nil: no list was ever imported
		waits  string
	}{
		"never imported, enforced":      {permit.ScrubEnforce, nil, "us.dnc.national"},
		"never imported, not asked for": {permit.ScrubWhenImported, nil, ""},
		"too old": {permit.ScrubWhenImported, func(r *rig) {
			r.scrubbedBy(1, "us_national_dnc", monday.AddDate(0, 0, -32))
		}, "us.dnc.national"},
		"young": {permit.ScrubEnforce, func(r *rig) {
			r.scrubbedBy(1, "us_national_dnc", monday.AddDate(0, 0, -30))
			r.scrubbedBy(2, "us_reassigned_numbers", monday)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.rules.Scrub, r.agreed = c.mode, nil
			r.open()
			if c.before != nil {
				c.before(r)
			}
			r.onDial = r.ends(telephony.StatusBusy)
			r.cadence(theCadence, document(t, "Lists", nil))
			lead := r.lead(theCadence, "+13035550142")
			r.pass(20 * time.Minute)
			_, e := r.stay(lead)
			if c.waits == "" {
				if len(r.dials) != 1 {
					t.Fatalf("%d calls, waiting for %+v", len(r.dials), e.Touch)
				}
				return
			}
			if len(r.dials) > 0 || e.LeftAt != 0 || e.Touch.Rule != c.waits {
				t.Fatalf("%d calls, left %q, waiting for %+v", len(r.dials), e.Left, e.Touch)
			}
			r.scrubbedBy(3, "us_national_dnc", r.now)
			r.scrubbedBy(4, "us_reassigned_numbers", r.now)
			r.pass(6 * time.Minute)
			if len(r.dials) != 1 {
				_, e = r.stay(lead)
				t.Errorf("%d calls with a young list, waiting for %+v", len(r.dials), e.Touch)
			}
			r.refold()
		})
	}
}

// StaleLists names what the rules want to be younger, for countries that are
// called, and the forecast tells the touches as if somebody imported it.
func TestStaleListsAreTold(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool, with: func(o *dialer.Options) { o.Rules.Scrub = permit.ScrubEnforce }})
		sleep(time.Second)
		stale, err := l.engine.StaleLists()
		if err != nil || len(stale) != 1 || stale[0].List != "us_national_dnc" || stale[0].Most != 31*24*time.Hour { // asking for reassigned numbers is no duty
			t.Fatalf("%+v %v", stale, err)
		}
		l.leads(1)
		sleep(time.Minute)
		if l.line.calls() != 0 {
			t.Fatalf("%d calls without the lists", l.line.calls())
		}
		id := l.onlyLead()
		x, err := l.engine.Explain(id)
		if err != nil || len(x.Stays) != 1 || x.Stays[0].First.Rule != "us.dnc.national" || x.Stays[0].First.Result != permit.Block || !x.Stays[0].Eligible.IsZero() {
			t.Errorf("explained as %+v, %v", x, err)
		}
		f, err := l.engine.Forecast(id, "BUSY", 3)
		if err != nil || len(f.Stays) != 1 || f.Stays[0].Held != "us.dnc.national" || len(f.Stays[0].Touches) == 0 {
			t.Errorf("forecast %+v, %v", f, err)
		}
		if b, err := l.engine.Blockers(theCadence, 10); err != nil || len(b.Rules) != 1 || b.Rules[0].Rule != "us.dnc.national" || b.Rules[0].Detail != "us_national_dnc" {
			t.Errorf("blockers %+v, %v", b, err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// onlyLead is the lead there is.
func (l *live) onlyLead() (id cadence.ID) {
	l.t.Helper()
	n, err := l.engine.Rows().Number(l.engine.Token(numberAt(0)))
	if err != nil || n == nil || len(n.Leads) != 1 {
		l.t.Fatalf("%+v %v", n, err)
	}
	return n.Leads[0]
}
