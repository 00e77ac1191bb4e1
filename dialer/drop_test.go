package dialer_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

func played(d dialer.DialOrder, call string) telephony.Event {
	return telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventPlayed, CallID: call, Seq: -1}
}

func judged(d dialer.DialOrder, call string, by telephony.AnsweredBy) telephony.Event {
	return telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventAMD, CallID: call, Seq: -1, AnsweredBy: by}
}

func voice(d dialer.DialOrder, call string) telephony.Event {
	return telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1}
}

// machines is a cadence of one step that detects as it says and leaves a
// message, or does not.
func machines(detection, voicemail m) m {
	step := m{"key": "one", "kind": "call"}
	if detection != nil {
		step["detection"] = detection
	}
	if voicemail != nil {
		step["voicemail"] = voicemail
	}
	return m{"steps": []any{step}}
}

var message = m{"leave": true, "text": "Call {{ lead.first_name }} back on 303 555 0100."}

// TestVoicemailReceipt: what was played, for how long and who cut it is kept
// with the attempt, and only a message that was played whole was left.
func TestVoicemailReceipt(t *testing.T) {
	for name, c := range map[string]struct {
		by    telephony.AnsweredBy
		whole bool          // the call asks what follows
		takes time.Duration // until it asks, or ends
		want  event.Drop
		code  cadence.DispositionCode
	}{
		"whole, after the beep":       {telephony.ByMachineBeep, true, 9 * time.Second, event.Drop{Beep: true, Ms: 9000}, "VOICEMAIL_LEFT"},
		"whole, after silence":        {telephony.ByMachineSilence, true, 9 * time.Second, event.Drop{Ms: 8000}, "VOICEMAIL_LEFT"},
		"whole, after anything":       {telephony.ByMachineOther, true, 9 * time.Second, event.Drop{Ms: 8000}, "VOICEMAIL_LEFT"},
		"cut by the machine":          {telephony.ByMachineBeep, false, 4 * time.Second, event.Drop{Beep: true, Ms: 4000, Cut: event.CutFarEnd}, "ANSWERING_MACHINE"},
		"cut before it began":         {telephony.ByMachineSilence, false, 500 * time.Millisecond, event.Drop{Cut: event.CutFarEnd}, "ANSWERING_MACHINE"},
		"cut by the longest of calls": {telephony.ByMachineBeep, false, 30 * time.Minute, event.Drop{Beep: true, Ms: 1_800_000, Cut: event.CutTimeLimit}, "ANSWERING_MACHINE"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Leaves", machines(nil, message)))
			r.lead(theCadence, first)
			d := r.last()
			call, script := r.live(d, c.by)
			if last := script[len(script)-1]; last != (telephony.Played{Attempt: d.Dial.Attempt}) {
				t.Fatalf("the script ends in %+v", last)
			}
			r.open() // whoever answers now knows it from what is durable
			r.sent[d.Dial.Attempt] = true
			if again := r.ask(voice(d, call)); !reflect.DeepEqual(again, script) {
				t.Errorf("after a restart the script is %+v, it was %+v", again, script)
			}
			r.now = r.now.Add(c.takes)
			if c.whole {
				if s := r.ask(played(d, call)); !reflect.DeepEqual(s, telephony.Script{telephony.Hangup{}}) {
					t.Errorf("behind the message: %+v", s)
				}
				r.now = r.now.Add(time.Second)
			}
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			a := r.attempt(d.Dial.Attempt)
			if a.Drop == nil || *a.Drop != c.want || a.Code != c.code || a.Voicemail != c.whole || a.Contact || a.Abandoned {
				t.Errorf("%+v, %s, voicemail %v; want %+v, %s", a.Drop, a.Code, a.Voicemail, c.want, c.code)
			}
			if n := r.counts().Voicemails; n == 1 != c.whole {
				t.Errorf("%d voicemails are counted", n)
			}
			r.refold()
		})
	}
}

