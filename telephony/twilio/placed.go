package twilio

import (
	"context"
	"fmt"
	"time"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

var _ telephony.Lister = (*Client)(nil)

// Placed implements telephony.Lister. Like Find it compares date_created
// itself, widened to the full second. It reads a million calls at most: the
// carrier's own filter would leave out what is queued.
func (c *Client) Placed(ctx context.Context, from cadence.Number, since, until time.Time) ([]telephony.Call, error) {
	since = since.Truncate(time.Second)
	var placed []telephony.Call
	err := c.list(ctx, wide, twilioapi.ListCallParams{From: (*string)(&from)}, func(call telephony.Call) error {
		if call.From != string(from) {
			return fmt.Errorf("call %s is from another number than asked for", call.ID)
		}
		if call.Outbound && !call.Created.Before(since) && !call.Created.After(until) {
			placed = append(placed, call)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list calls from %s: %w", from.Masked(), err)
	}
	return placed, nil
}
