package state

import "github.com/carillon-dialer/carillon/dialer/event"

// Spend is the money of one of the house's days, in millionths of the
// account's currency: what its calls that are over have cost, and what is
// reckoned for those that are open. A call counts in the day of its intent.
type Spend struct {
	Spent int64 `cbor:"1,keyasint,omitempty"`
	Held  int64 `cbor:"2,keyasint,omitempty"`
}

// Total is what counts in the day's cap.
func (s *Spend) Total() int64 { return s.Spent + s.Held }

// spendOf enters what a call of an intent costs: held is added while it is
// open, spent at its end.
func (v *View) spendOf(i *event.Intended, held, spent int64) {
	if i.Day == 0 || held == 0 && spent == 0 {
		return
	}
	s := v.spends.edit(i.Day)
	s.Held += held
	s.Spent += spent
	v.spends.put(i.Day, s)
}

// Spend is the money of a day.
func (v *View) Spend(day int64) *Spend { return v.spends.edit(day) }
