package dashboard

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
)

// allowed lets a request through to its route when who sends it may: the
// route's rule in the table of access says what that takes. A route without a
// rule is answered to nobody.
func (s *Server) allowed(ctx context.Context, c *app.RequestContext) {
	route := c.FullPath()
	if route == "" { // the page, which everybody may have, or nothing
		c.Next(ctx)
		return
	}
	rule := access.Find(string(c.Method()), route)
	if rule == nil {
		s.log.Error("BUG: a route has no rule in the table of access", zap.String("route", route))
		s.deny(c, api.NewFault(dialer.CodeInternal, "", "this route has no rule in dashboard/access; nobody may use it"))
		return
	}
	p, secure := s.proof(c)
	who, session, err := s.gate.Identify(ctx, p)
	if err != nil {
		s.deny(c, identityFault(err))
		return
	}
	api.SetCaller(c, &api.Caller{Who: who, Session: session, From: p.From.String(), Secure: secure})
	switch {
	case who.May(rule), rule.Local && p.Here:
	case who.Kind == access.Nobody:
		s.deny(c, api.NewFault("unauthorized", "", "sign in first, or send an API key as Authorization: Bearer"))
		return
	default:
		s.deny(c, api.NewFault("forbidden", "", "this takes the grant "+string(rule.Grant)+", which you do not have"))
		return
	}
	if rule.What == "" {
		c.Next(ctx)
		return
	}
	s.api.Deed(ctx, c, rule, func() { c.Next(ctx) })
}

// proof is what a request says of who sends it.
func (s *Server) proof(c *app.RequestContext) (p signin.Proof, secure bool) {
	from := s.peerOf(c)
	p = signin.Proof{
		Session: string(c.Cookie(api.CookieName(from.secure))), From: from.addr, Here: from.here,
	}
	scheme, token, _ := strings.Cut(string(c.Request.Header.Peek("Authorization")), " ")
	if strings.EqualFold(scheme, "Bearer") {
		p.Bearer = strings.TrimSpace(token)
	}
	return p, from.secure
}

func identityFault(err error) *api.Fault {
	if errors.Is(err, signin.ErrToken) {
		return api.NewFault("unauthorized", "Authorization", err.Error())
	}
	return api.NewFault(dialer.CodeUnavailable, "", "who you are could not be looked up; try again in a moment")
}

// deny ends a request; what is left of its body is not read.
func (s *Server) deny(c *app.RequestContext, f *api.Fault) {
	if f.Status == http.StatusUnauthorized {
		c.Response.Header.Set("WWW-Authenticate", "Bearer")
	}
	if c.Request.IsBodyStream() {
		c.Response.SetConnectionClose()
	}
	c.Abort()
	s.refuse(c, f)
}

// lookAgain is how often a stream asks whether whoever reads it still may.
const lookAgain = 5 * time.Second

// stillAllowed tells, now and then, whether a stream may go on: its session
// may have ended, or its key been revoked.
func (s *Server) stillAllowed(c *app.RequestContext) func() bool {
	rule := access.Find(string(c.Method()), c.FullPath())
	p, _ := s.proof(c)
	last := s.o.Real.Mono()
	return func() bool {
		now := s.o.Real.Mono()
		if now-last < lookAgain {
			return true
		}
		last = now
		return s.gate.Still(p, rule)
	}
}
