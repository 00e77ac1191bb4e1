package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/acceptor"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony"
)

// More than any machine does and than is ever open: the pacer shall not be what
// is measured.
const (
	maxRate     = 100_000
	maxChannels = 1_000_000
)

// document is the cadence of every workload: two calls, one spoken message, a
// due after every outcome of the first.
const document = `{
  "format": "carillon.cadence/v1", "name": "Bench", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "message", "text": "Hello {{ lead.first_name }}, please call us back."}],
  "steps": [
    {"key": "first", "kind": "call", "delay_after": "4h",
     "routes": [{"on": "BUSY", "do": "retry", "delay": "4h", "max": 2}, {"on": "NO_ANSWER", "do": "next"},
                {"on": "CONNECTED", "do": "next"}, {"on": "ANSWERING_MACHINE", "do": "next"}]},
    {"key": "second", "kind": "call",
     "routes": [{"on": "BUSY", "do": "exit"}, {"on": "NO_ANSWER", "do": "exit"}, {"on": "CONNECTED", "do": "exit"}, {"on": "ANSWERING_MACHINE", "do": "exit"}]}
  ]
}`

// noon is a working day on which every zone of the sample leads is awake:
// 15:00 in New York, 10:00 in Honolulu.
func noon() time.Time { return time.Date(2026, time.March, 3, 20, 0, 0, 0, time.UTC) }

// ahead is how far a clock that stands at noon now is before this machine's.
func ahead() time.Duration { return time.Until(noon()) }

// later is when a directory that was filled at noon is opened again: its clock
// must not run backwards.
func later() time.Duration { return ahead() + time.Minute }

// rig is the product in front of an accepting carrier.
type rig struct {
	dir     string
	carrier *process
	app     *app.App
	api     *apiclient.Client
	cadence string
}

// setting is what workloads choose of a rig.
type setting struct {
	dir     string
	carrier []string // arguments of the accepting carrier's process
	ahead   time.Duration
	through func(telephony.Carrier) telephony.Carrier
}

// open starts the carrier and the product, on a directory that may hold leads
// already.
func (s *session) open(ctx context.Context, o setting) (_ *rig, err error) {
	r := &rig{dir: o.dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close(context.WithoutCancel(ctx)))
		}
	}()
	if r.carrier, err = s.spawn(append([]string{"carrier"}, o.carrier...)...); err != nil {
		return nil, err
	}
	if r.app, err = product(ctx, o.dir, r.carrier.url, time.Now().Add(o.ahead), o.through); err != nil {
		return nil, err
	}
	r.app.Start()
	if r.api, err = apiclient.New(r.app.URL()); err != nil {
		return nil, err
	}
	return r, r.prepare(ctx)
}

// stocked makes a data directory with the cadence and leads that wait in it.
// Nothing has it open afterwards.
func (s *session) stocked(ctx context.Context, name string, k stock) (dir string, err error) {
	if dir, err = s.folder(name); err != nil {
		return "", err
	}
	r, err := s.open(ctx, setting{dir: dir, ahead: ahead()})
	if err != nil {
		return "", err
	}
	if k.cadence, err = cadence.ParseID(cadence.KindCadence, r.cadence); err != nil {
		return "", errors.Join(err, r.stop(ctx))
	}
	if err := r.stop(ctx); err != nil {
		return "", err
	}
	return dir, s.fillIn(ctx, dir, k)
}

// product is the whole of it, with a clock that stands at an instant now and
// runs as fast as life.
func product(ctx context.Context, dir, carrier string, at time.Time, through func(telephony.Carrier) telephony.Carrier) (*app.App, error) {
	virtual, err := clock.NewVirtual(at, 1)
	if err != nil {
		return nil, err
	}
	c := configs.Default()
	c.Listen, c.Hooks.Listen, c.DataDir = "127.0.0.1:0", "127.0.0.1:0", dir
	c.SignIn = configs.SignInNone
	c.Twilio = configs.Twilio{AccountSID: acceptor.AccountSID, AuthToken: acceptor.AuthToken, BaseURL: carrier}
	c.Pacing = configs.Pacing{CPS: maxRate, Channels: maxChannels, CallerIDCap: configs.MaxDailyCap}                           // the engine is measured, not the cap
	c.Compliance = configs.Compliance{Scrub: configs.ScrubWhenImported, Abandon: configs.AbandonReport, Seller: sample.Seller} // the numbers are nobody's and on no list
	for _, n := range sample.CallerIDs(10) {
		c.CallerIDs = append(c.CallerIDs, configs.CallerID{Number: string(n), Pool: configs.DefaultPool})
	}
	return app.New(ctx, app.Options{Config: c, Clock: virtual, Log: zap.NewNop(), Through: through})
}

// prepare publishes the cadence, unless it is there.
func (r *rig) prepare(ctx context.Context) error {
	known, err := r.app.Engine().Known()
	if err != nil {
		return err
	}
	if known.Cadence("Bench") {
		c, err := r.api.FindCadence(ctx, "Bench")
		r.cadence = c.ID
		return err
	}
	made, err := r.api.ImportCadences(ctx, []byte(document))
	if err != nil {
		return err
	}
	r.cadence = made[0].Cadence.ID
	_, err = r.api.Act(ctx, r.cadence, "publish")
	return err
}

// enroll imports leads of a file into the cadence.
func (r *rig) enroll(ctx context.Context, file *os.File, leads int) error {
	im, err := r.imported(ctx, file, url.Values{"cadence": {r.cadence}})
	if err == nil && im.Enrolled != int64(leads) {
		err = fmt.Errorf("%d of %d leads enrolled: %s", im.Enrolled, leads, im.Message)
	}
	return err
}

// imported takes a file of leads in and waits for its end.
func (r *rig) imported(ctx context.Context, file *os.File, query url.Values) (apiclient.Import, error) {
	im, err := r.api.ImportLeads(ctx, query, "text/csv", file)
	if err != nil {
		return im, err
	}
	return r.api.WaitImport(ctx, im, func(apiclient.Import) {})
}

// activate lets the cadence dial.
func (r *rig) activate(ctx context.Context) error {
	_, err := r.api.Act(ctx, r.cadence, "activate")
	return err
}

// close ends everything and removes the data.
func (r *rig) close(ctx context.Context) error {
	return errors.Join(r.stop(ctx), os.RemoveAll(r.dir))
}

// stop ends everything and leaves the data.
func (r *rig) stop(ctx context.Context) error {
	var errs []error
	if r.app != nil {
		errs = append(errs, r.app.Stop(ctx))
	}
	if r.carrier != nil {
		errs = append(errs, r.carrier.stop())
	}
	return errors.Join(errs...)
}

// stall is how long nothing may happen (real time).
const stall = 30 * time.Second

// stalled ends when count has not grown for that long, or with ctx.
func stalled(ctx context.Context, count func() int) error {
	t := time.NewTicker(stall)
	defer t.Stop()
	for last := -1; ; {
		now := count()
		if now == last {
			return fmt.Errorf("nothing happened for %s after %d", stall, now)
		}
		last = now
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
}
