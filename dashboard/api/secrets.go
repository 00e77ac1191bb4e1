package api

import (
	"context"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// private answers a write that brings or gets a secret which must not lie
// anywhere: its answer is not kept, not even the digest of its request. A
// repeat does it again.
func (a *API) private(h writer) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		r := &request{c: c}
		err := r.checkQuery()
		if err == nil {
			_, err = idempotencyKey(c)
		}
		if err == nil {
			r.body, err = readBody(c)
		}
		if err != nil {
			a.fail(c, err)
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doFor)
		defer cancel()
		ans, err := h(ctx, r)
		if err != nil {
			a.fail(c, err)
			return
		}
		a.send(c, ans)
	}
}

// shownOnce answers a write whose answer is shown this once: of a repeat with
// its Idempotency-Key is said that it was done.
func (a *API) shownOnce(h writer) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		r := &request{c: c}
		err := r.checkQuery()
		var key string
		if err == nil {
			key, err = idempotencyKey(c)
		}
		if err == nil {
			r.body, err = readBody(c)
		}
		if err != nil {
			a.fail(c, err)
			return
		}
		ctx = context.WithoutCancel(ctx)
		if key != "" {
			if !a.keys.enter(key) {
				a.fail(c, NewFault(dialer.CodeConflict, "Idempotency-Key", "a request with this Idempotency-Key is still being answered"))
				return
			}
			defer a.keys.leave(key)
			if a.replayed(c, key, requestHash(c, r.body)) {
				return
			}
		}
		ans, err := h(ctx, r)
		if err != nil {
			a.fail(c, err)
			return
		}
		a.keepShown(ctx, c, key, r.body)
		a.send(c, ans)
	}
}

func (a *API) keepShown(ctx context.Context, c *app.RequestContext, key string, body []byte) {
	if key == "" {
		return
	}
	f := NewFault(dialer.CodeConflict, "Idempotency-Key", "this was done; its secret was shown then and is shown once only. Make another, and revoke the one that nobody has")
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	fact := event.AnswerKept{Key: key, Hash: requestHash(c, body), Status: f.Status, Body: FaultBody(f), At: a.op.Now().UnixMilli()}
	if _, err := a.op.Do(ctx, &dialer.Remember{Fact: fact}); err != nil {
		a.log.Warn("an answer could not be kept", zap.Error(err))
	}
}
