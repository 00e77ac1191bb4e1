//go:build unix

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	damageAll   = flag.Bool("damage", false, "every file and every harm; else a few of each")
	damageTable = flag.Bool("damage-table", false, "print how every case ended")
)

// shortHarm is what is done to each file when not everything is.
var shortHarm = map[string]string{
	".mem": "flip middle", ".sst": "flip middle", "MANIFEST": "truncate", "KEYREGISTRY": "flip head", "dnc.log": "zero a page",
	"high-water": "delete", "witness": "flip middle", "key": "flip tail", "ledger.json": "flip middle",
}

// TestDamage does every harm to every file of data directories with attempts,
// open calls and do-not-call marks, one left by kill -9 and one closed in
// order, and other things that befall a directory. Each start on it must heal
// with everything that was acknowledged, refuse with a reason, or open without
// dialing and say why: never with fewer attempts or marks and no word.
func TestDamage(t *testing.T) {
	w := makeWreckage(t)
	var d damages
	for _, one := range w.templates {
		for _, file := range filesOf(t, one.dir) {
			for _, h := range harms {
				if *damageAll || shortHarm[filepath.Base(file)] == h.name || shortHarm[filepath.Ext(file)] == h.name && one.killed == (filepath.Ext(file) == ".mem") {
					d.plan(one.name+": "+file+": "+h.name, func(t *testing.T) (outcome, string) { return w.harmed(t, one, file, h) })
				}
			}
		}
	}
	w.mishaps(&d)
	d.run(t)
	fmt.Println(d.summary())
	if *damageTable {
		fmt.Print(d.table())
	}
	if d.n[silent]+d.n[unclear] > 0 || d.n[healed] == 0 || d.n[refused] == 0 || d.n[safeMode] == 0 {
		t.Fatal(d.table())
	}
}

// damages are the cases and how they ended.
type damages struct {
	cases []damageCase
	mu    sync.Mutex
	n     map[outcome]int
}

type damageCase struct {
	name string
	do   func(*testing.T) (outcome, string)
	end  outcome
	said string
	skip bool // the harm changed nothing
}

func (d *damages) plan(name string, do func(*testing.T) (outcome, string)) {
	d.cases = append(d.cases, damageCase{name: name, do: do})
}

func (d *damages) run(t *testing.T) {
	d.n = map[outcome]int{}
	t.Run("cases", func(t *testing.T) {
		for i := range d.cases {
			c := &d.cases[i]
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.end, c.said = c.do(t)
				d.mu.Lock()
				defer d.mu.Unlock()
				if c.end == "" {
					c.skip = true
					return
				}
				d.n[c.end]++
				if c.end == silent || c.end == unclear {
					t.Errorf("%s: %s", c.end, c.said)
				}
			})
		}
	})
}

// summary is the one line that is kept.
func (d *damages) summary() string {
	total := 0
	for _, n := range d.n {
		total += n
	}
	raw, err := json.Marshal(struct {
		Cases    int `json:"cases"`
		Healed   int `json:"healed"`
		Refused  int `json:"refused"`
		SafeMode int `json:"safe_mode"`
		Silent   int `json:"silent"`
		Unclear  int `json:"unclear"`
	}{total, d.n[healed], d.n[refused], d.n[safeMode], d.n[silent], d.n[unclear]})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (d *damages) table() string {
	var b strings.Builder
	b.WriteString("| case | ends in | says |\n|---|---|---|\n")
	for _, c := range d.cases {
		if !c.skip {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.name, c.end, strings.ReplaceAll(c.said, "|", "/"))
		}
	}
	return b.String()
}

// template is a data directory with what had been acknowledged in it.
type template struct {
	name   string
	dir    string
	killed bool
	want   census
}

// wreckage is what the cases are made of.
type wreckage struct {
	templates []template
	old       string // an earlier state of the same directory
	config    string
	dir       string
}

