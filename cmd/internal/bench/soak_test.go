package bench_test

import (
	"os"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

// A soak reads what it says while every call lives its life.
func TestSoak(t *testing.T) {
	dir := t.TempDir()
	o := bench.Options{Dir: dir, Self: []string{os.Args[0], role}, Log: t.Output()}
	r, err := bench.Soak(t.Context(), o, bench.Soaking{Rate: 50, For: 2 * time.Second, Every: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if r.Calls != 100 || r.Webhooks != 500 || r.Readings < 5 || r.Heap.Mean <= 0 || r.Goroutines.Mean < 1 || r.RSSAnon.Mean <= 0 || r.CPU <= 0 {
		t.Errorf("%+v", r)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
	if _, err := bench.Soak(t.Context(), o, bench.Soaking{Rate: 50, For: time.Second, Every: time.Second}); err == nil {
		t.Error("a soak of one reading was accepted")
	}
}