// TestPlayedBehindTheEnd: the request that follows a message may be taken up
// after the call's end. It corrects the attempt, once, and moves nobody.
func TestPlayedBehindTheEnd(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Late", m{"steps": []any{
		m{"key": "one", "kind": "call", "voicemail": message, "delay_after": "4h"}, m{"key": "two", "kind": "call"},
	}}))
	lead := r.lead(theCadence, first)
	d := r.last()
	call, _ := r.live(d, telephony.ByMachineBeep)
	r.now = r.now.Add(7 * time.Second)
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	_, before := r.stay(lead)
	for range 2 {
		r.ask(played(d, call))
	}
	a := r.attempt(d.Dial.Attempt)
	if a.Code != "VOICEMAIL_LEFT" || a.Drop.Cut != event.CutNone || !a.Voicemail || a.Revisions != 1 || r.counts().Voicemails != 1 {
		t.Errorf("%s %+v, %d revisions, %d voicemails counted", a.Code, a.Drop, a.Revisions, r.counts().Voicemails)
	}
	if _, e := r.stay(lead); e.Touch.ID != before.Touch.ID || e.Touch.Due != before.Touch.Due {
		t.Error("a correction moved the stay")
	}
	r.refold()
}

// TestOnlyAfterBeep: a step may ask that a machine hears nothing unless it
// beeped.
func TestOnlyAfterBeep(t *testing.T) {
	strict := m{"leave": true, "text": "Call back.", "only_after_beep": true}
	for by, leaves := range map[telephony.AnsweredBy]bool{
		telephony.ByMachineBeep: true, telephony.ByMachineSilence: false, telephony.ByMachineOther: false, telephony.ByMachineStart: false,
	} {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Strict", machines(nil, strict)))
		r.lead(theCadence, first)
		d := r.last()
		call, script := r.live(d, by)
		if got := !reflect.DeepEqual(script, telephony.Script{telephony.Hangup{}}); got != leaves {
			t.Errorf("%s: %+v", by, script)
		}
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
		if a := r.attempt(d.Dial.Attempt); (a.Drop != nil) != leaves || a.Code != "ANSWERING_MACHINE" {
			t.Errorf("%s: %s, %+v", by, a.Code, a.Drop)
		}
	}
}

