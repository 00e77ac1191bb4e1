package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// settleFaults is how often operators and clocks get their chance.
const faultEvery = int64(time.Hour / time.Millisecond)

// command hands a message in and turns at once. Populating happens before any
// fault, so that it always succeeds.
func (w *World) command(m dialer.Message) error {
	var failed error
	n := w.home(m)
	n.inbox = append(n.inbox, dialer.Item{Message: m, Done: func(_ any, err error) { failed = err }})
	until := w.faultyUntil
	w.faultyUntil = 0
	err := n.turn()
	w.faultyUntil = until
	if err == nil {
		err = failed
	}
	return err
}

// populate creates the cadence and its leads through the engine's own door.
func (w *World) populate() error {
	w.cadence = cadence.NewID(cadence.OfficeSlot, [14]byte{1})
	imp := cadence.NewID(cadence.OfficeSlot, [14]byte{2})
	list := cadence.NewID(cadence.OfficeSlot, [14]byte{3})
	for _, m := range []dialer.Message{
		&dialer.SaveCadence{ID: w.cadence, New: true, Document: w.o.Document},
		&dialer.PublishCadence{ID: w.cadence},
		&dialer.SwitchCadence{ID: w.cadence, To: event.Active},
		&dialer.OpenImport{
			Job:  event.ImportOpened{ID: imp, List: list, Cadence: w.cadence, Digest: []byte("simulated"), OnDuplicate: dialer.OnDuplicateUpdate},
			List: event.ListOpened{ID: list, Name: "Simulated"},
		},
	} {
		if err := w.command(m); err != nil {
			return fmt.Errorf("populate: %T: %w", m, err)
		}
	}
	for i := range w.o.Leads {
		row := &dialer.ImportRow{Import: imp, Line: int64(i + 2), Lead: w.lead(i)}
		if err := w.command(row); err != nil {
			return fmt.Errorf("populate: lead %d: %w", i, err)
		}
	}
	err := w.command(&dialer.EndImport{Import: imp})
	return err
}

// lead makes one sample lead; every fifth has a second number.
func (w *World) lead(i int) cadence.Lead {
	l := cadence.Lead{
		Name: fmt.Sprintf("Lead %05d", i+1), FirstName: "Lead", ExternalID: fmt.Sprintf("S%05d", i+1),
		Numbers: []cadence.LeadNumber{{Number: w.o.Numbers[2*i]}},
	}
	if i%5 == 0 {
		l.Numbers = append(l.Numbers, cadence.LeadNumber{Number: w.o.Numbers[2*i+1]})
	}
	return l
}

// planFaults plans what operators and clocks do during the faulty time.
func (w *World) planFaults() {
	for at := faultEvery; at < w.faultyUntil; at += faultEvery {
		id := seqID(uint64(at))
		w.agenda.plan(w.now+at, func() {
			if w.chance(w.o.Faults.ClockStep, "clock", id) {
				w.stepClock(id)
			}
			if w.chance(w.o.Faults.Operators, "operator", id) {
				w.operate(id)
			}
		})
	}
	w.agenda.plan(w.faultyUntil+1, w.heal)
}

// stepClock moves the wall by up to two minutes either way, and back later;
// every other time by so little that nobody minds.
func (w *World) stepClock(id cadence.ID) {
	r := w.draw("clock.by", id)
	step := int64(r.IntN(240_000) - 120_000)
	if r.IntN(2) == 0 {
		step = int64(r.IntN(3000) - 1500)
	}
	w.offset += step
	w.agenda.plan(w.now+600_000, func() { w.offset -= step })
}

// heal ends the faulty time: whatever was stopped goes on.
func (w *World) heal() {
	if slices.ContainsFunc(w.nodes, func(n *node) bool { return n.crashed }) {
		w.agenda.plan(w.now+1000, w.heal)
		return
	}
	w.post(&dialer.SetDialing{})
	w.post(&dialer.HaltCadence{ID: w.cadence})
	w.post(&dialer.SwitchCadence{ID: w.cadence, To: event.Active})
}

