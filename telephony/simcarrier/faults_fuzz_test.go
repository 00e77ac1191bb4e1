package simcarrier_test

import (
	"encoding/json"
	"testing"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// FuzzFaults: a description of faults is taken whole or refused, and is
// written as it was read.
func FuzzFaults(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"drop_response":0.5}`))
	f.Add([]byte(`{"drop_response":2}`))
	f.Add([]byte(`[1`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		faults, err := simcarrier.ParseFaults(raw)
		if err != nil {
			return
		}
		text, err := json.Marshal(faults)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := simcarrier.ParseFaults(text); err != nil || again != faults {
			t.Fatalf("%s is not read back: %v", text, err)
		}
	})
}
