package twilio

import (
	"context"
	"fmt"
	"regexp"

	"github.com/twilio/twilio-go/client"
	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"
	voiceapi "github.com/twilio/twilio-go/rest/voice/v1"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Inquiry is what Check looks into besides the account.
type Inquiry struct {
	CallerIDs []cadence.Number
	Countries []string // ISO 3166-1 alpha-2, for example "US"
	// Answers looks where calls to the caller IDs go; the hooks must have the
	// key that the server signs its paths with.
	Answers bool
}

// Finding is one thing that was checked. Remedy is set when OK is false.
type Finding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// Report is the result of Check.
type Report []Finding

// OK reports whether every finding is.
func (r Report) OK() bool {
	for _, f := range r {
		if !f.OK {
			return false
		}
	}
	return true
}

// Check asks the carrier whether dialing can work: credentials and account,
// ownership of every caller ID, permission to call every country. It places
// no call. When the account cannot be read the rest is not asked.
func (c *Client) Check(ctx context.Context, q Inquiry) Report {
	report := Report{c.checkTransport(), c.checkAccount(ctx)}
	if !report[1].OK {
		return report
	}
	for _, n := range q.CallerIDs {
		report = append(report, c.checkCallerID(ctx, n))
		if q.Answers {
			report = append(report, c.checkAnswers(ctx, n))
		}
	}
	for _, iso := range q.Countries {
		report = append(report, c.checkCountry(ctx, iso))
	}
	return report
}

func (c *Client) checkTransport() Finding {
	f := Finding{Name: "base URL", OK: true, Detail: "Twilio's own"}
	if c.base == nil {
		return f
	}
	f.Detail = c.base.String()
	if c.base.Scheme == "http" && !loopback(c.base.Hostname()) {
		f.OK = false
		f.Detail += " sends credentials in clear text"
		f.Remedy = "use https, or a carrier on this machine"
	}
	return f
}

func (c *Client) checkAccount(ctx context.Context) Finding {
	f := Finding{Name: "account " + c.account}
	api, x := c.api(ctx)
	a, err := api.FetchAccount(c.account)
	if err != nil {
		e := x.failed(err)
		f.Detail, f.Remedy = e.Error(), "try again; if it lasts, check base_url and the network"
		if e.Scope == telephony.ScopeAccount {
			f.Remedy = "check account_sid and auth_token (or api_key and api_secret) in Twilio's console"
		}
		return f
	}
	status := text(a.Status)
	f.OK = status == "active" && text(a.Sid) == c.account
	f.Detail = fmt.Sprintf("status %.20q, type %.20q", status, text(a.Type))
	switch {
	case !f.OK:
		f.Remedy = "the account cannot place calls: see its status and balance in Twilio's console"
	case text(a.Type) == "Trial":
		f.Detail += ": a trial account calls verified numbers only"
	}
	return f
}

func (c *Client) checkCallerID(ctx context.Context, n cadence.Number) Finding {
	f := Finding{Name: "caller ID " + string(n)}
	if !isE164(n) {
		f.Detail, f.Remedy = "not an E.164 number", "write it as + and country code, for example +13035550100"
		return f
	}
	owned, voice, err := c.owned(ctx, n)
	switch {
	case err != nil:
		f.Detail, f.Remedy = err.Error(), "try again; the caller ID could not be looked up"
	case owned && !voice:
		f.Detail, f.Remedy = "a number of the account without voice", "use a number with voice capability"
	case owned:
		f.OK, f.Detail = true, "a number of the account"
	default:
		var verified bool
		if verified, err = c.verified(ctx, n); err != nil {
			f.Detail, f.Remedy = err.Error(), "try again; the caller ID could not be looked up"
			return f
		}
		f.OK, f.Detail = verified, "a verified caller ID: calls are signed B at best"
		if !verified {
			f.Detail, f.Remedy = "neither owned by nor verified for the account", "buy the number, or verify it as an outgoing caller ID"
		}
	}
	return f
}

// owned looks for the number among the account's own. The filter matches
// parts of numbers too, so the answer is compared.
func (c *Client) owned(ctx context.Context, n cadence.Number) (owned, voice bool, err error) {
	err = pages(func(token, page string) (*string, error) {
		api, x := c.api(ctx)
		p := new(twilioapi.ListIncomingPhoneNumberParams).SetPhoneNumber(string(n)).SetPageSize(pageSize)
		r, err := api.PageIncomingPhoneNumber(p, token, page)
		if err != nil {
			return nil, x.failed(err)
		}
		for _, have := range r.IncomingPhoneNumbers {
			if text(have.PhoneNumber) == string(n) {
				owned = true
				voice = voice || have.Capabilities == nil || have.Capabilities.Voice
			}
		}
		return r.NextPageUri, nil
	})
	return owned, voice, err
}

func (c *Client) verified(ctx context.Context, n cadence.Number) (found bool, err error) {
	err = pages(func(token, page string) (*string, error) {
		api, x := c.api(ctx)
		p := new(twilioapi.ListOutgoingCallerIdParams).SetPhoneNumber(string(n)).SetPageSize(pageSize)
		r, err := api.PageOutgoingCallerId(p, token, page)
		if err != nil {
			return nil, x.failed(err)
		}
		for _, have := range r.OutgoingCallerIds {
			found = found || text(have.PhoneNumber) == string(n)
		}
		return r.NextPageUri, nil
	})
	return found, err
}

var isoCountry = regexp.MustCompile(`^[A-Z]{2}$`)

func (c *Client) checkCountry(ctx context.Context, iso string) Finding {
	f := Finding{Name: "calls to " + iso}
	if !isoCountry.MatchString(iso) {
		f.Detail, f.Remedy = "not a country code", "use two capital letters, for example US"
		return f
	}
	x := &exchange{c: c, ctx: ctx}
	p, err := voiceapi.NewApiService(&client.RequestHandler{Client: x}).FetchDialingPermissionsCountry(iso)
	if err != nil {
		e := x.failed(err)
		if c.base != nil && e.HTTP == 404 {
			f.OK, f.Detail = true, "cannot be checked: this carrier does not tell its geo permissions"
			return f
		}
		f.Detail, f.Remedy = e.Error(), "see Voice → Geo permissions in Twilio's console; they could not be read"
		return f
	}
	f.OK = isTrue(p.LowRiskNumbersEnabled)
	f.Detail = fmt.Sprintf("ordinary numbers %s, special-rate numbers %s, numbers known for toll fraud %s",
		onOff(p.LowRiskNumbersEnabled), onOff(p.HighRiskSpecialNumbersEnabled), onOff(p.HighRiskTollfraudNumbersEnabled))
	switch {
	case !f.OK:
		f.Remedy = "switch the country on under Voice → Geo permissions in Twilio's console"
	case isTrue(p.HighRiskTollfraudNumbersEnabled):
		f.OK, f.Remedy = false, "switch off numbers known for toll fraud under Voice → Geo permissions"
	}
	return f
}

func isTrue(b *bool) bool { return b != nil && *b }

func onOff(b *bool) string {
	if isTrue(b) {
		return "on"
	}
	return "off"
}