// TestDetectionAsked: the carrier is told what the step says.
func TestDetectionAsked(t *testing.T) {
	for name, c := range map[string]struct {
		detection, voicemail m
		want                 telephony.Dial
	}{
		"as always":   {nil, nil, telephony.Dial{AMD: telephony.AMDDetect}},
		"to leave":    {nil, message, telephony.Dial{AMD: telephony.AMDDetectEnd}},
		"with a time": {m{"timeout": "45s"}, message, telephony.Dial{AMD: telephony.AMDDetectEnd, AMDTimeout: 45 * time.Second}},
		"meanwhile":   {m{"mode": "async", "timeout": "20s"}, nil, telephony.Dial{AMD: telephony.AMDDetect, AMDAsync: true, AMDTimeout: 20 * time.Second}},
		"not at all":  {m{"mode": "off"}, nil, telephony.Dial{}},
	} {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Detects", machines(c.detection, c.voicemail)))
		r.lead(theCadence, first)
		d := r.last().Dial
		if d.AMD != c.want.AMD || d.AMDAsync != c.want.AMDAsync || d.AMDTimeout != c.want.AMDTimeout {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// effects are the effects that were carried out for an attempt, without those
// that follow at once on the same decision.
func (r *rig) effects() []event.Effect {
	var all []event.Effect
	for _, o := range r.owed {
		all = append(all, o.Effect)
	}
	return slices.Compact(all)
}

// TestAsyncDetection: a person is connected at once; a machine is taken off
// what was meant for one when the judgement comes.
func TestAsyncDetection(t *testing.T) {
	for name, c := range map[string]struct {
		voicemail m
		by        telephony.AnsweredBy
		digit     string
		effects   []event.Effect
		code      cadence.DispositionCode
	}{
		"a person":                   {message, telephony.ByHuman, "", nil, "CONNECTED"},
		"nobody knows":               {message, telephony.ByUnknown, "", nil, "CONNECTED"},
		"a machine, message":         {message, telephony.ByMachineBeep, "", []event.Effect{event.EffectRedirect}, "VOICEMAIL_LEFT"},
		"a machine, no message":      {nil, telephony.ByMachineStart, "", []event.Effect{event.EffectHangUp}, "ANSWERING_MACHINE"},
		"a fax":                      {message, telephony.ByFax, "", []event.Effect{event.EffectHangUp}, "FAX"},
		"a machine that pressed one": {message, telephony.ByMachineBeep, "1", nil, "INTERESTED"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			parts := machines(m{"mode": "async"}, c.voicemail)
			parts["connect"] = []any{m{"to": "message", "text": "Press 1.", "gather": m{"1": "INTERESTED"}}}
			r.cadence(theCadence, document(t, "Beside", parts))
			r.lead(theCadence, first)
			d := r.last()
			call, script := r.live(d, telephony.ByNothing)
			if _, ok := script[0].(telephony.Gather); !ok {
				t.Fatalf("at the answer: %+v", script)
			}
			if c.digit != "" {
				r.ask(telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventGather, CallID: call, Seq: -1, Digits: c.digit})
			}
			r.now = r.now.Add(6 * time.Second)
			for range 2 {
				r.ask(judged(d, call, c.by))
			}
			if !slices.Equal(r.effects(), c.effects) {
				t.Fatalf("effects %v, want %v", r.effects(), c.effects)
			}
			if c.code == "VOICEMAIL_LEFT" {
				r.redirected(d, call)
			}
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			a := r.attempt(d.Dial.Attempt)
			if a.Code != c.code || a.Contact != (c.code == "CONNECTED" || c.code == "INTERESTED") || a.Abandoned {
				t.Errorf("%s, contact %v, abandoned %v; want %s", a.Code, a.Contact, a.Abandoned, c.code)
			}
			if got := r.number(first).Retired != ""; got != (c.code == "FAX") {
				t.Errorf("retired: %v", got)
			}
			r.refold()
		})
	}
}

// redirected lets the carrier carry the redirect out: the call asks again and
// plays what it gets.
func (r *rig) redirected(d dialer.DialOrder, call string) {
	r.t.Helper()
	r.now = r.now.Add(time.Second)
	script := r.ask(voice(d, call))
	if say, ok := script[0].(telephony.Say); !ok || say.Text != "Call Lead back on 303 555 0100." {
		r.t.Fatalf("after the redirect: %+v", script)
	}
	if again := r.ask(voice(d, call)); !reflect.DeepEqual(again, script) {
		r.t.Fatalf("asked again: %+v", again)
	}
	r.now = r.now.Add(8 * time.Second)
	r.ask(played(d, call))
}

// TestRedirectSurvives: a redirect that was decided is carried out whatever
// comes between: a restart, a carrier that does not answer, the end of the leg
// that was dialed for a person. What it leads to is played once it is asked for.
func TestRedirectSurvives(t *testing.T) {
	start := func(t *testing.T) (*rig, dialer.DialOrder, string) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Survives", machines(m{"mode": "async"}, message)))
		r.lead(theCadence, first)
		d := r.last()
		call, script := r.live(d, telephony.ByNothing)
		if _, ok := script[0].(telephony.Connect); !ok {
			t.Fatalf("at the answer: %+v", script)
		}
		r.ask(judged(d, call, telephony.ByMachineSilence))
		return r, d, call
	}
	end := func(t *testing.T, r *rig, d dialer.DialOrder, call string) {
		t.Helper()
		r.now = r.now.Add(time.Second)
		if script := r.ask(voice(d, call)); len(script) != 3 || script[0] != (telephony.Pause{For: time.Second}) {
			t.Fatalf("after the redirect: %+v", script)
		}
		r.owed = nil
		r.now = r.now.Add(5 * time.Second)
		r.ask(played(d, call))
		if len(r.owed) > 0 {
			t.Errorf("the message would begin again: %v", r.owed)
		}
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
		if a := r.attempt(d.Dial.Attempt); a.Code != "VOICEMAIL_LEFT" || *a.Drop != (event.Drop{Ms: 4000}) {
			t.Errorf("%s %+v", a.Code, a.Drop)
		}
	}
	again := func(t *testing.T, r *rig) {
		t.Helper()
		if !slices.ContainsFunc(r.owed, func(o dialer.Owed) bool { return o.Effect == event.EffectRedirect }) {
			t.Fatal("the redirect is forgotten")
		}
	}
	t.Run("restart", func(t *testing.T) {
		r, d, call := start(t)
		r.owed = nil
		r.open()
		again(t, r)
		end(t, r, d, call)
	})
	t.Run("error", func(t *testing.T) {
		r, d, call := start(t)
		r.must(&dialer.Acted{Attempt: d.Dial.Attempt, Effect: event.EffectRedirect, Err: "no answer"})
		r.owed = nil
		r.pass(11 * time.Second)
		again(t, r)
		end(t, r, d, call)
	})
	t.Run("the leg ends first", func(t *testing.T) {
		r, d, call := start(t)
		script := r.ask(legEnded(d, call, "L1", telephony.StatusCompleted))
		if len(script) != 3 {
			t.Fatalf("when the leg has ended: %+v", script)
		}
		end(t, r, d, call)
	})
	t.Run("judged before it asked", func(t *testing.T) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Early", machines(m{"mode": "async"}, message)))
		r.lead(theCadence, first)
		d := r.last()
		call := r.accept(d)
		r.settle()
		r.ask(judged(d, call, telephony.ByMachineBeep))
		if len(r.owed) > 0 {
			t.Fatalf("owed %v to a call that has no script yet", r.owed)
		}
		if s := r.ask(voice(d, call)); !reflect.DeepEqual(s[1], telephony.Played{Attempt: d.Dial.Attempt}) {
			t.Errorf("%+v", s)
		}
	})
}

