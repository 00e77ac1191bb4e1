package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// deed is one thing an operator does, by name. r decides the details, and n is
// the number of the lead it is about, where it is about one.
type deed struct {
	name string
	do   func(w *World, r *rand.Rand, n cadence.Number)
}

// deeds are all that operators do. Leaving one out changes no other.
func deeds() []deed {
	return []deed{
		{"stop", (*World).stop},
		{"halt", (*World).haltOne},
		{"deactivate", (*World).deactivate},
		{"publish", (*World).publish},
		{"dnc", func(w *World, _ *rand.Rand, n cadence.Number) { w.mark(n, cadence.ScopeAll, true) }},
		{"allow", func(w *World, _ *rand.Rand, n cadence.Number) { w.mark(n, cadence.ScopeAll, false) }},
		{"no", func(w *World, r *rand.Rand, n cadence.Number) { w.mark(n, w.scope(r), true) }},
		{"yes", func(w *World, r *rand.Rand, n cadence.Number) { w.mark(n, w.scope(r), false) }},
		{"scrub", (*World).scrub},
		{"leave", func(w *World, _ *rand.Rand, n cadence.Number) { w.leave(n) }},
		{"pause", (*World).pauseStay},
		{"signal", (*World).signal},
		{"renumber", (*World).renumber},
		{"move", (*World).move},
		{"status", (*World).status},
		{"enroll", (*World).enrollAgain},
		{"dispose", (*World).disposeAny},
		{"noise", (*World).noise},
		{"back", (*World).callBack},
	}
}

// operate lets somebody do one thing, or several at once.
func (w *World) operate(id cadence.ID) {
	r := w.draw("operator.what", id)
	all := deeds()
	for range 1 + r.IntN(3) {
		d, n := all[r.IntN(len(all))], w.o.Numbers[2*r.IntN(w.o.Leads)]
		detail := rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))
		if slices.Contains(w.o.Mute, d.name) {
			continue
		}
		w.happened["operator."+d.name]++
		d.do(w, detail, n)
	}
}

// back is how long something stays stopped, in ms.
func back(r *rand.Rand) int64 { return int64(5+r.IntN(120)) * 60_000 }

func (w *World) stop(r *rand.Rand, _ cadence.Number) {
	w.whole("stop", back(r), func(on bool) dialer.Message { return &dialer.SetDialing{Stop: on, Reason: "drill"} })
}

func (w *World) any(r *rand.Rand) cadence.ID { return w.cadences[r.IntN(len(w.cadences))] }

func (w *World) haltOne(r *rand.Rand, _ cadence.Number) { w.halt(w.any(r), back(r)) }

func (w *World) halt(id cadence.ID, span int64) {
	w.whole("halt "+id.Bare(), span, func(on bool) dialer.Message { return &dialer.HaltCadence{ID: id, Halted: on} })
}

func (w *World) deactivate(r *rand.Rand, _ cadence.Number) {
	id := w.any(r)
	w.whole("switch "+id.Bare(), back(r), func(on bool) dialer.Message {
		if on {
			return &dialer.SwitchCadence{ID: id, To: event.Inactive}
		}
		return &dialer.SwitchCadence{ID: id, To: event.Active}
	})
}

// whole stops something as a whole, and lets it go on after a span.
func (w *World) whole(what string, span int64, m func(on bool) dialer.Message) {
	ask := func(on bool) {
		acked := both(w.witness.ask(what, on, func() {}), w.logDeed("stop", on, "", what))
		w.order(m(on), func() { w.everywhere(acked) })
	}
	ask(true)
	w.agenda.plan(w.now+span, func() { ask(false) })
}

// publish makes a new version whose hours end at another time. Stays keep
// theirs.
func (w *World) publish(r *rand.Rand, _ cadence.Number) {
	i := r.IntN(len(w.cadences))
	doc := strings.Replace(string(w.document(i)), `"to": "19:00"`, fmt.Sprintf(`"to": "%d:30"`, 16+r.IntN(5)), 1)
	w.order(&dialer.SaveCadence{ID: w.cadences[i], Document: []byte(doc)}, nil)
	w.order(&dialer.PublishCadence{ID: w.cadences[i]}, nil)
}

// mark puts a number on the do-not-call list, or takes it off. What is
// acknowledged has to be durable by then.
func (w *World) mark(n cadence.Number, scope cadence.Scope, on bool) {
	acked := both(w.witness.dncAsked(n, scope, on), w.logDeed("mark", on, n, string(scope)))
	w.order(&dialer.MarkNumber{Number: n, On: on, Scope: scope, Reason: "asked", Source: "api", By: "operator"}, acked)
}

