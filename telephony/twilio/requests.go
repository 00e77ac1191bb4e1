package twilio

import (
	"context"
	"errors"
	"fmt"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"
)

// Requests implements telephony.Carrier with the call's events: the call
// resource itself does not tell the URLs it was created with.
func (c *Client) Requests(ctx context.Context, callID string) ([]string, error) {
	if err := checkSID(callID); err != nil {
		return nil, fmt.Errorf("requests of call: %w", err)
	}
	var urls []string
	err := pages(func(token, page string) (*string, error) {
		api, x := c.api(ctx)
		r, err := api.PageCallEvent(callID, new(twilioapi.ListCallEventParams).SetPageSize(pageSize), token, page)
		if err != nil {
			return nil, x.failed(err)
		}
		if r.Events == nil {
			return nil, badAnswer(errors.New("the page has no list of events"))
		}
		for i := range r.Events {
			if u := requestURL(r.Events[i].Request); u != "" {
				urls = append(urls, u)
			}
		}
		return r.NextPageUri, nil
	})
	if err != nil {
		return nil, fmt.Errorf("requests of call %s: %w", callID, err)
	}
	return urls, nil
}

// requestURL reads the one member of an event that matters. The description
// of the API leaves its shape open; anything else is passed over.
func requestURL(request *any) string {
	if request == nil {
		return ""
	}
	members, _ := (*request).(map[string]any)
	u, _ := members["url"].(string)
	return u
}
