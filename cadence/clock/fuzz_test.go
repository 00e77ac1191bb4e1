package clock_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// FuzzParseSpec: a shared clock that was read tells the same time as the one
// its own text makes.
func FuzzParseSpec(f *testing.F) {
	f.Add("2026-03-03T14:55:00Z@2026-11-22T09:00:00Zx60")
	f.Add("2026-03-03T14:55:00-05:00@2026-11-22T09:00:00.5Zx0.5")
	f.Add("x@x1")
	f.Add("2026-03-03T14:55:00Z@2026-11-22T09:00:00ZxNaN")
	f.Fuzz(func(t *testing.T, spec string) {
		v, err := clock.ParseSpec(spec)
		if err != nil {
			return
		}
		again, err := clock.ParseSpec(v.Spec())
		if err != nil || again.Spec() != v.Spec() {
			t.Fatalf("%q became %q: %v", spec, v.Spec(), err)
		}
	})
}
