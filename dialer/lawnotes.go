package dialer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// LawNotes says what a set of rule packs means for a document under an
// instance's rules, before anybody is called: whose consents need a seller that
// nobody names, who hears nothing while nobody takes the call, by the rules in
// force on a day, and which pools have no number that may be shown. Without
// caller IDs it says nothing of pools.
func LawNotes(set *pack.Set, r *Rules, on window.Day) func(*cadence.Document) []cadence.LawNote {
	return func(doc *cadence.Document) []cadence.LawNote {
		return slices.Concat(sellerNote(set, r, doc), harbourNotes(set, r, doc, on), callerNotes(set, r, doc, on))
	}
}

// harbourNotes names the chains of targets that end without a message, where a
// rule wants people to hear one whom nobody speaks to in time (16 CFR
// 310.4(b)(4)(iii)). A chain of the document is named once.
func harbourNotes(set *pack.Set, r *Rules, doc *cadence.Document, on window.Day) (notes []cadence.LawNote) {
	told := map[string]bool{}
	for i := range doc.Steps {
		s, path, chain := &doc.Steps[i], "connect", doc.Connect
		if len(s.Connect) > 0 {
			path, chain = fmt.Sprintf("steps[%d].connect", i), s.Connect
		}
		if s.Kind != cadence.StepCall || s.PlacedBy == "rep" || len(chain) == 0 || told[path] ||
			slices.ContainsFunc(chain, func(c cadence.Connect) bool { return c.To == cadence.ConnectMessage }) {
			continue
		}
		ids, within := harbours(set, r, doc, s, on)
		if told[path] = len(ids) > 0; told[path] {
			notes = append(notes, cadence.LawNote{
				Path: path, Code: "safe_harbour_missing",
				Message: fmt.Sprintf("%s: who answers and waits longer than %s for somebody must hear a message, and none is at the end of the targets", strings.Join(ids, ", "), within),
				Remedy:  "add a target to: message last, with the seller's name and a number to call; it is a machine's voice, so calls may then need the consents that laws want for one",
			})
		}
	}
	return notes
}

// harbours are the rules in force that want a message for the calls of a step,
// and the shortest time they allow.
func harbours(set *pack.Set, r *Rules, doc *cadence.Document, s *cadence.Step, on window.Day) (ids []string, within time.Duration) {
	set.Rules(func(rule *pack.Rule, a pack.Applies) {
		if rule.Kind != pack.Abandon || !rule.Params.Message || !rule.InForce(on) || !about(a, r, doc, func(v string) bool { return v == string(doc.VoiceOf(s)) }) {
			return
		}
		if ids = append(ids, rule.ID); within == 0 || rule.ConnectWithin() < within {
			within = rule.ConnectWithin()
		}
	})
	return ids, within
}

// about reports whether a rule may be about calls of a document, in voices that
// pass: whom they are made to is not known.
func about(a pack.Applies, r *Rules, doc *cadence.Document, voice func(string) bool) bool {
	meets := func(list []string, have func(string) bool) bool {
		return len(list) == 0 || slices.ContainsFunc(list, have)
	}
	return meets(a.Country, func(c string) bool { return slices.Contains(r.Countries, c) }) &&
		meets(a.Purpose, func(p string) bool { return p == string(doc.PurposeOf()) }) && meets(a.Voice, voice)
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
		if rule.Kind == pack.Consent && rule.ToSeller && !slices.Contains(ids, rule.ID) && about(a, r, doc, func(v string) bool { return voices[v] }) {
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

// callerNotes names the steps whose numbers a law in force does not let be shown
// in a country that is called.
func callerNotes(set *pack.Set, r *Rules, doc *cadence.Document, on window.Day) (notes []cadence.LawNote) {
	for i := range doc.Steps {
		s := &doc.Steps[i]
		if s.Kind != cadence.StepCall || s.PlacedBy == "rep" || len(r.CallerIDs) == 0 {
			continue
		}
		for _, country := range r.Countries {
			f := permit.Facts{Jurisdictions: []string{country}, Purpose: string(doc.PurposeOf()), Voice: string(doc.VoiceOf(s))}
			law := *set.Law(f.Query())
			law.Callers = slices.DeleteFunc(slices.Clone(law.Callers), func(l pack.Limit) bool { return l.Since > on || l.Until != 0 && l.Until < on })
			f.Pack = &permit.Pack{Law: &law}
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
