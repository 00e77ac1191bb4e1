package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

// lateRate is how many dials a second W4 asks for.
const lateRate = 1000

// The bounds of W4 beside the median: how far the 99th percentile may lie above
// the disk's own.
const (
	lateLeast = 10.0 // ms
	lateAim   = 5.0
)

// lateness measures W4: leads become due one by one, a millisecond apart, and
// the carrier notes when the first byte of each request arrives. Beside it, in
// the same directory and at the same time, a small append is synced every ten
// milliseconds: what the disk alone takes.
func (s *session) lateness(ctx context.Context, m *Measure) (err error) {
	leads := s.o.Sizes.Late * lateRate
	dir, err := s.folder("lateness")
	if err != nil {
		return err
	}
	b := newBusy(leads)
	r, err := s.open(ctx, setting{dir: dir, ahead: ahead(), carrier: []string{"--keep"}, through: b.through})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	ids, err := s.known(ctx, r, leads)
	if err != nil {
		return err
	}
	if err := r.activate(ctx); err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	reported := b.start(work, r)
	first, err := r.spaced(ctx, ids)
	if err != nil {
		return err
	}
	t, err := m.begin(ctx, r.carrier)
	if err != nil {
		return err
	}
	syncs := make(chan *Spread, 1)
	measured, enough := context.WithCancel(work)
	go func() { syncs <- syncTimes(measured, filepath.Join(dir, "sync")) }()
	select {
	case <-b.done:
	case <-time.After(time.Until(r.real(first)) + time.Duration(s.o.Sizes.Late)*time.Second + stall):
		err = fmt.Errorf("%d of %d dials within %s after the last was due", b.over.Load(), leads, stall)
	case err = <-r.app.Failed():
	}
	enough()
	disk := <-syncs
	err = errors.Join(err, t.end(ctx, m, leads))
	stop()
	reported.Wait()
	if err = errors.Join(err, b.failure()); err != nil {
		return err
	}
	return m.lateOf(ctx, r, first, disk)
}

// known imports leads without enrolling them and returns their ids.
func (s *session) known(ctx context.Context, r *rig, leads int) ([]cadence.ID, error) {
	file, err := s.leadFile("leads.csv", 0, leads)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if im, err := r.imported(ctx, file, nil); err != nil || im.Accepted != int64(leads) {
		return nil, errors.Join(err, fmt.Errorf("%d of %d leads accepted: %s", im.Accepted, leads, im.Message))
	}
	ids, n := make([]cadence.ID, leads), newNumbers()
	for i := range ids {
		if ids[i], err = r.app.Engine().LeadByExternal(lead(i, n).ExternalID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// spaced enrolls leads, each due a millisecond after the one before, and
// returns when the first is.
func (r *rig) spaced(ctx context.Context, ids []cadence.ID) (time.Time, error) {
	cad, err := cadence.ParseID(cadence.KindCadence, r.cadence)
	if err != nil {
		return time.Time{}, err
	}
	const slowest = 1000 // enrollments a second
	first := r.app.Engine().Now().Add(time.Second * time.Duration(2+len(ids)/slowest)).Truncate(time.Millisecond)
	ms := make([]dialer.Message, len(ids))
	for i, id := range ids {
		ms[i] = &dialer.Enroll{Lead: id, Cadence: cad, Due: first.UnixMilli() + int64(i)*1000/lateRate}
	}
	_, errs := r.app.Engine().Each(ctx, ms)
	if err := errors.Join(errs...); err != nil {
		return first, err
	}
	if now := r.app.Engine().Now(); !now.Before(first) {
		return first, fmt.Errorf("enrolling %d leads took until %s after the first was due", len(ids), now.Sub(first))
	}
	return first, nil
}

// real is the machine's time at an instant of the engine's clock.
func (r *rig) real(at time.Time) time.Time {
	best, offset := time.Hour, time.Duration(0)
	for range 100 { // the pair that was read in the shortest time
		before := time.Now()
		now := r.app.Engine().Now()
		if took := time.Since(before); took < best {
			best, offset = took, now.Sub(before.Add(took/2).Round(0))
		}
	}
	return at.Add(-offset)
}

// lateOf compares the carrier's arrivals with what was due.
func (m *Measure) lateOf(ctx context.Context, r *rig, first time.Time, disk *Spread) error {
	calls, err := r.carrier.calls(ctx)
	if err != nil {
		return err
	}
	n, at := newNumbers(), map[string]int{}
	for i := range m.Units {
		at[n.at(i)] = i
	}
	due := r.real(first)
	var late []time.Duration
	for i := range calls {
		nth, ours := at[calls[i].To]
		if !ours {
			return fmt.Errorf("a call to %s, which nobody asked for", calls[i].To)
		}
		late = append(late, time.Unix(0, calls[i].At).Sub(due.Add(time.Duration(nth)*time.Second/lateRate)))
	}
	m.Spread = spread(late)
	if m.Spread == nil || disk == nil {
		return errors.New("nothing was dialed, or nothing synced")
	}
	over := m.Spread.P99 - disk.P99
	m.Value = m.Spread.P50
	m.extra("earliest ms", m.Spread.Min)
	m.extra("fsync p50 ms", disk.P50)
	m.extra("fsync p99 ms", disk.P99)
	m.extra("p99 - fsync p99 ms", over)
	m.judge()
	switch {
	case m.Spread.Min < 0:
		return fmt.Errorf("a call went out %.3f ms before it was due", -m.Spread.Min)
	case over > lateLeast:
		m.Verdict = missed
	case over > lateAim && m.Verdict == reachedAim:
		m.Verdict = reachedLeast
	}
	return nil
}

// syncEvery is how often the disk is asked, and syncBytes with how much.
const (
	syncEvery = 10 * time.Millisecond
	syncBytes = 4 << 10
)

// syncTimes appends to a file and syncs it until ctx ends; nil when that cannot
// be done.
func syncTimes(ctx context.Context, path string) *Spread {
	f, err := os.Create(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var took []time.Duration
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for block := make([]byte, syncBytes); ; {
		select {
		case <-ctx.Done():
			return spread(took)
		case <-tick.C:
		}
		began := time.Now()
		if _, err := f.Write(block); err != nil {
			return nil
		}
		if err := f.Sync(); err != nil {
			return nil
		}
		took = append(took, time.Since(began))
	}
}
