package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// caller is a person who calls one of our numbers. The carrier asks again what
// was not answered, loses reports now and then, and tells when it is asked.
type caller struct {
	w    *World
	r    *rand.Rand
	k    *call
	from cadence.Number
	said func() // the no, once it is acknowledged
}

// callBack lets somebody call us: at once, or within the minute before the lead
// would be called.
func (w *World) callBack(r *rand.Rand, n cadence.Number) {
	wait := int64(0)
	if due := w.dueOf(n); due > w.wallMs() && r.IntN(3) > 0 {
		wait = max(0, due-w.wallMs()-int64(r.IntN(60_000)))
	}
	w.agenda.plan(w.now+wait, func() { w.dialUs(r, n) })
}

// dueOf is when the lead of a number would be called next.
func (w *World) dueOf(n cadence.Number) int64 {
	lead := w.leadOf(n)
	if lead == nil || len(lead.Stays) == 0 {
		return 0
	}
	id := lead.Stays[len(lead.Stays)-1].Enrollment
	e, err := w.rows(id.Slot()).Enrollment(id)
	if err != nil || e == nil || e.Touch.State != state.Waiting {
		return 0
	}
	return e.Touch.Due
}

// dialUs is the call itself; now and then the number is withheld.
func (w *World) dialUs(r *rand.Rand, n cadence.Number) {
	c := w.carrier
	c.seq++
	p := &caller{w: w, r: r, from: n, k: &call{}}
	if r.IntN(10) == 0 {
		p.from = ""
	}
	p.k.Call = telephony.Call{
		ID: fmt.Sprintf("CA%032x", c.seq), From: string(n), To: string(w.o.CallerIDs[0]), Status: telephony.StatusInProgress, Created: w.trueTime(), Started: w.trueTime(),
	}
	c.calls[p.k.ID] = p.k
	p.ask(&dialer.ReturnCall{Call: p.report(telephony.StatusRinging, 0)}, p.follow)
	if r.IntN(4) == 0 { // hangs up whatever happens
		w.agenda.plan(w.now+int64(r.IntN(20_000)), p.hangUp)
	}
	w.agenda.plan(w.now+3_600_000, p.hangUp)
}

func (p *caller) report(s telephony.Status, talked time.Duration) telephony.Inbound {
	return telephony.Inbound{Connection: "default", CallID: p.k.ID, From: p.from, To: cadence.Number(p.k.To), Status: s, Duration: talked, At: p.w.trueTime()}
}

// ask puts a question until somebody answers it; then once more now and then,
// and the second answer has to be the first.
func (p *caller) ask(m dialer.Message, then func(telephony.Script)) {
	w, answered := p.w, false
	var try func(n int)
	try = func(n int) {
		w.ask(m, func(reply any, err error) {
			if err != nil || answered {
				return
			}
			answered = true
			w.agenda.plan(w.now+50, func() { then(reply.(dialer.Answered).Script) })
		})
		w.agenda.plan(w.now+4000, func() {
			switch {
			case answered || p.k.Status.Terminal():
			case n < 3:
				try(n + 1)
			default:
				p.hangUp()
			}
		})
	}
	try(0)
	if w.chance(w.o.Faults.Duplicate, "return.twice", seqID(uint64(w.carrier.seq)), seqID(uint64(len(p.k.legs)))) {
		w.ask(m, nil)
	}
}

// follow carries out what the call is told.
func (p *caller) follow(s telephony.Script) {
	if p.k.Status.Terminal() {
		return
	}
	for i, v := range s {
		switch v := v.(type) {
		case telephony.Gather:
			p.k.attempt = v.Attempt
			wait := int64(2_000 + p.r.IntN(6_000))
			p.w.agenda.plan(p.w.now+wait, func() { p.press(s[i+1:]) })
			return
		case telephony.Connect:
			p.k.attempt = v.Attempt
			p.leg(v)
			return
		}
	}
	p.w.agenda.plan(p.w.now+4_000, p.hangUp)
}

// press says no, presses something else, or listens on.
func (p *caller) press(rest telephony.Script) {
	if p.k.Status.Terminal() {
		return
	}
	var key string
	switch p.r.IntN(6) {
	case 0:
		key = "9"
		p.said = p.w.witness.dncAsked(p.from, cadence.ScopeAll, true)
	case 1:
		key = "5"
	default:
		p.follow(rest)
		return
	}
	m := &dialer.Reported{Event: telephony.Event{Attempt: p.k.attempt, Kind: telephony.EventGather, CallID: p.k.ID, Digits: key, Seq: -1, At: p.w.trueTime()}}
	p.ask(m, func(s telephony.Script) {
		if p.said != nil {
			p.said()
			p.said = nil
		}
		p.follow(s)
	})
}

