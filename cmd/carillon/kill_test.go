package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

var (
	killCycles = flag.Int("cycles", 20, "how often the kill loop kills the server")
	killSeed   = flag.Uint64("kill-seed", 1, "when it kills")
)

const (
	killAccount = "AC00000000000000000000000000000001"
	killToken   = "00000000000000000000000000000001"
	// killLeads is how many leads there are at least, and killPerCycle how many
	// more cycles ask for, so that the last kill still finds calls under way.
	killLeads    = 2500
	killPerCycle = 125
	killCadence  = `{
  "format": "carillon.cadence/v1",
  "name": "Kill loop",
  "audience": {"type": "manual"},
  "connect": [{"to": "message", "text": "Hello."}],
  "runs": {"max": 1},
  "steps": [
    {"key": "one", "kind": "call", "ring_timeout": "15s", "delay_after": "2s", "routes": [
      {"on": "NO_ANSWER", "do": "next"}, {"on": "BUSY", "do": "next"}, {"on": "CONGESTION", "do": "next"}]},
    {"key": "two", "kind": "call", "ring_timeout": "15s", "routes": [
      {"on": "NO_ANSWER", "do": "exit"}, {"on": "BUSY", "do": "exit"}, {"on": "CONGESTION", "do": "exit"}]}
  ]
}`
	// killModel makes calls short, so that many are under way at each kill.
	killModel = `{"mix": {"human": 4, "no_answer": 2, "machine_beep": 2, "busy": 2, "failed": 1}, "flat": true,
  "setup_ms": 50, "ring_ms": 200, "greeting_ms": 200, "amd_ms": 100, "talk_ms": 300, "patience_ms": 0}`
	killFaults = `{"drop_response": 0.02, "duplicate": 0.05, "reorder": 0.05, "drop_webhook": 0.02, "http_429": 0.0005, "http_5xx": 0.01}`
)

// TestKillLoop kills the server again and again while it dials through a
// carrier that is another process, and lets the carrier's own log judge: no
// attempt was placed twice, no number was called twice at once, no enrollment
// was lost, and the server came back every time.
func TestKillLoop(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "carrier.jsonl")
	faults := filepath.Join(dir, "faults.json")
	write(t, faults, killFaults)
	carrier := start(t, "carrier", "--listen", "127.0.0.1:0", "--account-sid", killAccount, "--auth-token", killToken,
		"--seed", "7", "--log", log, "--faults", faults)
	base := carrier.listens(t, "")
	if base == "" {
		t.Fatalf("the carrier did not start:\n%s", carrier.printed())
	}
	call(t, "PUT", base+"/_sim/model", "application/json", strings.NewReader(killModel), nil)

	config := filepath.Join(dir, "carillon.yaml")
	write(t, config, killConfig(t, dir, base))
	server := start(t, "serve", "--config", config)
	url := server.listens(t, "")
	if url == "" {
		t.Fatalf("the server did not start:\n%s", server.printed())
	}
	numbers := callable(t, time.Now(), max(killLeads, killPerCycle**killCycles))
	enrollAll(t, url, numbers)

	random := rand.New(rand.NewPCG(*killSeed, 0))
	failedOpens, longest := 0, time.Duration(0)
	for cycle := range *killCycles {
		<-time.After(time.Duration(200+random.IntN(1300)) * time.Millisecond)
		server.kill()
		began := time.Now()
		server = start(t, "serve", "--config", config)
		if server.listens(t, "") == "" {
			failedOpens++
			t.Errorf("cycle %d: the server does not open again:\n%s", cycle, server.printed())
			server = start(t, "serve", "--config", config)
			if server.listens(t, "") == "" {
				t.Fatal("nor the second time")
			}
		}
		longest = max(longest, time.Since(began))
	}
	waitForRest(t, url)
	v := judge(t, log, numbers, unresolved(t, url))
	fmt.Printf(`{"cycles": %d, "calls": %d, "lost": %d, "doubled": %d, "failed_opens": %d, "unknowns_left": %d, "longest_recovery_ms": %d}`+"\n",
		*killCycles, v.calls, v.lost, v.doubled, failedOpens, v.unknown, longest.Milliseconds())
	if v.lost+v.doubled+failedOpens > 0 {
		t.Fatalf("%+v; carrier's log: %s", v, keep(t, log))
	}
	if v.calls < len(numbers)/2 {
		t.Fatalf("only %d calls: the loop proves nothing\n%s", v.calls, server.printed())
	}
}

