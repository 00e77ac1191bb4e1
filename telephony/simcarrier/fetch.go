package simcarrier

import (
	"errors"
	"maps"
	"mime"
	"net/url"
	"strconv"
)

// scriptRequest is a request for what a call is to do next.
type scriptRequest struct {
	what     string // voice, redirect, gather, dial, update
	url      string
	method   string
	extra    url.Values
	told     string // AnsweredBy, where detection came first
	fallback bool   // this is the second try, at FallbackUrl
}

// maxFetches bounds the script requests of one call: a document that
// redirects to itself would go on until the time limit.
const maxFetches = 1000

// fetchScript starts the script of an answered call.
func (c *Carrier) fetchScript(t *turn, k *call) {
	if k.order.url == "" {
		c.followText(t, k, k.order.twiml)
		return
	}
	r := &scriptRequest{what: "voice", url: k.order.url, method: k.order.method, extra: url.Values{}}
	if k.order.detect != "" && !k.order.async {
		r.told = k.verdict
		r.extra.Set("AnsweredBy", k.verdict)
		r.extra.Set("MachineDetectionDuration", strconv.FormatInt(k.detectMS, 10))
	}
	c.fetch(t, k, r)
}

// followText follows a document that came with an API request.
func (c *Carrier) followText(t *turn, k *call, text string) {
	doc, err := parseTwiML([]byte(text), nil)
	if err != nil {
		c.fail(t, k, err)
		return
	}
	told := ""
	if !k.order.async {
		told = k.verdict
	}
	t.note(k, Entry{Ev: TwiML, By: told})
	c.follow(t, k, doc)
}

// fetch asks the client what to do and does it. For a call that is over the
// request is made all the same and its answer ignored.
func (c *Carrier) fetch(t *turn, k *call, r *scriptRequest) {
	k.fetches++
	if k.fetches > maxFetches {
		c.fail(t, k, badTwiML(codeFetchFailed, "more than %d requests for scripts", maxFetches))
		return
	}
	form := c.callForm(k)
	maps.Copy(form, r.extra)
	k.flow++
	flow := k.flow
	m := c.faults.callback(c.o.Seed, k.sid, r.what, k.fetches)
	d := c.newDelivery(k, r.what+itoa(k.fetches), r.url, r.method, form)
	start := func(t *turn) {
		t.do(func() {
			a := c.send(d)
			if m.duplicate {
				again := *d
				again.fault = FaultDuplicate
				a = c.send(&again)
			}
			c.turn(func(t *turn) { c.answered(t, k, r, flow, a) })
		})
	}
	if m.delay > 0 {
		c.set(t.now.Add(m.delay), start)
		return
	}
	start(t)
}

// answered follows the answer to a script request, unless the call has moved
// on.
func (c *Carrier) answered(t *turn, k *call, r *scriptRequest, flow uint64, a answer) {
	if k.flow != flow || k.status.over() || a.cut {
		return
	}
	doc, err := readScript(r.url, a)
	if err == nil {
		t.note(k, Entry{Ev: TwiML, URL: bare(r.url), HTTP: a.status, By: r.told})
		c.follow(t, k, doc)
		return
	}
	if k.order.fallback != "" && !r.fallback {
		c.tally.fallbacks++
		c.fetch(t, k, &scriptRequest{
			what: "fallback", url: k.order.fallback, method: k.order.fallbackMethod, told: r.told, fallback: true,
			extra: url.Values{"ErrorCode": {itoa(codeOf(err))}, "ErrorUrl": {bare(r.url)}},
		})
		return
	}
	c.fail(t, k, err)
}

// fail ends a call whose script cannot be had or followed: the person hears
// that an error occurred, and the call is over.
func (c *Carrier) fail(t *turn, k *call, err error) {
	c.tally.scriptErrors++
	c.endWith(t, k, completed, Entry{Code: 200, Error: codeOf(err), Text: err.Error()})
}

// codeOf is the carrier's code for what is wrong with a script.
func codeOf(err error) int {
	if bad, ok := errors.AsType[*twimlError](err); ok {
		return bad.code
	}
	return codeFetchFailed
}

// readScript makes a document of an answer.
func readScript(from string, a answer) (*document, error) {
	if a.err != nil {
		return nil, badTwiML(codeFetchFailed, "no answer: %v", a.err)
	}
	if a.status < 200 || a.status > 299 {
		return nil, badTwiML(codeFetchFailed, "answered with HTTP %d", a.status)
	}
	media, _, err := mime.ParseMediaType(a.contentType)
	if err != nil || (media != "text/xml" && media != "application/xml" && media != "text/html") {
		return nil, badTwiML(codeContentType, "content type %q", a.contentType)
	}
	base, err := url.Parse(bare(from))
	if err != nil {
		return nil, badTwiML(codeFetchFailed, "%v", err)
	}
	return parseTwiML(a.body, base)
}

// bare is a URL without its fragment, as the client sees it.
func bare(raw string) string { return parseOverride(raw).target }
