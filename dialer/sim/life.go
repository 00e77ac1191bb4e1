package sim

import (
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// life plans what becomes of an accepted call.
func (c *carrier) life(k *call, d telephony.Dial) {
	w := c.w
	r := w.draw("outcome", d.Attempt)
	p := r.Float64()
	if w.o.GoodLines && p < 0.04 {
		p += 0.3
	}
	after := func(ms int64, do func()) {
		w.agenda.plan(w.now+ms, func() {
			if !k.Status.Terminal() {
				do()
			}
		})
	}
	start := int64(100 + r.IntN(900))
	after(start, func() { c.status(k, telephony.StatusInitiated) })
	ring := start + int64(500+r.IntN(1500))
	if p < 0.04 {
		after(ring, func() { c.end(k, telephony.StatusFailed, 0, 404) })
		return
	}
	after(ring, func() { c.status(k, telephony.StatusRinging) })
	rings := int64(2000 + r.IntN(15000))
	switch {
	case p < 0.15:
		after(ring+rings/4, func() { c.end(k, telephony.StatusBusy, 0, 486) })
	case p < 0.55:
		after(ring+d.Ring.Milliseconds(), func() { c.end(k, telephony.StatusNoAnswer, 0, 487) })
	default:
		after(ring+rings, func() { c.answer(k, d, p) })
	}
}

func (c *carrier) answer(k *call, d telephony.Dial, p float64) {
	w := c.w
	k.Started = w.trueTime()
	c.status(k, telephony.StatusInProgress)
	switch {
	case p < 0.70:
		k.by = telephony.ByMachineStart
		if d.AMD == telephony.AMDDetectEnd {
			k.by = telephony.ByMachineBeep
		}
	case p < 0.73 && !w.o.GoodLines:
		k.by = telephony.ByFax
	case p < 0.78:
		k.by = telephony.ByUnknown
	default:
		k.by = telephony.ByHuman
	}
	if d.AMDAsync {
		c.question(k, telephony.Event{Kind: telephony.EventVoice}, 0)
		w.agenda.plan(w.now+3500, func() { c.judge(k) })
		return
	}
	w.agenda.plan(w.now+3500, func() { c.question(k, telephony.Event{Kind: telephony.EventVoice, AnsweredBy: k.by}, 0) })
}

// judge reports what detection came to, with what can happen to a webhook: it
// may be late, come twice, or never.
func (c *carrier) judge(k *call) {
	w, f := c.w, &c.w.o.Faults
	ev := telephony.Event{Attempt: k.attempt, Kind: telephony.EventAMD, CallID: k.ID, Seq: -1, AnsweredBy: k.by}
	w.noteBytes("judged", []byte(string(k.by)+k.ID))
	if w.chance(f.DropWebhook, "judged.lost", k.attempt) {
		return
	}
	wait := int64(5 + w.draw("judged", k.attempt).IntN(200))
	if w.chance(f.Delay, "judged.late", k.attempt) {
		wait += int64(w.draw("judged.late.by", k.attempt).IntN(60_000))
	}
	c.deliver(ev, wait, 0)
	if w.chance(f.Duplicate, "judged.twice", k.attempt) {
		c.deliver(ev, wait+int64(w.draw("judged.twice.by", k.attempt).IntN(30_000)), 0)
	}
}

// question asks the engine what to do and follows its script. Nobody
// answering, also after retries, ends the call.
func (c *carrier) question(k *call, ev telephony.Event, try int) {
	w := c.w
	if k.Status.Terminal() {
		return
	}
	k.requested = true
	w.logHeard(k)
	ev.Attempt, ev.CallID, ev.Seq, ev.At = k.attempt, k.ID, -1, w.trueTime()
	answered, flow, pressed := false, k.flow, func() {}
	if ev.Kind == telephony.EventGather {
		pressed = w.logDeed("digits", true, cadence.Number(k.To), ev.Digits)
	}
	posted := w.ask(&dialer.Reported{Event: ev}, func(reply any, err error) {
		if err != nil {
			return
		}
		answered = true
		pressed()
		a := reply.(dialer.Answered)
		if k.flow != flow {
			return
		}
		w.witness.answered(k, &ev, a.Script)
		w.agenda.plan(w.now+50, func() { c.follow(k, a.Script, flow) })
	})
	if posted && !w.chance(w.o.Faults.Duplicate/4, "question.twice", k.attempt, seqID(uint64(try))) {
		w.agenda.plan(w.now+4000, func() {
			if !answered && k.flow == flow {
				c.retry(k, ev, try)
			}
		})
		return
	}
	w.agenda.plan(w.now+1000, func() {
		if (!answered || posted) && k.flow == flow {
			c.retry(k, ev, try)
		}
	})
}

func (c *carrier) retry(k *call, ev telephony.Event, try int) {
	if try < 3 {
		c.question(k, ev, try+1)
		return
	}
	c.end(k, telephony.StatusCompleted, c.w.trueTime().Sub(k.Started), 200)
}

// follow carries out a script, unless the call has been given another.
func (c *carrier) follow(k *call, s telephony.Script, flow int) {
	w := c.w
	if k.Status.Terminal() || k.flow != flow || len(k.legs) > 0 && !k.legs[len(k.legs)-1].Status.Terminal() {
		return // over, or still busy with an earlier answer
	}
	for i, v := range s {
		switch v := v.(type) {
		case telephony.Connect:
			c.dial(k, v)
			return
		case telephony.Say, telephony.Play:
			w.witness.said(k)
			if k.by.Machine() && w.draw("cut", k.attempt).IntN(4) == 0 {
				w.agenda.plan(w.now+5_000, func() { c.hangup(k) })
				return
			}
			w.agenda.plan(w.now+12_000, func() { c.follow(k, s[i+1:], flow) })
			return
		case telephony.Gather:
			w.witness.said(k)
			c.gather(k, s[i+1:])
			return
		case telephony.Pause:
			w.agenda.plan(w.now+v.For.Milliseconds(), func() { c.follow(k, s[i+1:], flow) })
			return
		case telephony.Played:
			k.plays++
			c.question(k, telephony.Event{Kind: telephony.EventPlayed}, 0)
			return
		}
	}
	c.hangup(k)
}

func (c *carrier) hangup(k *call) {
	c.end(k, telephony.StatusCompleted, c.w.trueTime().Sub(k.Started), 200)
}

func (c *carrier) gather(k *call, rest telephony.Script) {
	w, flow := c.w, k.flow
	r := w.draw("digits", k.attempt)
	w.agenda.plan(w.now+8_000, func() {
		switch {
		case k.flow != flow:
		case !k.by.Machine() && r.Float64() < 0.4:
			c.question(k, telephony.Event{Kind: telephony.EventGather, Digits: fmt.Sprint(1 + 8*r.IntN(2))}, 0)
		default:
			c.follow(k, rest, flow)
		}
	})
}

// dial rings a target and bridges it.
func (c *carrier) dial(k *call, v telephony.Connect) {
	w := c.w
	c.seq++
	leg := &call{attempt: k.attempt, leg: true}
	leg.Call = telephony.Call{ID: fmt.Sprintf("CA%032x", c.seq), Parent: k.ID, To: string(v.Number), Status: telephony.StatusRinging, Created: w.trueTime()}
	c.calls[leg.ID], k.legs = leg, append(k.legs, leg)
	r := w.draw("leg", k.attempt, seqID(uint64(len(k.legs))))
	if r.Float64() < 0.15 {
		w.agenda.plan(w.now+v.Ring.Milliseconds(), func() { c.legEnds(k, leg, telephony.StatusNoAnswer, 0) })
		return
	}
	talk, rings := time.Duration(20+r.IntN(280))*time.Second, int64(300+r.IntN(4000))
	w.agenda.plan(w.now+rings, func() { c.legAnswers(k, leg) })
	w.agenda.plan(w.now+rings+talk.Milliseconds(), func() { c.legEnds(k, leg, telephony.StatusCompleted, talk) })
}

// legAnswers bridges a leg with the call, and reports it with what can happen to
// a webhook. The carrier tells whole seconds.
func (c *carrier) legAnswers(k, leg *call) {
	w, f := c.w, &c.w.o.Faults
	if leg.Status.Terminal() || k.Status.Terminal() {
		return
	}
	leg.Status = telephony.StatusInProgress
	w.logPutThrough(k)
	ev := telephony.Event{Attempt: k.attempt, Kind: telephony.EventLeg, CallID: k.ID, LegID: leg.ID, Seq: -1, At: w.trueTime().Truncate(time.Second)}
	n := seqID(uint64(len(k.legs)))
	w.noteBytes("leg", []byte(leg.ID))
	if w.chance(f.DropWebhook, "leg.answered.lost", k.attempt, n) {
		return
	}
	wait := int64(5 + w.draw("leg.answered", k.attempt, n).IntN(200))
	if w.chance(f.Delay, "leg.answered.late", k.attempt, n) {
		wait += int64(w.draw("leg.answered.late.by", k.attempt, n).IntN(60_000))
	}
	c.deliver(ev, wait, 0)
	if w.chance(f.Duplicate, "leg.answered.twice", k.attempt, n) {
		c.deliver(ev, wait+int64(w.draw("leg.answered.twice.by", k.attempt, n).IntN(30_000)), 0)
	}
}

func (c *carrier) legEnds(k, leg *call, s telephony.Status, talk time.Duration) {
	w := c.w
	if leg.Status.Terminal() {
		return // the call was redirected
	}
	leg.Status, leg.Duration, leg.Ended = s, talk, w.trueTime()
	if s == telephony.StatusCompleted {
		w.witness.bridged(k)
	}
	if w.chance(w.o.Faults.DropWebhook, "leg.lost", k.attempt, seqID(uint64(len(k.legs)))) {
		c.hangup(k)
		return
	}
	c.question(k, telephony.Event{Kind: telephony.EventDial, LegStatus: s, LegID: leg.ID, LegTime: talk}, 0)
}
