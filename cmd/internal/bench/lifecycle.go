package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/acceptor"
)

// lines is how many calls are told about at once, as many as a carrier of some
// size does.
const lines = 256

// lifecycles measures W2: every call is placed and lives its whole life at the
// carrier, which sends five signed webhooks one after the other: initiated,
// ringing, answered, the question for the script with the result of detection,
// completed. The last one's answer waits for the disposition, the counters and
// the next due to be durable.
func (s *session) lifecycles(ctx context.Context, m *Measure) (err error) {
	leads := s.o.Sizes.Lives
	dir, err := s.stocked(ctx, "lifecycle", stock{leads: leads, start: noon()})
	if err != nil {
		return err
	}
	r, err := s.open(ctx, setting{dir: dir, ahead: later(), carrier: []string{"--lines", fmt.Sprint(lines), "--ahead", later().String()}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	t, err := m.begin(ctx, r.carrier)
	if err != nil {
		return err
	}
	if err := r.activate(ctx); err != nil {
		return err
	}
	if err := r.untilOver(ctx, leads); err != nil {
		return err
	}
	if err := t.end(ctx, m, leads); err != nil {
		return err
	}
	m.Value = float64(m.Units) / m.Seconds
	m.extra("webhooks/s", m.Value*float64(len(acceptor.Life)))
	raw, err := r.carrier.get(ctx, "/took")
	if err != nil {
		return err
	}
	var took []time.Duration
	if err := json.Unmarshal(raw, &took); err != nil {
		return err
	}
	m.Spread = spread(took)
	return r.contacted(ctx, leads)
}

// untilOver waits until the carrier has told so many lives.
func (r *rig) untilOver(ctx context.Context, leads int) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for last, since := uint64(0), time.Now(); ; {
		f, err := r.carrier.figures(ctx)
		switch {
		case err != nil:
			return err
		case f.Failed > 0:
			return fmt.Errorf("%d webhooks failed: %s", f.Failed, f.Why)
		case f.Lives >= uint64(leads):
			return nil
		case f.Lives > last:
			last, since = f.Lives, time.Now()
		case time.Since(since) > stall:
			return fmt.Errorf("nothing happened for %s after %d lives", stall, last)
		}
		select {
		case err := <-r.app.Failed():
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// contacted makes sure that the counters say what the carrier did.
func (r *rig) contacted(ctx context.Context, leads int) error {
	f, err := r.api.Overview(ctx)
	if err == nil && (f.Attempts != int64(leads) || f.Contacts != int64(leads)) {
		err = fmt.Errorf("%d calls had a person at the other end, the counters say %d attempts and %d contacts", leads, f.Attempts, f.Contacts)
	}
	return err
}
