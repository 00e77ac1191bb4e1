package app_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// crmExport is a list as a CRM writes it: semicolons, Windows-1252 (the byte
// E9 in a city), a quoted newline, an extension, empty phones, two phones, and
// a number that a spreadsheet spoiled.
const crmExport = "Lead ID;Full Name;Phone;Mobile Phone;City;Notes;Consent kind;Consent at;Consent seller\r\n" +
	"L-1;Lead 00001;(303) 555-0142 x12;;Montr\xe9al;;express_written;2026-01-05;Acme\r\n" +
	"L-2;Lead 00002;303-555-0143;303.555.0144;Denver;\"first line\nsecond; line\";express_written;2026-01-05;Acme\r\n" +
	"L-3;Lead 00003;;;Denver;no phone;express_written;2026-01-05;Acme\r\n" +
	"L-4;Lead 00004;+1 303 555 0145;;Denver;;express_written;2026-01-05;Acme\r\n" +
	"L-5;Lead 00005;3.03556E+09;;Denver;;express_written;2026-01-05;Acme\r\n"

// ownCadence is a document as people write it by hand.
const ownCadence = `{
  "format": "carillon.cadence/v1", "name": "By hand", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "message", "text": "Hello {{ lead.name }}, please call us back."}],
  "steps": [
    {"key": "first", "kind": "call", "caller_id": {"strategy": "random", "pool": "west"}, "delay_after": "1h",
     "routes": [{"on": "BUSY", "do": "retry", "delay": "4h", "max": 2}, {"on": "NO_ANSWER", "do": "next"}, {"on": "ANSWERING_MACHINE", "do": "next"}]},
    {"key": "second", "kind": "call", "caller_id": {"strategy": "rotating_pool", "pool": "east"},
     "voicemail": {"leave": true, "text": "This is for {{ lead.name }}."},
     "routes": [{"on": "BUSY", "do": "exit"}, {"on": "NO_ANSWER", "do": "exit"}, {"on": "VOICEMAIL_LEFT", "do": "exit"}]}
  ]
}`

var (
	west = []string{"+13035550190", "+13035550191", "+13035550192"}
	east = []string{"+12125550190", "+12125550191"}
)

func pools() (ids []configs.CallerID) {
	for _, n := range west {
		ids = append(ids, configs.CallerID{Number: n, Pool: "west"})
	}
	for _, n := range east {
		ids = append(ids, configs.CallerID{Number: n, Pool: "east"})
	}
	return ids
}

// plans is how every call of the test goes.
func plans(kinds ...simcarrier.Kind) (all []simcarrier.Plan) {
	for _, k := range kinds {
		all = append(all, simcarrier.Plan{Kind: k})
	}
	return all
}

func TestExactlyTheCallsThatFileAndRoutesImply(t *testing.T) {
	r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{
		"+13035550142": plans(simcarrier.Busy, simcarrier.NoReply, simcarrier.Beep),
		"+13035550143": plans(simcarrier.Human),
		"+13035550145": plans(simcarrier.Beep, simcarrier.NoReply),
	}}, pools()...)
	one := r.cadence(ownCadence)
	im := r.leads(one.Name, []byte(crmExport))
	if im.State != "done" || im.Rows != 5 || im.Enrolled != 3 || im.Rejected != 2 {
		t.Errorf("import %+v", im)
	}
	r.rejectedRows(im)
	r.finish()

	byNumber := map[string][]simcarrier.CallFacts{}
	for _, c := range r.calls() {
		byNumber[c.To] = append(byNumber[c.To], c)
	}
	for number, want := range map[string]int{"+13035550142": 3, "+13035550143": 1, "+13035550145": 2} {
		if got := len(byNumber[number]); got != want {
			t.Errorf("%s was called %d times, want %d", number, got, want)
		}
		delete(byNumber, number)
	}
	for number := range byNumber {
		t.Errorf("%s was called: nobody asked for it", number)
	}
	r.callerIDsAndTimes()
	r.voicemailOnlyWhereAsked()
	r.figures()
}

// rejectedRows checks the reasons that people read.
func (r *rig) rejectedRows(im apiclient.Import) {
	r.t.Helper()
	rows, err := apiclient.All[apiclient.RowError](r.t.Context(), r.api, im.ErrorsURL, url.Values{}, 10)
	if err != nil {
		r.t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].Line != 5 || rows[1].Line != 7 || !strings.Contains(strings.ToLower(rows[1].Message), "scientific") && !strings.Contains(strings.ToLower(rows[1].Message), "spreadsheet") {
		r.t.Errorf("rejected rows %+v", rows)
	}
}

func (r *rig) callerIDsAndTimes() {
	r.t.Helper()
	steps := map[string][]int{"+13035550142": {1, 1, 2}, "+13035550143": {1}, "+13035550145": {1, 2}}
	nth, last := map[string]int{}, map[string]time.Time{}
	var rotation []string
	for _, c := range r.calls() {
		n := nth[c.To]
		nth[c.To]++
		pool := west
		if steps[c.To][n] == 2 {
			pool = east
			rotation = append(rotation, c.From)
		}
		if !slices.Contains(pool, c.From) {
			r.t.Errorf("call %d to %s came from %s, which is not in the step's pool", n+1, c.To, c.From)
		}
		if gap := c.Accepted.T.Sub(last[c.To]); n > 0 {
			want := time.Hour // delay_after of the first step
			if c.To == "+13035550142" && n == 1 {
				want = 4 * time.Hour // the route of BUSY
			}
			if gap < want || gap > want+10*time.Minute {
				r.t.Errorf("call %d to %s came %s after the one before, want %s", n+1, c.To, gap, want)
			}
		}
		last[c.To] = c.Accepted.T
	}
	if len(rotation) != 2 || rotation[0] == rotation[1] {
		r.t.Errorf("the rotating pool gave %v", rotation)
	}
}

func (r *rig) voicemailOnlyWhereAsked() {
	r.t.Helper()
	to := map[string]string{}
	for _, c := range r.calls() {
		to[c.Call] = c.To
	}
	var heard []string
	entries, err := r.log.Entries()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Ev == simcarrier.Said && e.By == simcarrier.ByMachine {
			heard = append(heard, to[e.Call]+": "+e.Text)
		}
	}
	// The message, and the number that takes an opt-out: the caller ID, spoken.
	if len(heard) != 2 || heard[0] != "+13035550142: This is for Lead 00001." ||
		!strings.HasPrefix(heard[1], "+13035550142: To be taken off our calling list, call 1 2 1 2 5 5 5 0 1 9 ") {
		r.t.Errorf("machines heard %q", heard)
	}
	for _, c := range r.calls() {
		if c.Recorded != (c.To == "+13035550142" && c.N == 3) {
			r.t.Errorf("call %d to %s: message left %v", c.N, c.To, c.Recorded)
		}
		if c.To == "+13035550143" && !c.Contact() {
			r.t.Error("the person of L-2 was not reached")
		}
	}
}

func (r *rig) figures() {
	r.t.Helper()
	f, err := r.api.Overview(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if f.Attempts != 6 || f.Contacts != 1 || f.Completed != 6 || f.CallsInProgress != 0 || f.Pending != 0 {
		r.t.Errorf("figures %+v", f)
	}
}
