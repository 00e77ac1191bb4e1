package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/common/adaptor"
	"github.com/cloudwego/hertz/pkg/route"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dialer"
)

// Where balancers and supervisors ask.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// mainEngine routes the API, the live board, the operator's pages and the web
// page.
func (s *Server) mainEngine(ln *tracked) *route.Engine {
	h := newEngine(ln, api.MaxBody, true)
	h.Use(s.recovered, s.guarded, s.allowed)
	s.api.Register(h)
	h.GET("/v1/live", s.hub.Serve(s.stillAllowed, func(_ context.Context, c *app.RequestContext) {
		s.refuse(c, api.NewFault(dialer.CodeUnavailable, "", "too many live streams are open; close some pages"))
	}))
	h.GET(healthPath, s.alive)
	h.GET(readyPath, s.ready)
	h.GET("/metrics", adaptor.HertzHandler(promhttp.HandlerFor(s.o.Metrics, promhttp.HandlerOpts{})))
	h.NoRoute(s.page)
	return h
}

// Routes are the main listener's routes while it is served, as "GET
// /v1/cadences/:id".
func (s *Server) Routes() []string {
	s.main.mu.Lock()
	defer s.main.mu.Unlock()
	var out []string
	if s.main.http != nil {
		for _, r := range s.main.http.Routes() {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

// alive answers to a GET, and to a HEAD, by which balancers ask too.
func (s *Server) alive(_ context.Context, c *app.RequestContext) {
	s.json(c, http.StatusOK, map[string]string{"status": "ok"})
}

// page answers what no route took: the web page, or that there is nothing.
func (s *Server) page(ctx context.Context, c *app.RequestContext) {
	path := string(c.Path())
	switch {
	case c.IsHead() && path == healthPath:
		s.alive(ctx, c)
		return
	case c.IsHead() && path == readyPath:
		s.ready(ctx, c)
		return
	}
	if (c.IsGet() || c.IsHead()) && path != "/v1" && !strings.HasPrefix(path, "/v1/") && s.pages.serve(c) {
		return
	}
	message := "there is nothing at this path"
	if path == "/" {
		message = "the web page was not built into this binary; run `make web` and build again"
	}
	s.refuse(c, api.NewFault(dialer.CodeNotFound, "", message))
}

// ready says whether the process can serve; whether calls are placed stands
// beside it.
func (s *Server) ready(_ context.Context, c *app.RequestContext) {
	status, why := http.StatusOK, ""
	if s.o.Ready != nil {
		if err := s.o.Ready(); err != nil {
			status, why = http.StatusServiceUnavailable, err.Error()
		}
	}
	picture := s.o.Operator.Status()
	dialing := api.DialingOf(&picture)
	if dialing.Reason == dialer.ReasonKillSwitch { // everybody may ask this
		dialing.Message = "an operator stopped all dialing; who and why is told to whoever signs in"
	}
	s.json(c, status, map[string]any{"ready": why == "", "message": why, "dialing": dialing})
}

func (s *Server) json(c *app.RequestContext, status int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic("BUG: an answer must be JSON: " + err.Error())
	}
	c.Response.Header.Set("Cache-Control", "no-store")
	c.Response.Header.SetContentType("application/json; charset=utf-8")
	c.SetStatusCode(status)
	c.Response.SetBodyRaw(raw)
}
