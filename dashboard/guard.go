package dashboard

import (
	"context"
	"net"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dialer"
)

// recovered turns a panic into an internal fault and a log entry; the process
// goes on.
func (s *Server) recovered(ctx context.Context, c *app.RequestContext) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("BUG: a handler panicked: report this", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			c.Abort()
			s.refuse(c, api.NewFault(dialer.CodeInternal, "", "something went wrong; the server's log says what"))
		}
	}()
	c.Next(ctx)
}

// guarded lets only this computer's own programs in until there is sign-in:
// the Host must be a loopback name, so that a page elsewhere cannot reach us
// by rebinding its name, and a write must not come from another origin.
func (s *Server) guarded(ctx context.Context, c *app.RequestContext) {
	h := &c.Response.Header
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	host := string(c.Request.Header.Host())
	if !loopbackName(host) {
		s.bar(c, "Host", "this server answers only to localhost, 127.0.0.1 and [::1]; open it by one of these names")
		return
	}
	if !c.IsGet() && !c.IsHead() && !sameOrigin(c, host) {
		s.bar(c, "Origin", "a write must come from this server's own pages or from a program, not from another site")
		return
	}
	c.Next(ctx)
}

func (s *Server) bar(c *app.RequestContext, field, message string) {
	c.Response.SetConnectionClose()
	c.Abort()
	s.refuse(c, api.NewFault("forbidden", field, message))
}

func loopbackName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return strings.EqualFold(host, "localhost") || host == "127.0.0.1" || host == "::1"
}

// sameOrigin reports whether a write comes from our own page, or from a
// program, which sends neither header.
func sameOrigin(c *app.RequestContext, host string) bool {
	if site := string(c.Request.Header.Peek("Sec-Fetch-Site")); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := string(c.Request.Header.Peek("Origin"))
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, host)
}

// refuse answers a fault in the one error shape.
func (s *Server) refuse(c *app.RequestContext, f *api.Fault) {
	c.Response.Header.Set("Cache-Control", "no-store")
	c.Response.Header.SetContentType("application/json; charset=utf-8")
	c.SetStatusCode(f.Status)
	c.Response.SetBodyRaw(api.FaultBody(f))
}