// leg rings a target and bridges it.
func (p *caller) leg(v telephony.Connect) {
	w := p.w
	w.carrier.seq++
	leg := &call{attempt: p.k.attempt, leg: true}
	leg.Call = telephony.Call{ID: fmt.Sprintf("CA%032x", w.carrier.seq), Parent: p.k.ID, To: string(v.Number), Status: telephony.StatusRinging, Created: w.trueTime()}
	w.carrier.calls[leg.ID], p.k.legs = leg, append(p.k.legs, leg)
	wait, status, talk := v.Ring, telephony.StatusNoAnswer, time.Duration(0)
	if p.r.IntN(3) > 0 {
		status, talk = telephony.StatusCompleted, time.Duration(20+p.r.IntN(600))*time.Second
		wait = 4*time.Second + talk
	}
	w.agenda.plan(w.now+wait.Milliseconds(), func() {
		if leg.Status.Terminal() {
			return
		}
		leg.Status, leg.Duration, leg.Ended = status, talk, w.trueTime()
		if status == telephony.StatusCompleted {
			p.talked()
		}
		if w.chance(w.o.Faults.DropWebhook, "return.leg.lost", p.k.attempt, seqID(uint64(len(p.k.legs)))) {
			p.hangUp()
			return
		}
		p.ask(&dialer.Reported{Event: telephony.Event{
			Attempt: p.k.attempt, Kind: telephony.EventDial, CallID: p.k.ID, LegStatus: status, LegID: leg.ID, LegTime: talk, Seq: -1, At: w.trueTime(),
		}}, p.follow)
	})
}

// talked logs that the caller was spoken to, which is so whoever heard of it.
func (p *caller) talked() {
	if p.from != "" {
		p.w.logDeed("talk", true, p.from, "")()
	}
}

// hangUp ends the call and whatever leg it has, and reports it once or never.
func (p *caller) hangUp() {
	w := p.w
	if p.k.Status.Terminal() {
		return
	}
	talked := w.trueTime().Sub(p.k.Started)
	p.k.Status, p.k.Ended, p.k.Duration = telephony.StatusCompleted, w.trueTime(), talked
	for _, leg := range p.k.legs {
		if !leg.Status.Terminal() {
			leg.Status, leg.Ended = telephony.StatusCanceled, w.trueTime()
		}
	}
	if w.chance(w.o.Faults.DropWebhook, "return.lost", seqID(uint64(w.carrier.seq)), p.k.attempt) {
		return
	}
	w.agenda.plan(w.now+20, func() { w.post(&dialer.ReturnCall{Call: p.report(telephony.StatusCompleted, talked)}) })
}

// lines is who is on the line with us, as the records say.
type lines struct {
	numbers map[event.Token]int
	calls   map[cadence.ID]event.Token
	stays   map[cadence.ID]int
	moved   map[cadence.ID]bool // stays whose open touch a return call may finish

	finished bool // the last one was
}

func newLines() lines {
	return lines{numbers: map[event.Token]int{}, calls: map[cadence.ID]event.Token{}, stays: map[cadence.ID]int{}, moved: map[cadence.ID]bool{}}
}

// online follows one fact in the books of calls to us, and judges I22: nobody is
// dialed who is on the line with us.
func (t *witness) online(f event.Fact) {
	l := &t.lines
	switch f := f.(type) {
	case *event.ReturnCalled:
		t.checks++
		l.calls[f.ID] = f.Token
		l.numbers[f.Token]++
	case *event.ReturnEnded:
		if token, open := l.calls[f.ID]; open {
			l.numbers[token]--
			delete(l.calls, f.ID)
		}
	case *event.StayOnLine:
		l.stays[f.Enrollment]++
	case *event.StayOffLine:
		l.stays[f.Enrollment]--
		l.moved[f.Enrollment] = true
	case *event.Intended:
		if l.numbers[f.Token] > 0 {
			t.broken("I22", about{attempt: f.Attempt, token: f.Token}, "an intent to a number that is on the line with us")
		}
	case *event.Asked:
		if s := t.stays[f.Enrollment]; l.stays[f.Enrollment] > 0 && s != nil && s.state == state.Waiting {
			t.broken("I22", about{enrollment: f.Enrollment}, "a touch asks while its lead is on the line with us")
		}
	case *event.TouchDone:
		l.finished = l.moved[f.Enrollment]
		delete(l.moved, f.Enrollment)
	}
}

// hungUp judges at rest that no call to us is left open: I16.
func (t *witness) hungUp() {
	for id := range t.lines.calls {
		t.broken("I16", about{}, "call %s to us is still open", id.Bare())
	}
	for id, n := range t.lines.stays {
		if n != 0 {
			t.broken("I16", about{enrollment: id}, "stay %s is still on the line", id.Bare())
		}
	}
}
