package sim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

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
	var refused *dialer.Refusal
	if err == nil && errors.As(failed, &refused) {
		return fmt.Errorf("%w %v", failed, refused.Details)
	}
	return errors.Join(err, failed)
}

// populate creates the cadences and the leads that are there from the
// beginning, through the engine's own door.
func (w *World) populate() error {
	if err := w.command(&dialer.SetPacks{Body: w.o.Packs}); err != nil {
		return fmt.Errorf("populate: rule packs: %w", err)
	}
	for i := range 1 + len(w.o.Also) {
		id := cadence.NewID(cadence.OfficeSlot, [14]byte{1, byte(i)})
		w.cadences = append(w.cadences, id)
		if err := w.command(&dialer.SaveCadence{ID: id, New: true, Document: w.document(i)}); err != nil {
			return fmt.Errorf("populate: cadence %d: %w", i, err)
		}
	}
	for i, id := range slices.Backward(w.cadences) { // the first may name the others
		for _, m := range []dialer.Message{
			&dialer.PublishCadence{ID: id}, &dialer.SwitchCadence{ID: id, To: event.Active},
		} {
			if err := w.command(m); err != nil {
				return fmt.Errorf("populate: cadence %d: %T: %w", i, m, err)
			}
		}
	}
	for wave, leads := range w.waves() {
		if wave > 0 {
			w.planWave(wave, leads)
			continue
		}
		for _, m := range w.imports(wave, leads) {
			if err := w.command(m); err != nil {
				return fmt.Errorf("populate: %T: %w", m, err)
			}
		}
	}
	return nil
}

func (w *World) document(i int) []byte {
	if i == 0 {
		return w.o.Document
	}
	return w.o.Also[i-1]
}

// lead is one of the leads: those that were given, or else a sample, of which
// every fifth has a second number.
func (w *World) lead(i int) cadence.Lead {
	if w.o.People != nil {
		return w.o.People[i]
	}
	l := cadence.Lead{
		Name: fmt.Sprintf("Lead %05d", i+1), FirstName: "Lead", ExternalID: fmt.Sprintf("S%05d", i+1),
		Numbers: []cadence.LeadNumber{{Number: w.o.Numbers[2*i]}},
	}
	if i%5 == 0 {
		l.Numbers = append(l.Numbers, cadence.LeadNumber{Number: w.o.Numbers[2*i+1]})
	}
	return l
}

// agent posts a disposition a while after a bridged call ended.
func (w *World) agent(k *call) {
	r := w.draw("agent", k.attempt)
	codes := w.o.Says
	if codes == nil {
		codes = []cadence.DispositionCode{"SALE", "NOT_INTERESTED", "CALLBACK", "DNC", "WRONG_NUMBER"}
	}
	m := &dialer.Dispose{Attempt: k.attempt, Code: codes[r.IntN(len(codes))], By: "agent"}
	if r.Float64() < 0.3 {
		return // forgot
	}
	if m.Code == "CALLBACK" {
		m.CallbackAt = w.trueMs() + int64(2+r.IntN(48))*3_600_000
	}
	wait := int64(10_000 + r.IntN(900_000))
	w.agenda.plan(w.now+wait, func() { w.dispose(m) })
	if r.Float64() < 0.1 { // and thinks again, or says it twice
		again := *m
		again.Code, again.CallbackAt, again.Note = codes[r.IntN(len(codes))], 0, "corrected"
		w.agenda.plan(w.now+wait+int64(r.IntN(86_400_000)), func() { w.dispose(&again) })
	}
}
