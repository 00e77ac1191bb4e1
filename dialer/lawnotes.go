package dialer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// LawNotes says what a set of rule packs means for a document under an
// instance's rules, before anybody is called: whose consents need a seller that
// nobody names, and which pools have no number that may be shown. Without caller
// IDs it says nothing of pools.
func LawNotes(set *pack.Set, r *Rules) func(*cadence.Document) []cadence.LawNote {
	return func(doc *cadence.Document) []cadence.LawNote {
		return append(sellerNote(set, r, doc), callerNotes(set, r, doc)...)
	}
}

// sellerNote names the rules that count only consents to a seller, where the
// calls have none.
func sellerNote(set *pack.Set, r *Rules, doc *cadence.Document) []cadence.LawNote {
	if cmp.Or(doc.Seller, r.Sellers[doc.CampaignName()], r.Seller) != "" {
		return nil
	}
	voices := map[string]bool{}
	for i := range doc.Steps {
		if doc.Steps[i].Kind == cadence.StepCall {
			voices[string(doc.VoiceOf(&doc.Steps[i]))] = true
		}
	}
	var ids []string
	set.Rules(func(rule *pack.Rule, a pack.Applies) {
		meets := func(list []string, have func(string) bool) bool {
			return len(list) == 0 || slices.ContainsFunc(list, have)
		}
		if rule.Kind == pack.Consent && rule.ToSeller && !slices.Contains(ids, rule.ID) &&
			meets(a.Country, func(c string) bool { return slices.Contains(r.Countries, c) }) &&
			meets(a.Purpose, func(p string) bool { return p == string(doc.PurposeOf()) }) &&
			meets(a.Voice, func(v string) bool { return voices[v] }) {
			ids = append(ids, rule.ID)
		}
	})
	if len(ids) == 0 {
		return nil
	}
	return []cadence.LawNote{{
		Path: "seller", Code: "seller_missing",
		Message: fmt.Sprintf("%s want consent that was given to the seller of the calls, and nobody is named", strings.Join(ids, ", ")),
		Remedy:  "name the seller in seller, for its campaign (pacing.campaigns[].seller) or for the house (compliance.seller); without one nobody is called whom these rules are about",
	}}
}

// callerNotes names the steps whose numbers a law does not let be shown in a
// country that is called.
func callerNotes(set *pack.Set, r *Rules, doc *cadence.Document) (notes []cadence.LawNote) {
	for i := range doc.Steps {
		s := &doc.Steps[i]
		if s.Kind != cadence.StepCall || s.PlacedBy == "rep" || len(r.CallerIDs) == 0 {
			continue
		}
		for _, country := range r.Countries {
			f := permit.Facts{Jurisdictions: []string{country}, Purpose: string(doc.PurposeOf()), Voice: string(doc.VoiceOf(s))}
			law := set.Law(f.Query())
			f.Pack = &permit.Pack{Law: law}
			from := r.candidate(&f, s.CallerID)
			r.callerFacts(&f, from)
			if at := slices.IndexFunc(law.Callers, func(l pack.Limit) bool { return from != "" && !l.Fits(string(from), f.Away) }); at >= 0 {
				notes = append(notes, cadence.LawNote{
					Path: fmt.Sprintf("steps[%d].caller_id", i), Code: "caller_id_unlawful",
					Message: fmt.Sprintf("none of its numbers may be shown in %s (%s): calls there wait", country, law.Callers[at].ID),
					Remedy:  "put a number that fits into the pool (caller_ids), or take the country out of dial.countries",
				})
			}
		}
	}
	return notes
}
