// Package packdiff says which calls two sets of rule packs judge differently:
// what a change of rules would do, before it is in force.
package packdiff

import (
	"fmt"
	"sync"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

// Leads is how many fixture leads are judged.
const Leads = 10_000

// abroad are numbers of other countries, out of the ranges kept for fiction or
// for examples where there are such.
var abroad = []string{
	"+442079460%03d", "+33612345%03d", "+33199001%03d", "+4930230%05d", "+34612345%03d", "+61491570%03d", "+919876543%03d",
	"+31612345%03d", "+39312345%04d", "+5511961234%03d", "+52155123%05d",
}

// lead is one fixture: a call of some kind to somebody somewhere.
type lead struct {
	name  string
	facts permit.Facts
	place window.Place
}

// leads are the fixtures: all area codes of North America and some of
// elsewhere, every purpose and voice, with consent and without. They are the
// same at every run.
var leads = sync.OnceValue(func() []lead {
	codes := areaCodes()
	purposes := []cadence.Purpose{
		cadence.PurposeSales, cadence.PurposeSales, cadence.PurposeSales, cadence.PurposeDebt, cadence.PurposeInform, cadence.PurposeSurvey,
		cadence.PurposeCharity, cadence.PurposeHealth, cadence.PurposeCause,
	}
	voices := []cadence.Voice{cadence.VoiceLive, cadence.VoiceLive, cadence.VoiceLive, cadence.VoiceArtificial, cadence.VoiceRecorded}
	consents := []cadence.Consent{"", "", cadence.ConsentWritten, cadence.ConsentPrior}
	all := make([]lead, Leads)
	for i := range all {
		number := fmt.Sprintf(abroad[i%len(abroad)], i/len(abroad)%1000)
		if i%4 != 0 {
			number = fmt.Sprintf("+1%d5550%03d", codes[i%len(codes)], 100+i/len(codes)%90)
		}
		l := &all[i]
		l.name, l.place = fmt.Sprintf("Lead %05d", i+1), window.Place{Number: number}
		if i%7 == 0 && i%4 != 0 {
			l.place.State = []string{"FL", "NY", "TX", "OK"}[i/7%4] // moved there
		}
		l.facts = facts(l.place, purposes[i/3%len(purposes)], voices[i/5%len(voices)], consents[i/11%len(consents)])
	}
	return all
})

// facts are those of a call that nothing but the law speaks against.
func facts(place window.Place, purpose cadence.Purpose, voice cadence.Voice, consent cadence.Consent) permit.Facts {
	zones, why := window.ForLead(place)
	region := window.Region(place.Number)
	f := permit.Facts{
		Active: true, Enrolled: true, CallerID: true, Country: region, Countries: []string{region}, Zones: zones,
		NonGeographic: why == window.NonGeographic, Jurisdictions: dialer.PlacesOf(place), Purpose: string(purpose), Voice: string(voice),
		Ring: cadence.DefaultRing.From(epoch, epoch.Location(), nil).Sub(epoch).Milliseconds(), NumberCap: 1000,
	}
	if consent != "" {
		f.Evidence = []string{"consent." + string(consent)}
		f.Given = f.Evidence // to whoever sells
	}
	return f
}

func areaCodes() (codes []int) {
	for code := 201; code <= 989; code++ {
		if _, region, why := window.Candidates(fmt.Sprintf("+1%d5550100", code)); region != "" && why == window.Located {
			codes = append(codes, code)
		}
	}
	return codes
}
