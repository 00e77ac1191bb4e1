package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// How long things may take before somebody looks.
const (
	// settleFor is how long after a call's end the report about its connected
	// leg is awaited before the carrier is asked.
	settleFor = 5 * time.Second
	// graceFor is added to a ring or a call's limit before it is looked at.
	graceFor = 30 * time.Second
	// lookAgain is the pause after a look that settled nothing.
	lookAgain = time.Minute
	// overdue is when an intent that nobody reported about is looked at. It
	// is only a net: the executor always reports.
	overdue = 5 * time.Minute
	// shortCall is what an answered call lasts at least that was listened to.
	shortCall = 6 * time.Second
	// restFor is how long a caller ID rests after the carrier refused it.
	restFor = time.Hour
	// searchBefore and searchAfter bound the creation times of calls that may
	// belong to an unknown attempt. Before is what our clock may be ahead of the
	// carrier's, which it tells in whole seconds, and then some.
	searchBefore = 10 * time.Second
	searchAfter  = 10 * time.Minute
	// goneAfter is how long after its placing an attempt waits for a call that
	// the carrier denies: no call lasts longer than a day.
	goneAfter = 25 * time.Hour
)

// Bits of Open.Seen. Bits below seqBits are sequence numbers of status events.
const (
	seqBits    = 40
	seenVoice  = uint64(1) << 41
	seenGather = uint64(1) << 42
	seenAMD    = uint64(1) << 44
	seenFinal  = uint64(1) << 45
	seenPlayed = uint64(1) << 46
	seenLeg    = uint64(1) << 47
)

// intended writes the durable permission to place one call.
func (c *Core) intended(now int64, m *ask, n *state.Number, p *Plan, verdict []byte, notAfter, closes int64, zone string, policy uint64) (*event.Intended, DialOrder) {
	s := &p.Doc.Steps[m.Step]
	by := p.Steps[m.Step].detect
	ring := p.Steps[m.Step].ring
	local := ""
	if loc := c.zonesOf(m.Zones).home(); zone != "" {
		local = atMs(now).In(loc).Format("2006-01-02T15:04:05-07:00")
	}
	day, _ := dayOf(c.rules.DayZone, now)
	i := &event.Intended{
		Attempt: c.mint(m.Token.Slot()), Token: m.Token, Number: n.Number, Enrollment: m.Enrollment, Touch: m.Touch, Try: m.Try,
		Lead: m.Lead, Cadence: m.Cadence, Version: m.Version, Campaign: m.Campaign, Step: m.Step, StepKey: s.Key, Run: m.Run,
		List: m.List, From: m.Grant.From, Connect: p.kind(m.Step), AMD: by.amd, RingMs: ms(ring), NotAfter: notAfter, Zone: zone,
		Local: local, Policy: policy, Verdict: verdict, Deadline: now + ms(overdue), At: now, Due: m.Due,
		CapSince: now - ms(permit.NumberWindow+time.Hour), Texts: m.Texts, Nth: m.Nth,
		Day: m.Grant.Day, Near: pacing.Near(m.Grant.From, n.Number), Closes: closes, Cost: c.openCost(), CapDay: day,
	}
	return i, DialOrder{
		Dial: telephony.Dial{
			Attempt: i.Attempt, To: n.Number, From: i.From, Ring: ring, TimeLimit: c.rules.TimeLimit,
			AMD: by.amd, AMDAsync: by.async, AMDTimeout: by.timeout,
		},
		NotAfter: notAfter, Due: m.Due,
	}
}

