package simcarrier

import (
	"time"
)

// startDetection starts the script of an answered call: at once, or after
// detection where that is synchronous.
func (c *Carrier) startDetection(t *turn, k *call) {
	if k.order.detect == "" {
		c.fetchScript(t, k)
		return
	}
	verdict, after := k.judge()
	if k.order.async {
		k.detect = c.set(t.now.Add(after), func(t *turn) { c.detected(t, k, verdict, after) })
		c.fetchScript(t, k)
		return
	}
	k.step = c.set(t.now.Add(after), func(t *turn) {
		k.verdict, k.detectMS = verdict, after.Milliseconds()
		c.fetchScript(t, k)
	})
}

// judge is what detection comes to and how long it takes. Without an end to a
// greeting within the time allowed it is unknown.
func (k *call) judge() (verdict string, after time.Duration) {
	o := &k.plan
	after = o.AMD
	switch o.Kind {
	case Beep, Silence:
		verdict = VerdictMachine
		if k.order.detect == "DetectMessageEnd" {
			after = o.Greeting
			verdict = map[Kind]string{Beep: VerdictBeep, Silence: VerdictSilence}[o.Kind]
		}
	case Fax:
		verdict = VerdictFax
	case Human, Busy, NoReply, Failed, Invalid, Refused:
		verdict = VerdictHuman
	}
	if o.Verdict != "" {
		verdict = o.Verdict
	}
	if after > k.order.detectFor {
		return VerdictUnknown, k.order.detectFor
	}
	return verdict, after
}

// detected reports an asynchronous verdict, also when the call has ended in
// the meantime.
func (c *Carrier) detected(t *turn, k *call, verdict string, after time.Duration) {
	k.verdict, k.detectMS, k.updated = verdict, after.Milliseconds(), t.now
	t.note(k, Entry{Ev: Detected, By: verdict})
	if k.order.asyncCallback == "" {
		t.note(k, Entry{Ev: Warn, Error: 21262, Text: "AsyncAmd without AsyncAmdStatusCallback"})
		return
	}
	c.reportDetection(t, k)
}