// TestMachineGetsNoFurtherTarget: when a machine was found out while a target
// rang, the next one is not dialed for it.
func TestMachineGetsNoFurtherTarget(t *testing.T) {
	r := newRig(t)
	parts := machines(m{"mode": "async"}, nil)
	parts["connect"] = []any{m{"to": "number", "number": "+13035550198"}, m{"to": "number", "number": "+13035550199"}}
	r.cadence(theCadence, document(t, "Chain", parts))
	r.lead(theCadence, first)
	d := r.last()
	call, _ := r.live(d, telephony.ByNothing)
	r.ask(judged(d, call, telephony.ByMachineStart))
	if s := r.ask(legEnded(d, call, "L1", telephony.StatusNoAnswer)); !reflect.DeepEqual(s, telephony.Script{telephony.Hangup{}}) {
		t.Errorf("%+v", s)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	if a := r.attempt(d.Dial.Attempt); a.Code != "ANSWERING_MACHINE" || a.State != event.Ended || a.Abandoned {
		t.Errorf("%+v", a)
	}
	if len(r.looks) > 0 {
		t.Errorf("the carrier was asked %+v about a machine's leg", r.looks)
	}
}

// TestAsyncOrder: an attempt depends on what is told, not on the order it is
// told in, also when the judgement comes last; when it never comes the carrier
// is asked.
func TestAsyncOrder(t *testing.T) {
	for _, c := range []struct {
		order string // ends, leg, judgement
		looks dialer.LookKind
	}{{"elj", 0}, {"ejl", 0}, {"lej", 0}, {"lje", 0}, {"jel", 0}, {"jle", 0}, {"el", dialer.LookCall}, {"le", dialer.LookCall}} {
		t.Run(c.order, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Order", machines(m{"mode": "async"}, nil)))
			r.lead(theCadence, first)
			d := r.last()
			id := d.Dial.Attempt
			call, _ := r.live(d, telephony.ByNothing)
			for _, what := range c.order {
				r.must(map[rune]*dialer.Reported{
					'e': r.status(id, call, telephony.StatusCompleted),
					'l': {Event: legEnded(d, call, "L1", telephony.StatusCompleted)},
					'j': {Event: judged(d, call, telephony.ByMachineStart)},
				}[what])
			}
			r.pass(6 * time.Second)
			if c.looks != 0 {
				if len(r.looks) != 1 || r.looks[0].Kind != c.looks {
					t.Fatalf("looks %+v", r.looks)
				}
				r.must(&dialer.Looked{Attempt: id, Kind: c.looks, At: r.now.UnixMilli(), Call: &telephony.Call{
					ID: call, Status: telephony.StatusCompleted, AnsweredBy: telephony.ByMachineStart,
				}})
			} else if len(r.looks) > 0 {
				t.Errorf("looks %+v", r.looks)
			}
			if a := r.attempt(id); a.Code != "ANSWERING_MACHINE" || a.Contact || a.Abandoned || a.AnsweredBy != telephony.ByMachineStart {
				t.Errorf("%s by %s, contact %v", a.Code, a.AnsweredBy, a.Contact)
			}
		})
	}
	t.Run("nobody knows", func(t *testing.T) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Nobody", machines(m{"mode": "async"}, nil)))
		r.lead(theCadence, first)
		d := r.last()
		call, _ := r.live(d, telephony.ByNothing)
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
		r.pass(6 * time.Second)
		over := &telephony.Call{ID: call, Status: telephony.StatusCompleted}
		r.must(&dialer.Looked{Attempt: d.Dial.Attempt, Kind: dialer.LookCall, At: r.now.UnixMilli(), Call: over})
		r.pass(time.Second)
		if n := len(r.looks); n != 2 || r.looks[1].Kind != dialer.LookLegs {
			t.Fatalf("looks %+v", r.looks)
		}
		r.must(&dialer.Looked{Attempt: d.Dial.Attempt, Kind: dialer.LookLegs, At: r.now.UnixMilli()})
		if a := r.attempt(d.Dial.Attempt); a.Code != "ABANDONED" || a.AnsweredBy != telephony.ByUnknown {
			t.Errorf("%s by %s", a.Code, a.AnsweredBy)
		}
	})
}

