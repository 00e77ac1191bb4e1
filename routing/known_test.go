package routing_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

// What a document is checked by agrees with what Decide does.
func TestKnownTellsOfCallsBackAndOfTheEnginesOwn(t *testing.T) {
	known := shippedSet(t).ForDocuments()
	for code, want := range map[cadence.DispositionCode]struct {
		delay  cadence.Span
		agreed bool
		engine bool
	}{
		"CALLBACK": {cadence.Span{N: 24, Unit: cadence.Hours}, true, false}, "CALLBK": {cadence.Span{N: 24, Unit: cadence.Hours}, true, false},
		"NO_ANSWER": {}, "DNC": {}, "CANCELLED": {engine: true}, "NOTHING": {},
	} {
		delay, agreed := known.Callback(code)
		if engine := known.EngineOnly(code); delay != want.delay || agreed != want.agreed || engine != want.engine {
			t.Errorf("%s: %v %v %v, want %+v", code, delay, agreed, engine, want)
		}
	}
}