// scope draws what a no is about.
func (w *World) scope(r *rand.Rand) cadence.Scope {
	id := w.any(r)
	switch r.IntN(4) {
	case 0:
		return cadence.ScopeCall
	case 1:
		return cadence.CampaignScope(w.campaign(id))
	case 2:
		return cadence.CampaignScope("of somebody else")
	}
	return cadence.ScopeOf(id)
}

// campaign is the campaign of a cadence as it is drafted.
func (w *World) campaign(id cadence.ID) string {
	row, err := w.rows(id.Slot()).Cadence(id)
	if err != nil || row == nil {
		return ""
	}
	doc, _ := cadence.Parse(row.Draft)
	if doc == nil {
		return row.Name
	}
	return doc.CampaignName()
}

// leadOf finds the lead of a number as the operator's screen shows it.
func (w *World) leadOf(n cadence.Number) *state.Lead {
	token := dialer.TokenOf(w.rules.NumberKey, n)
	row, err := w.rows(token.Slot()).Number(token)
	if err != nil || row == nil || len(row.Leads) == 0 {
		return nil
	}
	lead, err := w.rows(row.Leads[0].Slot()).Lead(row.Leads[0])
	if err != nil {
		return nil
	}
	return lead
}

func (w *World) leave(n cadence.Number) {
	lead := w.leadOf(n)
	if lead == nil || len(lead.Stays) == 0 {
		return
	}
	id := lead.Stays[len(lead.Stays)-1].Enrollment
	acked := both(func() { w.witness.leftAcked(id) }, w.logDeed("leave", true, n, ""))
	w.order(&dialer.Leave{Enrollment: id, Status: "removed", Reason: "operator"}, acked)
}

// pauseStay keeps one stay from being called for a while. Resuming one that ended
// meanwhile is refused, as it should be.
func (w *World) pauseStay(r *rand.Rand, n cadence.Number) {
	lead := w.leadOf(n)
	if lead == nil || len(lead.Stays) == 0 {
		return
	}
	id := lead.Stays[len(lead.Stays)-1].Enrollment
	if row, err := w.rows(id.Slot()).Enrollment(id); err != nil || row == nil || row.LeftAt != 0 {
		return
	}
	ask := func(on bool) {
		w.order(&dialer.PauseStay{Enrollment: id, On: on, By: "operator"}, w.witness.ask(pauseWish(id), on, func() {}))
	}
	ask(true)
	w.agenda.plan(w.now+back(r), func() { ask(false) })
}

func pauseWish(id cadence.ID) string { return "pause " + id.Bare() }

func (w *World) signal(_ *rand.Rand, n cadence.Number) {
	if lead := w.leadOf(n); lead != nil {
		w.order(&dialer.Signal{Lead: lead.Lead.ID, Name: "meeting_booked"}, nil)
	}
}

// renumber puts the lead's other number first, or in the place of the first;
// now and then it is somebody else's.
func (w *World) renumber(r *rand.Rand, n cadence.Number) {
	lead := w.leadOf(n)
	if lead == nil {
		return
	}
	i := slices.Index(w.o.Numbers, n)
	numbers := []cadence.LeadNumber{{Number: w.o.Numbers[i^1]}}
	switch r.IntN(5) {
	case 0, 1:
		numbers = append(numbers, cadence.LeadNumber{Number: n})
	case 2:
		numbers[0].Number = w.o.Numbers[2*r.IntN(w.o.Leads)]
	}
	w.order(&dialer.PatchLead{Lead: lead.Lead.ID, Patch: dialer.LeadPatch{Numbers: numbers}}, nil)
}

// move tells where the lead lives.
func (w *World) move(r *rand.Rand, n cadence.Number) {
	lead := w.leadOf(n)
	if lead == nil {
		return
	}
	patch := dialer.LeadPatch{}
	zone, place := "America/Los_Angeles", "FL"
	switch r.IntN(3) {
	case 0:
		patch.Zone = &zone
	case 1:
		patch.State = &place
	default:
		zone, place = "", ""
		patch.Zone, patch.State = &zone, &place
	}
	w.order(&dialer.PatchLead{Lead: lead.Lead.ID, Patch: patch}, nil)
}

func (w *World) status(r *rand.Rand, n cadence.Number) {
	if lead := w.leadOf(n); lead != nil {
		status := []string{"Qualified", "Open"}[r.IntN(2)]
		w.order(&dialer.PatchLead{Lead: lead.Lead.ID, Patch: dialer.LeadPatch{Status: &status}}, nil)
	}
}

