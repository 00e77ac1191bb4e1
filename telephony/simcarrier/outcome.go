package simcarrier

import (
	"maps"
	"slices"
	"time"
)

// Who picks up, as the log's By says on answered, said and recorded.
const (
	ByHuman   = "human"
	ByMachine = "machine"
	ByFax     = "fax"
)

// What detection says, as the API's AnsweredBy.
const (
	VerdictHuman   = "human"
	VerdictMachine = "machine_start"
	VerdictBeep    = "machine_end_beep"
	VerdictSilence = "machine_end_silence"
	VerdictOther   = "machine_end_other"
	VerdictFax     = "fax"
	VerdictUnknown = "unknown"
)

var verdicts = []string{VerdictHuman, VerdictMachine, VerdictBeep, VerdictSilence, VerdictOther, VerdictFax, VerdictUnknown}

// NoDigits in a plan says that the person presses no key.
const NoDigits = "none"

// Outcome is how one call goes once it is dialed, everything decided.
type Outcome struct {
	Kind     Kind
	Setup    time.Duration // from dialing to ringing, or to the failure
	Ring     time.Duration // from ringing to the answer
	Greeting time.Duration // of a machine
	AMD      time.Duration // how long detection of a person or a fax takes
	Talk     time.Duration // a bridged conversation
	Patience time.Duration // the person hangs up if not bridged by then; 0 = never
	Keeps    time.Duration // a machine records for so long behind its greeting, then hangs up
	Digits   string        // keys pressed, one Gather after the other
	Verdict  string        // overrides what detection says
	SIP      int
	Code     int  // of a refusal
	CalleeHU bool // in a bridged conversation the person hangs up, not the leg
}

// By is who picks up, empty when nobody does.
func (o *Outcome) By() string {
	switch o.Kind {
	case Human:
		return ByHuman
	case Beep, Silence:
		return ByMachine
	case Fax:
		return ByFax
	case Busy, NoReply, Failed, Invalid, Refused:
	}
	return ""
}

// Outcome is how the n-th call to a number goes (n counts from 1) when it is
// placed at local. It depends on nothing else but the seed; local only shifts
// the shares of those that answer.
func (m *Model) Outcome(seed uint64, to string, n int, local time.Time) Outcome {
	r := chance(seed, "call", to, itoa(n))
	plan := m.plan(to, n)
	drawn := m.draw(seed, to, n, local, r.Float64())
	if plan.Kind == "" {
		plan.Kind = drawn
	}
	o := Outcome{Kind: plan.Kind, Verdict: plan.Verdict, SIP: plan.SIP, Code: plan.Code}
	o.Setup = ms(plan.SetupMS, m.SetupMS, between(r, 600*time.Millisecond, 2500*time.Millisecond))
	o.Ring = ms(plan.RingMS, m.RingMS, between(r, 3*time.Second, 18*time.Second))
	o.Greeting = ms(plan.GreetingMS, m.GreetingMS, between(r, 4*time.Second, 18*time.Second))
	o.AMD = ms(plan.AMDMS, m.AMDMS, between(r, 2500*time.Millisecond, 4500*time.Millisecond))
	o.Talk = ms(plan.TalkMS, m.TalkMS, between(r, 20*time.Second, 240*time.Second))
	patience := between(r, 5*time.Second, 20*time.Second)
	if r.Float64() > 0.12 {
		patience = 0
	}
	o.Patience = ms(plan.PatienceMS, m.PatienceMS, patience)
	o.Keeps = ms(plan.KeepsMS, m.KeepsMS, machineKeeps)
	o.Digits = m.keys(r.Float64(), plan.Digits)
	o.CalleeHU = r.Float64() < 0.35
	o.finish()
	return o
}

func (o *Outcome) finish() {
	if o.Code == 0 && o.Kind == Refused {
		o.Code = 21214
	}
	if o.SIP != 0 {
		return
	}
	switch o.Kind {
	case Busy:
		o.SIP = 486
	case NoReply:
		o.SIP = 487
	case Failed:
		o.SIP = 503
	case Invalid:
		o.SIP = 404
	case Human, Beep, Silence, Fax:
		o.SIP = 200
	case Refused:
	}
}

