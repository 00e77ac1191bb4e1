package permit

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Kind groups rules by what they are about.
type Kind string

// The kinds.
const (
	KindStop     Kind = "stop" // the house, the cadence or the lead is stopped
	KindDNC      Kind = "dnc"
	KindNumber   Kind = "number"
	KindZone     Kind = "zone"
	KindWait     Kind = "wait"
	KindCap      Kind = "cap"
	KindWindow   Kind = "window"
	KindHoliday  Kind = "holiday"
	KindCallerID Kind = "callerid"
	KindMoney    Kind = "money"
	KindConsent  Kind = "consent"
	KindRing     Kind = "ring"
	KindScrub    Kind = "scrub"
	KindAbandon  Kind = "abandon"
	// KindEmergency is a ban for a time.
	KindEmergency Kind = "emergency"
)

// The ids of the built-in rules. They never change their meaning: stored
// verdicts, metrics and scripts hold them.
const (
	RuleKillSwitch  = "house.kill_switch"
	RuleHealth      = "house.health"
	RuleNoPack      = "house.no_pack"
	RuleInactive    = "house.inactive"
	RuleHalted      = "house.halted"
	RuleListPaused  = "list.paused"
	RuleListRelease = "list.release"
	RuleNotEnrolled = "lead.not_enrolled"
	RuleDNC         = "dnc.internal"
	RuleDNCScope    = "dnc.scope"
	RuleDNCList     = "dnc.list"
	RuleRetired     = "number.retired"
	RuleCountry     = "number.country"
	// RuleUnknownCountry refuses where no pack has a rule.
	RuleUnknownCountry = "intl.unknown"
	RuleNonGeographic  = "tz.nongeographic"
	RuleZoneUnknown    = window.RuleNoZone
	RuleOpenAttempt    = "number.open_attempt"
	RuleNumberCap      = "cap.number.24h"
	RuleLeadCap        = "cap.lead"
	RuleCadenceCap     = "cap.cadence.day"
	RuleCadenceWindow  = "cadence.window"
	RuleHolidayUS      = "holiday.us.federal"
	RuleCallerID       = "callerid.none"
	RulePremium        = "number.premium"
	RuleSpendCap       = "money.day"
)

// RuleInfo explains a rule to people. Unblock says what has to happen before
// it allows.
type RuleInfo struct {
	ID, Title, Source, Unblock string
	Kind                       Kind
}

var builtIn = []RuleInfo{
	{RuleKillSwitch, "All dialing is stopped", "house", "resume dialing", KindStop},
	{RuleHealth, "Dialing is off: the system is not fit to dial", "house", "mend what the detail names; dialing resumes by itself", KindStop},
	{RuleNoPack, "No calling hours are known for the cadence", "house", "load the rules; without them nobody is called", KindStop},
	{RuleInactive, "The cadence is not active", "house", "activate the cadence", KindStop},
	{RuleHalted, "The cadence is halted", "house", "resume the cadence", KindStop},
	{RuleListPaused, "The lead's list is paused", "house", "resume the list", KindStop},
	{RuleListRelease, "The list has let its new leads of the day go", "house", "wait for the next day, or raise the list's release per day", KindStop},
	{RuleNotEnrolled, "The lead is not in the cadence, or paused", "house", "enroll or resume the lead", KindStop},
	{RuleDNC, "The number is on the do-not-call list", "47 CFR 64.1200(d)", "nothing: the person said no", KindDNC},
	{RuleDNCScope, "The person said no to calls of this kind", "47 CFR 64.1200(a)(10)", "nothing: the person said no to it", KindDNC},
	{RuleDNCList, "The number is on an imported do-not-call list", "47 CFR 64.1200(c)(2)", "nothing; the next edition of the list may lack the number", KindDNC},
	{RuleRetired, "The number is not in service, a fax, or somebody else's", "house", "correct the lead's number", KindNumber},
	{RuleCountry, "Calls to the number's country are not allowed", "house: toll fraud", "add the country to dial.countries", KindNumber},
	{RulePremium, "Calls to the number cost extra", "house: toll fraud", "nothing: premium numbers are never called", KindNumber},
	{RuleUnknownCountry, "No rules are known for the number's country", "house", "add a rule pack for the country", KindNumber},
	{RuleNonGeographic, "The number says nothing about where the person is", "house", "give the lead an explicit zone", KindZone},
	{RuleZoneUnknown, "No local time is known for the number", "house", "give the lead an explicit zone", KindZone},
	{RuleOpenAttempt, "Another call to the number is open", "house", "wait until it ends", KindWait},
	{RuleNumberCap, "The number had its calls within 24 hours", "house; Fla. Stat. 501.616(6)(b)", "wait until the oldest leaves the 24 hours", KindCap},
	{RuleLeadCap, "The lead had the calls that the cadence allows", "the cadence: caps.lead", "wait until the oldest leaves the period, or publish a higher cap", KindCap},
	{RuleCadenceCap, "The cadence made its calls of the day", "the cadence: caps.daily", "wait until the house's day ends (pacing.day_zone), or publish a higher cap", KindCap},
	{RuleCadenceWindow, "Outside the cadence's calling hours", "the cadence", "wait for the window, or change it", KindWindow},
	{RuleHolidayUS, "A federal holiday of the United States", "5 U.S.C. 6103; the cadence", "wait for the next working day", KindHoliday},
	{RuleCallerID, "No caller ID is available", "house", "add a number to the step's pool", KindCallerID},
	{RuleSpendCap, "The day's money is spent", "house: toll fraud", "wait until the day ends, or raise dial.spend_cap", KindMoney},
}

// Rules lists the built-in rules in the order they are checked. With those of
// the packs they are the closed set of labels for metrics and explanations.
func Rules() []RuleInfo { return slices.Clone(builtIn) }

// recordIt is how a consent that is missing is supplied.
const recordIt = "record the person's consent with its date and proof (carillon consent add, POST /v1/leads/{id}/consents, or the import columns consent_kind, consent_at, …), then enroll the lead again"

// remedies say what has to happen before a rule of a pack allows.
var remedies = map[pack.Kind]string{
	pack.Window: "wait for the window", pack.Holiday: "wait for the next working day", pack.Emergency: "wait until it is lifted",
	pack.Cap: "wait until the oldest call leaves the period", pack.Wait: "wait for its end", pack.Consent: recordIt,
	pack.Ring: "let the step ring longer", pack.DNC: "nothing: the person said no",
	pack.Scrub: "import an edition of the list that is young enough (carillon dnc import FILE --list NAME --as-of DATE); the lead waits for it. " +
		"With compliance.scrub: when_imported a list that was never imported is not asked for: then whoever runs the server answers for checking numbers elsewhere",
	pack.CallerID: "put a number that fits into the step's pool (caller_ids); the call waits for it",
	pack.Abandon:  "see why answered calls reach nobody (connect targets, agents); the day's first abandoned call ends the campaign's day while its share is over",
}

// Info explains a rule: one of the house's, or one of a set of packs (nil: of
// none). It is false for an id that neither has.
func Info(set *pack.Set, id string) (RuleInfo, bool) {
	for _, r := range builtIn {
		if r.ID == id {
			return r, true
		}
	}
	if set == nil {
		return RuleInfo{}, false
	}
	r := set.Rule(id)
	if r == nil {
		return RuleInfo{}, false
	}
	return RuleInfo{ID: r.ID, Title: r.Title, Source: r.Source, Unblock: remedies[r.Kind], Kind: Kind(r.Kind)}, true
}
