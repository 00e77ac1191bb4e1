package twilio

import (
	"context"
	"errors"
	"fmt"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Codes that mean the call to be ended is gone or not in that state any more.
const (
	codeNotInProgress = 21220
	codeNotFound      = 20404
)

// Fetch implements telephony.Carrier.
func (c *Client) Fetch(ctx context.Context, callID string) (telephony.Call, error) {
	if err := checkSID(callID); err != nil {
		return telephony.Call{}, fmt.Errorf("fetch call: %w", err)
	}
	api, x := c.api(ctx)
	r, err := api.FetchCall(callID, nil)
	if err != nil {
		e := x.failed(err)
		if e.Code == codeNotFound {
			return telephony.Call{}, fmt.Errorf("fetch call %s: %w", callID, telephony.ErrNoCall)
		}
		return telephony.Call{}, fmt.Errorf("fetch call %s: %w", callID, e)
	}
	call, err := record(r)
	if err == nil && call.ID != callID {
		err = errors.New("the answer is about another call")
	}
	if err != nil {
		return telephony.Call{}, fmt.Errorf("fetch call %s: %w", callID, badAnswer(err))
	}
	return call, nil
}

// Cancel implements telephony.Carrier.
func (c *Client) Cancel(ctx context.Context, callID string) error {
	return c.end(ctx, callID, "cancel", telephony.StatusCanceled)
}

// HangUp implements telephony.Carrier.
func (c *Client) HangUp(ctx context.Context, callID string) error {
	return c.end(ctx, callID, "hang up", telephony.StatusCompleted)
}

// Redirect implements telephony.Carrier.
func (c *Client) Redirect(ctx context.Context, callID string, attempt cadence.ID) error {
	if attempt.IsZero() {
		return errors.New("redirect call: the attempt has no id")
	}
	return c.update(ctx, callID, "redirect", new(twilioapi.UpdateCallParams).SetUrl(c.hooks.URL(KindVoice, attempt)).SetMethod("POST"))
}

func (c *Client) end(ctx context.Context, callID, what string, to telephony.Status) error {
	return c.update(ctx, callID, what, new(twilioapi.UpdateCallParams).SetStatus(string(to)))
}

// update changes a call. One that is gone, or not in a state to be changed any
// more, is as good as changed.
func (c *Client) update(ctx context.Context, callID, what string, p *twilioapi.UpdateCallParams) error {
	if err := checkSID(callID); err != nil {
		return fmt.Errorf("%s call: %w", what, err)
	}
	api, x := c.api(ctx)
	_, err := api.UpdateCall(callID, p)
	if err == nil {
		return nil
	}
	e := x.failed(err)
	if e.Class == telephony.Rejected && (e.Code == codeNotInProgress || e.Code == codeNotFound) {
		return nil
	}
	return fmt.Errorf("%s call %s: %w", what, callID, e)
}

// checkSID keeps anything but a call SID out of a request path.
func checkSID(callID string) error {
	if isCallSID(callID) {
		return nil
	}
	return &telephony.Error{
		Class: telephony.Rejected, Scope: telephony.ScopeConfig, Retryable: true,
		Reason: ReasonParameter, Message: "a call id is CA followed by 32 hexadecimal digits",
	}
}

// badAnswer wraps what is wrong with an answer of status 2xx.
func badAnswer(err error) *telephony.Error {
	return unclear(ReasonBadAnswer, maskNumbers(err.Error()), err)
}
