package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/metrics"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// Soaking says how long and how hard.
type Soaking struct {
	Rate  int           // calls a second, each with its whole life of five webhooks
	For   time.Duration // of dialing; the first fifth warms up and is not judged
	Every time.Duration // between two readings
}

// Soaked is what a soak came to. Slopes are least-squares lines through the
// readings after the warm-up, per hour, with their standard errors.
type Soaked struct {
	Machine    Machine `json:"machine"`
	Rate       int     `json:"rate"`
	Seconds    float64 `json:"seconds"`
	Calls      int     `json:"calls"`
	Webhooks   uint64  `json:"webhooks"`
	Readings   int     `json:"readings"`
	Heap       Trend   `json:"heap_bytes"`     // live after the last collection
	Goroutines Trend   `json:"goroutines"`     //
	RSSAnon    Trend   `json:"rss_anon_bytes"` // of the product's process
	CPU        float64 `json:"cpu_share"`      // processors used by the product
}

// Trend is a line through readings over time.
type Trend struct {
	Mean    float64 `json:"mean"`
	PerHour float64 `json:"per_hour"`
	Error   float64 `json:"standard_error_per_hour"`
}

// soakLead is how long after noon the first call of a soak is due: the product
// is open by then, so that nothing has piled up.
const soakLead = time.Minute + 2*time.Second

// Soak dials at a steady rate for a time, every call through its whole life,
// and reads what the product's process holds meanwhile. It fails when a call
// or a webhook went wrong or the counters differ from what the carrier did.
func Soak(ctx context.Context, o Options, k Soaking) (r Soaked, err error) {
	if k.Rate < 1 || k.For < 10*k.Every || k.Every <= 0 {
		return r, errors.New("a soak wants a rate of at least 1, and at least ten readings")
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	s := &session{o: o}
	if s.dir, err = os.MkdirTemp(o.Dir, "carillon-soak-"); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	r.Machine, r.Rate, r.Calls = machine(o.Dir), k.Rate, int(k.For.Seconds()*float64(k.Rate))
	dir, err := s.stocked(ctx, "soak", stock{leads: r.Calls, start: noon().Add(soakLead), every: time.Second / time.Duration(k.Rate)})
	if err != nil {
		return r, err
	}
	g, err := s.open(ctx, setting{dir: dir, ahead: later(), carrier: []string{"--lines", fmt.Sprint(lines), "--ahead", later().String()}})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, g.close(context.WithoutCancel(ctx))) }()
	return r, s.soak(ctx, g, k, &r)
}

func (s *session) soak(ctx context.Context, g *rig, k Soaking, r *Soaked) error {
	cpu, err := usage.CPU()
	if err != nil {
		return err
	}
	if err := g.activate(ctx); err != nil {
		return err
	}
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- g.untilOver(ctx, r.Calls) }()
	tick := time.NewTicker(k.Every)
	defer tick.Stop()
	var all []reading
	for open := true; open; {
		select {
		case err := <-ended:
			if err != nil {
				return err
			}
			open = false
		case <-tick.C:
			now, err := read(time.Since(began))
			if err != nil {
				return err
			}
			all = append(all, now)
			s.logf("%6.0f s: %.1f MiB live, %.0f goroutines, %.1f MiB anonymous", now.at, now.heap/(1<<20), now.goroutines, now.rss/(1<<20))
		}
	}
	used, err := usage.CPU()
	if err != nil {
		return err
	}
	f, err := g.carrier.figures(ctx)
	if err != nil {
		return err
	}
	r.Seconds, r.Webhooks = time.Since(began).Seconds(), f.Webhooks
	r.CPU = (used - cpu).Seconds() / r.Seconds
	r.judge(all, k.For.Seconds()/5)
	return g.contacted(ctx, r.Calls)
}

// reading is what the process held at one time.
type reading struct{ at, heap, goroutines, rss float64 }

func read(at time.Duration) (reading, error) {
	m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/sched/goroutines:goroutines"}}
	metrics.Read(m)
	memory, err := usage.MemoryOf(os.Getpid())
	return reading{at.Seconds(), float64(m[0].Value.Uint64()), float64(m[1].Value.Uint64()), float64(memory.RSSAnon)}, err
}

// judge lays lines through the readings after the warm-up.
func (r *Soaked) judge(all []reading, warm float64) {
	for len(all) > 3 && all[0].at < warm {
		all = all[1:]
	}
	r.Readings = len(all)
	at := func(of func(reading) float64) Trend {
		x, y := make([]float64, len(all)), make([]float64, len(all))
		for i := range all {
			x[i], y[i] = all[i].at/3600, of(all[i])
		}
		return trend(x, y)
	}
	r.Heap = at(func(a reading) float64 { return a.heap })
	r.Goroutines = at(func(a reading) float64 { return a.goroutines })
	r.RSSAnon = at(func(a reading) float64 { return a.rss })
}
