//go:build unix

package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/crash"
)

const (
	killAccount = "AC00000000000000000000000000000001"
	killToken   = "00000000000000000000000000000001"
	// killSpeed is how fast time goes: the ten minutes after which an unknown
	// attempt is given up are ten seconds.
	killSpeed = 60
	// killCPS calls a second are placed, and killCap to one number in any 24
	// hours: the third step of the cadence waits for another day.
	killCPS = 60
	killCap = 2
	// killLater is how much later the last part of a world begins: what the
	// cap held back is called then, and the log is old enough to be trimmed.
	killLater = 8 * 24 * time.Hour
	// killModel makes short calls, so that many are under way at each kill.
	killModel = `{"mix": {"human": 4, "no_answer": 3, "machine_beep": 2, "busy": 2, "failed": 1}, "flat": true,
  "setup_ms": 3000, "ring_ms": 12000, "greeting_ms": 4000, "amd_ms": 3000, "talk_ms": 20000, "patience_ms": 0}`
	killCadence = `{
  "format": "carillon.cadence/v1",
  "name": "Kill loop",
  "audience": {"type": "manual"},
  "connect": [{"to": "message", "text": "Hello."}],
  "runs": {"max": 1},
  "routes": [{"on": "NO_ANSWER", "do": "next"}, {"on": "BUSY", "do": "next"}, {"on": "CONGESTION", "do": "next"},
    {"on": "ANSWERING_MACHINE", "do": "next"}, {"on": "UNCONFIRMED", "do": "next"}, {"on": "CANCELLED", "do": "next"},
    {"on": "ERROR", "do": "next"}, {"on": "ABANDONED", "do": "next"}],
  "steps": [
    {"key": "one", "kind": "call", "ring_timeout": "20s", "delay_after": "30s"},
    {"key": "two", "kind": "call", "ring_timeout": "20s", "delay_after": "30s"},
    {"key": "three", "kind": "call", "ring_timeout": "20s"}
  ]
}`
)

// killStart is a Tuesday on which one may call everywhere in the United States
// for the next eight hours.
var killStart = time.Date(2026, time.March, 3, 17, 0, 0, 0, time.UTC)

// crashServer is the real binary, built to die where it is told to. A test
// binary that was built so itself is one.
func crashServer(t *testing.T) string {
	t.Helper()
	if crash.On {
		return os.Args[0]
	}
	binary := filepath.Join(t.TempDir(), "carillon")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "crashpoints", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the server: %v\n%s", err, out)
	}
	return binary
}

// world is one data directory with its carrier and its client.
type world struct {
	*testing.T
	seed    uint64
	dir     string
	binary  string
	base    string // of the carrier
	url     string // of the server
	random  *rand.Rand
	clock   *clock.Virtual
	spec    string
	carrier *process
	server  *process
	client  *client
	tally   tally
	stood   time.Duration // how long servers stood still in all
	cycle   string        // what is going on, for messages
}

// live lives one world from its first start to its last judgement.
func live(t *testing.T, s *score, binary string, seed uint64, cycles int) {
	dir, err := os.MkdirTemp("", fmt.Sprintf("carillon-kill-%d-", seed)) //nolint:usetesting // it outlives a failure
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, seed: seed, dir: dir, binary: binary, random: rand.New(rand.NewPCG(seed, 2))}
	t.Cleanup(func() {
		if !t.Failed() {
			os.RemoveAll(dir)
			return
		}
		t.Logf("world %d kept in %s; the same again: make crash N=%d FIRST=%d", seed, dir, cycles, seed)
	})
	w.setUp()
	before, under, old := planned(seed, cycles)
	for i, b := range before {
		w.blow(i, b)
	}
	w.client = newClient(w)
	for i, b := range under {
		w.blow(len(before)+i, b)
	}
	w.settle()
	w.later()
	for i, b := range old {
		w.blow(len(before)+len(under)+i, b)
	}
	w.finish()
	w.judge()
	s.add(&w.tally, w.passes())
}

// setUp writes the configuration and starts the carrier.
func (w *world) setUp() {
	w.Helper()
	carrier := freePort(w.T)
	listen, hooks := freePort(w.T), freePort(w.T)
	w.base, w.url = "http://"+carrier, "http://"+listen
	write(w.T, w.file("model.json"), killModel)
	write(w.T, w.file("carillon.yaml"), fmt.Sprintf(`listen: %s
hooks:
  listen: %s
data_dir: %s
twilio:
  account_sid: %s
  auth_token: "%s"
  base_url: %s
caller_ids: ["+13035550190", "+13035550191", "+13035550192"]
pacing:
  cps: %d
  channels: 300
  caller_id_cap: 1000000
compliance:
  abandon: report
  scrub: when_imported
  seller: Sample Seller
dial:
  number_cap: %d
storage:
  min_free: 64MiB
log:
  level: warn
`, listen, hooks, w.file("data"), killAccount, killToken, w.base, killCPS, killCap))
	w.setClock(killStart)
	w.startCarrier()
}

func (w *world) file(name string) string { return filepath.Join(w.dir, name) }

// setClock makes it the instant at for everybody who is started from now on.
func (w *world) setClock(at time.Time) {
	w.Helper()
	w.spec = fmt.Sprintf("%s@%sx%d", at.Format(time.RFC3339Nano), time.Now().UTC().Format(time.RFC3339Nano), killSpeed)
	var err error
	if w.clock, err = clock.ParseSpec(w.spec); err != nil {
		w.Fatal(err)
	}
}

func (w *world) startCarrier() {
	w.Helper()
	w.carrier = start(w.T, w.binary, nil, "carrier", "--listen", strings.TrimPrefix(w.base, "http://"), "--account-sid", killAccount, "--auth-token", killToken,
		"--seed", fmt.Sprint(w.seed), "--log", w.file("carrier.jsonl"), "--model", w.file("model.json"), "--clock", w.spec)
	if w.carrier.listens(w.T, "") == "" {
		w.Fatalf("the carrier did not start:\n%s", w.carrier.printed())
	}
}

func (w *world) faults(name string) {
	w.Helper()
	call(w.T, "PUT", w.base+"/_sim/faults", "application/json", strings.NewReader(carriers[name]), nil)
}

// open starts the server and reports whether it came as far as to listen. One
// that dies before without having been told to is a failed open.
func (w *world) open(aimed string) bool {
	w.Helper()
	env := []string{crash.CountVariable + "=" + w.file("points")}
	if aimed != "" {
		env = append(env, crash.Variable+"="+aimed)
	}
	began := time.Now()
	w.server = start(w.T, w.binary, env, "serve", "--config", w.file("carillon.yaml"), "--clock", w.spec)
	if w.server.listens(w.T, "") != "" {
		w.tally.LongestRecovery = max(w.tally.LongestRecovery, time.Since(began).Milliseconds())
		return true
	}
	if aimed == "" || !w.killed() {
		w.tally.FailedOpens++
		w.Errorf("%s: the server does not open:\n%s", w.cycle, w.server.printed())
	}
	return false
}

// killed reports whether the server that has ended was killed, rather than
// having ended by itself.
func (w *world) killed() bool {
	status, ok := w.server.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// passes is how often each point was passed in this world.
func (w *world) passes() map[string]uint64 {
	w.Helper()
	raw, err := os.ReadFile(w.file("points"))
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]uint64{}
	for _, n := range crash.Names() {
		if at := 8 * int(n); at+8 <= len(raw) {
			out[n.String()] = binary.LittleEndian.Uint64(raw[at:])
		}
	}
	return out
}