func killConfig(t *testing.T, dir, base string) string {
	t.Helper()
	return fmt.Sprintf(`listen: %s
hooks:
  listen: %s
data_dir: %s
twilio:
  account_sid: %s
  auth_token: "%s"
  base_url: %s
caller_ids: ["+13035550101", "+13035550102", "+13035550103"]
pacing:
  cps: 150
  channels: 300
dial:
  countries: [US, GB, AU]
`, freePort(t), freePort(t), filepath.Join(dir, "data"), killAccount, killToken, base)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// keep copies a file where it outlives the test.
func keep(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(os.TempDir(), "carillon-kill-"+filepath.Base(path))
	write(t, to, string(raw))
	return to
}

// callable lists up to n, and at least killLeads, fictional numbers of a place where the law allows calls now
// and for the next quarter of an hour, whatever the hour of the day.
func callable(t *testing.T, now time.Time, n int) []string {
	t.Helper()
	rules := []*window.Rule{window.LegalHours()}
	formats := []string{
		"+44113496%04d", "+44114496%04d", "+44115496%04d", "+44116496%04d", "+44117496%04d", "+44118496%04d",
		"+6125550%04d", "+6127010%04d",
	}
	for _, area := range []string{
		"212", "646", "917", "718", "347", "516", "631", "914", "518", "315", "716", "585", "201", "973", "732", "908",
		"609", "856", "215", "610", "412", "617", "508", "203", "860", "410", "301", "703", "804", "919",
	} {
		formats = append(formats, "+1"+area+"55501%02d")
	}
	var out []string
	for _, f := range formats {
		size := 1000
		switch f[:2] {
		case "+1":
			size = 100
		case "+6":
			size = 5000
		}
		for i := range size {
			number := fmt.Sprintf(f, i)
			zones, _, _ := window.Candidates(number)
			v := window.Decide(now, zones, rules)
			if len(zones) == 0 || !v.OK || v.NotAfter.Before(now.Add(15*time.Minute)) {
				break
			}
			if out = append(out, number); len(out) == n {
				return out
			}
		}
	}
	if len(out) < killLeads {
		t.Fatalf("only %d numbers may be called at %s", len(out), now)
	}
	return out
}

func enrollAll(t *testing.T, url string, numbers []string) {
	t.Helper()
	var made struct {
		ID string `json:"id"`
	}
	call(t, "POST", url+"/v1/cadences/import", "application/json", strings.NewReader(killCadence), &made)
	if made.ID == "" {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		call(t, "GET", url+"/v1/cadences", "", nil, &page)
		made.ID = page.Items[0].ID
	}
	call(t, "POST", url+"/v1/cadences/"+made.ID+"/publish", "", nil, nil)
	call(t, "POST", url+"/v1/cadences/"+made.ID+"/activate", "", nil, nil)
	var csv strings.Builder
	csv.WriteString("external_id,name,phone\n")
	for i, n := range numbers {
		fmt.Fprintf(&csv, "K%05d,Lead %05d,%s\n", i+1, i+1, n)
	}
	var job struct {
		Import struct {
			ID string `json:"id"`
		} `json:"import"`
	}
	call(t, "POST", url+"/v1/leads/import?cadence="+made.ID+"&region=US", "text/csv", strings.NewReader(csv.String()), &job)
}

// waitForRest waits until the server dials nobody any more: what is still open
// then are attempts nobody can know about yet.
func waitForRest(t *testing.T, url string) {
	t.Helper()
	type figures struct {
		Attempts int `json:"attempts"`
		Calls    int `json:"calls_in_progress"`
	}
	var last figures
	quiet := 0
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); {
		<-time.After(500 * time.Millisecond)
		var now figures
		call(t, "GET", url+"/v1/overview", "", nil, &now)
		if quiet++; now != last || now.Attempts == 0 {
			quiet, last = 0, now
		}
		if quiet >= 12 {
			return
		}
	}
	t.Logf("not at rest after forty seconds: %+v", last)
}

// unresolved are the leads whose attempt is still open: they are held, not
// lost.
func unresolved(t *testing.T, url string) map[string]bool {
	t.Helper()
	open := map[string]bool{}
	cursor := ""
	for {
		var page struct {
			Items []struct {
				Lead  string `json:"lead"`
				State string `json:"state"`
			} `json:"items"`
			Next *string `json:"next"`
		}
		call(t, "GET", url+"/v1/attempts?limit=1000"+cursor, "", nil, &page)
		for _, a := range page.Items {
			switch a.State {
			case "ended", "rejected", "not_placed", "returned":
			default:
				open[a.Lead] = true
			}
		}
		if page.Next == nil {
			return open
		}
		cursor = "&cursor=" + *page.Next
	}
}

type verdict struct{ calls, lost, doubled, unknown int }

// judge reads the carrier's log.
func judge(t *testing.T, log string, numbers []string, open map[string]bool) verdict {
	t.Helper()
	entries, err := simcarrier.ReadLog(log)
	if err != nil {
		t.Fatal(err)
	}
	v := verdict{unknown: len(open)}
	tokens, live, called := map[string]int{}, map[string]string{}, map[string]bool{}
	for _, e := range entries {
		if e.Parent != "" {
			continue
		}
		switch e.Ev {
		case simcarrier.Accepted:
			v.calls++
			if tokens[e.Token]++; tokens[e.Token] > 1 {
				v.doubled++
				t.Errorf("attempt %s was placed %d times", e.Token, tokens[e.Token])
			}
			if other, ok := live[e.To]; ok {
				v.doubled++
				t.Errorf("attempts %s and %s called one number at once", other, e.Token)
			}
			live[e.To], called[e.To] = e.Token, true
		case simcarrier.Ended:
			delete(live, e.To)
		default:
		}
	}
	missed := 0
	for _, n := range numbers {
		if !called[n] {
			missed++
		}
	}
	v.lost = max(0, missed-len(open)) // every open attempt explains one number
	return v
}
