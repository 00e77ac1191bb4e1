package simcarrier

import (
	"maps"
	"time"
)

// tally counts what the carrier did since it was started.
type tally struct {
	api, rejected, unanswered, throttled, serverErrors uint64
	fallbacks, scriptErrors                            uint64
	sent, lost, dropped, forged, duplicated            uint64
	byCode                                             map[int]uint64
	ends                                               map[state]uint64
}

func (n *tally) end(s state) {
	if n.ends == nil {
		n.ends = map[state]uint64{}
	}
	n.ends[s]++
}

func (n *tally) answer(fault string, status int) {
	if n.byCode == nil {
		n.byCode = map[int]uint64{}
	}
	switch fault {
	case FaultForged:
		n.forged++
		return
	case FaultDuplicate:
		n.duplicated++
	}
	n.sent++
	if status < 0 {
		n.lost++
		return
	}
	n.byCode[status]++
}

func (n *tally) trouble(b trouble) {
	if b.throttle {
		n.throttled++
	} else if b.server {
		n.serverErrors++
	}
}

func (c *Carrier) count(add func(n *tally)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.tally)
}

// Stats is what a carrier is doing and has done since it was started.
type Stats struct {
	Now          time.Time         `json:"now"`
	Live         int               `json:"live"`    // calls that are not over
	Due          int               `json:"due"`     // things still to happen by themselves
	Sending      bool              `json:"sending"` // requests to the client wait or are under way
	Known        int               `json:"known"`   // calls and legs remembered
	Ended        map[string]uint64 `json:"ended"`   // calls and legs by final status
	Requests     uint64            `json:"requests"`
	Rejected     uint64            `json:"rejected"`
	Unanswered   uint64            `json:"unanswered"` // responses dropped
	Throttled    uint64            `json:"throttled"`
	ServerErrors uint64            `json:"server_errors"`
	Fallbacks    uint64            `json:"fallbacks"`
	ScriptErrors uint64            `json:"script_errors"`
	Webhooks     uint64            `json:"webhooks"` // tries answered or lost, without forged ones
	Lost         uint64            `json:"lost"`     // tries without an answer
	Dropped      uint64            `json:"dropped"`
	Duplicated   uint64            `json:"duplicated"`
	Forged       uint64            `json:"forged"`
	Answers      map[int]uint64    `json:"answers"` // of the client, by HTTP status
	Entries      uint64            `json:"entries"` // lines in the log
	Syncs        uint64            `json:"syncs"`
	LogError     string            `json:"log_error,omitempty"`
}

// Stats looks at the carrier.
func (c *Carrier) Stats() Stats {
	entries, syncs, err := c.log.position()
	c.mu.Lock()
	defer c.mu.Unlock()
	n := &c.tally
	s := Stats{
		Now: c.o.Clock.Now(), Live: c.live, Due: len(c.due), Sending: c.crew.busy(), Known: len(c.order),
		Ended: map[string]uint64{}, Requests: n.api, Rejected: n.rejected, Unanswered: n.unanswered, Throttled: n.throttled,
		ServerErrors: n.serverErrors, Fallbacks: n.fallbacks, ScriptErrors: n.scriptErrors, Webhooks: n.sent, Lost: n.lost,
		Dropped: n.dropped, Duplicated: n.duplicated, Forged: n.forged, Answers: map[int]uint64{}, Entries: entries, Syncs: syncs,
	}
	for status, count := range n.ends {
		s.Ended[string(status)] = count
	}
	maps.Copy(s.Answers, n.byCode)
	if err != nil {
		s.LogError = err.Error()
	}
	return s
}
