// Package demo is the whole product with nobody at the other end: a simulated
// carrier on its own listener, a simulated desk that works through the public
// API, sample leads, and a clock that runs fast and jumps over idle stretches.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/cmd/internal/desk"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// Defaults of Options.
const (
	DefaultLeads = 10_000
	DefaultSpeed = 60
	DefaultSeed  = 1
	// DefaultDir is under the working directory and ignored by git.
	DefaultDir = "data/demo"
)

// Zone is where the page shows the demo's time, and Start when a new demo
// begins there: Tuesday 3 March 2026, 09:55.
const Zone = "America/New_York"

// Start is the first instant of a new demo.
func Start() time.Time { return time.Date(2026, time.March, 3, 14, 55, 0, 0, time.UTC) }

// What the demo's account allows, in real time and in calls.
const (
	cps      = 50
	channels = 200
	callers  = 20
	// callerCap lets the demo's lines ring far more often a day than numbers
	// that people see should: nobody is called.
	callerCap = 2500
)

// The demo's account. It exists in the simulated carrier only.
const (
	accountSID = "AC0000000000000000000000000000de30"
	authToken  = "the-simulated-carriers-own-token"
)

// Options say what demo to run. Dir is required.
type Options struct {
	Listen string // of the dashboard
	Dir    string
	Leads  int
	Seed   uint64
	Speed  float64
	NoSkip bool
	// SignIn asks people to sign in; without it whoever is at this computer
	// may do everything.
	SignIn bool
	Log    *zap.Logger
	Out    io.Writer
}

// Demo is a running demo.
type Demo struct {
	o       Options
	store   *app.Store
	clock   *clock.Virtual
	desk    *desk.Desk
	carrier *simcarrier.Server
	app     *app.App
	client  *apiclient.Client
}

// New opens everything and starts it, except for the leads and the skipping
// (see Run). After an error nothing is left open.
func New(ctx context.Context, o Options) (_ *Demo, err error) {
	if o.Leads < 1 || o.Leads > sample.MaxLeads() {
		return nil, fmt.Errorf("leads: %d is not between 1 and %d", o.Leads, sample.MaxLeads())
	}
	d := &Demo{o: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close(context.WithoutCancel(ctx)))
		}
	}()
	for _, step := range []func(context.Context) error{d.openStore, d.openClock, d.openDesk, d.openCarrier, d.openApp} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *Demo) openStore(ctx context.Context) (err error) {
	d.store, err = app.OpenStore(ctx, app.StoreOptions{Dir: d.o.Dir, MinFree: uint64(configs.DefaultMinFree), Log: d.o.Log})
	return err
}

func (d *Demo) openClock(context.Context) (err error) {
	d.clock, err = resumeClock(d.file("clock.json"), d.store.LastRecord(), d.o.Speed)
	return err
}

func (d *Demo) file(name string) string { return filepath.Join(d.o.Dir, name) }

// The witnesses, under the data directory.
const (
	CarrierLog = "carrier.jsonl"
	DeskLog    = "desk.jsonl"
)

func (d *Demo) openDesk(context.Context) (err error) {
	d.desk, err = desk.New(desk.Options{
		Clock: d.clock, Seed: d.o.Seed, Log: d.file(DeskLog),
		Fail: func(err error) { d.o.Log.Warn("desk", zap.Error(err)) },
	})
	return err
}

func (d *Demo) openCarrier(context.Context) (err error) {
	owned := make([]string, 0, callers)
	for _, n := range sample.CallerIDs(callers) {
		owned = append(owned, string(n))
	}
	d.carrier, err = simcarrier.NewServer("127.0.0.1:0", simcarrier.Options{
		AccountSID: accountSID, AuthToken: authToken, Seed: d.o.Seed, Clock: d.clock, LogPath: d.file(CarrierLog), CallerIDs: owned,
		OnBridge: d.desk.Bridge, OnRelease: d.desk.Release, Zone: zoneOf,
	})
	if err == nil {
		fmt.Fprintf(d.o.Out, "carrier listening %s\n", d.carrier.URL)
	}
	return err
}

