package bench

import (
	"fmt"
	"slices"
	"strings"
)

// Share is how much of a profile one part of the product took.
type Share struct {
	Part  string  `json:"part"`
	Share float64 `json:"share"` // 0 to 1
}

// parts say which part a function belongs to, by a piece of its name. The
// innermost function that is in the list decides for a whole stack.
var parts = []struct{ part, name string }{
	{"garbage collector", "runtime.gcBgMarkWorker"},
	{"garbage collector", "runtime.gcAssistAlloc"},
	{"garbage collector", "runtime.bgsweep"},
	{"codec", "fxamacker/cbor"},
	{"codec", "dialer/state.Encode"},
	{"codec", "dialer/state.Decode"},
	{"codec", "dialer/event.Encode"},
	{"codec", "dialer/event.Decode"},
	{"codec", "dialer/wire"},
	{"ledger", "dgraph-io/badger"},
	{"ledger", "dialer/ledger"},
	{"fold and view", "dialer/state."},
	{"permit", "dialer/permit"},
	{"pacer and wheel", "dialer/pacing"},
	{"pacer and wheel", "dialer/wheel"},
	{"decide", "dialer.(*Core)"},
	{"decide", "carillon/routing"},
	{"decide", "cadence/window"},
	{"HTTP in", "carillon/dashboard"},
	{"HTTP in", "cloudwego"},
	{"HTTP in", "twilio.(*Webhooks)"},
	{"HTTP in", "twilio.(*Verifier)"},
	{"HTTP out", "telephony/twilio"},
	{"HTTP out", "twilio/twilio-go"},
	{"HTTP out", "net/http"},
	{"turn and engine", "carillon/dialer."},
	{"import", "cadence/leadfile"},
	{"import", "cadence."},
	{"bench", "cmd/internal/bench"},
}

func partOf(stack []string) string {
	for _, f := range stack {
		for i := range parts {
			if strings.Contains(f, parts[i].name) {
				return parts[i].part
			}
		}
	}
	return "runtime: scheduler, network poller"
}

// readShares adds up a CPU profile by part, the largest first.
func readShares(path string) ([]Share, error) {
	p, err := readProfile(path)
	if err != nil {
		return nil, fmt.Errorf("read the profile %s: %w", path, err)
	}
	sums, total := map[string]int64{}, int64(0)
	for _, s := range p.samples {
		var stack []string
		for _, at := range s.stack {
			for _, f := range p.locations[at] {
				stack = append(stack, p.text(p.functions[f]))
			}
		}
		sums[partOf(stack)] += s.value
		total += s.value
	}
	var all []Share
	for part, sum := range sums {
		all = append(all, Share{part, float64(sum) / float64(max(1, total))})
	}
	slices.SortFunc(all, func(a, b Share) int {
		if a.Share != b.Share {
			if a.Share > b.Share {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Part, b.Part)
	})
	return all, nil
}
