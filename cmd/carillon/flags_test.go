package main

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence"
)

// everyVerb calls look with each verb there is.
func everyVerb(look func(*cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		look(cmd)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(io.Discard, io.Discard))
}

// A flag that stands in the first line of a help without brackets is one that
// has to be given.
func TestHelpAsksForNoMoreThanItTakes(t *testing.T) {
	optional, flag := regexp.MustCompile(`\[[^]]*\]`), regexp.MustCompile(`--[a-z-]+`)
	needed := map[string]string{"carillon restore": "--to"}
	everyVerb(func(cmd *cobra.Command) {
		first, _, _ := strings.Cut(optional.ReplaceAllString(cmd.Use, ""), "|")
		if found := flag.FindString(first); found != needed[cmd.CommandPath()] {
			t.Errorf("%s reads as if %s were needed", cmd.CommandPath(), found)
		}
	})
}

// An id in a help or an example has the form that ids have.
func TestIdsInHelpAreIds(t *testing.T) {
	kinds := []cadence.Kind{
		cadence.KindLead, cadence.KindEnrollment, cadence.KindAttempt, cadence.KindCadence, cadence.KindTouch, cadence.KindList, cadence.KindImport,
		cadence.KindUser, cadence.KindKey, cadence.KindConsent,
	}
	form, seen := regexp.MustCompile(`\b([a-z]{2,4})_(…|[a-z0-9]{20,})`), 0
	everyVerb(func(cmd *cobra.Command) {
		for _, found := range form.FindAllStringSubmatch(cmd.Long+"\n"+cmd.Example, -1) {
			seen++
			if _, err := cadence.ParseBareID(found[2]); !slices.Contains(kinds, cadence.Kind(found[1])) || found[2] != "…" && err != nil {
				t.Errorf("%s: %s is no id", cmd.CommandPath(), found[0])
			}
		}
	})
	if seen < 8 {
		t.Errorf("only %d ids were found", seen)
	}
}

// Flags that mean nothing without another are not passed over.
func TestFlagsThatGoWithOthers(t *testing.T) {
	for says, args := range map[string][]string{
		"--yes goes with --repair":             {"doctor", "--yes"},
		"--without-carrier goes with --accept": {"doctor", "--reconcile", "--without-carrier"},
		"--carrier-log and --desk-log go with": {"doctor", "--carrier-log", "carrier.jsonl"},
		"--fix goes with --twilio":             {"doctor", "--fix"},
		"--limit -1: it is at least 1":         {"audit", "--limit", "-1"},
		"say with --grant what the key may do": {"keys", "create", "crm"},
		"--to is needed":                       {"call", "--step", "1"},
		"no server runs on the data directory": {"packs", "reload", "--data", t.TempDir()},
	} {
		if _, code, err := carillon(t, args...); code != 1 || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: exit %d, %v; want %q", args, code, err, says)
		}
	}
}

// An empty name, as of a variable that is not set, is not everything.
func TestAnEmptyCadenceIsNotEverything(t *testing.T) {
	url := served(t)
	server := "--server=" + url
	stopped := func() bool {
		resp, err := http.Get(url + "/v1/overview")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(body), `"stopped":true`)
	}
	if _, code, err := carillon(t, "stop", server, "--cadence", ""); code != 1 || stopped() {
		t.Errorf("stop: exit %d, %v; all is stopped: %v", code, err, stopped())
	}
	if _, code, err := carillon(t, "stop", server); code != 0 || !stopped() {
		t.Fatalf("stop: exit %d, %v", code, err)
	}
	if _, code, err := carillon(t, "resume", server, "--cadence="); code != 1 || !stopped() {
		t.Errorf("resume: exit %d, %v; all is stopped: %v", code, err, stopped())
	}
}
