package dialer_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// packsWith are the shipped rules and one of an operator's.
func packsWith(t judge, rule string) *pack.Set {
	t.Helper()
	over := fstest.MapFS{"overrides/test.yaml": {Data: []byte("schema: 1\npack: test\nrules:\n  - " + strings.ReplaceAll(rule, "\n", "\n    ") +
		"\n    title: A rule of a test\n    source: a test\n    confidence: V\n    effective_to: 2026-12-31\n")}}
	set, problems := pack.Load(os.DirFS("../configs/compliance"), over)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

// busyHourly is a cadence that tries again every hour.
func busyHourly(t judge, parts map[string]any) string {
	doc := m{"routes": []any{m{"on": "BUSY", "do": "retry", "delay": "1h", "max": 30}}}
	maps.Copy(doc, parts)
	return document(t, "Hourly", doc)
}

// A cap of the law that looks further back than a day holds: the number's row
// keeps what it counts.
func TestACapOfManyDays(t *testing.T) {
	t.Run("hours", func(t *testing.T) { aCapOf(t, "72h", 72*time.Hour, 8*24*time.Hour, 9) })
	t.Run("longer than any cadence may count", func(t *testing.T) { aCapOf(t, "40d", 40*24*time.Hour, 90*24*time.Hour, 12) })
}

// aCapOf calls for a while under a cap of four calls in a period.
func aCapOf(t *testing.T, per string, period, long time.Duration, least int) {
	r := newRig(t)
	r.must(&dialer.SetPacks{Body: packsWith(t, "id: test.cap\nkind: cap\napplies: {country: [US], state: [CO]}\nparams: {max: 4, per: "+per+"}").Body()})
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, busyHourly(t, nil))
	r.lead(theCadence, "+13035550142")
	r.pass(long)
	var at []int64
	for _, d := range r.dials {
		at = append(at, r.attempt(d.Dial.Attempt).At)
	}
	if len(at) < least {
		t.Fatalf("only %d calls in %s", len(at), long)
	}
	for i := 4; i < len(at); i++ {
		if at[i]-at[i-4] <= period.Milliseconds() {
			t.Fatalf("five calls within %s: %v", per, r.times())
		}
	}
}

// A call of 35 days ago counts in a cap of 40, also once a later one has been
// written: the row drops no earlier call than the law looks back to.
func TestALongCapOverALongPause(t *testing.T) {
	r := newRig(t)
	r.must(&dialer.SetPacks{Body: packsWith(t, "id: test.cap\nkind: cap\napplies: {country: [US], state: [CO]}\nparams: {max: 2, per: 40d}").Body()})
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(otherCadence, document(t, "Once", m{"steps": []any{m{"key": "one", "kind": "call"}}, "routes": []any{m{"on": "BUSY", "do": "exit"}}}))
	r.cadence(theCadence, busyHourly(t, nil))
	lead := r.lead(otherCadence, "+13035550142")
	r.pass(35 * 24 * time.Hour)
	r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
	r.pass(10 * 24 * time.Hour)
	if len(r.dials) < 3 {
		t.Fatalf("only %d calls", len(r.dials))
	}
	if first, third := r.attempt(r.dials[0].Dial.Attempt).At, r.attempt(r.dials[2].Dial.Attempt).At; third-first <= (40 * 24 * time.Hour).Milliseconds() {
		t.Errorf("three calls within 40 days: %v", r.times())
	}
}

