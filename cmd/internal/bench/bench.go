// Package bench measures the product on the machine it runs on, whole: engine,
// ledger on disk, HTTP. Nothing is mocked but the telephone company, which is a
// server on the loopback that accepts at once.
package bench

import (
	"context"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// Options say how much to measure.
type Options struct {
	Leads    int    // dials of W1
	Webhooks int    // of W3
	Dir      string // parent of the data directory; the system's own for temporary files when empty
}

// Result is what was measured. Times are milliseconds.
type Result struct {
	Machine Machine `json:"machine"`
	W1      Dials   `json:"w1"`
	W3      Hooks   `json:"w3"`
}

// Machine is what it was measured on.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
	Dir  string `json:"dir"`
	At   string `json:"at"`
}

// Spread is a distribution of latencies in milliseconds.
type Spread struct {
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

// Dials is workload W1: a due touch becomes a durable intent, a request to the
// carrier, a durable result, and a durable next due.
type Dials struct {
	Leads          int     `json:"leads"`
	Seconds        float64 `json:"seconds"`
	DialsPerSecond float64 `json:"dials_per_second"`
	Round          Spread  `json:"request_to_result"` // from the carrier's answer to the durable result
}

// Hooks is workload W3: signed status webhooks, each durable before its 200.
type Hooks struct {
	Webhooks          int     `json:"webhooks"`
	Seconds           float64 `json:"seconds"`
	WebhooksPerSecond float64 `json:"webhooks_per_second"`
	Clients           int     `json:"clients"`
	Answer            Spread  `json:"answer"`
}

// Run measures both workloads in a directory of their own, which is removed.
func Run(ctx context.Context, o Options) (r Result, err error) {
	r.Machine = Machine{
		OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version(), Dir: o.Dir,
		At: clock.System{}.Now().Format(time.RFC3339),
	}
	if r.Machine.Dir == "" {
		r.Machine.Dir = os.TempDir()
	}
	if r.W1, err = dials(ctx, o); err != nil {
		return r, err
	}
	r.W3, err = hooks(ctx, o)
	return r, err
}

func spread(took []time.Duration) Spread {
	if len(took) == 0 {
		return Spread{}
	}
	slices.Sort(took)
	at := func(q float64) float64 {
		return float64(took[min(len(took)-1, int(q*float64(len(took))))]) / float64(time.Millisecond)
	}
	return Spread{P50: at(0.50), P99: at(0.99), Max: at(1)}
}