// plan is what the model forces for the n-th call to a number; its kind is
// empty when nothing is forced.
func (m *Model) plan(to string, n int) Plan {
	if list := m.Numbers[to]; len(list) > 0 {
		return list[min(n, len(list))-1]
	}
	return m.Default
}

// draw picks a kind. Whether a number is dead or a fax is drawn per number,
// so that it stays what it is on every call.
func (m *Model) draw(seed uint64, to string, n int, local time.Time, u float64) Kind {
	mix := m.Mix
	if len(mix) == 0 {
		mix = DefaultMix()
	}
	total := 0.0
	for _, k := range kinds {
		total += mix[k]
	}
	line := chance(seed, "line", to).Float64() * total
	for _, k := range []Kind{Invalid, Fax} {
		if line < mix[k] {
			return k
		}
		line -= mix[k]
	}
	return pick(m.weigh(mix, n, local), u)
}

// weigh shifts the shares: people pick up in the evening and tire of being
// called; whoever does not answer leaves it to the machine or lets it ring.
func (m *Model) weigh(mix map[Kind]float64, n int, local time.Time) map[Kind]float64 {
	w := maps.Clone(mix)
	delete(w, Invalid)
	delete(w, Fax)
	if m.Flat {
		return w
	}
	share := hourly[local.Hour()] * max(0.7, 1-0.06*float64(n-1))
	lost := w[Human] * (1 - share)
	w[Human] -= lost
	if others := w[NoReply] + w[Beep] + w[Silence]; others > 0 {
		for _, k := range []Kind{NoReply, Beep, Silence} {
			w[k] += lost * mix[k] / others
		}
	}
	return w
}

// hourly is how readily people pick up at each local hour, 1 at mid-morning.
var hourly = [24]float64{
	0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.4, 0.6, 0.8, 0.95, 1, 1,
	0.9, 0.9, 0.95, 1, 1.1, 1.2, 1.25, 1.2, 1, 0.7, 0.4, 0.3,
}

// pick takes the kind at u ∈ [0, 1) of the weights, in a fixed order.
func pick(w map[Kind]float64, u float64) Kind {
	total := 0.0
	for _, k := range kinds {
		total += max(0, w[k])
	}
	at := u * total
	for _, k := range kinds {
		if at < max(0, w[k]) {
			return k
		}
		at -= max(0, w[k])
	}
	return NoReply
}

func (m *Model) keys(u float64, forced string) string {
	switch forced {
	case NoDigits:
		return ""
	case "":
	default:
		return forced
	}
	press := m.Press
	if press == nil {
		press = DefaultPress()
	}
	for _, key := range slices.Sorted(maps.Keys(press)) {
		if u < press[key] {
			return key
		}
		u -= press[key]
	}
	return ""
}

// leg is how a leg that a script dials goes. Where nothing is forced for its
// number, somebody takes it after a short ring. caller names the call that
// dials it: many calls dial the same number, and in what order must not count.
func (m *Model) leg(seed uint64, to string, n int, caller ...string) Outcome {
	r := chance(seed, append([]string{"leg", to}, caller...)...)
	if len(m.Numbers[to]) > 0 {
		return m.Outcome(seed, to, n, time.Time{})
	}
	o := Outcome{Kind: Human, Setup: between(r, 300*time.Millisecond, 900*time.Millisecond), Ring: between(r, time.Second, 4*time.Second)}
	o.Talk = ms(nil, m.TalkMS, between(r, 20*time.Second, 240*time.Second))
	o.Setup = ms(nil, m.SetupMS, o.Setup)
	o.Ring = ms(nil, m.RingMS, o.Ring)
	o.finish()
	return o
}

// ms is the first of the settings that is made, or else the draw.
func ms(plan, model *int, drawn time.Duration) time.Duration {
	for _, set := range []*int{plan, model} {
		if set != nil {
			return time.Duration(*set) * time.Millisecond
		}
	}
	return drawn
}
