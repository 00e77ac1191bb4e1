package app_test

import (
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

const rehearsedCadence = `{
  "format": "carillon.cadence/v1", "name": "Rehearsed", "audience": {"type": "manual"}, "runs": {"max": 1}, "consent": "express_written",
  "connect": [{"to": "message", "text": "Hello {{lead.first_name}}."}],
  "steps": [
    {"key": "one", "kind": "call", "caller_id": {"pool": "west"}, "delay_after": "1d", "voicemail": {"leave": true, "text": "Call +13035550101."}},
    {"key": "two", "kind": "call", "caller_id": {"pool": "west"}, "connect": [{"to": "number", "number": "+13035550100"}]}
  ]
}`

// verified adds a staff number and verifies it by a call over HTTP, as people
// do; what the call speaks is read in the ledger.
func (r *rig) verified(number string) {
	r.t.Helper()
	ctx := r.t.Context()
	if _, err := r.api.AddStaffNumber(ctx, number, "Desk 4"); err != nil {
		r.t.Fatal(err)
	}
	one, err := r.api.CallStaffNumber(ctx, number)
	if err != nil {
		r.t.Fatal(err)
	}
	if one = r.followed(one); one.State != "ended" || one.AnsweredAt == nil || one.Played != "message" {
		r.t.Fatalf("the call with the code: %+v", one)
	}
	row, err := r.app.Engine().Rows().Staff(r.app.Engine().Token(cadence.Number(number)))
	if err != nil {
		r.t.Fatal(err)
	}
	if s, err := r.api.ConfirmStaffNumber(ctx, number, row.Code); err != nil || !s.Verified {
		r.t.Fatalf("%+v %v", s, err)
	}
}

func (r *rig) followed(one apiclient.Rehearsal) apiclient.Rehearsal {
	r.t.Helper()
	one, err := r.api.FollowRehearsal(r.t.Context(), one, func(apiclient.Rehearsal) {})
	if err != nil {
		r.t.Fatal(err)
	}
	return one
}

func (r *rig) rehearsed(to, version, step string) apiclient.Rehearsal {
	r.t.Helper()
	one, err := r.api.Rehearse(r.t.Context(), to, "Rehearsed", version, step)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.followed(one)
}

// TestRehearsals: over HTTP and the simulated carrier a step is rehearsed with
// its message, its voicemail and its connect target; the carrier sees exactly
// the calls that were asked for, and the figures none of them.
func TestRehearsals(t *testing.T) {
	const person, machine = "+13035550161", "+13035550162"
	r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{
		person:         {{Kind: simcarrier.Human, Digits: simcarrier.NoDigits}},
		machine:        {{Kind: simcarrier.Human, Digits: simcarrier.NoDigits}, {Kind: simcarrier.Beep}},
		"+13035550100": plans(simcarrier.Human),
	}}, pools()...)
	r.cadence(rehearsedCadence)
	if _, err := r.api.Rehearse(t.Context(), person, "Rehearsed", "", "1"); err == nil || !strings.Contains(err.Error(), "no staff number") {
		t.Errorf("a stranger: %v", err)
	}
	r.verified(person)
	r.verified(machine)
	heard := r.rehearsed(person, "draft", "1")
	left := r.rehearsed(machine, "1", "one")
	through := r.rehearsed(person, "", "two")
	for name, c := range map[string]struct{ have, want string }{
		"message":   {heard.Played + " " + heard.Disposition, "message CONNECTED"},
		"voicemail": {left.Played + " " + left.Disposition, "voicemail VOICEMAIL_LEFT"},
		"target":    {through.Played + " " + through.Disposition, "connect CONNECTED"},
	} {
		if c.have != c.want {
			t.Errorf("%s: %q, want %q", name, c.have, c.want)
		}
	}
	if heard.Version != nil || left.Version == nil || *left.Version != 1 {
		t.Errorf("versions: %v %v", heard.Version, left.Version)
	}
	r.finish()
	byNumber := map[string]int{}
	for _, k := range r.calls() {
		byNumber[k.To]++
	}
	if byNumber[person] != 3 || byNumber[machine] != 2 {
		t.Errorf("calls: %v", byNumber)
	}
	o, err := r.api.Overview(t.Context())
	if err != nil || o.Attempts != 0 || o.Contacts != 0 || len(r.attempts()) != 0 {
		t.Errorf("figures: %+v %v", o, err)
	}
	numbers, err := r.api.CallerIDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range numbers.Items {
		if n := &numbers.Items[i]; n.Health.Attempts != 0 {
			t.Errorf("%s: %+v", n.Number, n.Health)
		}
	}
}

// TestARehearsalOutlivesTheProcess: one whose request may have left is not sent
// again by the next process, and its end is known.
func TestARehearsalOutlivesTheProcess(t *testing.T) {
	const person = "+13035550161"
	r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{person: {{Kind: simcarrier.Human, Digits: simcarrier.NoDigits}}}}, pools()...)
	r.cadence(rehearsedCadence)
	r.verified(person)
	r.config.Listen, r.config.Hooks.Listen = strings.TrimPrefix(r.app.URL(), "http://"), strings.TrimPrefix(r.app.HooksURL(), "http://")
	one, err := r.api.Rehearse(t.Context(), person, "Rehearsed", "", "one")
	if err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.start()
	if one = r.followed(one); !one.Over() {
		t.Errorf("%+v", one)
	}
	r.finish()
	calls := 0
	for _, k := range r.calls() {
		if k.To == person {
			calls++
		}
	}
	if calls > 2 {
		t.Errorf("%d calls, want the code and one rehearsal at most", calls)
	}
}
