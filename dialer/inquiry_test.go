package dialer_test

import (
	"context"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// listing is a carrier that only lists calls and their requests.
type listing struct {
	telephony.Carrier
	calls    []telephony.Call
	requests map[string][]string
}

func (l listing) Find(context.Context, telephony.Query) ([]telephony.Call, error) {
	return l.calls, nil
}

func (l listing) Requests(_ context.Context, call string) ([]string, error) {
	return l.requests[call], nil
}

// A call that is over and whose requests were all lost names nobody for ever:
// it must not hold the attempt, and with it the number, unknown for ever. One
// under way may still make its first request.
func TestSearchCountsOnlyWhatMayStillSpeak(t *testing.T) {
	var id, other cadence.ID
	id[5], other[5] = 1, 2
	path := func(of cadence.ID) []string { return []string{"https://x.example/twilio/status/" + of.Bare() + "/mac"} }
	for name, c := range map[string]struct {
		status   telephony.Status
		requests []string
		unbound  int
		ours     bool
	}{
		"silent and queued":       {telephony.StatusQueued, nil, 1, false},
		"silent and in progress":  {telephony.StatusInProgress, nil, 1, false},
		"silent and over":         {telephony.StatusBusy, nil, 0, false},
		"named us":                {telephony.StatusBusy, path(id), 0, true},
		"named us, behind a path": {telephony.StatusBusy, []string{"https://x.example/twilio/twilio/status/" + id.Bare() + "/mac"}, 0, true},
		"named somebody else":     {telephony.StatusQueued, path(other), 0, false},
		"asked for another thing": {telephony.StatusRinging, []string{"https://x.example/elsewhere"}, 1, false},
	} {
		l := listing{calls: []telephony.Call{{ID: "CA1", Status: c.status}}, requests: map[string][]string{"CA1": c.requests}}
		m := dialer.Inquire(t.Context(), l, dialer.Look{Attempt: id, Kind: dialer.LookFind}, 7)
		if m.Unbound != c.unbound || (m.Ours != nil) != c.ours || !m.Complete || m.Err != "" || m.At != 7 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
