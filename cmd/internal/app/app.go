package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
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
