package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
)

// maxRate is more than any machine does: the pacer shall not be what is
// measured.
const (
	maxRate     = 10_000
	maxChannels = 1_000_000
)

// rig is the product in front of the accepting carrier.
type rig struct {
	dir     string
	carrier *acceptor
	app     *app.App
	api     *apiclient.Client
	cadence string
}

// noon is a working day on which every zone of the sample leads is awake:
// 15:00 in New York, 10:00 in Honolulu.
func noon() time.Time { return time.Date(2026, time.March, 3, 20, 0, 0, 0, time.UTC) }

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

// newRig opens a product with leads enrolled in a cadence that waits to be
// activated.
func newRig(ctx context.Context, o Options, leads int) (_ *rig, err error) {
	r := &rig{}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close(context.WithoutCancel(ctx)))
		}
	}()
	if r.dir, err = os.MkdirTemp(o.Dir, "carillon-bench-"); err != nil {
		return nil, err
	}
	if r.carrier, err = newAcceptor(); err != nil {
		return nil, err
	}
	virtual, err := clock.NewVirtual(noon(), 1)
	if err != nil {
		return nil, err
	}
	c := configs.Default()
	c.Listen, c.Hooks.Listen, c.DataDir = "127.0.0.1:0", "127.0.0.1:0", r.dir
	c.Twilio = configs.Twilio{AccountSID: accountSID, AuthToken: authToken, BaseURL: r.carrier.url}
	c.Pacing = configs.Pacing{CPS: maxRate, Channels: maxChannels}
	for _, n := range sample.CallerIDs(10) {
		c.CallerIDs = append(c.CallerIDs, configs.CallerID{Number: string(n), Pool: configs.DefaultPool})
	}
	if r.app, err = app.New(ctx, app.Options{Config: c, Clock: virtual, Log: zap.NewNop()}); err != nil {
		return nil, err
	}
	r.app.Start()
	if r.api, err = apiclient.New(r.app.URL()); err != nil {
		return nil, err
	}
	return r, r.fill(ctx, leads)
}

// fill brings the built-in cadence and the leads in.
func (r *rig) fill(ctx context.Context, leads int) error {
	document, err := configs.Template("five-touches")
	if err != nil {
		return err
	}
	made, err := r.api.ImportCadences(ctx, document)
	if err != nil {
		return err
	}
	r.cadence = made[0].Cadence.ID
	if _, err := r.api.Act(ctx, r.cadence, "publish"); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := sample.WriteCSV(&file, leads); err != nil {
		return err
	}
	im, err := r.api.ImportLeads(ctx, url.Values{"cadence": {r.cadence}}, "text/csv", &file)
	if err != nil {
		return err
	}
	im, err = r.api.WaitImport(ctx, im, func(apiclient.Import) {})
	if err == nil && im.Enrolled != int64(leads) {
		err = fmt.Errorf("%d of %d leads enrolled: %s", im.Enrolled, leads, im.Message)
	}
	return err
}

func (r *rig) close(ctx context.Context) error {
	var errs []error
	if r.app != nil {
		errs = append(errs, r.app.Stop(ctx))
	}
	if r.carrier != nil {
		errs = append(errs, r.carrier.close())
	}
	if r.dir != "" {
		errs = append(errs, os.RemoveAll(r.dir))
	}
	return errors.Join(errs...)
}
