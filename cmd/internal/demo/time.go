package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
)

// saved is where the clock stood.
type saved struct {
	Virtual time.Time `json:"virtual"`
}

// resumeClock starts a new clock, or goes on where it stood: at the later of
// what was saved and the ledger's last record. The time the demo was off does
// not count.
func resumeClock(file string, last time.Time, speed float64) (*clock.Virtual, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if last.IsZero() {
			return clock.NewVirtual(Start(), speed)
		}
		return clock.ResumeVirtual(clock.Position{Virtual: last, Speed: speed}, last)
	}
	if err != nil {
		return nil, fmt.Errorf("saved clock: %w", err)
	}
	var s saved
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it to go on at the last record", file, err)
	}
	return clock.ResumeVirtual(clock.Position{Virtual: s.Virtual, Speed: speed}, last)
}

func saveClock(file string, c *clock.Virtual) error {
	raw, err := json.Marshal(saved{c.Now()})
	if err != nil {
		return fmt.Errorf("save the clock: %w", err)
	}
	if err := durable.Write(file, raw); err != nil {
		return fmt.Errorf("save the clock: %w", err)
	}
	return nil
}

const (
	// lookEvery is how often the demo looks whether it is idle (real time).
	lookEvery = 100 * time.Millisecond
	// saveEvery is how many looks pass between two savings of the clock.
	saveEvery = 10
	// skipOver is the shortest idle stretch worth a jump, and wakeBefore how
	// long before the next due the jump ends, so that it can be watched.
	skipOver   = 60 * time.Second
	wakeBefore = 30 * time.Second
)

// keepTime saves the clock and jumps over idle stretches.
func (d *Demo) keepTime(ctx context.Context) error {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
		if n%saveEvery == 0 {
			if err := saveClock(d.file("clock.json"), d.clock); err != nil {
				return err
			}
		}
		if !d.o.NoSkip {
			d.skip()
		}
	}
}

// skip jumps to shortly before the next due when nothing is in flight.
func (d *Demo) skip() {
	s := d.app.Engine().Status()
	if !s.Idle || s.NextDue == 0 || s.Doubt.Reason != "" || !d.Quiet() {
		return
	}
	due, now := time.UnixMilli(s.NextDue), d.clock.Now()
	if due.Sub(now) > skipOver {
		d.clock.Skip(due.Add(-wakeBefore))
		d.o.Log.Debug("skipped", zap.Time("to", due.Add(-wakeBefore)))
	}
}
