package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// ban is an operator's file that forbids calls to a state for a while.
const ban = `schema: 1
pack: proclaimed
rules:
  - id: us.co.emergency
    kind: emergency
    title: A state of emergency in Colorado
    applies: {country: [US], state: [CO]}
    source: the governor
    confidence: V
    effective_from: 2026-03-01
    effective_to: 2026-03-31
`

// atNight contradicts the federal hours.
const atNight = `schema: 1
pack: proclaimed
rules:
  - id: us.co.night
    kind: window
    title: Calls at night only
    applies: {country: [US], state: [CO]}
    params: {days: {mon-sun: ["22:00-24:00"]}}
    source: the governor
    confidence: V
    effective_to: 2026-03-31
`

// override puts a file into the operator's overrides.
func (r *rig) override(text string) {
	r.t.Helper()
	dir := filepath.Join(r.config.Compliance.Dir, "overrides")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ban.yaml"), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// inForce is the digest of the packs in force. The first turn of a new ledger
// puts them there.
func (r *rig) inForce() (digest string) {
	r.t.Helper()
	r.until("rule packs are in force", func() bool {
		set, err := r.app.Engine().Packs()
		if err != nil {
			r.t.Fatal(err)
		}
		if set != nil {
			digest = set.Digest().String()
		}
		return set != nil
	})
	return digest
}

// gauge is a metric without labels.
func (r *rig) gauge(name string) float64 {
	r.t.Helper()
	families, err := r.app.Metrics().Gather()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	r.t.Fatalf("there is no metric %s", name)
	return 0
}

// An operator's packs are put in force while the server runs; bad ones keep the
// old ones, raise the alarm and say where the mistake is, also over a restart.
func TestPacksAreReloaded(t *testing.T) {
	r := newRig(t, simcarrier.Model{}, pools()...)
	shipped := r.inForce()
	r.stop()
	r.config.Compliance.Dir = t.TempDir()
	r.override(ban)
	r.start()
	r.until("the ban is in force", func() bool { return r.inForce() != shipped })
	banned := r.inForce()

	for says, text := range map[string]string{
		"overrides/ban.yaml:4: rules[0].source: the source is missing":                         strings.Replace(ban, "    source: the governor\n", "", 1),
		"overrides/ban.yaml:11: rules[0].effective_to: the rule ends on 2026-02-27, before":    strings.Replace(ban, "2026-03-31", "2026-02-27", 1),
		"overrides/ban.yaml:11: rules[0].review_by: the review was due on 2026-03-02; check":   strings.Replace(ban, "    effective_to", "    review_by: 2026-03-02\n    effective_to", 1),
		"overrides/ban.yaml:2: this is not YAML":                                               "schema: 1\nrules: [",
		"overrides/ban.yaml:8: rules[0].params: with us.tsr.hours (us-federal.yaml:12) it":     atNight,
		"overrides/ban.yaml:8: rules[0].params.zone: ":                                         strings.Replace(atNight, "{days", "{zone: Mars/Olympus, days", 1),
		"overrides/ban.yaml:12: rules[1].id: \"us.co.emergency\" is in force on the same days": ban + strings.TrimPrefix(ban, "schema: 1\npack: proclaimed\nrules:\n"),
	} {
		r.override(text)
		_, err := app.AskReload(t.Context(), r.config.DataDir)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
		if r.inForce() != banned || r.gauge("carillon_rule_packs_bad") != 1 {
			t.Errorf("%q: in force is %s, the alarm %v", says, r.inForce(), r.gauge("carillon_rule_packs_bad"))
		}
	}
	r.stop()
	r.override("rules: [")
	r.start()
	if r.inForce() != banned || r.gauge("carillon_rule_packs_bad") != 1 {
		t.Error("a start with bad packs did not keep the ledger's")
	}
	if d := r.app.Engine().Status().Doubt; d.Reason == "packs" {
		t.Errorf("old rules are rules: %+v", d)
	}
	r.override(strings.Replace(ban, "2026-03-31", "2026-03-02", 1)) // it has ended
	digest, err := app.AskReload(t.Context(), r.config.DataDir)
	if err != nil || digest == banned || digest != r.inForce() || r.gauge("carillon_rule_packs_bad") != 0 {
		t.Errorf("mended: %q, %v", digest, err)
	}
}

// SIGHUP does what the verb does.
func TestReloadOnASignal(t *testing.T) {
	r := newRig(t, simcarrier.Model{}, pools()...)
	shipped := r.inForce()
	r.stop()
	r.config.Compliance.Dir = t.TempDir()
	r.start()
	asked := make(chan os.Signal, 1)
	r.app.ReloadOn(context.WithoutCancel(t.Context()), asked) // nothing but the app ends it
	r.override(ban)
	asked <- os.Interrupt // any will do
	r.until("the ban is in force", func() bool { return r.inForce() != shipped })
}

func TestReadPacksNamesAMissingFolder(t *testing.T) {
	if _, problems := app.ReadPacks(filepath.Join(t.TempDir(), "none")); len(problems) != 1 || problems[0].Field != "compliance.dir" || problems[0].Remedy == "" {
		t.Errorf("%v", problems)
	}
}

// Every permit of a run is given again byte for byte, also after a restart.
func TestEveryPermitIsGivenAgain(t *testing.T) {
	r := newRig(t, simcarrier.Model{}, pools()...)
	c := r.cadence(ownCadence)
	r.leads(c.ID, []byte(crmExport))
	r.finish()
	r.stop()
	r.start()
	n := 0
	err := r.app.Engine().Rows().AttemptsBetween(0, 1<<50, cadence.ID{}, func(id cadence.ID, a *state.Attempt) bool {
		n++
		again, err := r.app.Engine().Replay(a)
		if err != nil || !again.Same || again.Then.Rules.String() != r.inForce() {
			t.Errorf("attempt %s: %+v, %v", id.Bare(), again.Then, err)
		}
		return true
	})
	if err != nil || n < 3 {
		t.Errorf("%d attempts, %v", n, err)
	}
}
