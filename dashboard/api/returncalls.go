package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// returnItem is one call that somebody made to one of our numbers. From is
// masked: the lead shows its numbers.
type returnItem struct {
	ID          string  `json:"id"`
	At          string  `json:"at"`
	EndedAt     *string `json:"ended_at"`
	From        string  `json:"from"`
	Token       string  `json:"token"`
	To          string  `json:"to"`
	Caller      string  `json:"caller"`
	Lead        *string `json:"lead"`
	LeadName    string  `json:"lead_name"`
	Enrollment  *string `json:"enrollment"`
	Cadence     *string `json:"cadence"`
	CadenceName string  `json:"cadence_name"`
	Attempt     *string `json:"attempt"`
	Outcome     string  `json:"outcome"`
	Target      string  `json:"target"`
	Digits      string  `json:"digits"`
	OptedOutAt  *string `json:"opted_out_at"`
	Contact     bool    `json:"contact"`
	Disposition string  `json:"disposition"`
	Seconds     int64   `json:"seconds"`
	CallID      string  `json:"call_id"`
	Note        string  `json:"note"`
}

// listReturns lists calls to our numbers, newest first.
func (a *API) listReturns(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	from, set, err := r.place()
	if err != nil {
		return answer{}, err
	}
	if set && from.part != partReturns {
		return answer{}, badCursor()
	}
	var lead cadence.ID
	if s := r.query("lead"); s != "" {
		if lead, err = parseID(cadence.KindLead, "lead", s); err != nil {
			return answer{}, err
		}
		if r.nobodys(cadence.KindLead, "lead") {
			return ok(datedPage[returnItem]{AsOf: a.asOf(), Items: []returnItem{}})
		}
	}
	out := datedPage[returnItem]{AsOf: a.asOf(), Items: []returnItem{}}
	n := newNames(a.op.Rows())
	var last place
	var failed error
	err = n.rows.Returns(lead, from.at, from.id, func(id cadence.ID, row *state.ReturnCall) bool {
		if len(out.Items) >= limit {
			next := last.text()
			out.Next = &next
			return false
		}
		var it returnItem
		if it, failed = returnOf(n, id, row); failed != nil {
			return false
		}
		out.Items, last = append(out.Items, it), place{partReturns, row.At, id}
		return true
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

const partReturns = "returns"

func returnOf(n *names, id cadence.ID, row *state.ReturnCall) (it returnItem, err error) {
	it = returnItem{
		ID: id.Text(cadence.KindReturn), At: at(row.At), EndedAt: maybe(row.EndedAt), To: string(row.To), Caller: "withheld",
		Lead: maybeID(cadence.KindLead, row.Lead), Enrollment: maybeID(cadence.KindEnrollment, row.Enrollment),
		Cadence: maybeID(cadence.KindCadence, row.Cadence), Attempt: maybeID(cadence.KindAttempt, row.Attempt), Outcome: returnOutcome(row),
		Target: row.Chain[row.Target].Kind, Digits: row.Digits, OptedOutAt: maybe(row.OptedOutAt), Contact: row.Contact,
		Disposition: string(row.Code), Seconds: row.DurationMs / 1000, CallID: row.CallID, Note: row.Note,
	}
	if row.Known() {
		it.Caller, it.Token = "unknown", row.Token.ID().Bare()
		number, err := n.rows.Number(row.Token)
		if err != nil {
			return it, err
		}
		if number != nil && number.Number != "" {
			it.From = number.Number.Masked()
		}
	}
	if !row.Lead.IsZero() {
		it.Caller = "lead"
		if it.LeadName, err = n.lead(row.Lead); err != nil {
			return it, err
		}
	}
	if !row.Cadence.IsZero() {
		it.CadenceName, err = n.cadence(row.Cadence)
	}
	return it, err
}

// returnOutcome is what was done with a call.
func returnOutcome(row *state.ReturnCall) string {
	t := &row.Chain[row.Target]
	switch {
	case row.OptedOutAt != 0:
		return "opted_out"
	case row.EndedAt == 0:
		return "open"
	case row.LegStatus == telephony.StatusCompleted:
		return "connected"
	case t.Message() && (t.Of > 0 || row.Lead.IsZero()):
		return "message"
	}
	return "missed"
}
