package dialer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

var otherList = cadence.NewID(cadence.OfficeSlot, [14]byte{4})

// listed brings leads in with a list of their own, one number each.
func (r *rig) listed(list cadence.ID, into cadence.ID, numbers ...cadence.Number) {
	r.t.Helper()
	job := cadence.NewID(cadence.OfficeSlot, [14]byte{5, list[15], list[3]})
	r.must(&dialer.OpenImport{
		Job:  event.ImportOpened{ID: job, List: list, Cadence: into, Digest: list[:], OnDuplicate: dialer.OnDuplicateUpdate},
		List: event.ListOpened{ID: list, Name: "Another"},
	})
	for i, n := range numbers {
		r.must(&dialer.ImportRow{Import: job, Line: int64(i + 2), Lead: cadence.Lead{Numbers: numbered(n)}, Consent: r.agreed})
	}
	r.must(&dialer.EndImport{Import: job})
}

func (r *rig) list(id cadence.ID) *state.List {
	r.t.Helper()
	l, err := r.rows().List(id)
	r.check(err)
	return l
}

// some are numbers nobody has, in order.
func some(n int) []cadence.Number {
	out := make([]cadence.Number, n)
	for i := range out {
		out[i] = numberAt(i)
	}
	return out
}

// A list lets so many new leads go a day of the house; their retries, and calls
// that came to nothing, do not count. The next day it goes on by itself, also
// over a restart.
func TestListReleasesSoManyADay(t *testing.T) {
	r := newRig(t)
	r.rules.DayZone = denver(t)
	r.open()
	r.cadence(theCadence, document(t, "Released", m{"steps": []any{m{"key": "one", "kind": "call", "delay_after": "1h"}, m{"key": "two", "kind": "call"}}}))
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.must(&dialer.SetDialing{Stop: true})
	r.listed(otherList, theCadence, some(7)...)
	r.must(&dialer.SetList{List: otherList, Release: new(int64(3))})
	r.must(&dialer.SetDialing{})
	r.pass(30 * time.Minute)
	if got := r.list(otherList); len(r.dials) != 3 || got.ReleasedOn(day(r.now)) != 3 {
		t.Fatalf("%d calls, %+v", len(r.dials), got)
	}
	r.pass(3 * time.Hour)
	if len(r.dials) != 6 {
		t.Errorf("%d calls after the second step of three leads", len(r.dials))
	}
	r.open()
	r.until(monday.Add(23*time.Hour - time.Minute))
	if len(r.dials) != 6 {
		t.Errorf("%d calls by 8 o'clock of the next day", len(r.dials))
	}
	r.pass(2 * time.Hour)
	if got := r.list(otherList); got.ReleasedOn(day(r.now)) != 3 || got.Attempted != 6 {
		t.Errorf("the second day: %+v", got)
	}
	r.must(&dialer.SetList{List: otherList, Release: new(int64(0))})
	r.pass(time.Hour)
	if got := r.list(otherList); got.ReleasedOn(day(r.now)) != 4 {
		t.Errorf("without a limit: %+v", got)
	}
	r.refold()
}