// The laws of number and address both hold: hours of a state, by postal code
// too, and a consent that is missing.
func TestTheAddressCounts(t *testing.T) {
	for name, c := range map[string]struct {
		lead  cadence.Lead
		first string // or why the stay ended
	}{
		"the number alone": {cadence.Lead{}, "Mon 09:00"}, // federal law, the cadence's own hours
		// 10:00 there, in both of its zones
		"an address in Kentucky":   {cadence.Lead{State: "KY"}, "Mon 11:00"},
		"a ZIP code in Kentucky":   {cadence.Lead{PostalCode: "41501"}, "Mon 11:00"},
		"Connecticut wants it all": {cadence.Lead{State: "CT"}, "us.ct.consent"},
		"abroad wants it too":      {cadence.Lead{Country: "DE"}, "de.consent"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.now = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC) // 1:00 in New York
			r.onDial = r.ends(telephony.StatusBusy)
			r.agreed = nil
			r.cadence(theCadence, document(t, "Address", m{"time_restrictions": m{"windows": []any{m{"from": "09:00", "to": "21:00"}}}}))
			c.lead.Numbers = numbered("+12125550142")
			lead := r.leadOf(theCadence, c.lead)
			r.pass(20 * time.Hour)
			got := ""
			if _, e := r.stay(lead); e.Left != "" {
				got = e.Reason
			}
			if len(r.dials) > 0 {
				got = time.UnixMilli(r.attempt(r.dials[0].Dial.Attempt).At).In(newYork).Format("Mon 15:04")
			}
			if got != c.first {
				t.Errorf("%s, want %s", got, c.first)
			}
		})
	}
}

var newYork = func() *time.Location {
	z, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return z
}()

// A machine's voice needs a record of consent. What the cadence says of
// everybody is none.
func TestAMessageNeedsConsent(t *testing.T) {
	for consent, want := range map[string]string{"": "us.fcc.ai-voice.sales", "express": "us.fcc.ai-voice.sales", "express_written": ""} {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusBusy)
		if r.agreed.Kind = consent; consent == "" {
			r.agreed = nil
		}
		r.cadence(theCadence, document(t, "Message", m{"consent": "express_written", "connect": []any{m{"to": "message", "text": "Hello."}}}))
		lead := r.lead(theCadence, "+13035550142")
		r.pass(time.Minute)
		if _, e := r.stay(lead); e.Reason != want || len(r.dials) > 0 != (want == "") {
			t.Errorf("consent %q: %d calls, left by %q", consent, len(r.dials), e.Reason)
		}
	}
}

func TestWithoutPacksNobodyIsCalled(t *testing.T) {
	r := bareRig(t)
	r.cadence(theCadence, document(t, "No rules", nil))
	r.onDial = r.ends(telephony.StatusBusy)
	r.lead(theCadence, "+13035550142")
	r.pass(time.Hour)
	if len(r.dials) > 0 {
		t.Fatal("a call without rules")
	}
	if _, err := r.do(&dialer.SetPacks{Body: []byte("[]")}); err == nil || len(r.packsInForce()) > 0 {
		t.Fatalf("an empty set was taken: %v", err)
	}
	r.must(&dialer.SetPacks{Body: packs(t).Body()})
	r.pass(time.Second)
	if len(r.dials) != 1 {
		t.Errorf("%d calls when there are rules", len(r.dials))
	}
}

// Packs are swapped in one turn; a bad set keeps the old one.
func TestPacksAreSwapped(t *testing.T) {
	r := newRig(t)
	first := r.packsInForce()
	ban := packsWith(t, "id: test.ban\nkind: emergency\napplies: {state: [CO]}\neffective_from: 2026-01-01")
	r.must(&dialer.SetPacks{Body: ban.Body()})
	if got := r.packsInForce(); got != ban.Digest().String() || got == first {
		t.Fatalf("in force is %s", got)
	}
	if _, err := r.do(&dialer.SetPacks{Body: ban.Body()[1:]}); err == nil || r.packsInForce() != ban.Digest().String() {
		t.Errorf("a spoilt set: %v", err)
	}
	facts := len(r.facts)
	r.must(&dialer.SetPacks{Body: ban.Body()})
	if len(r.facts) != facts {
		t.Error("the same set again wrote something")
	}
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, document(t, "Swap", nil))
	lead := r.lead(theCadence, "+13035550142")
	r.pass(2 * time.Hour)
	if _, e := r.stay(lead); len(r.dials) > 0 || e.Touch.Rule != "test.ban" {
		t.Fatalf("%d calls during a ban, waiting for %+v", len(r.dials), e.Touch)
	}
	r.open()
	r.must(&dialer.SetPacks{Body: packs(t).Body()}) // known already: only its name is written
	if r.packsInForce() != first {
		t.Error("the first set is not in force again")
	}
	other := r.lead(theCadence, "+13035550143")
	r.pass(time.Hour)
	if _, e := r.stay(other); len(r.dials) == 0 {
		t.Errorf("no call after the ban was lifted: %+v", e.Touch)
	}
	r.refold()
}

