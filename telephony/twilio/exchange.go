package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/twilio/twilio-go/client"
	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony"
)

// exchange is one request and its answer: the HTTP backend that twilio-go's
// generated code calls. A new one per request carries the context that the
// generated code has no place for, so nothing is shared between requests.
type exchange struct {
	c     *Client
	ctx   context.Context
	brief bool      // only the call's SID and queue time are wanted
	date  time.Time // the answer's Date header
}

var _ client.BaseClient = (*exchange)(nil)

// api binds twilio-go to one exchange. The handler is built by hand because
// the SDK's constructor lets the environment choose another host.
func (c *Client) api(ctx context.Context) (*twilioapi.ApiService, *exchange) {
	x := &exchange{c: c, ctx: ctx}
	return twilioapi.NewApiService(&client.RequestHandler{Client: x}), x
}

// AccountSid is read by the generated code to build paths.
func (x *exchange) AccountSid() string { return x.c.account }

// SetTimeout does nothing: the deadline comes with the context.
func (x *exchange) SetTimeout(time.Duration) {}

// SetOauth does nothing: OAuth is not used.
func (x *exchange) SetOauth(client.OAuth) {}

// OAuth is never set.
func (x *exchange) OAuth() client.OAuth { return nil }

// SendRequest sends once and reads the whole answer. Its error is always a
// *telephony.Error.
func (x *exchange) SendRequest(method, rawURL string, data url.Values,
	_ map[string]any, _ ...byte,
) (*http.Response, error) {
	ctx, cancel := bounded(x.ctx, x.c.timeout, clock.System{}.Now())
	defer cancel()
	form := newFormBody(data)
	defer form.free() // the transport has ended with it when it returns
	req, err := x.request(ctx, method, rawURL, form)
	if err != nil {
		return nil, &telephony.Error{
			Class: telephony.NotSent, Reason: ReasonBadRequest,
			Message: "the request could not be built", Err: err,
		}
	}
	res, err := x.c.wire.RoundTrip(req)
	if err != nil {
		return nil, x.broken(ctx, err)
	}
	if date := res.Header.Get("Date"); date != "" { // a parser that finds nothing tries three formats
		x.date, _ = http.ParseTime(date)
	}
	body, err := readBody(res)
	if err != nil {
		return nil, x.unreadable(ctx, res.StatusCode, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		defer body.Close() //nolint:errcheck // returns a buffer to its pool
		return nil, x.c.refusal(res, body.bytes(), x.date)
	}
	if x.brief {
		body.Reset(brief(body.bytes(), body.short[:0]))
	}
	res.Body = body
	return res, nil
}

// request builds the HTTP request.
func (x *exchange) request(ctx context.Context, method, rawURL string, form *formBody) (*http.Request, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("the URL cannot be parsed")
	}
	if x.c.base != nil {
		u.Scheme, u.Host = x.c.base.Scheme, x.c.base.Host
	}
	req := (&http.Request{
		Method: method, URL: u, Host: u.Host, Header: x.c.getting,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	switch method {
	case http.MethodGet:
		u.RawQuery = string(form.text)
	case http.MethodPost:
		req.Header, req.Body, req.ContentLength = x.c.posting, form, int64(len(form.text))
	default:
		return nil, fmt.Errorf("method %s is not used", method)
	}
	return req, nil
}

// broken judges a request without an answer: unclear unless the transport says
// that no byte left.
func (x *exchange) broken(ctx context.Context, err error) *telephony.Error {
	e := &telephony.Error{
		Class: telephony.Unclear, Reason: ReasonConnection, Err: err,
		Message: "the connection broke before the carrier answered: " + x.c.clean(err.Error()),
	}
	if _, unsent := errors.AsType[unsentError](err); unsent {
		e.Class, e.Reason = telephony.NotSent, ReasonUnreachable
		e.Message = "no connection to the carrier: " + x.c.clean(err.Error())
	}
	x.ended(ctx, e)
	return e
}

// unreadable judges an answer whose body did not arrive whole.
func (x *exchange) unreadable(ctx context.Context, status int, err error) *telephony.Error {
	e := &telephony.Error{
		Class: telephony.Unclear, Reason: ReasonBadAnswer, HTTP: status, Err: err,
		Message: "the carrier's answer did not arrive whole: " + x.c.clean(err.Error()),
	}
	if status == http.StatusTooManyRequests { // the status alone says it was not processed
		e.Class, e.Reason = telephony.Throttled, ReasonRateLimited
	}
	x.ended(ctx, e)
	return e
}

// ended names the cause when it is the caller's context or our own deadline.
func (x *exchange) ended(ctx context.Context, e *telephony.Error) {
	switch {
	case e.Class == telephony.Throttled || ctx.Err() == nil:
	case errors.Is(x.ctx.Err(), context.Canceled):
		e.Reason, e.Message, e.Err = ReasonCanceled, "the request was given up", x.ctx.Err()
	default:
		e.Reason, e.Message, e.Err = ReasonTimeout, "the carrier did not answer in time", ctx.Err()
	}
}

// failed gives an error of twilio-go its class: ours pass, anything else came
// from reading an answer of status 2xx.
func (x *exchange) failed(err error) *telephony.Error {
	if e, ok := errors.AsType[*telephony.Error](err); ok {
		return e
	}
	return unclear(ReasonBadAnswer, "the carrier's answer cannot be read", err)
}

func unclear(reason, message string, err error) *telephony.Error {
	return &telephony.Error{Class: telephony.Unclear, Reason: reason, Message: message, Err: err}
}
