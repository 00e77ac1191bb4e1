// Package bench measures the product on the machine it runs on, whole: engine,
// ledger on disk, HTTP. Nothing is left out but the telephone company, which is
// a process beside it that accepts at once. What a rate costs stands beside it:
// processor time per unit, of the product and of the others apart.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Options say what to measure, and how much of it.
type Options struct {
	Dir     string   // parent of the data directories; the system's own for temporary files when empty
	Only    []string // ids of workloads; empty is all
	Quick   bool     // seconds instead of minutes: the figures mean little
	Profile string   // folder for CPU and allocation profiles; "" takes none
	Sizes   Sizes
	Self    []string  // the command that starts Child in a process of its own
	Log     io.Writer // what happens, line by line
}

// Sizes are how much of each workload is done. Zero is the workload's own
// choice.
type Sizes struct {
	Dials    int   // leads of w1
	Lives    int   // calls of w2
	Webhooks int   // of w3
	Late     int   // seconds of w4
	Pending  int   // leads of w5 and w6
	Rows     int   // of w7
	Leads    int   // of w8
	Pages    int   // that listen in w9
	Listen   int   // seconds of w9
	Known    int   // leads of w10
	Scale    []int // numbers of leads at which w1 is measured again
}

// complete fills in what was not chosen.
func (s *Sizes) complete(quick bool) {
	choose := func(n *int, whole, short int) {
		if *n == 0 {
			*n = whole
			if quick {
				*n = short
			}
		}
	}
	choose(&s.Dials, 500_000, 2_000)
	choose(&s.Lives, 60_000, 400)
	choose(&s.Webhooks, 300_000, 1_500)
	choose(&s.Late, 20, 2)
	choose(&s.Pending, 10_000_000, 30_000) // one due each ms: W6 must be over before the last
	choose(&s.Rows, 1_000_000, 3_000)
	choose(&s.Leads, 10_000, 50)
	choose(&s.Pages, 1000, 200)
	choose(&s.Listen, 30, 2)
	choose(&s.Known, 1_000_000, 2_000)
}

// Result is what was measured.
type Result struct {
	Machine   Machine   `json:"machine"`
	Workloads []Measure `json:"workloads"`
	Scale     []Measure `json:"scale,omitempty"`
	Seconds   float64   `json:"seconds"`
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

func machine(dir string) Machine {
	return Machine{
		OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version(), Dir: dir, At: time.Now().Format(time.RFC3339),
	}
}

// workload is one thing that is measured.
type workload struct {
	id, title string
	unit      string // of the value
	least     float64
	aim       float64
	below     bool // smaller is better
	run       func(*session, context.Context, *Measure) error
}

// workloads are all of them, in their order.
var workloads = []workload{
	{"w1", "dial: due → intent durable → POST → result and next due durable", "dials/s", 12_000, 22_000, false, (*session).dials},
	{"w2", "lifecycle: W1 with five signed webhooks, permit, disposition, counters", "calls/s", 2_500, 5_000, false, (*session).lifecycles},
	{"w3", "webhooks: signed form POSTs, durable before 200", "webhooks/s", 30_000, 60_000, false, (*session).webhooks},
	{"w4", "lateness at 1,000 dials/s, due → first byte: median (p99 − fsync p99: 10 and 5 ms)", "ms", 2, 1, true, (*session).lateness},
	{"w5", "memory: RssAnon per pending lead, idle, after open", "B", 100, 40, true, (*session).memory},
	{"w6", "restart: kill -9 with leads pending → first dial", "s", 6, 2, true, (*session).restart},
	{"w7", "import: CSV → durable, enrolled, first due set, through turns", "rows/s", 25_000, 60_000, false, (*session).imports},
	{"w8", "simulate: 10,000 leads, 21 days, permits on, memory ledger", "s", 5, 1, true, (*session).simulate},
	{"w9", "live: 1,000 pages on the live board, snapshot → read, p99; none fails", "ms", 1000, 250, true, (*session).live},
	{"w10", "pages: lists, leads and searches among 1 M leads, the slowest kind's p95", "ms", 50, 20, true, (*session).pages},
}

// IDs are the workloads there are.
func IDs() (ids []string) {
	for _, w := range workloads {
		ids = append(ids, w.id)
	}
	return ids
}

// session is one run of the bench: a folder of its own, and what workloads
// share.
type session struct {
	o       Options
	dir     string
	filled  string // the directory of pending leads, once there is one
	filling time.Duration
}

// Run measures the chosen workloads one after the other, in a directory of
// their own, which is removed.
func Run(ctx context.Context, o Options) (r Result, err error) {
	if runtime.GOOS != "linux" {
		return r, errors.New("the bench reads /proc: it needs Linux")
	}
	o.Sizes.complete(o.Quick)
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	chosen, err := choose(o.Only)
	if err != nil {
		return r, err
	}
	began := time.Now()
	r.Machine = machine(o.Dir)
	s := &session{o: o}
	if s.dir, err = os.MkdirTemp(o.Dir, "carillon-bench-"); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	if o.Profile != "" {
		if err := os.MkdirAll(o.Profile, 0o755); err != nil { //nolint:gosec // profiles are for everybody to read
			return r, err
		}
	}
	for i := range chosen {
		m, err := s.measure(ctx, &chosen[i])
		if err != nil {
			return r, fmt.Errorf("%s: %w", chosen[i].id, err)
		}
		r.Workloads = append(r.Workloads, m)
	}
	for _, leads := range o.Sizes.Scale {
		w := workloads[0]
		w.title = fmt.Sprintf("%s, %s leads", w.id, count(leads))
		w.run = func(s *session, ctx context.Context, m *Measure) error { return s.dialsOf(ctx, m, leads) }
		m, err := s.measure(ctx, &w)
		if err != nil {
			return r, fmt.Errorf("%s: %w", w.title, err)
		}
		r.Scale = append(r.Scale, m)
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

func choose(only []string) ([]workload, error) {
	if len(only) == 0 {
		return workloads, nil
	}
	var chosen []workload
	for _, id := range only {
		i := slices.IndexFunc(workloads, func(w workload) bool { return w.id == strings.ToLower(strings.TrimSpace(id)) })
		if i < 0 {
			return nil, fmt.Errorf("there is no workload %q, only %s", id, strings.Join(IDs(), ", "))
		}
		chosen = append(chosen, workloads[i])
	}
	return chosen, nil
}

func (s *session) measure(ctx context.Context, w *workload) (Measure, error) {
	m := Measure{ID: w.id, Title: w.title, Unit: w.unit, Least: w.least, Aim: w.aim, below: w.below, profile: s.o.Profile}
	began := time.Now()
	if err := w.run(s, ctx, &m); err != nil {
		return m, err
	}
	m.judge()
	fmt.Fprintf(s.o.Log, "%s (%.0f s in all)\n", m.Line(), time.Since(began).Seconds())
	return m, nil
}

// logf tells what happens.
func (s *session) logf(format string, args ...any) { fmt.Fprintf(s.o.Log, format+"\n", args...) }

// folder makes a data directory of its own.
func (s *session) folder(name string) (string, error) {
	dir := filepath.Join(s.dir, name)
	return dir, os.MkdirAll(dir, 0o700)
}