// packsInForce is the digest of the durable set, "" for none.
func (r *rig) packsInForce() string {
	r.t.Helper()
	o, err := r.rows().Office()
	r.check(err)
	if o.Packs.IsZero() {
		return ""
	}
	row, err := r.rows().Packs(o.Packs)
	r.check(err)
	set, err := pack.Read(row.Body)
	r.check(err)
	return set.Digest().String()
}

// A verdict is given again byte for byte, by the packs that were in force when
// it was given, also when others are by now.
func TestReplayByThePacksOfThen(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.leads(1)
		sleep(20 * time.Second)
		if l.line.calls() != 1 {
			t.Fatalf("%d calls", l.line.calls())
		}
		id := l.line.placed[0]
		if _, err := l.engine.Report(t.Context(), telephony.Event{Attempt: id, Kind: telephony.EventStatus, CallID: "CA" + id.Bare(), Status: telephony.StatusBusy, Seq: 3}); err != nil {
			t.Fatal(err)
		}
		before, err := l.engine.Packs()
		if err != nil {
			t.Fatal(err)
		}
		ban := packsWith(t, "id: test.ban\nkind: emergency\napplies: {country: [US]}\neffective_from: 1999-01-01")
		if err := l.engine.LoadPacks(t.Context(), ban); err != nil {
			t.Fatal(err)
		}
		if now, err := l.engine.Packs(); err != nil || now.Digest() != ban.Digest() {
			t.Fatalf("in force: %v, %v", now, err)
		}
		row, err := l.engine.Rows().Attempt(id)
		if err != nil || row == nil {
			t.Fatalf("%+v, %v", row, err)
		}
		again, err := l.engine.Replay(row)
		if err != nil || !again.Same || again.Then != again.Again || again.Then.Rules != before.Digest() || again.Then.Result != permit.Allow {
			t.Errorf("%+v, %v", again, err)
		}
		if !slices.Equal(again.Facts.Jurisdictions, []string{"US", "US-CO"}) || again.Facts.Purpose != "sales" || again.Facts.Voice != "live" {
			t.Errorf("judged as %+v", again.Facts)
		}
		if len(again.Trace) < 20 || slices.ContainsFunc(again.Trace, func(c permit.Check) bool { return c.Rule == "test.ban" }) {
			t.Errorf("traced as %+v", again.Trace)
		}
		forged := *row
		forged.Verdict = slices.Clone(row.Verdict)
		var j dialer.Judged
		if err := state.Decode(row.Verdict, &j); err != nil {
			t.Fatal(err)
		}
		j.Verdict.NotAfter++
		forged.Verdict = state.Encode(&j)
		if again, err := l.engine.Replay(&forged); err != nil || again.Same {
			t.Errorf("a verdict that was not given came back as the same: %v", err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestPacksThatAreRefusedRaiseTheAlarm(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool, with: func(o *dialer.Options) { o.Packs = nil }})
		sleep(time.Second)
		if s := l.engine.Status(); s.Doubt.Reason != dialer.ReasonPacks {
			t.Errorf("without packs: %+v", s.Doubt)
		}
		l.engine.PacksRefused("intl.yaml:3: broken")
		if s := l.engine.Status(); s.PacksAmiss != "intl.yaml:3: broken" {
			t.Errorf("refused: %+v", s)
		}
		if err := l.engine.LoadPacks(t.Context(), packs(t)); err != nil {
			t.Fatal(err)
		}
		sleep(time.Second)
		if s := l.engine.Status(); s.PacksAmiss != "" || s.Doubt.Reason != "" {
			t.Errorf("in force: %+v", s)
		}
		l.leads(1)
		sleep(20 * time.Second)
		if l.line.calls() != 1 {
			t.Errorf("%d calls", l.line.calls())
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
