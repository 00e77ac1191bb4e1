package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// attemptItem is one dial. To is masked: the lead shows its numbers.
type attemptItem struct {
	ID            string  `json:"id"`
	State         string  `json:"state"`
	Lead          string  `json:"lead"`
	LeadName      string  `json:"lead_name"`
	Enrollment    string  `json:"enrollment"`
	Touch         string  `json:"touch"`
	Cadence       string  `json:"cadence"`
	CadenceName   string  `json:"cadence_name"`
	Version       uint32  `json:"version"`
	Step          string  `json:"step"`
	Run           int     `json:"run"`
	List          *string `json:"list"`
	Campaign      string  `json:"campaign"`
	To            string  `json:"to"`
	From          string  `json:"from"`
	Connect       string  `json:"connect"`
	Result        string  `json:"result"`
	Reason        string  `json:"reason"`
	AnsweredBy    string  `json:"answered_by"`
	Disposition   string  `json:"disposition"`
	DispositionBy string  `json:"disposition_by"`
	IntentAt      string  `json:"intent_at"`
	PlacedAt      *string `json:"placed_at"`
	AnsweredAt    *string `json:"answered_at"`
	EndedAt       *string `json:"ended_at"`
	Zone          string  `json:"zone"`
	LocalTime     string  `json:"local_time"`
	TalkSeconds   int64   `json:"talk_seconds"`
	Price         string  `json:"price"`
	CallID        string  `json:"call_id"`
	Rule          string  `json:"rule"`

	Voicemail *voicemailItem `json:"voicemail"`
}

// voicemailItem is what became of a message played to an answering machine.
type voicemailItem struct {
	Beep    bool      `json:"beep"`
	Seconds float64   `json:"seconds"`
	Cut     event.Cut `json:"cut"`
	Audio   string    `json:"audio"`
}

func voicemailOf(d *event.Drop) *voicemailItem {
	if d == nil {
		return nil
	}
	return &voicemailItem{Beep: d.Beep, Seconds: float64(d.Ms) / 1000, Cut: d.Cut, Audio: d.Audio}
}

// openAsClosed gives an open attempt the form of a closed one, so that both
// are shown and filtered the same way.
func openAsClosed(o *state.Open) *state.Attempt {
	i := o.I
	a := &state.Attempt{
		Token: i.Token, Enrollment: i.Enrollment, Touch: i.Touch, Try: i.Try, Lead: i.Lead, Cadence: i.Cadence, Version: i.Version,
		Campaign: i.Campaign, Step: i.Step, StepKey: i.StepKey, Run: i.Run, List: i.List, From: i.From, Connect: i.Connect,
		Zone: i.Zone, Local: i.Local, Policy: i.Policy, Verdict: i.Verdict, At: i.At, Due: i.Due, PlacedAt: o.PlacedAt,
		AnsweredAt: o.AnsweredAt, EndedAt: o.EndedAt, CallID: o.CallID, State: o.State, AnsweredBy: o.AnsweredBy,
		DurationMs: o.DurationMs, LegMs: o.LegMs, Digits: o.Digits, Script: o.Script, Price: o.Price, Note: o.Note, AMD: i.AMD,
		Rehearsal: i.Rehearsal, Document: i.Document,
	}
	if o.Posted != nil {
		a.Code, a.By, a.Posted = o.Posted.Code, o.Posted.By, true
	}
	return a
}

// by is who gave a disposition, in the contract's words.
func by(code cadence.DispositionCode, who string) string {
	switch {
	case code == "":
		return ""
	case who == "", who == "system":
		return "system"
	case who == "digits":
		return "digits"
	}
	return "api"
}

