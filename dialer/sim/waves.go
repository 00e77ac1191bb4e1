package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// waves deals the leads out to the files they come in.
func (w *World) waves() [][]int {
	out := make([][]int, max(1, w.o.Waves))
	for i := range w.o.Leads {
		out[i%len(out)] = append(out[i%len(out)], i)
	}
	return out
}

func waveID(wave int) cadence.ID { return cadence.NewID(cadence.OfficeSlot, [14]byte{2, byte(wave)}) }

// imports are the messages of one file, in order.
func (w *World) imports(wave int, leads []int) []dialer.Message {
	id, list := waveID(wave), listID(wave)
	out := []dialer.Message{&dialer.OpenImport{
		Job: event.ImportOpened{
			ID: id, List: list, Cadence: w.cadences[0], Digest: []byte{byte(wave)}, OnDuplicate: dialer.OnDuplicateUpdate,
		},
		List: event.ListOpened{ID: list, Name: "Simulated"},
	}}
	if w.o.ListRelease > 0 {
		out = append(out, &dialer.SetList{List: list, Release: &w.o.ListRelease})
	}
	for line, i := range leads {
		out = append(out, &dialer.ImportRow{Import: id, Line: int64(line + 2), Lead: w.lead(i), Consent: w.agreed()})
	}
	return append(out, &dialer.EndImport{Import: id})
}

// seller is who everybody agreed to be called for.
const seller = "Seller"

// agreed is what every lead has agreed to, long before the files were made.
func (w *World) agreed() *cadence.ConsentRecord {
	if w.o.Consent == "" {
		return nil
	}
	return &cadence.ConsentRecord{Kind: w.o.Consent, Seller: seller, Given: w.o.Start.AddDate(0, -2, 0).UnixMilli(), Source: "form"}
}

// resend is how long the importer waits for an answer, in ms.
const resend = 5_000

// planWave lets a file arrive during the faulty time. Like the live importer
// it takes one row after the other, and goes on after a crash where nobody
// answered.
func (w *World) planWave(wave int, leads []int) {
	rows := w.imports(wave, leads)
	var send func(i int)
	send = func(i int) {
		if i == len(rows) {
			return
		}
		if job, err := w.rows(cadence.OfficeSlot).Import(waveID(wave)); i == 0 && err == nil && job != nil {
			send(1)
			return
		}
		acked := false
		w.order(rows[i], func() { acked = true; w.agenda.plan(w.now+1, func() { send(i + 1) }) })
		w.agenda.plan(w.now+resend, func() {
			if !acked && w.nodeOf(cadence.OfficeSlot).running() {
				send(i)
			} else if !acked {
				w.agenda.plan(w.now+resend, func() { send(i) })
			}
		})
	}
	w.agenda.plan(w.now+w.faultyUntil*int64(wave)/int64(max(1, w.o.Waves)), func() { send(0) })
}
