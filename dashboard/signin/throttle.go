package signin

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// How often a sign-in may fail before it has to wait, and how long then: twice
// as long after each further failure. An account waits at most minutes, so
// that nobody can be kept out for long by somebody else's guesses.
const (
	freeOfAccount  = 5
	freeOfAddress  = 20
	firstWait      = time.Second
	longestAccount = 5 * time.Minute
	longestAddress = 15 * time.Minute
	forgetAfter    = time.Hour
	// maxTracked bounds what is remembered; beyond it the longest quiet is
	// forgotten.
	maxTracked = 20_000
)

// Throttled says that a sign-in has to wait.
type Throttled struct{ Wait time.Duration }

func (t *Throttled) Error() string {
	return fmt.Sprintf("too many attempts failed; wait %s", t.Wait.Round(time.Second))
}

// throttle remembers failed sign-ins by account and by address. What it knows
// is gone after a restart, which nobody outside can bring about.
type throttle struct {
	mu    sync.Mutex
	tries map[string]*tries
}

type tries struct {
	failed int
	last   time.Duration // monotonic
	before time.Duration // the one before it
}

func newThrottle() *throttle { return &throttle{tries: map[string]*tries{}} }

// limit is one thing that is counted.
type limit struct {
	key     string
	free    int
	longest time.Duration
}

func limitsOf(account, address string) []limit {
	return []limit{{"account " + account, freeOfAccount, longestAccount}, {"address " + network(address), freeOfAddress, longestAddress}}
}

// network is what an address counts as: of IPv6 the /64, which is what one
// customer, or one machine of theirs, has at least to draw addresses from.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// enter says how long to wait, or counts the attempt as failed until ok is
// called: attempts that run beside each other count as well.
func (t *throttle) enter(now time.Duration, limits []limit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for _, l := range limits {
		wait = max(wait, t.wait(now, l))
	}
	if wait > 0 {
		return &Throttled{wait}
	}
	for _, l := range limits {
		x := t.tries[l.key]
		if x == nil {
			t.makeRoom()
			x = &tries{}
			t.tries[l.key] = x
		}
		x.failed++
		x.before, x.last = x.last, now
	}
	return nil
}

func (t *throttle) wait(now time.Duration, l limit) time.Duration {
	x := t.tries[l.key]
	if x == nil {
		return 0
	}
	if now-x.last > forgetAfter {
		delete(t.tries, l.key)
		return 0
	}
	if x.failed < l.free {
		return 0
	}
	pause := l.longest
	if n := x.failed - l.free; n < 20 {
		pause = min(firstWait<<n, l.longest)
	}
	return max(0, x.last+pause-now)
}

// ok forgets the failures of an account, and takes back the one that enter
// counted against the address.
func (t *throttle) ok(limits []limit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, limits[0].key)
	t.back(limits[1:])
}

// unchecked takes back what enter counted at an instant: the password was not
// looked at, and whoever has waited need not wait again.
func (t *throttle) unchecked(limits []limit, entered time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.back(limits)
	for _, l := range limits {
		if x := t.tries[l.key]; x != nil && x.last == entered {
			x.last = x.before
		}
	}
}

func (t *throttle) back(limits []limit) {
	for _, l := range limits {
		if x := t.tries[l.key]; x != nil && x.failed > 0 {
			x.failed--
		}
	}
}

// makeRoom forgets whoever has been quiet the longest when there are too many.
func (t *throttle) makeRoom() {
	if len(t.tries) < maxTracked {
		return
	}
	var oldest string
	for key, x := range t.tries {
		if oldest == "" || x.last < t.tries[oldest].last {
			oldest = key
		}
	}
	delete(t.tries, oldest)
}
