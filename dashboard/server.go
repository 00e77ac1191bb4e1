// Package dashboard is the HTTP face: the API and the web page on the main
// listener, and the carrier's webhooks on a listener of their own that answers
// nothing else.
package dashboard

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"sync"
	"time"

	"github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/config"
	"github.com/cloudwego/hertz/pkg/common/hlog"
	"github.com/cloudwego/hertz/pkg/network/standard"
	"github.com/cloudwego/hertz/pkg/route"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zapio"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dashboard/live"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// Operator is the engine as the server sees it; *dialer.Engine is one.
type Operator interface {
	api.Operator
	// Report hands a verified carrier event in and answers when it is durable.
	Report(ctx context.Context, ev telephony.Event) (dialer.Answered, error)
	// ReportReturn does the same for a call that somebody makes to one of our
	// numbers.
	ReportReturn(ctx context.Context, in telephony.Inbound) (dialer.Answered, error)
}

// Options are what a Server is made of. All but the marked ones are required.
type Options struct {
	Operator Operator
	Hooks    *twilio.Hooks    // makes and checks webhook paths
	Webhooks *twilio.Webhooks // checks their signatures; see SetWebhooks
	Web      fs.FS            // the built page
	Real     clock.Clock      // real time
	Log      *zap.Logger
	Metrics  *prometheus.Registry // what /metrics shows; the server adds its own
	Demo     *api.Demo            // optional: nobody is really called
	Gate     *signin.Gate         // who may do what
	Outside  Outside              // optional: how other computers reach the main listener
	// Templates are the shipped documents to begin cadences with, in the order
	// of the gallery; optional.
	Templates []api.Shipped
	Settings  []api.Setting    // optional: the configuration, without secrets
	Account   api.AccountCheck // optional: asks the carrier about the account
	Ready     func() error     // optional: why the process cannot serve, nil when it can
}

// Server answers both listeners. Serve each in a goroutine of its own; Shutdown
// ends them.
type Server struct {
	o       Options
	log     *zap.Logger
	api     *api.API
	gate    *signin.Gate
	hub     *live.Hub
	pages   *pages
	hooks   *hooks
	metrics *metrics
	main    *face
	webhook *face
}

// face is one Hertz engine and its listener.
type face struct {
	make  func(*tracked) *route.Engine
	mu    sync.Mutex
	stop  bool
	ln    *tracked
	http  *route.Engine
	ended chan struct{}
}

const (
	// ShutdownFor is how long a shutdown waits for requests under way.
	ShutdownFor = 5 * time.Second
	idleFor     = 75 * time.Second
	readFor     = 30 * time.Second
	writeFor    = 30 * time.Second
	maxHeader   = 32 << 10
)

var errMissing = errors.New("dashboard: Operator, Hooks, Webhooks, Web, Gate, Real, Log and Metrics are required")

var quiet sync.Once

// New makes a server that listens nowhere yet.
func New(o Options) (*Server, error) {
	if o.Operator == nil || o.Hooks == nil || o.Webhooks == nil || o.Web == nil || o.Gate == nil || o.Real == nil || o.Log == nil || o.Metrics == nil {
		return nil, errMissing
	}
	s := &Server{o: o, gate: o.Gate, log: o.Log.Named("dashboard")}
	// Hertz has one logger for the whole process: the first server's.
	quiet.Do(func() {
		hlog.SetLevel(hlog.LevelError)
		hlog.SetOutput(&zapio.Writer{Log: s.log, Level: zapcore.WarnLevel})
	})
	var err error
	if s.pages, err = loadPages(o.Web); err != nil {
		return nil, err
	}
	s.api = api.New(api.Options{Operator: o.Operator, Real: o.Real, Log: o.Log, Gate: o.Gate, Demo: o.Demo, Templates: o.Templates, Settings: o.Settings, Account: o.Account})
	boards := live.NewBoards(o.Operator, s.api, o.Demo != nil)
	s.hub = live.NewHub(boards.Sample, o.Real, o.Log)
	if s.metrics, err = newMetrics(o.Metrics, s.hub); err != nil {
		return nil, err
	}
	s.hooks = newHooks(o, s.metrics)
	s.main = &face{make: s.mainEngine, ended: make(chan struct{})}
	s.webhook = &face{make: s.hooksEngine, ended: make(chan struct{})}
	return s, nil
}

// ServeMain answers the API, the page and the live board on ln until Shutdown.
// It takes ln over, which may leave this computer's loopback addresses only
// with sign-in and through TLS.
func (s *Server) ServeMain(ln net.Listener) error {
	if a, ok := ln.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() && (s.gate.Open() || s.o.Outside.Host == "" || !s.o.Outside.TLS && len(s.o.Outside.Proxies) == 0) {
		return errors.Join(fmt.Errorf("listen on %s: without sign-in, a name and TLS only a loopback address such as 127.0.0.1 is allowed", a), ln.Close())
	}
	var hub sync.WaitGroup
	hub.Go(s.hub.Run)
	defer hub.Wait()
	defer s.hub.Close()
	return s.main.serve(ln)
}

// ServeHooks answers webhooks on ln until Shutdown. It takes ln over.
func (s *Server) ServeHooks(ln net.Listener) error { return s.webhook.serve(ln) }

// Shutdown stops both listeners and waits, at most ShutdownFor or until ctx
// ends, for requests under way; then it cuts what is left.
func (s *Server) Shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ShutdownFor)
	defer cancel()
	s.hub.Close()
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, f := range []*face{s.main, s.webhook} {
		both.Go(func() { errs[i] = f.shutdown(ctx) })
	}
	both.Wait()
	s.metrics.unregister(s.o.Metrics)
	return errors.Join(errs...)
}

func (f *face) serve(ln net.Listener) error {
	f.mu.Lock()
	if f.stop || f.ln != nil {
		f.mu.Unlock()
		return errors.Join(errors.New("dashboard: served already or shut down"), ln.Close())
	}
	f.ln = track(ln)
	f.http = f.make(f.ln)
	f.mu.Unlock()
	defer close(f.ended)
	err := f.http.Run()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop {
		return nil
	}
	return fmt.Errorf("serve %s: %w", ln.Addr(), err)
}

func (f *face) shutdown(ctx context.Context) error {
	f.mu.Lock()
	f.stop = true
	ln, http := f.ln, f.http
	f.mu.Unlock()
	if ln == nil {
		return nil
	}
	ln.drain()
	err := http.Shutdown(ctx)
	if err != nil && http.IsRunning() {
		err = errors.Join(err, ln.Close())
	} else {
		err = nil
	}
	ln.cut()
	_ = ln.Close() // closed already, unless it never came to run
	<-f.ended
	return err
}

// newEngine makes a Hertz engine with what both faces share. Only streams want
// to know at once that their client is gone: finding out takes a goroutine and
// four deadlines for each request, a third of what a webhook costs.
func newEngine(ln *tracked, maxBody int, stream bool) *route.Engine {
	opts := []config.Option{
		server.WithListener(ln), server.WithTransport(standard.NewTransporter), server.WithDisablePrintRoute(true),
		server.WithMaxRequestBodySize(maxBody), server.WithStreamBody(stream), server.WithDisablePreParseMultipartForm(true),
		server.WithIdleTimeout(idleFor), server.WithReadTimeout(readFor), server.WithWriteTimeout(writeFor), server.WithMaxHeaderBytes(maxHeader),
		server.WithExitWaitTime(ShutdownFor), server.WithRedirectTrailingSlash(false), server.WithSenseClientDisconnection(stream),
	}
	h := server.New(opts...)
	return h.Engine
}
