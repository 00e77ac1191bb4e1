package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/sender"
)

// senders is how many webhooks are on their way at once: at 30,000 a second, and
// 17 ms from each to its answer.
const senders = 512

// webhooks measures W3: every call is placed first; then a process of its own
// sends the signed states of all calls, and each answer waits for its turn to
// be durable.
func (s *session) webhooks(ctx context.Context, m *Measure) (err error) {
	leads := max(1, s.o.Sizes.Webhooks/len(sender.Unanswered))
	dir, err := s.stocked(ctx, "webhooks", stock{leads: leads, start: noon()})
	if err != nil {
		return err
	}
	r, err := s.open(ctx, setting{dir: dir, ahead: later(), carrier: []string{"--keep"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	if err := r.placeAll(ctx, leads); err != nil {
		return err
	}
	load, err := s.loaded(ctx, r)
	if err != nil {
		return err
	}
	t, err := m.begin(ctx, nil)
	if err != nil {
		return errors.Join(err, load.kill())
	}
	sent, err := load.report()
	if err != nil {
		return err
	}
	if err := t.end(ctx, m, sent.Webhooks); err != nil {
		return err
	}
	m.Seconds = sent.Seconds
	m.Value = float64(sent.Webhooks) / sent.Seconds
	m.CPU.Load = float64(sent.CPU) / float64(time.Microsecond) / float64(max(1, sent.Webhooks))
	m.Spread = spread(sent.Took)
	return nil
}

// placeAll lets the engine place every call and waits until each is known to
// be placed.
func (r *rig) placeAll(ctx context.Context, leads int) error {
	if err := r.activate(ctx); err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	placed := func() int { return r.app.Engine().Status().Calls.Total() }
	stuck := make(chan error, 1)
	go func() { stuck <- stalled(work, placed) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		f, err := r.carrier.figures(ctx)
		if err != nil {
			return err
		}
		if f.Made >= uint64(leads) && placed() >= leads {
			return nil
		}
		select {
		case err := <-stuck:
			return err
		case err := <-r.app.Failed():
			return err
		case <-tick.C:
		}
	}
}

// loaded starts the sending process with the list of the calls that were
// placed; it waits for the word to go.
func (s *session) loaded(ctx context.Context, r *rig) (*process, error) {
	calls, err := r.carrier.calls(ctx)
	if err != nil {
		return nil, err
	}
	list, err := os.Create(filepath.Join(s.dir, "calls"))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(sender.WriteCalls(list, calls), list.Close()); err != nil {
		return nil, err
	}
	return s.spawn("webhooks", "--server", r.app.HooksURL(), "--calls", list.Name(), "--lines", fmt.Sprint(senders), "--ahead", later().String())
}

// report lets the sending process go and waits for what it has to say.
func (p *process) report() (r sender.Report, err error) {
	if _, err := p.stdin.Write([]byte{'\n'}); err != nil {
		return r, errors.Join(err, p.kill())
	}
	err = json.NewDecoder(bufio.NewReader(p.out)).Decode(&r)
	return r, errors.Join(err, p.stop())
}
