package dashboard

import (
	"context"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/api"
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
		c.Abort()
		s.refuse(c, api.NewFault(dialer.CodeInternal, "", "this route has no rule in dashboard/access; nobody may use it"))
		return
	}
	who := access.AtThisComputer()
	api.SetWho(c, &who)
	if !who.May(rule) {
		s.bar(c, "", "this takes the grant "+string(rule.Grant)+", which you do not have")
		return
	}
	c.Next(ctx)
}
