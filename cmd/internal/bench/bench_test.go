package bench_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

// The test binary is also the bench's other processes.
const role = "a-process-of-the-bench"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == role {
		if err := bench.Child(context.Background(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m,
		goleak.IgnoreCurrent(), // the pool that a library makes for everybody
		// Once a process, by design: the clock of Hertz's Date header.
		goleak.IgnoreAnyFunction("github.com/cloudwego/hertz/pkg/protocol.UpdateServerDate.func1"),
		// Idle connections of the test's own client.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
	)
}

// Every workload measures what it says and leaves nothing behind.
func TestEveryWorkloadRuns(t *testing.T) {
	dir := t.TempDir()
	r, err := bench.Run(t.Context(), bench.Options{Dir: dir, Quick: true, Self: []string{os.Args[0], role}, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Workloads) != len(bench.IDs()) {
		t.Errorf("%d workloads of %v", len(r.Workloads), bench.IDs())
	}
	for _, m := range r.Workloads {
		if m.Value <= 0 || m.Units <= 0 || m.RSS <= 0 || m.Verdict == "" {
			t.Errorf("%+v", m)
		}
		if alone := m.ID == "w5" || m.ID == "w6"; !alone && m.CPU.Own <= 0 { // those two run in a process of their own
			t.Errorf("%+v", m)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}
