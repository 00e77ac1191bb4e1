package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// App is the whole product in one process.
type App struct {
	o        Options
	store    *Store
	client   *twilio.Client
	hooks    *twilio.Hooks
	engine   *dialer.Engine
	main     net.Listener
	carrier  net.Listener // where the carrier's webhooks arrive
	faces    *dashboard.Server
	gate     *signin.Gate
	key      string                  // the operator's; "" without sign-in
	cert     *certificate            // of the main listener; nil without TLS of its own
	away     map[cadence.Number]bool // numbers we show whose calls go to another owner
	ops      *http.Server            // on the socket; nil without one
	socket   net.Listener
	cleanups cleanups
	log      *zap.Logger

	failed  chan error // what must end the process
	cancel  context.CancelFunc
	ended   chan struct{} // the engine has
	running sync.WaitGroup
	stop    sync.Once
	stopErr error
}

// New opens and wires everything; nothing is dialed and nothing is answered
// until Start. After an error nothing is left open.
func New(ctx context.Context, o Options) (_ *App, err error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	a := &App{o: o, store: o.Store, log: o.Log, failed: make(chan error, 5)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.cleanups.run(context.WithoutCancel(ctx)))
		}
	}()
	if a.store != nil {
		a.cleanups.add("ledger", func(context.Context) error { return a.store.Close() })
	}
	// The order is that of what needs what: the listeners come before the
	// carrier's client, because an empty public URL is a listener's address.
	for _, step := range []func(context.Context) error{a.listen, a.openStore, a.connect, a.checkNumbers, a.openEngine, a.openGate, a.openFaces, a.openOps} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *App) listen(ctx context.Context) (err error) {
	if a.cert, err = loadCertificate(&a.o.Config.Web); err != nil {
		return err
	}
	if a.main, err = a.bind(ctx, "listen", a.o.Config.Listen); err != nil {
		return err
	}
	a.carrier, err = a.bind(ctx, "hooks.listen", a.o.Config.Hooks.Listen)
	return err
}

func (a *App) bind(ctx context.Context, key, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; stop what uses it or choose another port", key, err)
	}
	a.cleanups.add(key, func(context.Context) error {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil // its server has closed it
	})
	return l, nil
}

func (a *App) openStore(ctx context.Context) (err error) {
	if a.store != nil {
		return nil
	}
	a.store, err = OpenStore(ctx, StoreOptions{
		Dir: a.o.Config.DataDir, MinFree: uint64(a.o.Config.Storage.MinFree), Ballast: int64(a.o.Config.Storage.Ballast),
		DNCLog: a.o.Config.Storage.DNCLog, CheckFirst: max(1, int64(a.o.Config.Storage.CheckFirst)), Log: a.log,
	})
	if err == nil {
		a.cleanups.add("ledger", func(context.Context) error { return a.store.Close() })
	}
	return err
}

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

// Start begins to dial and to answer, and prints where. It does not wait.
func (a *App) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	a.runEngine(ctx)
	a.running.Go(func() { a.keepMark(ctx) })
	began := a.engine.Now().UnixMilli()
	a.running.Go(func() { a.checkMedia(ctx, began) })
	a.serveFaces()
	a.serveOps()
	fmt.Fprintf(a.o.Out, "listening %s\nhooks listening %s\n", a.URL(), a.HooksURL())
	a.tellSignIn()
	a.tellLists()
}

func (a *App) runEngine(ctx context.Context) {
	a.ended = make(chan struct{})
	a.running.Go(func() {
		defer close(a.ended)
		err := a.engine.Run(ctx)
		if lost := a.store.Ledger.Err(); err != nil && lost != nil {
			err = plainly(a.store.Dir, lost)
		}
		if err != nil {
			a.fail(fmt.Errorf("engine: %w", err))
		}
	})
}

// fail tells whoever waits that the process must end. There is room for what
// every goroutine can say.
func (a *App) fail(err error) {
	if err != nil {
		a.failed <- err
	}
}

// stopEngine ends a running engine in order. One that was never started is run
// to its end at once, which releases what it holds.
func (a *App) stopEngine(context.Context) error {
	if a.cancel == nil {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		a.cancel = cancel
		a.runEngine(ctx)
	}
	a.cancel()
	<-a.ended
	return nil
}

// markEvery is how often the marks that must not vanish are noted.
const markEvery = time.Second

func (a *App) keepMark(ctx context.Context) {
	t := time.NewTicker(markEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := a.store.Mark(); err != nil {
				a.log.Error("high-water mark not written", zap.Error(err))
			}
			if err := a.store.Ledger.Err(); err != nil { // nobody may be committing
				a.fail(plainly(a.store.Dir, err))
				return
			}
		}
	}
}

// Run is Start, then waiting for ctx or for a failure, then Stop.
func (a *App) Run(ctx context.Context) error {
	a.Start()
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.failed:
	}
	return errors.Join(failure, a.Stop(context.WithoutCancel(ctx)))
}

// stopLimit bounds an orderly stop.
const stopLimit = 30 * time.Second

// Stop ends dialing, lets what is under way become durable, stops answering
// and closes the ledger. It may be called again and returns the same.
func (a *App) Stop(ctx context.Context) error {
	a.stop.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, stopLimit)
		defer cancel()
		a.stopErr = a.cleanups.run(ctx)
		a.running.Wait()
	})
	return a.stopErr
}

// Failed tells of a failure after which the process must end.
func (a *App) Failed() <-chan error { return a.failed }

// URL is the base URL of dashboard and API.
func (a *App) URL() string {
	if a.cert != nil {
		return "https" + strings.TrimPrefix(urlOf(a.main), "http")
	}
	return urlOf(a.main)
}

// HooksURL is the base URL of the hooks listener on this machine.
func (a *App) HooksURL() string { return urlOf(a.carrier) }

// Engine is the running engine.
func (a *App) Engine() *dialer.Engine { return a.engine }

// Client is the carrier's client.
func (a *App) Client() *twilio.Client { return a.client }

// OperatorKey is the key that lets programs of this computer in, "" without
// sign-in.
func (a *App) OperatorKey() string { return a.key }

// Metrics is the registry that /metrics shows.
func (a *App) Metrics() *prometheus.Registry { return a.o.Metrics }

func urlOf(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		panic("BUG: a TCP listener has an address: " + err.Error())
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
