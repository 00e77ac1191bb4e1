package bench_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

// It measures what it says: every lead dialed once, every webhook answered.
func TestBothWorkloadsRun(t *testing.T) {
	r, err := bench.Run(t.Context(), bench.Options{Leads: 300, Webhooks: 300, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if r.W1.Leads != 300 || r.W1.DialsPerSecond <= 0 || r.W1.Round.P50 <= 0 || r.W1.Round.P99 < r.W1.Round.P50 {
		t.Errorf("w1 %+v", r.W1)
	}
	if r.W3.Webhooks != 300 || r.W3.WebhooksPerSecond <= 0 || r.W3.Answer.P50 <= 0 {
		t.Errorf("w3 %+v", r.W3)
	}
	if r.Machine.CPUs < 1 || r.Machine.Go == "" {
		t.Errorf("machine %+v", r.Machine)
	}
}
