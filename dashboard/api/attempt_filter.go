package api

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// attemptFilter is what a list of attempts is asked for.
type attemptFilter struct {
	lead, cadence cadence.ID
	code          cadence.DispositionCode
	state         string
	caller        cadence.Number
	step          string
	run           int    // 0: any
	counts        string // a figure that the call counts in, "" for any
	week          int    // hour of the week where the lead is, -1 for any
	from, to      int64
	among         map[cadence.ID]bool // cadences of a kind, nil for all
	campaign      string
}

// figures are what counts can name: whether a closed call counts in it.
var figures = map[string]func(*state.Attempt) bool{
	"attempts":    func(a *state.Attempt) bool { return a.Accepted },
	"completed":   func(a *state.Attempt) bool { return a.Completed },
	"answered":    func(a *state.Attempt) bool { return a.Answered },
	"contacts":    func(a *state.Attempt) bool { return a.Contact },
	"conversions": func(a *state.Attempt) bool { return a.Converted },
	"abandoned":   func(a *state.Attempt) bool { return a.Abandoned },
	"voicemails":  func(a *state.Attempt) bool { return a.Voicemail },
	"unconfirmed": func(a *state.Attempt) bool { return a.State == event.NotPlaced },
}

func (f *attemptFilter) matches(a *state.Attempt) bool {
	return (f.lead.IsZero() || a.Lead == f.lead) && (f.cadence.IsZero() || a.Cadence == f.cadence) && (f.among == nil || f.among[a.Cadence]) &&
		(f.campaign == "" || a.Campaign == f.campaign) &&
		(f.code == "" || a.Code == f.code) && (f.state == "" || a.State.String() == f.state) &&
		(f.caller == "" || a.From == f.caller) && (f.step == "" || a.StepKey == f.step) && (f.run == 0 || a.Run == f.run) &&
		(f.counts == "" || figures[f.counts](a)) && (f.week < 0 || int(projection.WeekHour(a.Local)) == f.week) && a.At >= f.from && (f.to == 0 || a.At < f.to)
}

func (a *API) attemptFilter(r *request) (f attemptFilter, err error) {
	if s := r.query("lead"); s != "" {
		if f.lead, err = parseID(cadence.KindLead, "lead", s); err != nil {
			return f, err
		}
	}
	if s := r.query("cadence"); s != "" {
		row, err := a.cadenceRef(s)
		if err != nil {
			return f, err
		}
		f.cadence = row.ID
	}
	if f.among, err = a.cadencesOf(r.query("type"), r.query("cadence_status")); err != nil {
		return f, err
	}
	if s := r.query("disposition"); s != "" {
		d, known := a.op.Dispositions().Resolve(cadence.DispositionCode(s))
		if !known {
			return f, invalid("disposition", "there is no disposition "+s)
		}
		f.code = d.Code
	}
	if s := r.query("caller_id"); s != "" {
		if f.caller, err = number("caller_id", s); err != nil {
			return f, err
		}
	}
	f.state, f.step, f.campaign = r.query("state"), r.query("step"), r.query("campaign")
	if f.state != "" && !isAttemptState(f.state) {
		return f, invalid("state", "state must be intent, unknown, placed, ringing, live, closing, ended, returned, rejected or not_placed")
	}
	if err = f.drill(r); err != nil {
		return f, err
	}
	f.from, f.to, err = r.period()
	return f, err
}

// cadencesOf are the cadences whose answers go to a kind of target and that
// are in a status, as they are now and as the overview groups them; nil when
// neither is asked for.
func (a *API) cadencesOf(kind, status string) (map[cadence.ID]bool, error) {
	if kind == "" && status == "" {
		return nil, nil
	}
	if kind != "" && !projection.IsAnswerType(kind) {
		return nil, badType()
	}
	switch event.Status(status) {
	case "", event.Draft, event.Active, event.Inactive, event.Archived:
	default:
		return nil, invalid("cadence_status", "cadence_status must be draft, active, inactive or archived")
	}
	rows := a.op.Rows()
	all, err := projection.Cadences(rows)
	if err != nil {
		return nil, err
	}
	out := map[cadence.ID]bool{}
	for _, c := range all {
		doc, err := projection.Running(rows, c, a.docs)
		if err != nil {
			return nil, err
		}
		out[c.ID] = (kind == "" || projection.AnswerType(doc) == kind) && (status == "" || string(c.Status) == status)
	}
	return out, nil
}

func isAttemptState(text string) bool {
	for s := event.Intent; s <= event.NotPlaced; s++ {
		if s.String() == text {
			return true
		}
	}
	return false
}

func badType() error {
	return invalid("type", "type must be number, sip, message, agents, ai, mixed or none")
}

// drill reads what the figures of a report are made of.
func (f *attemptFilter) drill(r *request) (err error) {
	f.week = -1
	if f.counts = r.query("counts"); f.counts != "" && figures[f.counts] == nil {
		return invalid("counts", "counts must be "+strings.Join(slices.Sorted(maps.Keys(figures)), ", "))
	}
	if s := r.query("run"); s != "" {
		if f.run, err = strconv.Atoi(s); err != nil || f.run < 1 {
			return invalid("run", "run must be 1 or more")
		}
	}
	day, hour := r.query("weekday"), r.query("hour")
	if day == "" && hour == "" {
		return nil
	}
	d, err := strconv.Atoi(day)
	if err != nil || d < 1 || d > 7 {
		return invalid("weekday", "weekday must be 1 (Monday) to 7 (Sunday), and hour beside it")
	}
	h, err := strconv.Atoi(hour)
	if err != nil || h < 0 || h > 23 {
		return invalid("hour", "hour must be 0 to 23, and weekday beside it")
	}
	f.week = (d-1)*24 + h
	return nil
}