// makeWreckage runs a server in front of a simulated carrier, stops it in order,
// lets it go on and kills it.
func makeWreckage(t *testing.T) *wreckage {
	t.Helper()
	w := &wreckage{dir: t.TempDir()}
	spec := fmt.Sprintf("%s@%sx%d", killStart.Format(time.RFC3339Nano), time.Now().UTC().Format(time.RFC3339Nano), killSpeed)
	model := filepath.Join(w.dir, "model.json")
	write(t, model, killModel)
	carrier := start(t, os.Args[0], nil, "carrier", "--listen", "127.0.0.1:0", "--account-sid", killAccount, "--auth-token", killToken, "--seed", "3",
		"--model", model, "--log", filepath.Join(w.dir, "carrier.jsonl"), "--clock", spec)
	base := carrier.listens(t, "")
	if base == "" {
		t.Fatal(carrier.printed())
	}
	data := filepath.Join(w.dir, "data")
	w.config = filepath.Join(w.dir, "carillon.yaml")
	write(t, w.config, fmt.Sprintf(damageConfig, freePort(t), freePort(t), data, killAccount, killToken, base))
	serve := func() *process { return start(t, os.Args[0], nil, "serve", "--config", w.config, "--clock", spec) }

	server := serve()
	at := server.listens(t, "")
	if at == "" {
		t.Fatal(server.printed())
	}
	numbers := damageNumbers()
	damageEnroll(t, at, numbers)
	call(t, "POST", at+"/v1/media?name=damage.wav", "audio/wav", bytes.NewReader(tone(400_000)), nil) // 50 s in seven parts
	attempts(t, at, 60)
	var no []string
	no = append(no, markSome(t, at, numbers, 12)...)
	unmark(t, at, no[0])
	server.end(t)
	w.old = copyTree(t, data, filepath.Join(w.dir, "old"))

	server = serve()
	at = server.listens(t, "")
	attempts(t, at, 150)
	markSome(t, at, numbers[:len(numbers)/2], 6)
	unmark(t, at, no[1])
	server.kill()
	killed := copyTree(t, data, filepath.Join(w.dir, "killed"))
	server = serve()
	server.listens(t, "")
	server.end(t)
	closed := copyTree(t, data, filepath.Join(w.dir, "closed"))
	carrier.kill()

	for name, dir := range map[string]string{"killed": killed, "closed": closed} {
		c := count(t, copyTree(t, dir, filepath.Join(w.dir, "unharmed-"+name)))
		if end, said := c.judge(&c, false); end != healed || len(c.DNC) < 16 || len(c.Attempts) < 50 || len(c.Leads) < len(numbers)/2 || len(c.Media) != 1 {
			t.Fatalf("the unharmed directory %s: %s, %q: %d leads, %d attempts, %d marks", name, end, said, len(c.Leads), len(c.Attempts), len(c.DNC))
		}
		if name == "killed" && len(c.Opens) == 0 {
			t.Fatal("no call was under way when the server was killed")
		}
		w.templates = append(w.templates, template{name, dir, name == "killed", c})
	}
	return w
}

func (w *wreckage) named(name string) *template {
	for i := range w.templates {
		if w.templates[i].name == name {
			return &w.templates[i]
		}
	}
	panic("no template " + name)
}

// harmed does one harm and starts on what is left.
func (w *wreckage) harmed(t *testing.T, from template, file string, h harm) (outcome, string) {
	dir := copyTree(t, from.dir, filepath.Join(t.TempDir(), "data"))
	if !h.do(t, filepath.Join(dir, file)) {
		return "", ""
	}
	c := count(t, dir)
	end, said := c.judge(&from.want, file == "dnc.log")
	if end == silent || end == unclear {
		said += "; left in " + keepTree(t, dir)
	}
	return end, said
}

// keepTree copies a directory where it outlives the test.
func keepTree(t *testing.T, dir string) string {
	t.Helper()
	to, err := os.MkdirTemp("", "carillon-damage-") //nolint:usetesting // it outlives the failure
	must(t, err)
	return copyTree(t, dir, to)
}

