package dashboard

import (
	"context"
	"net/http"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// inbound takes a request about a call to one of our numbers, if it is one:
// what the call is to do is durable before it is answered.
func (h *hooks) inbound(ctx context.Context, c *app.RequestContext, r twilio.Request) bool {
	in, mine, err := h.webhooks.Inbound(r)
	switch {
	case !mine:
		return false
	case err != nil:
		h.refused(ctx, c, err)
		return true
	}
	a, err := h.op.ReportReturn(h.patience.context(), in)
	if err != nil {
		h.count("unavailable")
		h.log.Warn("a call to us was not durable in time", zap.String("call_id", in.CallID), zap.Error(err))
		c.SetStatusCode(http.StatusServiceUnavailable)
		return true
	}
	crash.Point(crash.WebhookAfterCommit)
	h.metrics.taken.Inc()
	if in.Status.Terminal() {
		c.SetStatusCode(http.StatusOK)
		return true
	}
	h.answer(c, telephony.Event{Kind: telephony.EventVoice}, a.Script)
	return true
}
