package twilio

import (
	"context"
	"fmt"
	"strings"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence"
)

// Answering says where calls to one of our numbers go.
type Answering string

// The answers. AnswersElsewhere is a number whose calls reach somebody else's
// URL, application or trunk, or nobody; AnswersNotOwned one that the account
// only shows, so that its calls go to its owner; AnswersUntold is of a carrier
// that does not tell.
const (
	AnswersOurs      Answering = "ours"
	AnswersElsewhere Answering = "elsewhere"
	AnswersNotOwned  Answering = "not_owned"
	AnswersUntold    Answering = "untold"
)

// Answers looks where calls to a number of the account go: its voice URL and
// status callback have to be the inbound URL, and no application and no trunk
// may come before them. The error is a *telephony.Error.
func (c *Client) Answers(ctx context.Context, n cadence.Number) (Answering, error) {
	row, told, err := c.numberOf(ctx, n)
	switch {
	case err != nil:
		return "", err
	case !told:
		return AnswersUntold, nil
	case row == nil:
		return AnswersNotOwned, nil
	}
	want, err := c.hooks.InboundURL(DefaultConnection)
	if err != nil {
		return "", err
	}
	ours := text(row.VoiceApplicationSid) == "" && text(row.TrunkSid) == "" && sameURL(text(row.VoiceUrl), want) &&
		sameURL(text(row.StatusCallback), want) && text(row.VoiceMethod) != "GET" && text(row.StatusCallbackMethod) != "GET"
	if !ours {
		return AnswersElsewhere, nil
	}
	return AnswersOurs, nil
}

// AnswerHere makes calls to a number of the account come here. The error is a
// *telephony.Error, but for a number that is not the account's.
func (c *Client) AnswerHere(ctx context.Context, n cadence.Number) error {
	row, _, err := c.numberOf(ctx, n)
	if err != nil {
		return err
	}
	if row == nil || text(row.Sid) == "" {
		return fmt.Errorf("%s is no number of the account", n.Masked())
	}
	to, err := c.hooks.InboundURL(DefaultConnection)
	if err != nil {
		return err
	}
	p := new(twilioapi.UpdateIncomingPhoneNumberParams).SetVoiceUrl(to).SetVoiceMethod("POST").
		SetStatusCallback(to).SetStatusCallbackMethod("POST").SetVoiceApplicationSid("").SetTrunkSid("")
	api, x := c.api(ctx)
	if _, err := api.UpdateIncomingPhoneNumber(text(row.Sid), p); err != nil {
		return x.failed(err)
	}
	return nil
}

// numberOf finds a number among the account's own, nil when it is not there;
// told is false when the carrier has no such list.
func (c *Client) numberOf(ctx context.Context, n cadence.Number) (row *twilioapi.ApiV2010IncomingPhoneNumber, told bool, err error) {
	told = true
	err = pages(func(token, page string) (*string, error) {
		api, x := c.api(ctx)
		p := new(twilioapi.ListIncomingPhoneNumberParams).SetPhoneNumber(string(n)).SetPageSize(pageSize)
		r, err := api.PageIncomingPhoneNumber(p, token, page)
		if err != nil {
			e := x.failed(err)
			if c.base != nil && e.HTTP == 404 {
				told = false
				return nil, nil
			}
			return nil, e
		}
		for i := range r.IncomingPhoneNumbers {
			if text(r.IncomingPhoneNumbers[i].PhoneNumber) == string(n) {
				row = &r.IncomingPhoneNumbers[i]
			}
		}
		return r.NextPageUri, nil
	})
	return row, told, err
}

// sameURL compares what is requested: a fragment only tunes the delivery.
func sameURL(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b
}

// checkAnswers is Answers as a finding.
func (c *Client) checkAnswers(ctx context.Context, n cadence.Number) Finding {
	f := Finding{Name: "calls to " + string(n)}
	where, err := c.Answers(ctx, n)
	switch {
	case err != nil:
		f.Detail, f.Remedy = err.Error(), "try again; the number could not be looked up"
	case where == AnswersOurs:
		f.OK, f.Detail = true, "come here, so that people who call back can say no"
	case where == AnswersUntold:
		f.OK, f.Detail = true, "cannot be checked: this carrier does not tell where they go"
	case where == AnswersNotOwned:
		f.Detail = "go to its owner: the account only shows it, so nobody who calls back is heard here"
		f.Remedy = "call from a number of the account"
	default:
		f.Detail = "do not come here: its voice URL or status callback is another one"
		f.Remedy = "run carillon doctor --twilio --fix"
	}
	return f
}
