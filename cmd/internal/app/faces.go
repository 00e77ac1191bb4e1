package app

import (
	"context"
	"crypto/tls"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dashboard/web"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// openFaces makes the server of both listeners.
func (a *App) openFaces(context.Context) error {
	webhooks, err := a.webhooks()
	if err != nil {
		return err
	}
	o := dashboard.Options{
		Operator: a.engine, Hooks: a.hooks, Webhooks: webhooks, Web: web.FS(), Real: clock.System{}, Log: a.log, Metrics: a.o.Metrics,
		Ready: a.ready, Gate: a.gate, Account: a.checkAccount,
		Outside: dashboard.Outside{Host: a.o.Config.Web.Host(), TLS: a.cert != nil, Proxies: a.o.Config.Web.Proxies()},
	}
	if a.o.Clock != nil {
		o.Demo = &api.Demo{Speed: a.o.Clock.Speed, Zone: a.o.Zone}
	}
	told, err := a.o.Config.Tell()
	if err != nil {
		return err
	}
	for _, s := range told {
		o.Settings = append(o.Settings, api.Setting{Key: s.Key, Value: s.Value, Default: s.Default, Env: s.Env, About: s.About})
	}
	for _, t := range configs.Templates() {
		o.Templates = append(o.Templates, api.Shipped{ID: t.File, Vertical: t.Vertical, Document: t.Document})
	}
	a.faces, err = dashboard.New(o)
	return err
}

// webhooks is what the carrier's requests are checked with. The account's auth
// token signs them, also when requests are made with an API key.
func (a *App) webhooks() (*twilio.Webhooks, error) {
	t := &a.o.Config.Twilio
	v, err := twilio.NewVerifier(twilio.Secret(t.AuthToken), twilio.Secret(t.AuthTokenPrevious))
	if err != nil {
		return nil, fmt.Errorf("twilio: %w", err)
	}
	return twilio.NewWebhooks(a.hooks, v, t.AccountSID)
}

// ready is why the process cannot serve.
func (a *App) ready() error { return a.store.Ledger.Err() }

// serveFaces answers both listeners until stopFaces.
func (a *App) serveFaces() {
	main := a.main
	if a.cert != nil {
		main = tls.NewListener(main, a.cert.config())
	}
	a.running.Go(func() { a.fail(a.faces.ServeMain(main)) })
	a.running.Go(func() { a.fail(a.faces.ServeHooks(a.carrier)) })
}

func (a *App) stopFaces(ctx context.Context) error {
	if a.faces == nil {
		return nil
	}
	return a.faces.Shutdown(ctx)
}
