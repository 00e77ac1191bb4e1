package cadence_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestPremium(t *testing.T) {
	for n, want := range map[cadence.Number]bool{
		"+19005550100": true, "+19002345678": true, "+12129765555": true, "+13039760000": true,
		"+13035550100": false, "+12125559761": false, "+19705550100": false, "+18005550100": false, "+19095550100": false,
		"+449098790000": true, "+448431234567": true, "+442079460000": false, "+4930123456": false, "+499001123456": true,
		"+33899123456": true, "+33123456789": false, "+979123456789": true, "+881612345678": true, "+870773111632": true,
		"": false, "+1900": true, "nonsense": false,
	} {
		if got := cadence.Premium(n); got != want {
			t.Errorf("%q: premium %v", n, got)
		}
	}
}

// Only the area code 900 and the exchange 976 cost extra in North America.
func TestPremiumNorthAmerica(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := "+1" + rapid.StringMatching(`[2-9][0-9]{2}[2-9][0-9]{6}`).Draw(rt, "number")
		want := n[2:5] == "900" || n[5:8] == "976"
		if got := cadence.Premium(cadence.Number(n)); got != want {
			rt.Fatalf("%s: premium %v", n, got)
		}
	})
}

func BenchmarkPremium(b *testing.B) {
	for name, n := range map[string]cadence.Number{"NorthAmerica": "+13035550100", "abroad": "+442079460000"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				cadence.Premium(n)
			}
		})
	}
}
