package cadence_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

// FuzzParseID: an id has exactly one text, and whatever is read is written the
// same again.
func FuzzParseID(f *testing.F) {
	f.Add(cadence.NewID(4095, [14]byte{1, 2, 3}).Bare())
	f.Add(cadence.ID{}.Bare())
	f.Add("aaaaaaaaaaaaaaaaaaaaaaaaab")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := cadence.ParseBareID(text)
		if err != nil {
			return
		}
		if id.Bare() != text {
			t.Fatalf("%q was read and is written %q", text, id.Bare())
		}
		again, err := cadence.ParseID(cadence.KindLead, id.Text(cadence.KindLead))
		if err != nil || again != id {
			t.Fatalf("%v, %v", again, err)
		}
	})
}
