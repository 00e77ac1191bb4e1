package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// overridden is a folder with one override.
func overridden(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "overrides"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overrides", "ban.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const aBan = `schema: 1
pack: proclaimed
rules:
  - id: us.co.emergency
    kind: emergency
    title: A state of emergency
    applies: {country: [US], state: [CO]}
    source: the governor
    confidence: V
    effective_from: 2026-03-01
    effective_to: 2026-03-31
`

func TestLintPacks(t *testing.T) {
	at := "--at=2026-11-22T12:00:00Z"
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"shipped":            {[]string{"lint", "packs", at}, 0, "nothing wrong"},
		"overdue":            {[]string{"lint", "packs", "--at", "2199-01-01T00:00:00Z"}, 1, "house.yaml:5: review_by: the review was due on"},
		"with a folder":      {[]string{"lint", "packs", at, "--dir", overridden(t, aBan), "--json"}, 0, `"problems": []`},
		"no end":             {[]string{"lint", "packs", at, "--dir", overridden(t, strings.Replace(aBan, "    effective_to: 2026-03-31\n", "", 1))}, 1, "overrides/ban.yaml:4: rules[0].effective_to"},
		"as JSON":            {[]string{"lint", "packs", at, "--json", "--dir", overridden(t, "schema: 1\npack: x\nrule: []\n")}, 1, `"line": 3`},
		"no folder":          {[]string{"lint", "packs", "--dir", "/nowhere"}, 1, "compliance.dir"},
		"no instant":         {[]string{"lint", "packs", "--at", "soon"}, 1, ""},
		"a file":             {[]string{"lint", "packs", "house.yaml"}, 1, ""},
		"nothing differs":    {[]string{"lint", "packs", "--diff", "shipped", filepath.Join("..", "..", "configs", "compliance"), at}, 0, "0 of 10000 fixture leads change verdict"},
		"one set to compare": {[]string{"lint", "packs", "--diff", "shipped"}, 1, ""},
		"a set that is none": {[]string{"lint", "packs", "--diff", "shipped", t.TempDir()}, 1, ""},
	} {
		out, code, err := carillon(t, c.args...)
		if code != c.code || !strings.Contains(out, c.says) || code != 0 && out == "" && err == nil {
			t.Errorf("%s: exit %d, %v, %.300q; want exit %d and %q", name, code, err, out, c.code, c.says)
		}
	}
}

func TestPermitReplay(t *testing.T) {
	const answer = `{"id":"at_1","verdict":{"answer":"allow","rule":"","policy":3,"packs":"2f8a","not_after":"2026-03-04T02:59:00Z",
		"facts":{"zones":["America/Denver"],"jurisdictions":["US","US-CO"],"purpose":"sales","voice":"live"},
		"replay":{"answer":"%s","rule":"%s","same":%v},"trace":[{"rule":"us.tsr.hours","kind":"window","result":"allow","zone":"America/Denver","local":"2026-03-03T10:00:00","until":null,"detail":""}]}}`
	same := fmt.Sprintf(answer, "allow", "", true)
	other := fmt.Sprintf(answer, "defer", "us.tsr.hours", false)
	for name, c := range map[string]struct {
		body string
		code int
		says string
	}{
		"the same":   {same, 0, "the same, byte for byte"},
		"it differs": {other, 1, "it differs"},
		"none":       {`{"id":"at_1","verdict":{"answer":""}}`, 1, ""},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/attempts/at_1" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			if _, err := w.Write([]byte(c.body)); err != nil {
				t.Error(err)
			}
		}))
		out, code, err := carillon(t, "permit", "replay", "at_1", "--server", s.URL)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit %d, %v, %q", name, code, err, out)
		}
		s.Close()
	}
	if _, code, err := carillon(t, "packs", "reload", "--data", t.TempDir()); code == 0 || err == nil || !strings.Contains(err.Error(), "no server runs") {
		t.Errorf("a reload without a server: exit %d, %v", code, err)
	}
}
