package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
)

// carillon runs one command line and returns what it printed and its exit code.
func carillon(t *testing.T, args ...string) (out string, code int, err error) {
	t.Helper()
	var b bytes.Buffer
	root := newRoot(&b, io.Discard)
	root.SetArgs(args)
	err = root.ExecuteContext(t.Context())
	if err == nil {
		return b.String(), 0, nil
	}
	if coded, ok := errors.AsType[exitError](err); ok {
		return b.String(), coded.code, coded.err
	}
	return b.String(), 1, err
}

// Every verb explains itself, with an example.
func TestHelp(t *testing.T) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Short == "" || !strings.Contains(cmd.Example, "carillon") {
			t.Errorf("%s has no example or no summary", cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(io.Discard, io.Discard))
}

func TestBadCommandLinesAreOneLine(t *testing.T) {
	closed := "http://127.0.0.1:1"
	for name, args := range map[string][]string{
		"unknown verb":      {"dance"},
		"unknown flag":      {"demo", "--loud"},
		"nothing to import": {"import"},
		"no file":           {"import", "leads", "/nowhere.csv"},
		"no document":       {"lint", "/nowhere.json"},
		"no server":         {"stop", "--server", closed},
		"no server either":  {"explain", "ld_x", "--server", closed},
		"not a URL":         {"resume", "--server", "here"},
		"no config file":    {"serve", "--config", "/nowhere.yaml"},
		"no ledger":         {"doctor", "--data", t.TempDir()},
		"no witness":        {"doctor", "--recount"},
		"two at once":       {"doctor", "--recount", "--twilio"},
		"bad clock":         {"carrier", "--clock", "soon", "--log", filepath.Join(t.TempDir(), "log")},
		"too many leads":    {"demo", "--leads", "1000000", "--data", t.TempDir(), "--listen", "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, code, err := carillon(t, args...)
			if err == nil || code == 0 {
				t.Fatalf("exit %d, %v", code, err)
			}
			if said := oneLine(err); said == "" || strings.Contains(said, "\n") {
				t.Errorf("said %q", said)
			}
		})
	}
}

