package bench

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of Twilio's signature
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// clients is how many webhooks are on their way at once, as many as a carrier
// of some size would send.
const clients = 128

// hooks measures W3: signed status webhooks over HTTP, each durable before its
// answer.
func hooks(ctx context.Context, o Options) (h Hooks, err error) {
	leads := max(1, o.Webhooks/len(states))
	r, err := newRig(ctx, o, leads)
	if err != nil {
		return h, fmt.Errorf("w3: %w", err)
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	calls, err := r.placeAll(ctx, leads)
	if err != nil {
		return h, fmt.Errorf("w3: %w", err)
	}
	return r.sendAll(ctx, calls)
}

// states are the webhooks of one call, in order.
var states = []string{"ringing", "busy"}

type call struct{ sid, to, from, statusURL string }

// placeAll lets the engine place every call and waits until it has.
func (r *rig) placeAll(ctx context.Context, leads int) ([]call, error) {
	placed := make(chan call, leads)
	tell := func(sid, to, from, url string) {
		plain, _, _ := strings.Cut(url, "#")
		select {
		case placed <- call{sid, to, from, plain}:
		default:
		}
	}
	r.carrier.accepted.Store(&tell)
	if _, err := r.api.Act(ctx, r.cadence, "activate"); err != nil {
		return nil, err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	stuck := make(chan error, 1)
	go func() { stuck <- stalled(work, func() int { return int(r.carrier.made.Load()) }) }()
	calls := make([]call, 0, leads)
	for len(calls) < leads {
		select {
		case c := <-placed:
			calls = append(calls, c)
		case err := <-stuck:
			return nil, err
		case err := <-r.app.Failed():
			return nil, err
		}
	}
	return calls, nil
}

func (r *rig) sendAll(ctx context.Context, calls []call) (Hooks, error) {
	sender := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}
	defer sender.CloseIdleConnections()
	m := &results{want: len(calls) * len(states), done: make(chan struct{})}
	var next atomic.Int64
	var group sync.WaitGroup
	began := clock.System{}.Mono()
	for range clients {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(calls) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				for seq, status := range states {
					from := clock.System{}.Mono()
					err := post(ctx, sender, calls[i], status, seq+1)
					m.add(clock.System{}.Mono()-from, err)
				}
			}
		})
	}
	group.Wait()
	took := clock.System{}.Mono() - began
	return Hooks{
		Webhooks: m.want, Seconds: took.Seconds(), WebhooksPerSecond: float64(m.want) / took.Seconds(), Clients: clients, Answer: spread(m.took),
	}, errors.Join(m.err, ctx.Err())
}

func post(ctx context.Context, sender *http.Client, c call, status string, seq int) error {
	form := url.Values{
		"AccountSid": {accountSID}, "ApiVersion": {"2010-04-01"}, "CallSid": {c.sid}, "CallStatus": {status}, "To": {c.to}, "From": {c.from},
		"Called": {c.to}, "Caller": {c.from}, "Direction": {"outbound-api"}, "CallbackSource": {"call-progress-events"},
		"SequenceNumber": {fmt.Sprint(seq)}, "Timestamp": {noon().Format(time.RFC1123Z)},
	}
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.statusURL, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", sign(c.statusURL, form))
	answer, err := sender.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a webhook was answered %d", answer.StatusCode)
	}
	return nil
}

// sign is Twilio's signature of a form: the URL and the parameters by name,
// under HMAC-SHA-1.
func sign(url string, form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(authToken))
	io.WriteString(mac, url)
	for _, name := range names {
		io.WriteString(mac, name+form.Get(name))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
