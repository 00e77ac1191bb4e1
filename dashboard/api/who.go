package api

import (
	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

const whoKey = "carillon.who"

// SetWho notes who a request comes from; the server's guard does so before any
// handler runs.
func SetWho(c *app.RequestContext, w *access.Who) { c.Set(whoKey, w) }

// who is who the request comes from.
func (r *request) who() *access.Who {
	w, ok := r.c.Value(whoKey).(*access.Who)
	if !ok {
		panic("BUG: a request passed no guard")
	}
	return w
}
