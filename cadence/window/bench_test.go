package window_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

func benchDecide(b *testing.B, now string, zs []*time.Location, wantOK bool) {
	rules := []*window.Rule{
		legalHours,
		{ID: "cadence", Week: window.NewWeek(window.Span{Days: weekdays, From: 540, To: 1140}), Holidays: window.USFederal},
	}
	t := at(now)
	if window.Decide(t, zs, rules).OK != wantOK {
		b.Fatal("not the case to be measured")
	}
	b.ReportAllocs()
	for b.Loop() {
		window.Decide(t, zs, rules)
	}
}

func BenchmarkAllow1Zone(b *testing.B) {
	benchDecide(b, "2026-06-03T18:04:05Z", zones("America/New_York"), true)
}

func BenchmarkAllow4Zones(b *testing.B) {
	benchDecide(b, "2026-06-03T18:04:05Z", zones("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"), true)
}

func BenchmarkDeferWeekend4Zones(b *testing.B) {
	benchDecide(b, "2026-06-06T02:04:05Z", zones("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"), false)
}

func BenchmarkCandidates(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		window.Candidates("+18505550100")
	}
}

// BenchmarkForLead finds the zones of a number, a state and a postal code.
func BenchmarkForLead(b *testing.B) {
	p := window.Place{Number: "+18505550100", State: "FL", Postal: "32099", Country: "US"}
	b.ReportAllocs()
	for b.Loop() {
		window.ForLead(p)
	}
}