// served is a server on a port of its own whose carrier answers nothing: no
// verb here needs a call.
func served(t *testing.T) string {
	t.Helper()
	c := configs.Default()
	c.Listen, c.Hooks.Listen, c.DataDir = "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	c.SignIn = configs.SignInNone
	c.Twilio = configs.Twilio{AccountSID: simAccount, AuthToken: simToken, BaseURL: "http://127.0.0.1:1"}
	c.CallerIDs = []configs.CallerID{{Number: "+13035550190", Pool: configs.DefaultPool}}
	a, err := app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	t.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a.URL()
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The verbs in the order an operator uses them.
func TestAnOperatorsMorning(t *testing.T) {
	server := "--server=" + served(t)
	template := filepath.Join("..", "..", "configs", "templates", "five-touches.json")
	voice := "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00" + strings.Repeat(" \xa0", 4000)
	recorded, name := file(t, "hello.wav", voice), fmt.Sprintf("media:sha256-%x", sha256.Sum256([]byte(voice)))
	list := file(t, "leads.csv", "external_id,name,phone\nL-1,Lead 00001,(303) 555-0142\nL-2,Lead 00002,3.03556E+09\n")
	paper := filepath.Join(t.TempDir(), "case.html")
	for _, step := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"lint", template}, 0, "steps[2].voicemail.text: the message names no telephone number"},
		{[]string{"stop", server}, 0, "dialing is stopped"},
		{[]string{"import", "cadence", template, "--activate", server}, 0, "active: Five touches"},
		{[]string{"import", "cadence", template, server}, 0, "draft: Five touches (2)"},
		{[]string{"import", "leads", list, "--cadence", "Five touches", server}, 2, "1 rejected, 1 enrolled"},
		{[]string{"explain", "L-1", server}, 0, "house.kill_switch"},
		{[]string{"explain", "+13035550142", server, "--json"}, 0, `"house.kill_switch"`},
		{[]string{"forecast", "L-1", "--limit", "3", server}, 0, "held now by house.kill_switch"},
		{[]string{"forecast", "L-1", "--assume", "SLEPT", server}, 1, ""},
		{[]string{"blockers", "Five touches", server}, 0, "1 waiting, 1 judged, 0 callable now"},
		{[]string{"blockers", "Five touches", server, "--json"}, 0, `"house.kill_switch"`},
		{[]string{"consent", "list", "L-1", server}, 0, "no consent is recorded"},
		{[]string{"consent", "add", "L-1", "--kind", "oral", "--given", "2026-01-05", server}, 1, ""},
		{[]string{"consent", "add", "L-1", "--kind", "express_written", "--given", "2026-01-05", "--seller", "Acme", server}, 0, "valid, given to Acme"},
		{[]string{"consent", "add", "+13035550142", "--kind", "ebr.12m", "--given", "2001-01-05", server, "--json"}, 0, `"status": "lapsed"`},
		{[]string{"consent", "list", "+13035550142", server}, 0, "agreed to express_written on 2026-01-05T00:00:00.000Z, for all: valid"},
		{[]string{"consent", "revoke", "L-1", "cs_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--how", "call", server}, 1, ""},
		{[]string{"consent", "revoke", "L-1", "cs_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--seller", "Acme", server}, 1, ""},
		{[]string{"consent", "revoke", "L-1", server}, 1, ""},
		{[]string{"consent", "revoke", "L-1", "--seller", "Acme", "--how", "letter", server}, 0, "what was given to Acme for all (api, letter)"},
		{[]string{"consent", "add", "L-1", "--kind", "express_written", "--given", "2026-01-05", "--seller", "Acme", server}, 0, "a new consent has a new date"},
		{[]string{"export", "cadence", "Five touches", server}, 0, `"carillon.cadence/v1"`},
		{[]string{"resume", server, "--json"}, 0, `"stopped": false`},
		{[]string{"stop", "--cadence", "Five touches", server}, 0, "stopped by name"},
		{[]string{"resume", "--cadence", "Five touches", server}, 0, "dialing is on"},
		{[]string{"doctor", "--accept-clock", server}, 0, "accepted"},
		{[]string{"numbers", "list", server}, 0, "+13035550190  default  US-CO   0 of 75  -"},
		{[]string{"numbers", "rest", "+13035550190", server}, 1, ""},
		{[]string{"numbers", "rest", "+13035550190", "--for", "48h", "--reason", "marked as spam", "--by", "ops 1", server}, 0, "(operator ops 1: marked as spam)"},
		{[]string{"numbers", "list", "--state", "resting", server, "--json"}, 0, `"author": "ops 1"`},
		{[]string{"numbers", "show", "+13035550190", server}, 0, "too few calls to judge it by"},
		{[]string{"numbers", "unrest", "+13035550190", "--by", "ops 1", server}, 0, "US-CO voice, ready, 0 of 75 calls today"},
		{[]string{"numbers", "show", "+13035550111", server}, 1, ""},
		{[]string{"erase", "L-1", "--reason", "asked", server}, 1, ""},
		{[]string{"erase", "L-1", "--reason", "asked", "--by", "privacy 1", "--yes", server}, 0, "1 number forgotten, 0 kept for other leads"},
		{[]string{"explain", "L-1", server}, 1, ""},
		{[]string{"dossier", "+13035550142", server}, 0, `"erased_by": "privacy 1"`},
		{[]string{"dossier", "+13035550142", "--html", "--out", paper, server}, 0, "written to"},
		{[]string{"dossier", "check", paper}, 0, "is as it was written: sha256:"},
		{[]string{"dossier", "check", list}, 1, ""},
		{[]string{"media", "list", server}, 0, "nothing is stored"},
		{[]string{"media", "add", list, server}, 1, ""},
		{[]string{"media", "add", recorded, server}, 0, "hello.wav  1s  mulaw 8000 Hz"},
		{[]string{"media", "add", recorded, server, "--json"}, 0, `"id": "media:sha256-`},
		{[]string{"media", "list", server}, 0, "hello.wav"},
		{[]string{"media", "delete", "12", server}, 1, ""},
		{[]string{"media", "delete", name, server}, 0, "deleted media:sha256-"},
	} {
		out, code, err := carillon(t, step.args...)
		if code != step.code || !strings.Contains(out, step.says) {
			t.Errorf("%v: exit %d, %v, %q; want exit %d and %q", step.args, code, err, out, step.code, step.says)
		}
	}
}

// Exporting, importing and exporting again gives the same bytes.
func TestExportIsStable(t *testing.T) {
	server := "--server=" + served(t)
	template := filepath.Join("..", "..", "configs", "templates", "five-touches.json")
	if _, _, err := carillon(t, "import", "cadence", template, server); err != nil {
		t.Fatal(err)
	}
	first, _, err := carillon(t, "export", "cadence", "Five touches", server)
	if err != nil {
		t.Fatal(err)
	}
	again := "--server=" + served(t)
	if _, _, err := carillon(t, "import", "cadence", file(t, "five.json", first), again); err != nil {
		t.Fatal(err)
	}
	second, _, err := carillon(t, "export", "cadence", "Five touches", again)
	if err != nil || first != second {
		t.Errorf("%v: the second export differs", err)
	}
}

func TestLintFindsWhatIsWrong(t *testing.T) {
	bad := file(t, "bad.json", `{"format": "carillon.cadence/v1", "name": "Bad", "audience": {"type": "manual"}, "runs": {"max": 1},
  "steps": [{"key": "a", "kind": "call", "routes": [{"on": "BUSY", "do": "goto", "to": "nowhere"}]}]}`)
	out, code, _ := carillon(t, "lint", bad)
	if code != 1 || !strings.Contains(out, "bad.json:2: error:") || !strings.Contains(out, "nowhere") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestRecountNoticesADifference(t *testing.T) {
	server := "--server=" + served(t)
	log := file(t, "carrier.jsonl", `{"seq":1,"t":"2026-03-03T15:00:00Z","ev":"accepted","call":"CA1","to":"+13035550142","from":"+13035550190","token":"a","n":1}`+"\n")
	out, code, _ := carillon(t, "doctor", "--recount", "--carrier-log", log, server)
	if code != 1 || !strings.Contains(out, "BAD attempts: server 0, witness 1") {
		t.Errorf("exit %d: %s", code, out)
	}
	out, code, err := carillon(t, "doctor", "--recount", "--carrier-log", file(t, "empty.jsonl", ""), server)
	if code != 0 {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}
