package api

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"

	"github.com/carillon-dialer/carillon/dialer/projection"
)

// The parts of a report that can be taken away as CSV.
var reportParts = map[string]func(*reportAnswer) [][]string{
	"cadences":            (*reportAnswer).cadenceRows,
	"steps":               (*reportAnswer).stepRows,
	"dispositions":        (*reportAnswer).dispositionRows,
	"hours":               (*reportAnswer).hourRows,
	"attempts_to_contact": (*reportAnswer).curveRows,
}

// exportReport is one part of a report as CSV, for a spreadsheet.
func (a *API) exportReport(r *request) (answer, error) {
	part := r.query("part")
	rows := reportParts[part]
	if rows == nil {
		return answer{}, invalid("part", "part must be cadences, steps, dispositions, hours or attempts_to_contact")
	}
	out, err := a.report(r)
	if err != nil {
		return answer{}, err
	}
	return sheet(part, rows(out))
}

// exportCallerReport is the report by caller ID as CSV.
func (a *API) exportCallerReport(r *request) (answer, error) {
	out, err := a.callerReport(r)
	if err != nil {
		return answer{}, err
	}
	rows := [][]string{append([]string{"caller_id", "state", "answer_rate", "answer_rate_low", "answer_rate_high"}, figureHeads...)}
	for i := range out.Items {
		c := &out.Items[i]
		state := ""
		if c.State != nil {
			state = *c.State
		}
		rows = append(rows, append([]string{string(c.Number), state, fraction(c.Rate), fraction(&c.Interval.Low), fraction(&c.Interval.High)}, figureCells(&c.MoreFigures)...))
	}
	return sheet("caller-ids", rows)
}

// sheet is a CSV file in which no cell is a formula.
func sheet(name string, rows [][]string) (answer, error) {
	for _, row := range rows {
		for i := range row {
			row[i] = inert(row[i])
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: b.Bytes(), contentType: "text/csv; charset=utf-8", disposition: `attachment; filename="` + name + `.csv"`}, nil
}

var figureHeads = []string{
	"attempts", "completed", "answered", "contacts", "conversions", "abandoned", "voicemails", "unconfirmed",
	"completion_rate", "contact_rate", "conversion_rate", "abandon_rate",
}

func figureCells(f *projection.MoreFigures) []string {
	return []string{
		whole(f.Attempts), whole(f.Completed), whole(f.Answered), whole(f.Contacts), whole(f.Conversions), whole(f.Abandoned), whole(f.Voicemails), whole(f.Unconfirmed),
		fraction(f.CompletionRate), fraction(f.ContactRate), fraction(f.ConversionRate), fraction(f.AbandonRate),
	}
}

func (o *reportAnswer) cadenceRows() [][]string {
	rows := [][]string{append([]string{"cadence", "name", "leads"}, figureHeads...)}
	for i := range o.Cadences {
		c := &o.Cadences[i]
		rows = append(rows, append([]string{c.ID, c.Name, whole(c.Leads)}, figureCells(&c.MoreFigures)...))
	}
	return rows
}

func (o *reportAnswer) stepRows() [][]string {
	rows := [][]string{append([]string{"cadence", "name", "run", "position", "step", "leads"}, figureHeads...)}
	for i := range o.Steps {
		s := &o.Steps[i]
		head := []string{s.Cadence, s.CadenceName, strconv.Itoa(s.Run), strconv.Itoa(s.Position), s.Step, whole(s.Leads)}
		rows = append(rows, append(head, figureCells(&s.MoreFigures)...))
	}
	return rows
}

func (o *reportAnswer) dispositionRows() [][]string {
	rows := [][]string{{"disposition", "label", "calls", "share"}}
	for _, d := range o.Dispositions {
		rows = append(rows, []string{string(d.Code), d.Label, whole(d.Calls), fraction(&d.Share)})
	}
	return rows
}

func (o *reportAnswer) hourRows() [][]string {
	rows := [][]string{{"weekday_1_is_monday", "hour_where_the_lead_is", "attempts", "contacts", "contact_rate"}}
	for _, h := range o.Hours {
		rows = append(rows, []string{strconv.Itoa(h.Weekday), strconv.Itoa(h.Hour), whole(h.Attempts), whole(h.Contacts), fraction(h.ContactRate)})
	}
	return rows
}

func (o *reportAnswer) curveRows() [][]string {
	rows := [][]string{{"attempt", "leads_that_had_it", "first_contacts", "contact_rate", "cumulative_share_of_leads"}}
	for _, p := range o.ToContact.Points {
		rows = append(rows, []string{strconv.Itoa(p.Attempt), whole(p.Reached), whole(p.Contacts), fraction(p.ContactRate), fraction(&p.Cumulative)})
	}
	return rows
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// fraction is a share of 1 with four digits, "" for none.
func fraction(s *float64) string {
	if s == nil {
		return ""
	}
	return strconv.FormatFloat(*s, 'f', 4, 64)
}