// operate lets somebody do one thing.
func (w *World) operate(id cadence.ID) {
	r := w.draw("operator.what", id)
	lead := w.o.Numbers[2*r.IntN(w.o.Leads)]
	back := int64(5+r.IntN(120)) * 60_000
	switch r.IntN(7) {
	case 0:
		w.post(&dialer.SetDialing{Stop: true, Reason: "drill"})
		w.agenda.plan(w.now+back, func() { w.post(&dialer.SetDialing{}) })
	case 1:
		w.post(&dialer.HaltCadence{ID: w.cadence, Halted: true})
		w.agenda.plan(w.now+back, func() { w.post(&dialer.HaltCadence{ID: w.cadence}) })
	case 2:
		w.post(&dialer.SwitchCadence{ID: w.cadence, To: event.Inactive})
		w.agenda.plan(w.now+back, func() { w.post(&dialer.SwitchCadence{ID: w.cadence, To: event.Active}) })
	case 3:
		w.mark(lead)
	default:
		w.person(lead, r.IntN(4))
	}
}

// mark puts a number on the do-not-call list and remembers when that was
// acknowledged.
func (w *World) mark(n cadence.Number) {
	w.ask(&dialer.MarkNumber{Number: n, On: true, Reason: "asked", Source: "api"}, func(_ any, err error) {
		if err == nil {
			w.witness.dncAcked(n, w.now)
		}
	})
}

// person does something about one lead.
func (w *World) person(n cadence.Number, what int) {
	token := dialer.TokenOf(w.rules.NumberKey, n)
	row, err := w.rows(token.Slot()).Number(token)
	if err != nil || row == nil || len(row.Leads) == 0 {
		return
	}
	lead, err := w.rows(row.Leads[0].Slot()).Lead(row.Leads[0])
	if err != nil || lead == nil || len(lead.Stays) == 0 {
		return
	}
	switch what {
	case 0:
		w.post(&dialer.Leave{Enrollment: lead.Stays[0].Enrollment, Status: "removed", Reason: "operator"})
	case 1:
		w.post(&dialer.Signal{Lead: lead.Lead.ID, Name: "meeting_booked"})
	case 2:
		w.renumber(n, lead.Lead)
	default:
		status := "Qualified"
		w.post(&dialer.PatchLead{Lead: lead.Lead.ID, Patch: dialer.LeadPatch{Status: &status}})
	}
}

// renumber puts the lead's other number first, or in the place of the first.
func (w *World) renumber(n cadence.Number, lead cadence.Lead) {
	i := slices.Index(w.o.Numbers, n)
	other := cadence.LeadNumber{Number: w.o.Numbers[i^1]}
	numbers := []cadence.LeadNumber{other}
	if w.draw("renumber", lead.ID, seqID(uint64(w.now))).IntN(2) == 0 {
		numbers = append(numbers, cadence.LeadNumber{Number: n})
	}
	w.post(&dialer.PatchLead{Lead: lead.ID, Patch: dialer.LeadPatch{Numbers: numbers}})
}

// withdraw makes somebody change their mind about a call that is just going
// out.
func (w *World) withdraw(d dialer.DialOrder, how int) {
	switch how {
	case 0:
		w.mark(d.Dial.To)
	case 1:
		w.person(d.Dial.To, 0)
	default:
		w.post(&dialer.HaltCadence{ID: w.cadence, Halted: true})
		w.agenda.plan(w.now+300_000, func() { w.post(&dialer.HaltCadence{ID: w.cadence}) })
	}
}

// agent posts a disposition a while after a bridged call ended.
func (w *World) agent(k *call) {
	r := w.draw("agent", k.attempt)
	codes := []cadence.DispositionCode{"SALE", "NOT_INTERESTED", "CALLBACK", "DNC", "WRONG_NUMBER"}
	m := &dialer.Dispose{Attempt: k.attempt, Code: codes[r.IntN(len(codes))], By: "agent"}
	if r.Float64() < 0.3 {
		return // forgot
	}
	if m.Code == "CALLBACK" {
		m.CallbackAt = w.wallMs() + int64(2+r.IntN(48))*3_600_000
	}
	wait := int64(10_000 + r.IntN(900_000))
	w.agenda.plan(w.now+wait, func() { w.post(m) })
}
