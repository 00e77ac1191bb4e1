package state_test

import (
	"fmt"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// BenchmarkRow writes and reads the three rows that a dial changes most, as
// full as they are in the middle of one.
func BenchmarkRow(b *testing.B) {
	e := &state.Enrollment{
		Lead: id(1), Cadence: id(2), Version: 1, List: id(3), Campaign: "Spring", Numbers: []event.Token{token(1)},
		ZoneSets: []string{"America/Denver"}, State: "CO", Country: "US", EnteredAt: 1_773_673_200_000, StepKey: "one", Run: 1,
		RunStarted: 1_773_673_200_000, Touches: 3, Attempts: 2, Last: "NO_ANSWER", LastTry: id(5),
		Retries: []state.Used{{On: "NO_ANSWER", N: 2}},
		Touch:   state.Touch{ID: id(4), State: state.Dialing, Lane: 2, Due: 1_773_673_200_000, Why: "retry", Attempt: id(6)},
	}
	n := &state.Number{
		Number: "+13035550142", Leads: []cadence.ID{id(1)}, Open: id(6), Intents: []int64{1_773_673_200_000, 1_773_673_300_000},
		LastTouch: id(4), Region: "US",
	}
	o := &state.Open{
		I: &event.Intended{
			Attempt: id(6), Token: token(1), Number: n.Number, Enrollment: id(7), Touch: id(4), Lead: id(1), Cadence: id(2), Version: 1,
			Campaign: "Spring", StepKey: "one", Run: 1, From: "+13035550190", Connect: "sales", RingMs: 30_000, Zone: "America/Denver",
			Local: "2026-03-16T09:00:00", Policy: 3, Verdict: make([]byte, 180), At: 1_773_673_200_000,
		},
		State: event.Placed, CallID: "CA00000000000000000000000000000001", PlacedAt: 1_773_673_200_100, Deadline: 1_773_673_260_000,
	}
	benchRow(b, e, func() any { return new(state.Enrollment) })
	benchRow(b, n, func() any { return new(state.Number) })
	benchRow(b, o, func() any { return new(state.Open) })
}

func benchRow(b *testing.B, row state.Row, zero func() any) {
	b.Helper()
	body := state.Encode(row)
	b.Run(fmt.Sprintf("encode/%T", row), func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			state.Encode(row)
		}
	})
	b.Run(fmt.Sprintf("decode/%T", row), func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if err := state.Decode(body, zero()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
