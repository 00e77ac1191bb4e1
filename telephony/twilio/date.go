package twilio

import (
	"context"
	"time"

	"github.com/carillon-dialer/carillon/telephony"
)

var _ telephony.Dater = (*Client)(nil)

// Date reads the account, for the Date header of the answer.
func (c *Client) Date(ctx context.Context) (time.Time, error) {
	api, x := c.api(ctx)
	if _, err := api.FetchAccount(c.account); err != nil {
		return time.Time{}, x.failed(err)
	}
	if x.date.IsZero() {
		return time.Time{}, &telephony.Error{
			Class: telephony.Rejected, Scope: telephony.ScopeConfig, Reason: ReasonBadRequest,
			Message: "the answer has no Date header",
		}
	}
	return x.date, nil
}
