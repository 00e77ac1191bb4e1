package dialer

import (
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// The rules of a touch that are no permit's: it is not up for one.
const (
	RuleDialing   = "touch.dialing"
	RuleHeld      = "touch.disposition_awaited"
	RuleLateGrant = "grant.expired"
	// carrierRule begins the rules of attempts that came back from the carrier,
	// or never got there; its reason follows.
	carrierRule = "carrier."
)

// engineRules explain why a touch waits, beside the rules of the permit.
var engineRules = []permit.RuleInfo{
	{ID: RuleNotDue, Title: "The touch is not due yet", Source: "the cadence", Unblock: "wait for it", Kind: permit.KindWait},
	{ID: RuleDialing, Title: "It is being called now", Source: "house", Unblock: "wait until the call ends", Kind: permit.KindWait},
	{ID: RuleHeld, Title: "A disposition of the last call is awaited", Source: "the cadence: connect[].disposition_wait", Unblock: "post it, or wait", Kind: permit.KindWait},
	{ID: RuleMedia, Title: "The step plays a recording that is missing or damaged", Source: "house", Unblock: "store the recording again", Kind: permit.KindStop},
	{ID: RuleReturnCall, Title: "The lead, or the number, is on the line with us", Source: "house", Unblock: "wait until the call ends", Kind: permit.KindWait},
	{ID: RuleStaff, Title: "The number is no verified staff number", Source: "house", Unblock: "add it, let it be called for a code, and repeat the code", Kind: permit.KindStop},
	{ID: RuleRehearsals, Title: "The staff number had its rehearsals of 24 hours", Source: "house", Unblock: "wait, or choose another staff number", Kind: permit.KindWait},
	{ID: RuleRehearsalLate, Title: "The rehearsal did not get its turn within a minute", Source: "house", Unblock: "see whether dialing is on, and ask again", Kind: permit.KindWait},
	{ID: RuleDayPart, Title: "The route asks for another part of the day", Source: "the cadence: other_day_part", Unblock: "wait for it", Kind: permit.KindWait},
	{ID: RuleLateGrant, Title: "Its turn at the carrier passed before the number's home answered", Source: "house", Unblock: "nothing: it gets another turn", Kind: permit.KindWait},
	{ID: pacing.ReasonResting, Title: "Every caller ID of the step's pool rests", Source: "house", Unblock: "wait, end a rest (carillon numbers unrest), or add a number to the pool", Kind: permit.KindCallerID},
	{ID: pacing.ReasonCapped, Title: "Every caller ID of the step's pool rests or had its calls today", Source: "house: pacing.caller_id_cap", Unblock: "wait until the day ends, or add a number to the pool", Kind: permit.KindCallerID},
}

// gates say what shuts each gate, and what opens it.
var gates = map[string]string{
	ReasonKillSwitch: "somebody stopped dialing; resume it",
	ReasonDisk:       "free disk space is below storage.min_free; make room",
	ReasonRestored:   "the ledger is not the one last written; run carillon doctor --reconcile and --accept",
	ReasonClock:      "the clock cannot be trusted; set it right, or run carillon doctor --accept-clock",
	ReasonPublicURL:  "the engine cannot reach itself through public_url; check it and the proxy in front of hooks.listen",
	ReasonScripts:    "answered calls do not fetch their script; check public_url and the hooks listener",
	ReasonAccount:    "the carrier refuses the account; run carillon doctor --twilio",
	ReasonConfig:     "the carrier refuses what it is sent; run carillon doctor --twilio",
	ReasonPacks:      "no rule packs are in force; run carillon lint packs, then carillon packs reload",
	ReasonStopping:   "the server is stopping; start it again",
	ReasonMoney:      "the day's money is spent; wait until the day ends, or raise dial.spend_cap",
	ReasonStarting:   "the server has just started; it dials once it has reached itself",
	ReasonElsewhere:  "the shard that has the number does not dial; see its own reason",
}

// GateText says what shuts a gate, and what opens it; "" for one that is not
// known.
func GateText(reason string) string { return gates[reason] }

// RuleInfo explains whatever a verdict, a touch or a refused grant may name:
// a rule of the house, of the engine, or of a set of packs (nil: of none). It is
// false for an id that nothing has.
func RuleInfo(set *pack.Set, id string) (permit.RuleInfo, bool) {
	if at := slices.IndexFunc(engineRules, func(r permit.RuleInfo) bool { return r.ID == id }); at >= 0 {
		return engineRules[at], true
	}
	if reason, ok := strings.CutPrefix(id, carrierRule); ok {
		return permit.RuleInfo{
			ID: id, Title: "The call was not placed (" + strings.ReplaceAll(reason, "_", " ") + ")", Source: "the carrier, or whoever took it back",
			Unblock: "nothing: it is tried again; see carillon_carrier_requests_total when it lasts", Kind: permit.KindWait,
		}, true
	}
	return permit.Info(set, id)
}