// sent takes the executor's report.
func (c *Core) sent(now int64, v *state.View, m *Sent) Outcome {
	o := v.Open(m.Attempt)
	if o == nil {
		return Outcome{} // its own callbacks were quicker and it is over
	}
	var out Outcome
	switch {
	case o.CallID != "": // a signed callback was quicker: there is a call, whatever the response says
	case m.Late:
		c.giveBack(now, &out, o, "late", 0)
	case m.Err == nil:
		out.fact(placedBy(o, m.Placed.CallID, placedByResponse, now, m.Placed.QueueTime))
		if begins := now + ms(m.Placed.QueueTime); o.I.Closes != 0 && begins > o.I.Closes && o.Owed == "" {
			// The carrier means to keep it in its queue until the hours are over.
			out.fact(&event.EffectOwed{Attempt: m.Attempt, Effect: event.EffectCancel, Reason: queuedTooLong, At: now})
		}
	case m.Err.Class == telephony.NotSent:
		c.giveBack(now, &out, o, m.Err.Reason, time.Second)
	case m.Err.Class == telephony.Throttled:
		c.giveBack(now, &out, o, m.Err.Reason, max(time.Second, m.Err.RetryAfter))
	case m.Err.Class == telephony.Rejected:
		c.rejected(now, v, &out, o, m.Err)
	default:
		if o.State == event.Intent { // a callback may have told more already
			out.fact(&event.AttemptUnclear{Attempt: m.Attempt, Reason: m.Err.Reason, Deadline: now + ms(c.rules.Reconcile[0]), At: now})
		}
	}
	return out
}

// queuedTooLong is why a call is cancelled that the carrier would place after
// the called party's hours.
const queuedTooLong = "queued_past_hours"

// placedByResponse is how a call was found whose own request was answered.
const placedByResponse = "response"

func placedBy(o *state.Open, callID, how string, now int64, queue time.Duration) *event.CallPlaced {
	return &event.CallPlaced{Attempt: o.I.Attempt, CallID: callID, How: how, At: now, Deadline: byClose(o, now, now+ms(queue)+o.I.RingMs+ms(graceFor))}
}

// byClose is when a call is looked at that has not rung yet: at the end of the
// called party's hours at the latest. How long it stays in the carrier's queue
// is an estimate of the carrier's, and may be a day.
func byClose(o *state.Open, now, deadline int64) int64 {
	if o.I.Closes > now {
		return min(deadline, o.I.Closes)
	}
	return deadline
}

// giveBack ends an attempt for which certainly no call was made.
func (c *Core) giveBack(now int64, out *Outcome, o *state.Open, reason string, wait time.Duration) {
	out.fact(&event.AttemptReturned{Attempt: o.I.Attempt, Reason: reason, At: now, Rehearsal: !o.I.Rehearsal.IsZero()})
	tell(out, o, &over{Enrollment: o.I.Enrollment, Touch: o.I.Touch, Attempt: o.I.Attempt, Returned: true, Wait: ms(wait), Reason: carrierRule + reason, Called: o.I.At})
}

// rejected routes a refusal: about the number, it is an outcome; about
// anything else, the lead has nothing to do with it and stays due.
func (c *Core) rejected(now int64, v *state.View, out *Outcome, o *state.Open, e *telephony.Error) {
	if e.Scope == telephony.ScopeCallerID {
		out.fact(rest(v, &event.CallerIDRested{Number: o.I.From, Until: now + ms(restFor), Reason: e.Reason, By: RestByCarrier, At: now})...)
	}
	code, ok := routing.ClassifyRefusal(e)
	if !ok {
		wait := time.Second
		if e.Scope == telephony.ScopeCountry {
			wait = restFor
		}
		c.giveBack(now, out, o, e.Reason, wait)
		return
	}
	c.close(now, out, o, closing{state: event.Rejected, code: code, reason: e.Reason, result: telephony.ResultFailed})
}

// closing is how an attempt ends.
type closing struct {
	state                        event.State
	code                         cadence.DispositionCode
	result                       telephony.Result
	reason                       string
	contact, answered, voicemail bool
	completed                    bool
	digits                       bool
	drop                         *event.Drop
	wait                         int64 // ms until the leg they were put through to answered; 0: none did
	told                         bool  // a message was played, because nobody answered before it
}