// TestMessageAwaitsTheJudgement: a call whose message is over before it is known
// who heard it goes on in silence, so that a machine gets its own message
// behind its greeting; what was asked before the redirect is not taken for that
// message's end.
func TestMessageAwaitsTheJudgement(t *testing.T) {
	start := func(t *testing.T) (*rig, dialer.DialOrder, string) {
		r := newRig(t)
		parts := machines(m{"mode": "async", "timeout": "20s"}, message)
		parts["connect"] = []any{m{"to": "message", "text": "Hello."}}
		r.cadence(theCadence, document(t, "Awaits", parts))
		r.lead(theCadence, first)
		d := r.last()
		call, script := r.live(d, telephony.ByNothing)
		if len(script) != 2 || script[1] != (telephony.Played{Attempt: d.Dial.Attempt}) {
			t.Fatalf("at the answer: %+v", script)
		}
		return r, d, call
	}
	waits := func(t *testing.T, r *rig, d dialer.DialOrder, call string) {
		t.Helper()
		r.now = r.now.Add(2 * time.Second)
		want := telephony.Script{telephony.Pause{For: 2 * time.Second}, telephony.Played{Attempt: d.Dial.Attempt}}
		if s := r.ask(played(d, call)); !reflect.DeepEqual(s, want) {
			t.Fatalf("behind the message: %+v", s)
		}
	}
	hangup := telephony.Script{telephony.Hangup{}}
	t.Run("a machine", func(t *testing.T) {
		r, d, call := start(t)
		waits(t, r, d, call)
		r.ask(judged(d, call, telephony.ByMachineBeep))
		waits(t, r, d, call) // asked before the redirect
		r.must(&dialer.Acted{Attempt: d.Dial.Attempt, Effect: event.EffectRedirect})
		waits(t, r, d, call)
		r.redirected(d, call)
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
		if a := r.attempt(d.Dial.Attempt); a.Code != "VOICEMAIL_LEFT" || *a.Drop != (event.Drop{Beep: true, Ms: 8000}) {
			t.Errorf("%s %+v", a.Code, a.Drop)
		}
		r.refold()
	})
	t.Run("a person", func(t *testing.T) {
		r, d, call := start(t)
		waits(t, r, d, call)
		r.ask(judged(d, call, telephony.ByHuman))
		if s := r.ask(played(d, call)); !reflect.DeepEqual(s, hangup) {
			t.Fatalf("%+v", s)
		}
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
		if a := r.attempt(d.Dial.Attempt); a.Code != "CONNECTED" || !a.Contact {
			t.Errorf("%s", a.Code)
		}
	})
	t.Run("nobody says", func(t *testing.T) {
		r, d, call := start(t)
		for range 9 {
			waits(t, r, d, call)
		}
		r.now = r.now.Add(2 * time.Second)
		if s := r.ask(played(d, call)); !reflect.DeepEqual(s, hangup) {
			t.Fatalf("for ever: %+v", s)
		}
	})
}
