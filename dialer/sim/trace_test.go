package sim_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer/sim"
)

// tracePattern is the line TestReplay prints.
var tracePattern = regexp.MustCompile(`(?m)^trace ([0-9a-f]{64}) after ([0-9]+) steps$`)

// own is what TestReplay runs when it is not told anything.
const own = "scene=week seed=7 leads=12 waves=2 faulty=48h0m0s limit=1440h0m0s shards=0 abandon=late faults=drop:0.1,webhook.lost:0.1,crash:0.01,operator:0.3"

// TestReplay runs one recipe. A recipe that is written down again is the same.
func TestReplay(t *testing.T) {
	text := own
	if *replay != "" {
		text = *replay
	}
	scene, o := replayed(t, text)
	if again := recipe(scene, o); again != text {
		t.Errorf("the recipe reads\n%s\nand is written\n%s", text, again)
	}
	r, err := sim.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(os.Stdout, "trace %x after %d steps\n", r.Trace, r.Steps)
	t.Logf("%d calls, %d restarts, until %s: %v", r.Calls, r.Crashes, r.Ended.Format(time.RFC3339), r.Happened)
	if r.Broken != nil {
		t.Fatal(r.Broken)
	}
}

// TestSameTrace: a seed is the same run again in this process, in two others,
// and on another ledger.
func TestSameTrace(t *testing.T) {
	_, o := replayed(t, own)
	var traces []string
	for range 2 {
		r, err := sim.Run(o)
		if err != nil {
			t.Fatal(err)
		}
		traces = append(traces, fmt.Sprintf("%x after %d", r.Trace, r.Steps))
	}
	o.Ground = newDisk(t.TempDir())
	r, err := sim.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	traces = append(traces, fmt.Sprintf("%x after %d", r.Trace, r.Steps))
	for range 2 {
		out, err := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReplay$", "-test.count=1", "-replay", own).CombinedOutput()
		found := tracePattern.FindSubmatch(out)
		if err != nil || found == nil {
			t.Fatalf("%v\n%s", err, out)
		}
		traces = append(traces, fmt.Sprintf("%s after %s", found[1], found[2]))
	}
	for i, trace := range traces {
		if trace != traces[0] {
			t.Errorf("run %d of one seed came to %s, the first to %s", i, trace, traces[0])
		}
	}
}
