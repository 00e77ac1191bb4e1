package dashboard

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/route"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const (
	// durableFor is how long a webhook's turn may take, less up to a second:
	// below the carrier's own limit of 15 s, so that our 503 is heard and the
	// report comes again.
	durableFor = 10 * time.Second
	// patienceFor is how long webhooks share one end of their waiting.
	patienceFor = time.Second
	// auditsPerMinute bounds what refused webhooks may write: a flood of
	// forgeries is counted, it does not fill the disk.
	auditsPerMinute = 30
	auditFor        = 2 * time.Second
)

// hooks answers the carrier.
type hooks struct {
	op       Operator
	paths    *twilio.Hooks
	webhooks *twilio.Webhooks
	metrics  *metrics
	log      *zap.Logger
	budget   budget
	patience patience
}

func newHooks(o Options, m *metrics) *hooks {
	return &hooks{
		op: o.Operator, paths: o.Hooks, webhooks: o.Webhooks, metrics: m, log: o.Log.Named("hooks"),
		budget: budget{mono: o.Real.Mono}, patience: patience{mono: o.Real.Mono},
	}
}

// budget allows auditsPerMinute audits in each minute of real time.
type budget struct {
	mono   func() time.Duration
	mu     sync.Mutex
	minute time.Duration
	used   int
}

func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.mono() / time.Minute; m != b.minute {
		b.minute, b.used = m, 0
	}
	if b.used >= auditsPerMinute {
		return false
	}
	b.used++
	return true
}

// patience hands out contexts that end when a webhook has waited long enough.
// Webhooks of the same second share one, since a timer for each costs more than
// to check its signature.
type patience struct {
	mono   func() time.Duration
	latest atomic.Pointer[waiting]
}

type waiting struct {
	ctx   context.Context
	since time.Duration
}

func (p *patience) context() context.Context {
	now := p.mono()
	if w := p.latest.Load(); w != nil && now-w.since < patienceFor {
		return w.ctx
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(durableFor, cancel) // outlives this webhook: others wait under it too
	p.latest.Store(&waiting{ctx, now})
	return ctx
}

// hooksEngine has no routes: every request goes to one handler, which answers
// what proves to come from the carrier and nothing else.
func (s *Server) hooksEngine(ln *tracked) *route.Engine {
	e := newEngine(ln, twilio.MaxBody, false)
	e.Use(s.recovered)
	e.NoRoute(s.hooks.serve)
	return e
}

func (h *hooks) serve(ctx context.Context, c *app.RequestContext) {
	c.Response.Header.Set("Cache-Control", "no-store")
	path := string(c.Request.URI().PathOriginal())
	if c.IsGet() {
		if !h.media(ctx, c, path) {
			h.self(c, path)
		}
		return
	}
	req := twilio.Request{
		Method: string(c.Method()), Path: path, RawQuery: string(c.Request.URI().QueryString()),
		Header: func(name string) string { return string(c.Request.Header.Peek(name)) }, Body: c.Request.Body(),
	}
	if h.inbound(ctx, c, req) {
		return
	}
	ev, err := h.webhooks.Authenticate(req)
	if err != nil {
		h.refused(ctx, c, err)
		return
	}
	h.report(ctx, c, ev)
}

// self answers the engine's own probe with its nonce.
func (h *hooks) self(c *app.RequestContext, path string) {
	nonce, err := h.paths.VerifySelf(path)
	if err != nil {
		h.count("no_path")
		c.SetStatusCode(http.StatusNotFound)
		return
	}
	h.count("self")
	c.Response.Header.SetContentType("text/plain; charset=utf-8")
	c.SetStatusCode(http.StatusOK)
	c.Response.SetBodyString(nonce)
}

// refused answers what Authenticate did not let pass, without a change of
// state but an audit entry.
func (h *hooks) refused(ctx context.Context, c *app.RequestContext, err error) {
	result := resultOf(err)
	h.count(result)
	c.SetStatusCode(twilio.HTTPStatus(err))
	if errors.Is(err, twilio.ErrPath) || errors.Is(err, twilio.ErrMethod) {
		return
	}
	h.audit(ctx, "webhook."+result, "from "+c.RemoteAddr().String())
}

func resultOf(err error) string {
	switch {
	case errors.Is(err, twilio.ErrPath):
		return "no_path"
	case errors.Is(err, twilio.ErrMethod):
		return "method"
	case errors.Is(err, twilio.ErrMAC):
		return "bad_mac"
	case errors.Is(err, twilio.ErrSignature):
		return "bad_signature"
	case errors.Is(err, twilio.ErrDuplicate):
		return "duplicate_parameter"
	case errors.Is(err, twilio.ErrWrongAccount):
		return "wrong_account"
	}
	return "malformed"
}

func (h *hooks) count(result string) { h.metrics.webhooks.WithLabelValues(result).Inc() }

// audit keeps a refusal, within the budget. It holds no number and nothing the
// sender chose but the address.
func (h *hooks) audit(ctx context.Context, what, detail string) {
	if !h.budget.take() {
		h.metrics.audits.Inc()
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditFor)
	defer cancel()
	if _, err := h.op.Do(ctx, &dialer.Audit{What: what, Detail: detail}); err != nil {
		h.log.Warn("a refused webhook could not be audited", zap.String("what", what), zap.Error(err))
	}
}

// report hands a verified event in and answers once it is durable: the carrier
// going away does not stop it.
func (h *hooks) report(ctx context.Context, c *app.RequestContext, ev telephony.Event) {
	a, err := h.op.Report(h.patience.context(), ev)
	if err == nil {
		crash.Point(crash.WebhookAfterCommit)
	}
	switch {
	case err != nil:
		h.count("unavailable")
		h.log.Warn("a webhook was not durable in time", zap.String("attempt_id", ev.Attempt.Bare()), zap.Error(err))
		c.SetStatusCode(http.StatusServiceUnavailable)
	case !a.Known:
		h.count("unknown_attempt")
		h.audit(ctx, "webhook.unknown_attempt", "attempt "+ev.Attempt.Bare())
		c.SetStatusCode(http.StatusNotFound)
	default:
		h.metrics.taken.Inc()
		h.answer(c, ev, a.Script)
	}
}

// answer sends the script where the carrier asks for one.
func (h *hooks) answer(c *app.RequestContext, ev telephony.Event, script telephony.Script) {
	switch ev.Kind {
	case telephony.EventVoice, telephony.EventDial, telephony.EventGather, telephony.EventPlayed:
	case telephony.EventStatus, telephony.EventAMD, telephony.EventLeg:
		c.SetStatusCode(http.StatusOK)
		return
	}
	body, err := twilio.Render(script, h.paths)
	if err != nil {
		h.log.Error("BUG: a script cannot be rendered; the call is ended", zap.String("attempt_id", ev.Attempt.Bare()), zap.Error(err))
		if body, err = twilio.Render(nil, h.paths); err != nil {
			c.SetStatusCode(http.StatusInternalServerError)
			return
		}
	}
	c.Response.Header.SetContentType(twilio.TwiMLType)
	c.SetStatusCode(http.StatusOK)
	c.Response.SetBodyRaw(body)
}
