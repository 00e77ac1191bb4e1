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

// guarded keeps other sites out: the Host must be a name of ours, so that a
// page elsewhere cannot reach us by rebinding its name, and a write must not
// come from another origin. From other computers only TLS is answered.
func (s *Server) guarded(ctx context.Context, c *app.RequestContext) {
	from := s.peerOf(c)
	h := &c.Response.Header
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if from.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	host := string(c.Request.Header.Host())
	if from.secure {
		host = strings.TrimSuffix(host, ":443") // browsers leave it out, programs do not
	}
	if !loopbackName(host) && (s.o.Outside.Host == "" || !strings.EqualFold(host, s.o.Outside.Host)) {
		s.bar(c, "Host", "this server answers only to "+s.names()+"; open it by one of these names")
		return
	}
	if !from.secure && !from.here && !s.healthOf(c, from) {
		s.bar(c, "", "from other computers this server answers only through TLS, of its own or of a proxy in web.trusted_proxies that says X-Forwarded-Proto: https")
		return
	}
	if !c.IsGet() && !c.IsHead() && !sameOrigin(c, host, from.secure) {
		s.bar(c, "Origin", "a write must come from this server's own pages or from a program, not from another site")
		return
	}
	c.Next(ctx)
}

// healthOf reports whether a proxy asks for itself whether we are there.
func (s *Server) healthOf(c *app.RequestContext, from peer) bool {
	path := string(c.Path())
	return from.proxied && (path == healthPath || path == readyPath)
}

func (s *Server) names() string {
	if s.o.Outside.Host == "" {
		return "localhost, 127.0.0.1 and [::1]"
	}
	return s.o.Outside.Host + ", localhost, 127.0.0.1 and [::1]"
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
func sameOrigin(c *app.RequestContext, host string, secure bool) bool {
	if site := string(c.Request.Header.Peek("Sec-Fetch-Site")); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := string(c.Request.Header.Peek("Origin"))
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" && !secure) && strings.EqualFold(u.Host, host)
}

// refuse answers a fault in the one error shape.
func (s *Server) refuse(c *app.RequestContext, f *api.Fault) {
	c.Response.Header.Set("Cache-Control", "no-store")
	c.Response.Header.SetContentType("application/json; charset=utf-8")
	c.SetStatusCode(f.Status)
	c.Response.SetBodyRaw(api.FaultBody(f))
}