func attemptOf(n *names, id cadence.ID, a *state.Attempt) (attemptItem, error) {
	it := attemptItem{
		ID: id.Text(cadence.KindAttempt), State: a.State.String(), Lead: a.Lead.Text(cadence.KindLead),
		Enrollment: a.Enrollment.Text(cadence.KindEnrollment), Touch: a.Touch.Text(cadence.KindTouch),
		Cadence: a.Cadence.Text(cadence.KindCadence), Version: a.Version, Step: a.StepKey, Run: a.Run,
		List: maybeID(cadence.KindList, a.List), Campaign: a.Campaign, From: string(a.From), Connect: a.Connect,
		Result: string(a.Result), Reason: a.Reason, AnsweredBy: string(a.AnsweredBy), Disposition: string(a.Code),
		DispositionBy: by(a.Code, a.By), IntentAt: at(a.At), PlacedAt: maybe(a.PlacedAt), AnsweredAt: maybe(a.AnsweredAt),
		EndedAt: maybe(a.EndedAt), Zone: a.Zone, LocalTime: a.Local, TalkSeconds: talked(a) / 1000, Price: a.Price, CallID: a.CallID,
		Voicemail: voicemailOf(a.Drop),
	}
	j, err := judged(a)
	if err != nil {
		return it, err
	}
	it.Rule = j.Verdict.Rule
	row, err := n.rows.Number(a.Token)
	if err != nil {
		return it, err
	}
	if row != nil && row.Number != "" {
		it.To = row.Number.Masked()
	}
	if it.CadenceName, err = n.cadence(a.Cadence); err != nil {
		return it, err
	}
	it.LeadName, err = n.lead(a.Lead)
	return it, err
}

// talked is how long the person was on the line: with the target when there
// was one, else from answer to end.
func talked(a *state.Attempt) int64 {
	if a.LegMs > 0 {
		return a.LegMs
	}
	if a.AnsweredAt == 0 {
		return 0
	}
	return max(0, a.DurationMs)
}

func judged(a *state.Attempt) (dialer.Judged, error) {
	var j dialer.Judged
	if len(a.Verdict) == 0 {
		return j, nil
	}
	err := state.Decode(a.Verdict, &j)
	return j, err
}

// verdictItem is the permit of an attempt, and what today's program says of
// the same facts.
type verdictItem struct {
	Answer permit.Result `json:"answer"`
	Rule   string        `json:"rule"`
	Policy uint64        `json:"policy"`
	// Packs is the digest of the rule packs in force, "" of a release that had
	// its rules built in.
	Packs    string         `json:"packs"`
	NotAfter *string        `json:"not_after"`
	Facts    map[string]any `json:"facts"`
	Replay   replayItem     `json:"replay"`
	Trace    []explainCheck `json:"trace"`
}

func verdictShown(r *dialer.Replayed) verdictItem {
	v := verdictItem{
		Answer: r.Then.Result, Rule: r.Then.Rule, Policy: r.Then.Policy, NotAfter: maybe(r.Then.NotAfter), Facts: factsShown(&r.Facts),
		Replay: replayItem{r.Again.Result, r.Again.Rule, r.Same}, Trace: rulebook{r.Rules}.checks(r.Trace),
	}
	if !r.Then.Rules.IsZero() {
		v.Packs = r.Then.Rules.String()
	}
	return v
}

type replayItem struct {
	Answer permit.Result `json:"answer"`
	Rule   string        `json:"rule"`
	Same   bool          `json:"same"`
}

// factsShown are the facts the permit saw, by name.
func factsShown(f *permit.Facts) map[string]any {
	zones := []string{}
	for _, z := range f.Zones {
		zones = append(zones, z.String())
	}
	return map[string]any{
		"policy": f.Policy, "kill_switch": f.Kill, "health": f.Health, "active": f.Active, "halted": f.Halted, "enrolled": f.Enrolled,
		"jurisdictions": texts(f.Jurisdictions), "purpose": f.Purpose, "voice": f.Voice, "evidence": texts(f.Evidence), "ring_ms": f.Ring,
		"zones": zones, "non_geographic": f.NonGeographic, "countries": f.Countries, "caller_id": f.CallerID, "country": f.Country,
		"dnc": f.DNC.On, "retired": f.Retired, "open_attempt": f.Open, "counted_calls": len(f.Intents), "number_cap": f.NumberCap,
	}
}

// texts is a list that is never null.
func texts(list []string) []string { return append([]string{}, list...) }

type dispositionItem struct {
	Code       string            `json:"code"`
	By         string            `json:"by"`
	At         string            `json:"at"`
	Note       string            `json:"note"`
	CallbackAt *string           `json:"callback_at"`
	Variables  map[string]string `json:"variables"`
}

func variables(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func posted(p *event.DispositionPosted) dispositionItem {
	return dispositionItem{string(p.Code), by(p.Code, p.By), at(p.At), p.Note, maybe(p.CallbackAt), variables(p.Variables)}
}