// end stops the command in order and waits for it.
func (p *process) end(t *testing.T) {
	t.Helper()
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	<-p.ended
}

// tone is a WAV file of so many samples, 8,000 a second.
func tone(samples int) []byte {
	var f bytes.Buffer
	word := func(v any) { _ = binary.Write(&f, binary.LittleEndian, v) }
	f.WriteString("RIFF")
	word(uint32(36 + 2*samples))
	f.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16)} {
		word(v)
	}
	f.WriteString("data")
	word(uint32(2 * samples))
	for i := range samples {
		word(int16(8000 * math.Sin(float64(i)/3)))
	}
	return f.Bytes()
}

const damageConfig = `listen: %s
hooks:
  listen: %s
data_dir: %s
twilio:
  account_sid: %s
  auth_token: "%s"
  base_url: %s
caller_ids: ["+13035550190", "+13035550191", "+13035550192"]
pacing:
  cps: 60
  channels: 300
  caller_id_cap: 1000000
compliance:
  abandon: report
  scrub: when_imported
  seller: Sample Seller
storage:
  min_free: 1MiB
  ballast: 1MiB
log:
  level: warn
`

// damageNumbers are fictional numbers of several area codes.
func damageNumbers() (all []string) {
	for _, area := range []string{"212", "303", "415", "312", "602", "206", "617", "404", "713", "503", "215", "305", "614", "704", "816"} {
		for i := range 100 {
			all = append(all, fmt.Sprintf("+1%s55501%02d", area, i))
		}
	}
	return all
}

// damageEnroll imports the numbers into a new cadence.
func damageEnroll(t *testing.T, at string, numbers []string) {
	t.Helper()
	var made struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	call(t, "POST", at+"/v1/cadences/import", "application/json", strings.NewReader(killCadence), nil)
	call(t, "GET", at+"/v1/cadences", "", nil, &made)
	id := made.Items[0].ID
	call(t, "POST", at+"/v1/cadences/"+id+"/publish", "", nil, nil)
	call(t, "POST", at+"/v1/cadences/"+id+"/activate", "", nil, nil)
	var csv strings.Builder
	csv.WriteString("external_id,name,phone,consent_kind,consent_at,consent_seller\n")
	for i, n := range numbers {
		fmt.Fprintf(&csv, "D%05d,Lead %05d,%s,express_written,2026-01-05,Sample Seller\n", i+1, i+1, n)
	}
	call(t, "POST", at+"/v1/leads/import?cadence="+id+"&region=US", "text/csv", strings.NewReader(csv.String()), nil)
}

// attempts waits until so many calls were made.
func attempts(t *testing.T, at string, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-time.After(100 * time.Millisecond) {
		var now struct {
			Attempts int `json:"attempts"`
		}
		call(t, "GET", at+"/v1/overview", "", nil, &now)
		if now.Attempts >= n {
			return
		}
	}
	t.Fatalf("not %d attempts within a minute", n)
}

// markSome puts the last n of the numbers on the do-not-call list that the
// server takes by hand, and returns them.
func markSome(t *testing.T, at string, numbers []string, n int) (marked []string) {
	t.Helper()
	for i := len(numbers) - 1; i >= 0 && len(marked) < n; i-- {
		body := strings.NewReader(`{"number": "` + numbers[i] + `", "reason": "asked"}`)
		if err := try(t, "POST", at+"/v1/dnc", "application/json", body, nil); err == nil {
			marked = append(marked, numbers[i])
		}
	}
	if len(marked) < n {
		t.Fatalf("only %d numbers could be marked", len(marked))
	}
	return marked
}

func unmark(t *testing.T, at, number string) {
	t.Helper()
	call(t, "DELETE", at+"/v1/dnc?reason=mistake&number="+url.QueryEscape(number), "", nil, nil)
}