func denver(t *testing.T) *time.Location {
	t.Helper()
	zone, err := window.LoadZone("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// day is the day of the house; by day it is the same in Denver and in UTC.
func day(t time.Time) int64 { return t.Unix() / 86_400 }

// A call that was taken back gives its place in the day to another lead.
func TestReturnedCallsAreNotReleased(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Returned", nil))
	r.must(&dialer.SetDialing{Stop: true})
	r.listed(otherList, theCadence, some(2)...)
	r.must(&dialer.SetList{List: otherList, Release: new(int64(1))})
	r.must(&dialer.SetDialing{})
	if len(r.dials) != 1 {
		t.Fatalf("%d calls", len(r.dials))
	}
	r.must(&dialer.MarkNumber{Number: r.last().Dial.To, On: true, Source: "api"}) // before its first byte
	r.pass(time.Minute)
	if got := r.list(otherList); len(r.dials) != 2 || got.ReleasedOn(day(r.now)) != 1 {
		t.Errorf("%d calls, %+v", len(r.dials), got)
	}
	r.pass(24 * time.Hour)
	if got := r.list(otherList); len(got.Blocked) != 1 || got.Blocked[0] != (state.RuleCount{Rule: "dnc.internal", N: 1}) {
		t.Errorf("the one who said no: %+v", got)
	}
	r.refold()
}

// Among the leads of a campaign those of a higher list come first; a callback
// comes before them.
func TestListPriority(t *testing.T) {
	r := newRig(t)
	r.lines = 1
	r.open()
	r.cadence(theCadence, document(t, "First", nil))
	r.must(&dialer.SetDialing{Stop: true})
	r.listed(theList, theCadence, some(4)...)
	r.pass(3 * time.Hour) // older than the others by far
	r.listed(otherList, theCadence, some(8)[4:]...)
	r.must(&dialer.SetList{List: otherList, Priority: new(2)})
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.must(&dialer.SetDialing{})
	r.pass(time.Minute)
	var order []bool
	for _, d := range r.dials {
		order = append(order, slices.Contains(some(8)[4:], d.Dial.To))
	}
	if want := []bool{true, true, true, true, false, false, false, false}; !slices.Equal(order, want) {
		t.Errorf("of the higher list: %v", order)
	}
	for _, bad := range []*dialer.SetList{{List: otherList, Priority: new(10)}, {List: otherList, Release: new(int64(-1))}, {List: theCadence}} {
		if _, err := r.do(bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// The figures of a list count each lead once, whatever became of its stays.
func TestListFigures(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Counted", m{"re_entry": "always", "steps": []any{m{"key": "one", "kind": "call"}}}))
	r.must(&dialer.MarkNumber{Number: some(3)[2], On: true, Source: "api"})
	talks := some(3)[0]
	r.onDial = func(d dialer.DialOrder) {
		if d.Dial.To != talks {
			r.ends(telephony.StatusNoAnswer)(d)
		}
	}
	r.listed(otherList, theCadence, some(3)...)
	r.pass(time.Second)
	of := slices.IndexFunc(r.dials, func(d dialer.DialOrder) bool { return d.Dial.To == talks })
	call, _ := r.live(r.dials[of], telephony.ByHuman)
	r.ask(legEnded(r.dials[of], call, "L1", telephony.StatusCompleted))
	r.must(r.status(r.dials[of].Dial.Attempt, call, telephony.StatusCompleted))
	r.pass(time.Hour)
	for range 2 { // the sale is told when the call is long over, and again
		r.must(&dialer.Dispose{Attempt: r.dials[of].Dial.Attempt, Code: "SALE", By: "agent 1"})
	}
	want := state.List{Leads: 3, Attempted: 2, Contacted: 1, Converted: 1, Exhausted: 1, Blocked: []state.RuleCount{{Rule: "dnc.internal", N: 1}}}
	same := func(when string) {
		t.Helper()
		got := *r.list(otherList)
		if got.Leads != want.Leads || got.Attempted != want.Attempted || got.Contacted != want.Contacted || got.Converted != want.Converted ||
			got.Exhausted != want.Exhausted || !slices.Equal(got.Blocked, want.Blocked) {
			t.Errorf("%s: %+v", when, got)
		}
	}
	same("after the first stays")
	exhausted := r.number(some(3)[1]).Leads[0]
	r.must(&dialer.SetDialing{Stop: true})
	r.must(&dialer.Enroll{Lead: exhausted, Cadence: theCadence})
	want.Exhausted = 0
	same("once the exhausted one has entered again")
	r.must(&dialer.SetDialing{})
	r.pass(5 * time.Hour)
	want.Exhausted = 1
	same("after its second stay")
	r.refold()
}

// A sale counts its lead once, in whichever of its stays it is told of.
func TestListFiguresOverTwoStays(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Counted", m{"re_entry": "always", "steps": []any{m{"key": "one", "kind": "call"}}}))
	r.listed(otherList, theCadence, some(1)...)
	lead := r.number(some(1)[0]).Leads[0]
	for stay := range 2 {
		if stay > 0 {
			r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
		}
		r.pass(5 * time.Hour) // between two calls to one number
		if len(r.dials) != stay+1 {
			t.Fatalf("stay %d: %d calls", stay, len(r.dials))
		}
		call, _ := r.live(r.dials[stay], telephony.ByHuman)
		r.ask(legEnded(r.dials[stay], call, "L"+call, telephony.StatusCompleted))
		r.must(r.status(r.dials[stay].Dial.Attempt, call, telephony.StatusCompleted))
		r.pass(time.Hour)
	}
	for _, of := range []int{1, 0} { // the later one first
		r.must(&dialer.Dispose{Attempt: r.dials[of].Dial.Attempt, Code: "SALE", By: "agent 1"})
	}
	if l := r.list(otherList); l.Attempted != 1 || l.Contacted != 1 || l.Converted != 1 {
		t.Errorf("%+v", l)
	}
	r.refold()
}
