package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/acceptor"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// meter reads what this process and the accepting carrier use meanwhile.
type meter struct {
	carrier *process
	began   time.Time
	own, gc time.Duration
	theirs  acceptor.Figures
	profile *os.File
}

// begin starts to measure. carrier may be nil.
func (m *Measure) begin(ctx context.Context, carrier *process) (t *meter, err error) {
	runtime.GC() // what the preparation left behind is not the workload's
	t = &meter{carrier: carrier}
	if carrier != nil {
		if t.theirs, err = carrier.figures(ctx); err != nil {
			return nil, err
		}
	}
	if m.profile != "" {
		if t.profile, err = os.Create(filepath.Join(m.profile, m.ID+".cpu.pprof")); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(t.profile); err != nil {
			return nil, errors.Join(err, t.profile.Close())
		}
	}
	if t.own, err = usage.CPU(); err != nil {
		return nil, err
	}
	t.gc, t.began = usage.GC(), time.Now()
	return t, nil
}

// end stops, and writes into the measure what units of work took.
func (t *meter) end(ctx context.Context, m *Measure, units int) error {
	m.Units, m.Seconds = units, time.Since(t.began).Seconds()
	own, err := usage.CPU()
	if err != nil {
		return err
	}
	gc := usage.GC()
	if err := t.stopProfile(m); err != nil {
		return err
	}
	per := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) / float64(max(1, units)) }
	m.CPU.Own = per(own - t.own)
	m.GC = float64(gc-t.gc) / float64(max(1, own-t.own))
	if t.carrier != nil {
		f, err := t.carrier.figures(ctx)
		if err != nil {
			return err
		}
		m.CPU.Carrier = per(f.CPU - t.theirs.CPU)
	}
	memory, err := usage.MemoryOf(os.Getpid())
	m.RSS = memory.RSS
	return err
}

func (t *meter) stopProfile(m *Measure) (err error) {
	if t.profile == nil {
		return nil
	}
	pprof.StopCPUProfile()
	if err := t.profile.Close(); err != nil {
		return err
	}
	heap, err := os.Create(filepath.Join(m.profile, m.ID+".allocs.pprof"))
	if err != nil {
		return err
	}
	err = errors.Join(pprof.Lookup("allocs").WriteTo(heap, 0), heap.Close())
	if err != nil {
		return err
	}
	m.Shares, err = readShares(t.profile.Name())
	return err
}
