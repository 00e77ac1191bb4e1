package simcarrier

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// find is the call that a path names.
func (c *Carrier) find(sid string) (*call, *refusal) {
	if k, ok := c.calls[sid]; ok {
		return k, nil
	}
	return nil, refuse(20404, "The requested resource /"+apiVersion+"/Accounts/"+c.o.AccountSID+"/Calls/"+sid+".json was not found")
}

// getCall shows one call.
func (c *Carrier) getCall(r *http.Request, _ url.Values) reply {
	return c.look(func() (any, *refusal) {
		k, bad := c.find(strings.TrimSuffix(r.PathValue("file"), ".json"))
		if bad != nil {
			return nil, bad
		}
		return c.render(k), nil
	})
}

// look reads under the lock, and answers once what was read is durable.
func (c *Carrier) look(read func() (any, *refusal)) reply {
	a := reply{status: http.StatusOK}
	c.mu.Lock()
	defer c.mu.Unlock()
	body, bad := read()
	if bad != nil {
		return refuseAs(bad)
	}
	a.body, a.receipt = body, c.log.barrier()
	return a
}

// event is a request made for a call, as the API shows it.
type event struct {
	Request  eventRequest  `json:"request"`
	Response eventResponse `json:"response"`
}

type eventRequest struct {
	Method     string            `json:"method"`
	URL        string            `json:"url"`
	Parameters map[string]string `json:"parameters"`
}

type eventResponse struct {
	ResponseCode    *int   `json:"response_code"`
	RequestDuration int64  `json:"request_duration"`
	DateCreated     string `json:"date_created"`
}

// listEvents shows the requests made for a call, the oldest first. Their
// parameters are left out.
func (c *Carrier) listEvents(r *http.Request, form url.Values) reply {
	return c.look(func() (any, *refusal) {
		k, bad := c.find(r.PathValue("call"))
		if bad != nil {
			return nil, bad
		}
		p := readPage(r.URL.Path, form, "events")
		from, to := p.cut(len(k.requests), 0)
		shown := make([]any, 0, to-from)
		for _, q := range k.requests[from:to] {
			e := event{Request: eventRequest{Method: q.method, URL: q.url, Parameters: map[string]string{}}}
			e.Response = eventResponse{RequestDuration: q.took.Milliseconds(), DateCreated: q.at.UTC().Format(time.RFC1123Z)}
			if q.status != 0 {
				e.Response.ResponseCode = &q.status
			}
			shown = append(shown, e)
		}
		return p.envelope(shown, from, to < len(k.requests), ""), nil
	})
}

// getAccount shows the account.
func (c *Carrier) getAccount(r *http.Request, _ url.Values) reply {
	sid := strings.TrimSuffix(r.PathValue("file"), ".json")
	if sid != c.o.AccountSID {
		return refuseAs(refuse(20404, "The requested resource "+r.URL.Path+" was not found"))
	}
	uri := "/" + apiVersion + "/Accounts/" + sid
	return reply{status: http.StatusOK, body: map[string]any{
		"sid": sid, "owner_account_sid": sid, "friendly_name": "Simulated carrier", "status": "active", "type": "Full",
		"auth_token": nil, "date_created": accountMade, "date_updated": accountMade, "uri": uri + ".json",
		"subresource_uris": map[string]string{
			"calls": uri + "/Calls.json", "incoming_phone_numbers": uri + "/IncomingPhoneNumbers.json",
			"outgoing_caller_ids": uri + "/OutgoingCallerIds.json",
		},
	}}
}

// accountMade is when the account and its numbers came to be.
const accountMade = "Wed, 01 Jan 2025 00:00:00 +0000"

// listOwned lists the account's numbers. Where any From is taken, any number
// that is asked for is the account's.
func (c *Carrier) listOwned(r *http.Request, form url.Values) reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	all, want := c.o.CallerIDs, form.Get("PhoneNumber")
	if len(all) == 0 && e164.MatchString(want) && c.owns(want) {
		if all = []string{want}; !slices.Contains(c.asked, want) {
			c.asked = append(c.asked, want)
		}
	}
	return c.numbers(r, form, "incoming_phone_numbers", all)
}

// listVerified lists numbers of others that the account may show.
func (c *Carrier) listVerified(r *http.Request, form url.Values) reply {
	return c.numbers(r, form, "outgoing_caller_ids", c.o.VerifiedIDs)
}

func (c *Carrier) numbers(r *http.Request, form url.Values, name string, all []string) reply {
	p := readPage(r.URL.Path, form, name)
	var found []any
	for _, number := range all {
		if want := form.Get("PhoneNumber"); want != "" && want != number {
			continue
		}
		n := map[string]any{
			"sid": phoneNumberSID(number), "account_sid": c.o.AccountSID, "phone_number": number, "friendly_name": formatted(number),
			"date_created": accountMade, "date_updated": accountMade,
			"uri": strings.TrimSuffix(r.URL.Path, ".json") + "/" + phoneNumberSID(number) + ".json",
		}
		if name == "incoming_phone_numbers" {
			n = c.ownedNumber(number, strings.TrimSuffix(r.URL.Path, ".json"))
		}
		found = append(found, n)
	}
	from, to := p.cut(len(found), 0)
	return reply{status: http.StatusOK, body: p.envelope(found[from:to], from, to < len(found), "")}
}
