package dashboard_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// closedAttempts is a ledger with so many calls, a second apart up to tuesday.
// The oldest was busy; nobody answered the others.
func closedAttempts(t *testing.T, n int) *memory.Ledger {
	t.Helper()
	store := memory.New()
	tenure, err := store.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	id := func(kind byte, n int) cadence.ID {
		return cadence.NewID(7, [14]byte(binary.BigEndian.AppendUint64([]byte{kind, 0, 0, 0, 0, 0}, uint64(n))))
	}
	var facts []event.Fact
	for i := range n {
		at, code := tuesday.Add(time.Duration(i-n)*time.Second).UnixMilli(), cadence.DispositionCode("NO_ANSWER")
		if i == 0 {
			code = "BUSY"
		}
		facts = append(facts,
			&event.Intended{Attempt: id('a', i), Token: event.Token{1, byte(i >> 8), byte(i)}, Lead: id('l', i), Cadence: id('c', 0), At: at, From: "+13035550100"},
			&event.AttemptEnded{Attempt: id('a', i), State: event.Ended, Code: code, At: at})
		if len(facts) == 2000 || i == n-1 {
			if err := upgrade.Commit(t.Context(), store, tenure, facts, nil); err != nil {
				t.Fatal(err)
			}
			facts = nil
		}
	}
	return store.Clone()
}

// A search that finds little is told in parts: a page is empty, and still says
// where the next one goes on, until the one call is found and there is no more.
func TestRareAttemptsAreFoundInParts(t *testing.T) {
	r := newRig(t, func(r *rig) { r.store = closedAttempts(t, 20_010) })
	const search = "/v1/attempts?disposition=BUSY&limit=10"
	first := r.call(200, "GET", search, "")
	if items := first.get(t, "items").([]any); len(items) != 0 {
		t.Fatalf("%d of the newest 20,000 calls match", len(items))
	}
	second := r.call(200, "GET", search+"&cursor="+first.text(t, "next"), "")
	if items := second.get(t, "items").([]any); len(items) != 1 || second.get(t, "next") != nil {
		t.Errorf("behind them %d match, and next is %v", len(items), second.get(t, "next"))
	}
	if all := r.call(200, "GET", "/v1/attempts?limit=10", ""); len(all.get(t, "items").([]any)) != 10 {
		t.Errorf("a full page: %v", all.get(t, "items"))
	}
}