// close ends an attempt and tells the lead's home.
func (c *Core) close(now int64, out *Outcome, o *state.Open, k closing) {
	by, code, callback := "system", k.code, int64(0)
	if k.digits {
		by = "digits"
	}
	if o.Posted != nil {
		by, code, callback = o.Posted.By, o.Posted.Code, o.Posted.CallbackAt
	}
	contact, converted, no, refusal := k.contact, false, false, false
	if d, ok := c.rules.Dispositions.Resolve(code); ok {
		// Somebody says what was talked about: then there was a contact.
		contact = contact || k.answered && d.Contact && (o.Posted != nil || k.digits)
		code, converted, no, refusal = d.Code, d.Conversion && contact, d.DNC, d.Refuses()
	}
	talked := k.answered && contact
	slow := k.answered && contact && tooLate(o.I.Within, k.wait, k.told)
	out.fact(&event.AttemptEnded{
		Attempt: o.I.Attempt, State: k.state, Code: code, By: by, Result: k.result, Reason: k.reason,
		Accepted: o.CallID != "", Completed: k.completed, Answered: k.answered, Contact: contact,
		Converted: converted, Abandoned: k.answered && !contact, At: now, Posted: o.Posted != nil, Voicemail: k.voicemail,
		Judged: o.AnsweredBy != telephony.ByNothing, Fetched: o.Script != "", Drop: k.drop,
		Short: k.answered && o.DurationMs < ms(shortCall), Cost: c.costOf(o), Talked: talked, Refused: refusal,
		Rehearsal: !o.I.Rehearsal.IsZero(), Wait: k.wait, Late: slow, Told: k.told,
	})
	if no {
		sayNo(out, o.I.Token, cadence.ID{}, string(code), "disposition", by)
	}
	tell(out, o, &over{
		Enrollment: o.I.Enrollment, Touch: o.I.Touch, Attempt: o.I.Attempt, Code: code, Posted: o.Posted != nil || k.digits,
		CallbackAt: callback, Contact: contact, Counts: o.CallID != "", Hold: c.holdFor(o, k), Talked: when(talked, now), Refused: when(refusal, now),
	})
	if !no && c.refuses(k) && o.I.Rehearsal.IsZero() { // the stay ends all the same
		out.send(&late{Enrollment: o.I.Enrollment, Attempt: o.I.Attempt, Code: k.code, By: byDigits})
	}
}

// refuses reports whether the person said no by key. A disposition that somebody
// posts stands as it was posted, and takes nothing of the no away.
func (c *Core) refuses(k closing) bool {
	d, ok := c.rules.Dispositions.Resolve(k.code)
	return k.digits && ok && d.DNC
}

// holdFor is how long a connected call waits for a posted disposition.
func (c *Core) holdFor(o *state.Open, k closing) int64 {
	p, ok := c.plans[playedBy(o.I)]
	if !k.contact || !ok {
		return 0
	}
	chain := p.Steps[o.I.Step].connect
	if o.Target >= len(chain) {
		return 0
	}
	at := atMs(0)
	return ms(chain[o.Target].DispositionWait.From(at, time.UTC, nil).Sub(at))
}

// withdrawal is a withdraw at the attempt's shard, which has tried the swap.
type withdrawal struct {
	*withdraw
	won bool
}

// withdraw takes an attempt back before its first byte, or makes it owe a
// cancel.
func (c *Core) withdraw(now int64, v *state.View, m *withdrawal) Outcome {
	o := v.Open(m.Attempt)
	var out Outcome
	switch {
	case o == nil:
	case o.State == event.Intent && m.won:
		c.giveBack(now, &out, o, m.Reason, 0)
	case o.State >= event.Live, m.Unsent:
	case o.Owed == "":
		out.fact(&event.EffectOwed{Attempt: m.Attempt, Effect: event.EffectCancel, Reason: m.Reason, At: now})
	}
	return out
}

// acted takes the result of an owed effect. One that failed is done again at
// the attempt's next deadline, and so is a redirect until the call has asked
// for its script.
func (c *Core) acted(now int64, v *state.View, m *Acted) Outcome {
	o := v.Open(m.Attempt)
	if o == nil || o.Owed != m.Effect || m.Err != "" || m.Effect == event.EffectRedirect {
		return Outcome{}
	}
	return Outcome{Facts: []event.Fact{&event.EffectDone{Attempt: m.Attempt, At: now}}}
}

// unclearRestart is why an intent of an earlier process is unknown.
const unclearRestart = "restart"
