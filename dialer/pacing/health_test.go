package pacing_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/pacing"
)

var usual = pacing.Thresholds{Days: 7, MinCalls: 100, Confidence: 0.99, Margin: 0.02, RestMs: 1}

func TestWilson(t *testing.T) {
	cases := []struct {
		part, of  int64
		z         float64
		low, high float64
	}{
		{0, 0, 1.96, 0, 1},
		{0, 10, 1.959964, 0, 0.277533},
		{10, 10, 1.959964, 0.722467, 1},
		{1, 10, 1.959964, 0.017876, 0.404150},
		{50, 100, 1.959964, 0.403832, 0.596168},
		{5, 240, 2.575829, 0.006985, 0.060462},
	}
	for _, c := range cases {
		got := pacing.Wilson(c.part, c.of, c.z)
		if math.Abs(got.Low-c.low) > 1e-4 || math.Abs(got.High-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.6f to %.6f, want %.6f to %.6f", c.part, c.of, got.Low, got.High, c.low, c.high)
		}
	}
	if z := usual.Z(); math.Abs(z-2.575829) > 1e-5 {
		t.Errorf("99 %% is %v deviations", z)
	}
}

// The interval's ends are where the score test stops to refuse: the share
// itself lies z deviations away from each.
func TestWilsonInvertsTheScoreTest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		of := rapid.Int64Range(1, 100_000).Draw(rt, "of")
		part := rapid.Int64Range(0, of).Draw(rt, "part")
		z := rapid.Float64Range(0.5, 4).Draw(rt, "z")
		p, got := float64(part)/float64(of), pacing.Wilson(part, of, z)
		if got.Low > p+1e-12 || got.High < p-1e-12 || got.Low < 0 || got.High > 1 {
			rt.Fatalf("%v does not hold %v", got, p)
		}
		for _, end := range []float64{got.Low, got.High} {
			if end <= 1e-9 || end >= 1-1e-9 {
				continue
			}
			if d := math.Abs(p-end) / math.Sqrt(end*(1-end)/float64(of)); math.Abs(d-z) > 1e-3 {
				rt.Fatalf("%d of %d: %v is %v deviations away, want %v", part, of, end, d, z)
			}
		}
	})
}

func TestBurned(t *testing.T) {
	rest := pacing.Figures{Attempts: 2000, Answered: 240}
	cases := []struct {
		name      string
		own, rest pacing.Figures
		want      bool
	}{
		{"far below", pacing.Figures{Attempts: 300, Answered: 6}, rest, true},
		{"as good", pacing.Figures{Attempts: 300, Answered: 36}, rest, false},
		{"better", pacing.Figures{Attempts: 300, Answered: 90}, rest, false},
		{"below, but perhaps by chance", pacing.Figures{Attempts: 120, Answered: 8}, rest, false},
		{"too few calls", pacing.Figures{Attempts: 99}, rest, false},
		{"too few calls of the rest", pacing.Figures{Attempts: 300}, pacing.Figures{Attempts: 99, Answered: 99}, false},
		{"within the margin", pacing.Figures{Attempts: 100_000, Answered: 11_000}, pacing.Figures{Attempts: 100_000, Answered: 12_000}, false},
	}
	for _, c := range cases {
		if got := usual.Judge(c.own, c.rest) == pacing.AnswerRate; got != c.want {
			t.Errorf("%s: burned %v", c.name, got)
		}
	}
}

// Fewer answers never make a number look better, more never worse.
func TestBurnedIsMonotone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		own := pacing.Figures{Attempts: rapid.Int64Range(0, 5000).Draw(rt, "attempts")}
		own.Answered = rapid.Int64Range(0, own.Attempts).Draw(rt, "answered")
		rest := pacing.Figures{Attempts: rapid.Int64Range(0, 50_000).Draw(rt, "rest")}
		rest.Answered = rapid.Int64Range(0, rest.Attempts).Draw(rt, "rest answered")
		burned := usual.Judge(own, rest) == pacing.AnswerRate
		worse, better := own, own
		worse.Answered = max(0, own.Answered-1)
		better.Answered = min(own.Attempts, own.Answered+1)
		if burned && usual.Judge(worse, rest) != pacing.AnswerRate || !burned && usual.Judge(better, rest) == pacing.AnswerRate {
			rt.Fatalf("%+v against %+v: burned %v", own, rest, burned)
		}
		if burned && (own.Attempts < usual.MinCalls || rest.Attempts < usual.MinCalls) {
			rt.Fatal("burned on too few calls")
		}
	})
}

func TestShortCallsAndNeighbours(t *testing.T) {
	judging := usual
	judging.MinAnswered, judging.ShortShare, judging.NearShare = 50, 0.5, 0.5
	rest := pacing.Figures{Attempts: 2000, Answered: 400, Short: 80}
	cases := []struct {
		name      string
		own, rest pacing.Figures
		want      pacing.Ill
	}{
		{"hung up on", pacing.Figures{Attempts: 400, Answered: 80, Short: 60}, rest, pacing.ShortCalls},
		{"hung up on, but perhaps by chance", pacing.Figures{Attempts: 400, Answered: 80, Short: 48}, rest, pacing.Well},
		{"everybody is hung up on", pacing.Figures{Attempts: 400, Answered: 80, Short: 60}, pacing.Figures{Attempts: 2000, Answered: 400, Short: 300}, pacing.Well},
		{"few answered", pacing.Figures{Attempts: 245, Answered: 49, Short: 49}, rest, pacing.Well},
		{"few of the rest answered", pacing.Figures{Attempts: 400, Answered: 80, Short: 80}, pacing.Figures{Attempts: 245, Answered: 49}, pacing.Well},
		{"often, but less than half", pacing.Figures{Attempts: 4000, Answered: 800, Short: 390}, rest, pacing.Well},
		{"calls its neighbours", pacing.Figures{Attempts: 300, Answered: 60, Near: 200}, rest, pacing.Neighbours},
		{"calls its neighbours in a pool of its own", pacing.Figures{Attempts: 300, Answered: 60, Near: 200}, pacing.Figures{}, pacing.Neighbours},
		{"calls some neighbours", pacing.Figures{Attempts: 300, Answered: 60, Near: 150}, rest, pacing.Well},
		{"has just begun", pacing.Figures{Attempts: 99, Answered: 20, Near: 99}, rest, pacing.Well},
		{"all at once", pacing.Figures{Attempts: 400, Answered: 8, Near: 400}, rest, pacing.AnswerRate},
	}
	for _, c := range cases {
		if got := judging.Judge(c.own, c.rest); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := usual.Judge(c.own, c.rest); got == pacing.ShortCalls || got == pacing.Neighbours {
			t.Errorf("%s: %q though nothing is judged by it", c.name, got)
		}
	}
}
