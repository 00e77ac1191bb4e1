package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/telephony"
)

// Bounds of a listing. One pair of numbers has a handful of calls; a listing
// beyond maxPages fails rather than being cut. All calls of one caller ID may
// be as many as it made in its life.
const (
	pageSize    = 200
	maxPages    = 50
	widePage    = 1000 // the most that Twilio gives
	maxWidePage = 1000
)

// Find implements telephony.Carrier. It compares date_created itself: the
// API's StartTime filter counts whole days and misses calls that are queued.
// Since is widened to the full second, the resolution of date_created.
func (c *Client) Find(ctx context.Context, q telephony.Query) ([]telephony.Call, error) {
	if !isE164(q.To) || !isE164(q.From) || q.Until.Before(q.Since) {
		return nil, fmt.Errorf("find calls: %w", &telephony.Error{
			Class: telephony.Rejected, Retryable: true,
			Scope: telephony.ScopeConfig, Reason: ReasonParameter, Message: "want two E.164 numbers and a span of time",
		})
	}
	since := q.Since.Truncate(time.Second)
	var found []telephony.Call
	err := c.list(ctx, narrow, twilioapi.ListCallParams{To: (*string)(&q.To), From: (*string)(&q.From)},
		func(call telephony.Call) error {
			if !call.Outbound || call.Created.Before(since) || call.Created.After(q.Until) {
				return nil
			}
			if call.To != string(q.To) || call.From != string(q.From) {
				return fmt.Errorf("call %s is between other numbers than asked for", call.ID)
			}
			found = append(found, call)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("find calls to %s: %w", q.To.Masked(), err)
	}
	return found, nil
}

// Legs implements telephony.Carrier.
func (c *Client) Legs(ctx context.Context, callID string) ([]telephony.Call, error) {
	if err := checkSID(callID); err != nil {
		return nil, fmt.Errorf("legs of call: %w", err)
	}
	var legs []telephony.Call
	err := c.list(ctx, narrow, twilioapi.ListCallParams{ParentCallSid: &callID}, func(call telephony.Call) error {
		if call.Parent != callID {
			return fmt.Errorf("call %s belongs to another call than asked for", call.ID)
		}
		legs = append(legs, call)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("legs of call %s: %w", callID, err)
	}
	return legs, nil
}

// extent is how much a listing may be.
type extent struct{ size, pages int }

var narrow, wide = extent{pageSize, maxPages}, extent{widePage, maxWidePage}

// list reads every page once and gives each call to take, once.
func (c *Client) list(ctx context.Context, most extent, p twilioapi.ListCallParams, take func(telephony.Call) error) error {
	p.SetPageSize(most.size)
	seen := map[string]bool{}
	return pagesUpTo(most.pages, func(token, page string) (*string, error) {
		api, x := c.api(ctx)
		r, err := api.PageCall(&p, token, page)
		if err != nil {
			return nil, x.failed(err)
		}
		if r.Calls == nil {
			return nil, badAnswer(errors.New("the page has no list of calls"))
		}
		for i := range r.Calls {
			call, err := record(&r.Calls[i])
			if err != nil {
				return nil, badAnswer(err)
			}
			if seen[call.ID] { // pages shift when a call is added meanwhile
				continue
			}
			seen[call.ID] = true
			if err := take(call); err != nil {
				return nil, badAnswer(err)
			}
		}
		return r.NextPageUri, nil
	})
}

// pages follows next-page links by their page and token only, never by their
// host, so that an answer cannot send our credentials elsewhere. It fails on
// a link it cannot follow, on one seen before and after maxPages.
func pages(read func(token, page string) (next *string, err error)) error {
	return pagesUpTo(maxPages, read)
}

func pagesUpTo(most int, read func(token, page string) (next *string, err error)) error {
	token, page := "", ""
	seen := map[string]bool{}
	for range most {
		next, err := read(token, page)
		if err != nil {
			return err
		}
		if next == nil || *next == "" {
			return nil
		}
		u, err := url.Parse(*next)
		if err != nil {
			return badAnswer(errors.New("the link to the next page cannot be read"))
		}
		token, page = u.Query().Get("PageToken"), u.Query().Get("Page")
		if (token == "" && page == "") || seen[token+"|"+page] {
			return badAnswer(errors.New("the link to the next page leads nowhere new"))
		}
		seen[token+"|"+page] = true
	}
	return badAnswer(fmt.Errorf("the list has more than %d pages", most))
}
