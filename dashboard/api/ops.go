package api

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer"
)

// machineAnswer is the state of what dials. It names nobody: whoever keeps the
// machine going sees no people.
type machineAnswer struct {
	AsOf          string         `json:"as_of"`
	StartedAt     string         `json:"started_at"` // real time
	WindowSeconds int            `json:"window_seconds"`
	Dialing       Dialing        `json:"dialing"`
	Queue         machineQueue   `json:"queue"`
	Open          machineOpen    `json:"open"`
	Pace          machinePace    `json:"pace"`
	Lateness      machineSpread  `json:"lateness"`
	WebhookDelay  machineSpread  `json:"webhook_delay"`
	Requests      []machineCount `json:"requests"`
	Ledger        *machineLedger `json:"ledger"`
	Packs         machinePacks   `json:"packs"`
	Quarantined   uint64         `json:"quarantined"`
}

type machineQueue struct {
	Pending int64   `json:"pending"`
	Ready   int     `json:"ready"`
	NextDue *string `json:"next_due"`
	Orders  int     `json:"orders"`
	Most    int     `json:"orders_most"`
	Placing int     `json:"placing"`
	Placers int     `json:"placers"`
}

type machineOpen struct {
	Intent  int `json:"intent"`
	Unknown int `json:"unknown"`
	Placed  int `json:"placed"`
	Ringing int `json:"ringing"`
	Live    int `json:"live"`
	Closing int `json:"closing"`
	Stuck   int `json:"stuck"`
}

type machinePace struct {
	CPS       float64 `json:"cps"`
	Rate      float64 `json:"rate"`
	PerSecond float64 `json:"calls_per_second"`
	Channels  int     `json:"channels"`
	InUse     int     `json:"channels_in_use"`
}

// machineSpread is in seconds of the engine's time; null without any.
type machineSpread struct {
	Count int64    `json:"count"`
	P50   *float64 `json:"p50"`
	P95   *float64 `json:"p95"`
	P99   *float64 `json:"p99"`
	Max   *float64 `json:"max"`
}

type machineCount struct {
	Result string `json:"result"`
	Count  int64  `json:"count"`
	LastAt string `json:"last_at"` // real time
}

type machineLedger struct {
	Free       uint64   `json:"free_bytes"`
	MinFree    uint64   `json:"min_free_bytes"`
	Low        bool     `json:"low"`
	CommitP99  float64  `json:"commit_p99_seconds"`
	Repaired   []string `json:"repaired"`
	Suspicious []string `json:"suspicious"`
}

type machinePacks struct {
	Refused string `json:"refused"`
	Overdue int    `json:"overdue"`
}

func (a *API) getMachine(*request) (answer, error) {
	m, err := a.op.Machine()
	if err != nil {
		return answer{}, err
	}
	out := machineAnswer{
		AsOf: a.asOf(), StartedAt: at(a.started.UnixMilli()), WindowSeconds: int(dialer.RecentWindow / time.Second), Dialing: DialingOf(&m.Status),
		Queue: machineQueue{m.Pending, m.Ready, maybe(m.NextDue), m.Orders, m.OrdersMost, m.Placing, m.Placers},
		Open:  machineOpen{m.Calls.Intent, m.Calls.Unknown, m.Calls.Placed, m.Calls.Ringing, m.Calls.Live, m.Calls.Closing, m.Stuck},
		Pace:  machinePace{m.CPS, m.Rate, m.PerSecond, m.Channels, m.InFlight}, Lateness: spreadOf(&m.Lateness), WebhookDelay: spreadOf(&m.Delay),
		Requests: []machineCount{}, Packs: machinePacks{m.PacksAmiss, m.Overdue}, Quarantined: m.Quarantined,
	}
	for _, c := range m.Requests {
		out.Requests = append(out.Requests, machineCount{c.Name, c.N, at(c.Last.UnixMilli())})
	}
	if l := m.Ledger; l != nil {
		out.Ledger = &machineLedger{l.FreeBytes, l.MinFree, l.Low, l.CommitP99.Seconds(), texts(l.Repaired), texts(l.Suspicious)}
	}
	return ok(out)
}

func spreadOf(s *dialer.Spread) machineSpread {
	if s.Count == 0 {
		return machineSpread{}
	}
	seconds := func(d time.Duration) *float64 { return new(d.Seconds()) }
	return machineSpread{s.Count, seconds(s.P50), seconds(s.P95), seconds(s.P99), seconds(s.Max)}
}
