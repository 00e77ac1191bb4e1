package dialer_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/telephony"
)

// Each outer condition closes the gate with its own reason, and opens it again.
func TestLiveGate(t *testing.T) {
	for _, reason := range []string{dialer.ReasonDisk, dialer.ReasonRestored, dialer.ReasonPublicURL, dialer.ReasonAccount, dialer.ReasonConfig, dialer.ReasonClock} {
		t.Run(reason, func(t *testing.T) {
			bubble(t, func(t *testing.T, spool string) {
				var bad atomic.Bool
				bad.Store(true)
				ln := &line{}
				wall := clockAhead{}
				health := func() (h ledger.Health) {
					if bad.Load() && reason == dialer.ReasonDisk {
						h.Low = true
					}
					if bad.Load() && reason == dialer.ReasonRestored {
						h.Suspicious = []string{"restored"}
					}
					return h
				}
				ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
					scope := map[string]telephony.Scope{dialer.ReasonAccount: telephony.ScopeAccount, dialer.ReasonConfig: telephony.ScopeConfig}[reason]
					if bad.Load() && scope != "" {
						return telephony.Placed{}, &telephony.Error{Class: telephony.Rejected, Scope: scope, Reason: "refused"}
					}
					return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
				}
				l := startLive(t, liveOptions{spool: spool, line: ln, with: func(o *dialer.Options) {
					o.Health, o.Pacing.CPS = health, 2
					if reason == dialer.ReasonPublicURL {
						o.Probe = func(context.Context) error {
							if bad.Load() {
								return errors.New("refused")
							}
							return nil
						}
					}
					if reason == dialer.ReasonClock {
						o.Guard, o.Wall = true, &wall
					}
				}})
				if reason == dialer.ReasonClock {
					sleep(time.Second)
					wall.by.Store(int64(time.Minute))
				}
				sleep(time.Second)
				l.leads(10)
				sleep(10 * time.Second)
				tried := 0
				if reason == dialer.ReasonAccount || reason == dialer.ReasonConfig {
					tried = 2 // those sent before the first refusal came in
				}
				if n, d := ln.calls(), l.engine.Status().Doubt; n > tried || d.Reason != reason || d.Detail == "" {
					t.Errorf("%d calls, doubt %+v", n, d)
				}
				bad.Store(false)
				if reason == dialer.ReasonClock {
					l.engine.AcceptClock()
				}
				sleep(90 * time.Second)
				if n, d := ln.calls(), l.engine.Status().Doubt; n < 10 || d.Reason != "" {
					t.Errorf("afterwards %d calls, doubt %+v", n, d)
				}
				if err := l.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
