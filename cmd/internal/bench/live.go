package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/listener"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// liveRate is how many calls a second go out while pages listen, so that every
// snapshot differs from the one before.
const liveRate = 50

// live measures W9: so many pages read the live board, while calls go out. A
// process of its own holds them; what counts is how old a snapshot is when a
// page has read it, and that no page fails.
func (s *session) live(ctx context.Context, m *Measure) (err error) {
	leads := liveRate * (s.o.Sizes.Listen + int(stall/time.Second))
	dir, err := s.stocked(ctx, "live", stock{leads: leads, start: noon().Add(2 * time.Minute), every: time.Second / liveRate})
	if err != nil {
		return err
	}
	began := time.Now()
	r, err := s.open(ctx, setting{dir: dir, ahead: later()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	if err := r.activate(ctx); err != nil {
		return err
	}
	before, err := settled()
	if err != nil {
		return err
	}
	pages, err := s.spawn("pages", "--server", r.app.URL(), "--pages", fmt.Sprint(s.o.Sizes.Pages), "--for", (time.Duration(s.o.Sizes.Listen) * time.Second).String(),
		"--ahead", (-time.Until(r.real(time.Now()))).String())
	if err != nil {
		return err
	}
	opened := time.Since(pages.began)
	after, err := settled()
	if err != nil {
		return errors.Join(err, pages.kill())
	}
	t, err := m.begin(ctx, r.carrier)
	if err != nil {
		return errors.Join(err, pages.kill())
	}
	heard, err := pages.heard()
	if err != nil {
		return err
	}
	if err := t.end(ctx, m, heard.Frames); err != nil {
		return err
	}
	m.Spread = spread(heard.Took)
	if m.Spread == nil {
		return fmt.Errorf("no snapshot arrived within %d s, %.0f s after the begin", s.o.Sizes.Listen, time.Since(began).Seconds())
	}
	m.Value = m.Spread.P99
	m.CPU.Load = float64(heard.CPU) / float64(time.Microsecond) / float64(heard.Frames)
	m.extra("pages", float64(s.o.Sizes.Pages))
	m.extra("failures", float64(heard.Failures))
	m.extra("skipped", float64(heard.Skipped))
	m.extra("open s", opened.Seconds())
	m.extra("KiB a page", float64(after-before)/1024/float64(s.o.Sizes.Pages))
	if m.judge(); heard.Failures > 0 {
		m.Verdict = missed
	}
	return nil
}

// settled is what this process has in memory of its own, once all that nobody
// needs is given back.
func settled() (int64, error) {
	runtime.GC()
	debug.FreeOSMemory()
	used, err := usage.MemoryOf(os.Getpid())
	return used.RSSAnon, err
}

// heard lets the pages listen and waits for what they have to say.
func (p *process) heard() (r listener.Report, err error) {
	if _, err := p.stdin.Write([]byte{'\n'}); err != nil {
		return r, errors.Join(err, p.kill())
	}
	err = json.NewDecoder(bufio.NewReader(p.out)).Decode(&r)
	return r, errors.Join(err, p.stop())
}
