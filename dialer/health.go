package dialer

import (
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/telephony"
)

// The reasons for which dialing stops by itself: a closed set, used as a
// metric label.
const (
	ReasonKillSwitch = "stopped"    // somebody threw the switch
	ReasonDisk       = "disk_full"  // free space is below the minimum
	ReasonRestored   = "restored"   // the ledger is not the one last written
	ReasonClock      = "clock"      // the wall clock cannot be trusted
	ReasonPublicURL  = "public_url" // we cannot reach ourselves through it
	ReasonScripts    = "scripts"    // answered calls do not fetch their script
	ReasonAccount    = "account"    // the carrier refuses the account
	ReasonConfig     = "config"     // the carrier refuses what we send
	ReasonPacks      = "packs"      // there are no rules to judge calls by
	ReasonStopping   = "stopping"   // shutting down
	ReasonMoney      = "spend_cap"  // the day's money is spent
	ReasonStarting   = "starting"   // the first self-probe has not come back
	ReasonElsewhere  = "elsewhere"  // the shard that has the number does not dial
)

const (
	// probeGood is how long a self-probe counts (real time).
	probeGood = 60 * time.Second
	// accountRest is how long dialing rests after the carrier refused the
	// account; then one call tries it again.
	accountRest = 30 * time.Second
	// scriptMisses in a row stop dialing, and so does scriptShare of the last
	// scriptSample answered calls.
	scriptMisses = 3
	scriptSample = 100
	scriptShare  = 0.05
)

// health gathers the reasons why nothing may be dialed. Every part is told
// from somewhere else; reason reads them all.
type health struct {
	mu       sync.Mutex
	probed   bool // there is a probe to pass
	probeAt  time.Duration
	probeOK  bool
	probeErr string
	refused  time.Duration // real time until which the account rests
	refusal  string
	why      string
	misses   int
	answered int
	missed   int
	scripts  bool
	guard    clock.Guard
	guardOK  bool
	guardWhy string
	asked    bool          // the carrier's time was asked for …
	askedAt  time.Duration // … and when last
	ledger   func() ledger.Health
}

// Doubt is why nothing is dialed: a reason of the closed set and a sentence.
type Doubt struct{ Reason, Detail string }

// doubt returns the first reason not to dial, zero when there is none.
func (h *health) doubt(mono time.Duration) Doubt {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ledger != nil {
		l := h.ledger()
		if len(l.Suspicious) > 0 {
			return Doubt{ReasonRestored, l.Suspicious[0]}
		}
		if l.Low {
			return Doubt{ReasonDisk, "free disk space is below storage.min_free"}
		}
	}
	switch {
	case !h.guardOK:
		return Doubt{ReasonClock, h.guardWhy}
	case h.probed && h.probeAt == 0:
		return Doubt{ReasonStarting, "waiting for the first self-probe through public_url"}
	case h.probed && (!h.probeOK || mono-h.probeAt > probeGood):
		return Doubt{ReasonPublicURL, "the engine cannot reach itself through public_url: " + h.probeErr}
	case mono < h.refused:
		return Doubt{h.refusal, h.why}
	case h.scripts:
		return Doubt{ReasonScripts, "answered calls do not fetch their script; check public_url and the hooks listener"}
	}
	return Doubt{}
}

// observe checks the wall clock against the monotonic one and the log.
func (h *health) observe(wall time.Time, mono time.Duration, lastRecord time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guardOK, h.guardWhy = h.guard.Observe(wall, mono, lastRecord)
}

// probe takes the result of a self-probe. A good one also lets calls go again
// that stopped because scripts were not fetched.
func (h *health) probe(mono time.Duration, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.probeAt, h.probeOK, h.probeErr = max(mono, 1), err == nil, ""
	if err != nil {
		h.probeErr = err.Error()
		return
	}
	if h.scripts {
		h.scripts, h.misses, h.answered, h.missed = false, 0, 0, 0
	}
}

// sent takes what the carrier said about one call.
func (h *health) sent(s *Sent, guarded bool, wall time.Time, mono time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if guarded && !s.Placed.Date.IsZero() {
		h.guard.CarrierDate(s.Placed.Date, wall, mono)
	}
	e := s.Err
	if e == nil || e.Class != telephony.Rejected {
		return
	}
	switch e.Scope {
	case telephony.ScopeAccount:
		h.refused, h.refusal, h.why = mono+accountRest, ReasonAccount, e.Error()
	case telephony.ScopeConfig:
		h.refused, h.refusal, h.why = mono+accountRest, ReasonConfig, e.Error()
	case telephony.ScopeNumber, telephony.ScopeCallerID, telephony.ScopeCountry:
	}
}

// dateEvery is how often the carrier's time is asked for while ours is in
// doubt (real time).
const dateEvery = 5 * time.Second

// clockDoubted reports whether it is time to ask the carrier for its time.
func (h *health) clockDoubted(mono time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.guardOK || h.asked && mono < h.askedAt+dateEvery {
		return false
	}
	h.asked, h.askedAt = true, mono
	return true
}

// carrierDate takes the carrier's time.
func (h *health) carrierDate(date, wall time.Time, mono time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guard.CarrierDate(date, wall, mono)
}

// ended watches whether answered calls ask for their script. One that ended
// while detection was still listening tells nothing.
func (h *health) ended(f *event.AttemptEnded) {
	if f.Result != telephony.ResultAnswered || !f.Judged && !f.Fetched {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answered++
	if f.Fetched {
		h.misses = 0
	} else {
		h.misses++
		h.missed++
	}
	if h.misses >= scriptMisses || h.answered >= scriptSample && float64(h.missed) > scriptShare*float64(h.answered) {
		h.scripts = true
	}
	if h.answered >= scriptSample {
		h.answered, h.missed = 0, 0
	}
}

// acceptClock trusts the wall clock as it is now.
func (h *health) acceptClock() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guard.Accept()
}
