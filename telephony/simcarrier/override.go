package simcarrier

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// override is how a request to the client is made: the connection overrides
// in the fragment of its URL.
type override struct {
	target  string // the URL without its fragment, as requested and signed
	connect time.Duration
	read    time.Duration
	total   time.Duration
	retries int
	policy  map[string]bool // connect failures "ct", read timeouts "rt", "4xx", "5xx", "all"
}

// Twilio's defaults and limits for requests to a client, all in real time:
// one retry, after connection failures only, and 15 s in all.
const (
	defaultConnect = 5 * time.Second
	maxConnect     = 10 * time.Second
	maxRead        = 15 * time.Second
	maxTotal       = 15 * time.Second
	minTimeout     = 100 * time.Millisecond
	defaultRetries = 1
	maxRetries     = 5
	// firstPause is the wait before the first retry; each further one is
	// twice as long. Twilio does not document its own.
	firstPause = 100 * time.Millisecond
)

// parseOverride reads "#rc=3&rp=5xx,ct,rt&ct=2000&rt=5000&tt=10000". What is
// out of range or unknown is ignored.
func parseOverride(raw string) override {
	target, fragment, _ := strings.Cut(raw, "#")
	o := override{target: target, connect: defaultConnect, read: maxRead, total: maxTotal, retries: defaultRetries, policy: map[string]bool{"ct": true}}
	values, err := url.ParseQuery(fragment)
	if err != nil {
		return o
	}
	span := func(name string, into *time.Duration, most time.Duration) {
		n, err := strconv.Atoi(values.Get(name))
		if d := time.Duration(n) * time.Millisecond; err == nil && d >= minTimeout && d <= most {
			*into = d
		}
	}
	span("ct", &o.connect, maxConnect)
	span("rt", &o.read, maxRead)
	span("tt", &o.total, maxTotal)
	if n, err := strconv.Atoi(values.Get("rc")); err == nil && n >= 0 && n <= maxRetries {
		o.retries = n
	}
	if rp := values.Get("rp"); rp != "" {
		o.policy = map[string]bool{}
		for p := range strings.SplitSeq(rp, ",") {
			o.policy[strings.TrimSpace(p)] = true
		}
	}
	return o
}

// retry reports whether a failure of the given class is tried again after
// the try-th request.
func (o *override) retry(class string, try int) bool {
	return class != "" && try <= o.retries && (o.policy["all"] || o.policy[class])
}