// enrollAgain puts a lead into any of the cadences, also one it is in.
func (w *World) enrollAgain(r *rand.Rand, n cadence.Number) {
	if lead := w.leadOf(n); lead != nil {
		m := &dialer.Enroll{Lead: lead.Lead.ID, Cadence: w.any(r)}
		if r.IntN(2) == 0 {
			m.Due = w.wallMs() + int64(r.IntN(3*86_400_000))
		}
		done := w.logDeed("enroll", true, n, "")
		w.orderFor(m, func(reply any) { done(); w.witness.enrollAcked(reply.(dialer.EnrollResult).Enrollment) })
	}
}

// welcome enters those again who have left, every so often.
func (w *World) welcome() {
	w.agenda.plan(w.now+w.o.Return.Milliseconds(), func() {
		for i := range w.o.Leads {
			n := w.o.Numbers[2*i]
			if lead := w.leadOf(n); lead != nil && len(lead.Stays) > 0 && lead.Stays[len(lead.Stays)-1].LeftAt != 0 {
				r := w.draw("welcome", seqID(uint64(i)), seqID(uint64(w.now)))
				if w.o.Relent > 0 && r.Float64() < w.o.Relent {
					w.mark(n, cadence.ScopeAll, false)
					w.mark(w.o.Numbers[2*i+1], cadence.ScopeAll, false)
				}
				w.enrollAgain(r, n)
			}
		}
		w.welcome()
	})
}

// disposeAny posts a disposition for some attempt there ever was.
func (w *World) disposeAny(r *rand.Rand, _ cadence.Number) {
	if k := w.carrier.order; len(k) > 0 {
		codes := []cadence.DispositionCode{"SALE", "NOT_INTERESTED", "DNC", "WRONG_NUMBER", "NO_ANSWER"}
		w.dispose(&dialer.Dispose{Attempt: k[r.IntN(len(k))].attempt, Code: codes[r.IntN(len(codes))], By: "supervisor", Note: fmt.Sprint(w.now)})
	}
}

func (w *World) dispose(m *dialer.Dispose) {
	to := cadence.Number(w.carrier.byAttempt[m.Attempt].To)
	w.order(m, both(func() { w.witness.disposed(m.Attempt) }, w.logDeed("dispose", true, to, string(m.Code))))
}

// noise is what has no consequence and must have none.
func (w *World) noise(r *rand.Rand, n cadence.Number) {
	w.order(&dialer.Audit{What: "drill", Detail: "nothing"}, nil)
	w.order(&dialer.Remember{Fact: event.AnswerKept{Key: fmt.Sprint(r.IntN(50)), Body: []byte(n), At: w.wallMs()}}, nil)
	w.order(&dialer.Forget{Keys: []string{fmt.Sprint(r.IntN(50))}}, nil)
	w.order(&dialer.DeleteCadence{ID: w.any(r)}, nil)
}

// withdraw makes somebody change their mind about a call that is just going
// out.
func (w *World) withdraw(d dialer.DialOrder, how int) {
	switch how {
	case 0:
		w.mark(d.Dial.To, [...]cadence.Scope{cadence.ScopeAll, cadence.ScopeCall}[len(w.carrier.order)%2], true)
	case 1:
		w.leave(d.Dial.To)
	default:
		w.halt(w.cadences[0], 300_000)
	}
}

// forbid lets somebody say no to a number while it is being asked for a call:
// the two meet in one turn of the number's home, or nearly.
func (w *World) forbid(asked *event.Asked) {
	e, err := w.rows(asked.Enrollment.Slot()).Enrollment(asked.Enrollment)
	if err != nil || e == nil || e.Touch.NumberIdx >= len(e.Numbers) {
		return
	}
	token := e.Numbers[e.Touch.NumberIdx]
	row, err := w.rows(token.Slot()).Number(token)
	if err != nil || row == nil {
		return
	}
	wait := int64(w.draw("forbid", asked.Touch, seqID(uint64(asked.Try))).IntN(8))
	w.agenda.plan(w.now+wait*wait, func() {
		w.mark(row.Number, [...]cadence.Scope{cadence.ScopeAll, cadence.ScopeOf(e.Cadence)}[wait%2], true)
	})
}

// order posts a message; acked runs when the engine says that it was done.
func (w *World) order(m dialer.Message, acked func()) {
	w.orderFor(m, func(any) {
		if acked != nil {
			acked()
		}
	})
}

func (w *World) orderFor(m dialer.Message, acked func(reply any)) {
	w.ask(m, func(reply any, err error) {
		if err == nil {
			acked(reply)
		}
	})
}