func zoneOf(number string) *time.Location {
	zones, _, why := window.Candidates(number)
	if why != "" || len(zones) == 0 {
		return time.UTC
	}
	return zones[0]
}

func (d *Demo) config() configs.Config {
	c := configs.Default()
	c.Listen, c.Hooks.Listen, c.DataDir = d.o.Listen, "127.0.0.1:0", d.o.Dir
	if c.SignIn = configs.SignInNone; d.o.SignIn {
		c.SignIn = configs.SignInRequired
	}
	c.Twilio = configs.Twilio{AccountSID: accountSID, AuthToken: authToken, BaseURL: d.carrier.URL}
	c.Pacing = configs.Pacing{CPS: cps, Channels: channels, CallerIDCap: callerCap}
	c.Compliance.Scrub = configs.ScrubWhenImported // its people are on no list
	c.Compliance.Seller = sample.Seller
	c.Compliance.Abandon = configs.AbandonReport // its people are made up, and it shall not stand still for a day
	for _, n := range sample.CallerIDs(callers) {
		c.CallerIDs = append(c.CallerIDs, configs.CallerID{Number: string(n), Pool: configs.DefaultPool})
	}
	return c
}

func (d *Demo) openApp(ctx context.Context) (err error) {
	store := d.store
	d.store = nil // the app closes it from here on
	c := d.config()
	if err := c.Validate(); err != nil {
		return errors.Join(err, store.Close())
	}
	d.app, err = app.New(ctx, app.Options{Config: c, Store: store, Clock: d.clock, Demo: true, Zone: Zone, Log: d.o.Log, Out: d.o.Out})
	if err != nil {
		return err
	}
	if d.client, err = apiclient.New(d.app.URL()); err != nil {
		return err
	}
	d.client = d.client.With(d.app.OperatorKey())
	d.app.Start()
	d.desk.Serve(d.app.URL(), d.app.OperatorKey())
	return nil
}

// Run fills an empty demo, then lets it go until ctx ends or something fails.
func (d *Demo) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- d.work(work) }()
	select {
	case <-ctx.Done():
		cancel()
		return ignoreCanceled(<-ended)
	case err := <-d.app.Failed():
		cancel()
		return errors.Join(err, ignoreCanceled(<-ended))
	case err := <-ended:
		return ignoreCanceled(err)
	}
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (d *Demo) work(ctx context.Context) error {
	if err := d.fill(ctx); err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	return d.keepTime(ctx)
}

// Close stops everything in order: dialing first, so that the carrier and the
// desk still answer what is in flight.
func (d *Demo) Close(ctx context.Context) error {
	var errs []error
	if d.app != nil {
		errs = append(errs, d.app.Stop(ctx))
	}
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	if d.carrier != nil {
		ctx, cancel := context.WithTimeout(ctx, closeLimit)
		defer cancel()
		errs = append(errs, d.carrier.Close(ctx))
	}
	if d.desk != nil {
		errs = append(errs, d.desk.Close())
	}
	if d.clock != nil {
		errs = append(errs, saveClock(d.file("clock.json"), d.clock))
	}
	return errors.Join(errs...)
}

// closeLimit bounds how long the simulated carrier's last requests are awaited.
const closeLimit = 2 * time.Second

// App is the product under the demo.
func (d *Demo) App() *app.App { return d.app }

// Clock is the demo's clock.
func (d *Demo) Clock() *clock.Virtual { return d.clock }

// Quiet reports whether nothing is in flight anywhere: no call on either side,
// no request of the carrier, nobody at the desk. Touches may be due.
func (d *Demo) Quiet() bool {
	s := d.carrier.Stats()
	return d.app.Engine().Status().Calls.Total() == 0 && s.Live == 0 && !s.Sending && d.desk.Idle()
}

// Location is Zone, from the embedded zone data.
func Location() *time.Location {
	zone, err := window.LoadZone(Zone)
	if err != nil {
		panic("BUG: the demo's zone is embedded: " + err.Error())
	}
	return zone
}
