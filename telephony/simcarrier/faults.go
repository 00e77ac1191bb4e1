package simcarrier

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Faults says what goes wrong, as probabilities. The zero value is a carrier
// that works. Each fault is drawn by address (seed, call or number, which
// request), so that the same run meets the same faults.
type Faults struct {
	// DropResponse: a request to place or change a call is carried out and
	// the connection closed without an answer.
	DropResponse float64 `json:"drop_response,omitempty"`
	// Delay holds back callbacks and script requests, on the carrier's clock.
	Delay Lag `json:"delay,omitzero"`
	// Duplicate: a callback or script request is made twice.
	Duplicate float64 `json:"duplicate,omitempty"`
	// Reorder: a status callback is sent after the next one of its call; the
	// final one, one to five seconds late on the carrier's clock.
	Reorder float64 `json:"reorder,omitempty"`
	// DropWebhook: a status or detection callback is never sent.
	DropWebhook float64 `json:"drop_webhook,omitempty"`
	// Forge: before a status callback, one that claims another outcome is
	// sent to the same URL with a signature made with a wrong token.
	Forge float64 `json:"forge,omitempty"`
	// HTTP429: an API request is refused unseen, code 20429.
	HTTP429 float64 `json:"http_429,omitempty"`
	// HTTP5xx: an API request is answered 500 or 503; a call to be placed is
	// placed all the same in half of the cases.
	HTTP5xx float64 `json:"http_5xx,omitempty"`
	// Slow holds back API answers, in real time, after the request has been
	// carried out.
	Slow Lag `json:"slow,omitzero"`
	// ListLag keeps a new call out of lists for a while, on the carrier's
	// clock: the real resource is eventually consistent too.
	ListLag Lag `json:"list_lag,omitzero"`
}

// Lag is a wait that happens with probability P and is drawn from MS[0] to
// MS[1] milliseconds.
type Lag struct {
	P  float64 `json:"p"`
	MS [2]int  `json:"ms"`
}

// IsZero reports whether the lag never happens.
func (l Lag) IsZero() bool { return l.P == 0 }

// ParseFaults reads the JSON form of Faults. Unknown fields are errors.
func ParseFaults(raw []byte) (Faults, error) {
	var f Faults
	if err := strictJSON(raw, &f); err != nil {
		return Faults{}, fmt.Errorf("faults: %w", err)
	}
	return f, f.Validate()
}

// maxLagMS bounds every wait of a fault.
const maxLagMS = 60 * 60 * 1000

// Validate reports everything that is wrong.
func (f *Faults) Validate() error {
	var errs []error
	for _, p := range []struct {
		name string
		p    float64
	}{
		{"drop_response", f.DropResponse},
		{"delay.p", f.Delay.P},
		{"duplicate", f.Duplicate},
		{"reorder", f.Reorder},
		{"drop_webhook", f.DropWebhook},
		{"forge", f.Forge},
		{"http_429", f.HTTP429},
		{"http_5xx", f.HTTP5xx},
		{"slow.p", f.Slow.P},
		{"list_lag.p", f.ListLag.P},
	} {
		if !(p.p >= 0 && p.p <= 1) {
			errs = append(errs, fmt.Errorf("faults: %s: want a probability from 0 to 1, have %v", p.name, p.p))
		}
	}
	for _, l := range []struct {
		name string
		lag  Lag
	}{{"delay", f.Delay}, {"slow", f.Slow}, {"list_lag", f.ListLag}} {
		if l.lag.MS[0] < 0 || l.lag.MS[1] < l.lag.MS[0] || l.lag.MS[1] > maxLagMS {
			errs = append(errs, fmt.Errorf("faults: %s.ms: want [from, to] with 0 ≤ from ≤ to ≤ %d, have %v", l.name, maxLagMS, l.lag.MS))
		}
	}
	return errors.Join(errs...)
}

func (l Lag) draw(r *rand.Rand) time.Duration {
	happens, wait := r.Float64() < l.P, between(r, time.Duration(l.MS[0])*time.Millisecond, time.Duration(l.MS[1])*time.Millisecond)
	if !happens {
		return 0
	}
	return wait
}

// mishaps is what befalls one request to the client.
type mishaps struct {
	drop, duplicate, reorder, forge bool
	late                            time.Duration // of Reorder on a final callback
	delay                           time.Duration
}

// callback draws the mishaps of one request to the client.
func (f *Faults) callback(seed uint64, call, what string, seq int) mishaps {
	r := chance(seed, "callback", call, what, itoa(seq))
	return mishaps{
		drop:      r.Float64() < f.DropWebhook,
		duplicate: r.Float64() < f.Duplicate,
		reorder:   r.Float64() < f.Reorder,
		forge:     r.Float64() < f.Forge,
		late:      between(r, time.Second, 5*time.Second),
		delay:     f.Delay.draw(r),
	}
}

// trouble is what befalls one API request.
type trouble struct {
	throttle, server, html, before, drop bool
	slow                                 time.Duration
}

// request draws the trouble of the n-th API request with this address.
func (f *Faults) request(seed uint64, address string, n int) trouble {
	r := chance(seed, "request", address, itoa(n))
	return trouble{
		throttle: r.Float64() < f.HTTP429,
		server:   r.Float64() < f.HTTP5xx,
		html:     r.Float64() < 0.5,
		before:   r.Float64() < 0.5,
		drop:     r.Float64() < f.DropResponse,
		slow:     f.Slow.draw(r),
	}
}
