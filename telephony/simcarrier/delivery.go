package simcarrier

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// delivery is one request to the client, with all its tries.
type delivery struct {
	call   *call
	method string
	to     override
	form   url.Values
	key    string // what it is signed with
	token  string // the same on every try
	fault  string
	limit  int64 // of the answer's body; 0: a script's
}

// answer is what the client answered last.
type answer struct {
	status      int // 0 when err is set
	contentType string
	body        []byte
	err         error
	cut         bool // the carrier closed, or its log failed: nothing is known
}

func (c *Carrier) newDelivery(k *call, what, target, method string, form url.Values) *delivery {
	return &delivery{
		call: k, method: method, to: parseOverride(target), form: form, key: c.o.AuthToken,
		token: c.newSID("", "delivery", k.sid, what),
	}
}

// newPool is a pool of connections that does not turn them over under load.
func newPool(size int) *http.Transport {
	dialer := &net.Dialer{}
	return &http.Transport{
		MaxIdleConns: size, MaxIdleConnsPerHost: size, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: maxConnect, DisableCompression: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			within, ok := ctx.Value(connectWithin{}).(time.Duration)
			if !ok {
				within = defaultConnect
			}
			ctx, cancel := context.WithTimeout(ctx, within)
			defer cancel()
			return dialer.DialContext(ctx, network, addr)
		},
	}
}

// connectWithin carries a request's connect timeout to the dialer.
type connectWithin struct{}

// send makes a request, and again as its connection overrides say. Each try
// is in the log before its first byte is sent.
func (c *Carrier) send(d *delivery) answer {
	ctx, cancel := context.WithTimeout(c.calling, d.to.total)
	defer cancel()
	ctx = context.WithValue(ctx, connectWithin{}, d.to.connect)
	pause := firstPause
	for try := 1; ; try++ {
		if c.logTry(d, try, 0).wait() != nil || c.calling.Err() != nil {
			return answer{cut: true}
		}
		from := c.o.Clock.Now()
		a := c.request(ctx, d)
		if c.calling.Err() != nil {
			return answer{cut: true}
		}
		c.logAnswer(d, try, from, a)
		if !d.to.retry(failure(a), try) || !sleep(ctx, pause) {
			return a
		}
		pause *= 2
	}
}

// request makes one try.
func (c *Carrier) request(ctx context.Context, d *delivery) answer {
	ctx, cancel := context.WithTimeout(ctx, d.to.connect+d.to.read)
	defer cancel()
	req, err := c.build(ctx, d)
	if err != nil {
		return answer{err: err}
	}
	res, err := c.webhooks.Do(req) //nolint:gosec // a carrier calls the URLs its client names
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	limit := d.limit
	if limit == 0 {
		limit = maxTwiML
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return answer{err: err}
	}
	return answer{status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: body}
}

func (c *Carrier) build(ctx context.Context, d *delivery) (*http.Request, error) {
	target, body, signed := d.to.target, d.form.Encode(), d.form
	if d.method == http.MethodGet && len(d.form) == 0 {
		signed = nil
	} else if d.method == http.MethodGet {
		join := "?"
		if strings.Contains(target, "?") {
			join = "&"
		}
		target, body, signed = target+join+body, "", nil
	}
	req, err := http.NewRequestWithContext(ctx, d.method, target, strings.NewReader(body)) //nolint:gosec // a carrier calls the URLs its client names
	if err != nil {
		return nil, err
	}
	if d.method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	req.Header.Set("X-Twilio-Signature", sign(d.key, target, signed))
	req.Header.Set("I-Twilio-Idempotency-Token", d.token)
	return req, nil
}

// logTry appends the line of a try, with the answer's status when it is in.
func (c *Carrier) logTry(d *delivery, try, status int) receipt {
	k := d.call
	e := Entry{
		T: c.o.Clock.Now(), RealMS: c.o.Clock.Mono().Milliseconds(), Ev: Webhook, Call: k.sid, Token: k.token,
		URL: d.to.target, Try: try, HTTP: status, Fault: d.fault,
		Status: d.form.Get("CallStatus"), By: d.form.Get("AnsweredBy"), Digits: d.form.Get("Digits"),
	}
	if k.parent != nil {
		e.Parent = k.parent.sid
	}
	return c.log.append(e)
}

func (c *Carrier) logAnswer(d *delivery, try int, from time.Time, a answer) {
	status := a.status
	if a.err != nil {
		status = -1
	}
	c.logTry(d, try, status)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally.answer(d.fault, status)
	if d.fault == FaultForged {
		return // the real carrier knows nothing of it
	}
	d.call.requests = append(d.call.requests, request{method: d.method, url: d.to.target, status: a.status, at: from, took: c.o.Clock.Now().Sub(from)})
}

// failure is the class of a failed try in the words of the retry policy,
// empty for a success.
func failure(a answer) string {
	var op *net.OpError
	switch {
	case a.err != nil && errors.As(a.err, &op) && op.Op == "dial":
		return "ct"
	case a.err != nil && errors.Is(a.err, context.DeadlineExceeded):
		return "rt"
	case a.err != nil:
		return "broken" // after the connection stood: only "all" tries again
	case a.status >= 500:
		return "5xx"
	case a.status >= 400:
		return "4xx"
	}
	return ""
}

// sleep waits in real time; false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	wait, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-wait.Done()
	return ctx.Err() == nil
}
