package api

import (
	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
)

// Caller is where a request comes from, and from whom.
type Caller struct {
	access.Who
	Session cadence.ID // zero without one
	From    string     // an address
	Secure  bool       // it came through TLS
}

const callerKey = "carillon.caller"

// SetCaller notes who a request comes from; the server's guard does so before
// any handler runs.
func SetCaller(c *app.RequestContext, w *Caller) { c.Set(callerKey, w) }

// CallerOf is who a request comes from.
func CallerOf(c *app.RequestContext) *Caller {
	w, ok := c.Value(callerKey).(*Caller)
	if !ok {
		panic("BUG: a request passed no guard")
	}
	return w
}

func (r *request) caller() *Caller { return CallerOf(r.c) }

// Author is the caller as the audit log names them.
func (w *Caller) Author() dialer.Author { return dialer.Author{Who: w.ID, Name: w.Name, From: w.From} }

// user is the id of the user who is signed in.
func (w *Caller) user() (cadence.ID, error) {
	if w.Kind != access.User {
		return cadence.ID{}, NewFault(dialer.CodeConflict, "", "only a user who is signed in can do this")
	}
	return cadence.ParseID(cadence.KindUser, w.ID)
}
