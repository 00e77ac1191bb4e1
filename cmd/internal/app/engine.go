package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// connect makes the client of the carrier and what its webhooks are checked
// with. It asks the carrier nothing.
func (a *App) connect(context.Context) (err error) {
	c := &a.o.Config
	key := a.store.Keys.Hook
	if c.Hooks.Key != "" {
		key = []byte(c.Hooks.Key)
	}
	public := c.PublicURL
	if public == "" {
		public = urlOf(a.carrier)
	}
	if a.hooks, err = twilio.NewHooks(public, key); err != nil {
		return fmt.Errorf("public_url: %w", err)
	}
	a.client, err = twilio.New(twilio.Options{
		AccountSID: c.Twilio.AccountSID, AuthToken: twilio.Secret(c.Twilio.AuthToken), APIKey: c.Twilio.APIKey,
		APISecret: twilio.Secret(c.Twilio.APISecret), BaseURL: c.Twilio.BaseURL, Hooks: a.hooks, MaxConns: placers(c.Pacing.CPS) + inquirers,
	})
	if err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	a.cleanups.add("carrier's client", func(context.Context) error { return a.client.Close() })
	return nil
}

// inquirers is how many connections are kept for questions beside dialing.
const inquirers = 16

func (a *App) openEngine(ctx context.Context) error {
	c := &a.o.Config
	set, err := routing.ParseDispositions(configs.Dispositions())
	if err != nil {
		return err
	}
	claim, err := nonce()
	if err != nil {
		return err
	}
	wall, scale := a.o.wall()
	ids, pools := callerIDs(c, a.away)
	if most := dialer.MostCost(micros(c.Dial.MinutePrice), 0); c.Dial.SpendCap > 0 && micros(c.Dial.SpendCap) < most {
		return fmt.Errorf("dial.spend_cap: %v is less than one call may cost until its time limit (%v at dial.minute_price): nothing would ever be dialed",
			c.Dial.SpendCap, float64(most)/dialer.Micros)
	}
	packs, amiss := a.startPacks()
	day, err := window.LoadZone(cmp.Or(c.Pacing.DayZone, "UTC"))
	if err != nil {
		return fmt.Errorf("pacing.day_zone: %w", err)
	}
	calls, no := returns(c)
	a.o.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), storeMetrics{a.store})
	a.engine, err = dialer.New(ctx, dialer.Options{
		Rules: dialer.Rules{
			Dispositions: set, Countries: c.Dial.Countries, NumberCap: c.Dial.NumberCap, Pools: pools, NumberKey: a.store.Keys.Number,
			Reconcile: c.Reconcile, DayZone: day, CallerIDs: ids, Health: thresholds(&c.Health), Spread: c.Pacing.OpeningSpread,
			SpendCap: micros(c.Dial.SpendCap), MinutePrice: micros(c.Dial.MinutePrice),
			Returns: calls, OptOut: no, Scrub: permit.ScrubMode(c.Compliance.Scrub),
			Seller: c.Compliance.Seller, Sellers: sellers(c),
			OnlyReport: c.Compliance.Abandon == configs.AbandonReport, Late: c.Compliance.Abandon == configs.AbandonStrict,
		},
		Packs: packs, Ledger: claimed{a.store.Ledger, a.store}, Health: a.store.Health, DNCLog: a.store.DNC, Carrier: a.through(),
		Wall: wall, Real: clock.System{}, Scale: scale, Guard: a.o.Clock == nil,
		Pacing:  pace(c, ids, seedOf(a.store.Keys.Number)),
		Workers: placers(c.Pacing.CPS), Claim: claim, Spool: filepath.Join(a.store.Dir, "imports"), OpenRows: openRows, OpenNumbers: openNumbers,
		Probe: newProbe(a.hooks).reach, Log: a.log, Metrics: a.o.Metrics,
	})
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if amiss != "" {
		a.engine.PacksRefused(amiss)
	}
	// While the engine stops, webhooks of calls in flight are still answered:
	// the faces are undone after it.
	a.cleanups.add("listeners", a.stopFaces)
	a.cleanups.add("engine", a.stopEngine)
	return nil
}

// through is the carrier as the engine sees it.
func (a *App) through() telephony.Carrier {
	if a.o.Through == nil {
		return a.client
	}
	return a.o.Through(a.client)
}

// nonce is drawn at each open and makes attempt ids that were never used, also
// after a restored backup.
func nonce() (uint64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, fmt.Errorf("draw a nonce: %w", err)
	}
	return binary.BigEndian.Uint64(b[:]), nil
}

// seedOf makes the random caller-ID strategy the same for one ledger at every
// start, and different between ledgers.
func seedOf(numberKey []byte) uint64 {
	sum := sha256.Sum256(append([]byte("caller id seed "), numberKey...))
	return binary.BigEndian.Uint64(sum[:])
}
