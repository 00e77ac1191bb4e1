package api

import (
	"context"
	"net/http"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// Setting is one key of the configuration that the process was started with.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"` // of a secret only whether it is set
	Default bool   `json:"default"`
	Env     string `json:"env"`
	About   string `json:"about"`
}

type settingsAnswer struct {
	Settings  []Setting  `json:"settings"`
	Retention []retained `json:"retention"`
	Account   bool       `json:"account_check"`
}

// retained says how long something is kept; nil is for good.
type retained struct {
	What    string `json:"what"`
	Seconds *int64 `json:"seconds"`
	Until   string `json:"until"`
}

// retention is what the program does today; what is kept for good has no
// number here either.
var retention = []retained{
	{"Calls with their permits, costs and dispositions", nil, "for good; erasing a person leaves them by token only"},
	{"Do-not-call marks and their history", nil, "for good, outside the ledger too (dnc.log)"},
	{"Consents, what was taken back, and their history", nil, "for good; proofs go with the person"},
	{"Audit log", nil, "for good; nothing takes an entry away"},
	{"Rule packs that were ever in force", nil, "for good, so that every permit can be judged again"},
	{"Leads", nil, "until they are erased"},
	{"Recordings", nil, "until they are deleted, which no cadence that plays them allows"},
	{"The ledger's log: the story of a call, event by event", lasting(dialer.LogKeep), "then a call keeps what its row tells"},
	{"Figures that a number is judged by", lasting(state.CallerDays * 24 * time.Hour), "day by day"},
	{"Answers to requests with an Idempotency-Key", lasting(keepAnswers), "then a repeat is a new request"},
	{"Sessions", lasting(dialer.SessionEnds), "sooner without use, or when somebody signs out"},
	{"Files of leads and of numbers", nil, "until their last line is taken in"},
}

func lasting(d time.Duration) *int64 { return new(int64(d / time.Second)) }

func (a *API) getSettings(*request) (answer, error) {
	return ok(settingsAnswer{append([]Setting{}, a.settings...), retention, a.account != nil})
}

type accountAnswer struct {
	CheckedAt string           `json:"checked_at"` // real time
	OK        bool             `json:"ok"`
	Findings  []accountFinding `json:"findings"`
}

type accountFinding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

// accountFor bounds a look at the carrier's account: less than an answer may
// take.
const accountFor = 25 * time.Second

// checkAccount asks the carrier what `carillon doctor --twilio` does. One asks
// at a time.
func (a *API) checkAccount(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	if a.account == nil {
		return answer{}, NewFault(dialer.CodeUnavailable, "", "this server has no carrier account to ask about")
	}
	if !a.asking.TryLock() {
		return answer{}, NewFault(dialer.CodeConflict, "", "the carrier is being asked already; wait for its answer")
	}
	defer a.asking.Unlock()
	ctx, cancel := context.WithTimeout(ctx, accountFor)
	defer cancel()
	report := a.account(ctx)
	out := accountAnswer{CheckedAt: at(a.real.Now().UnixMilli()), OK: report.OK(), Findings: []accountFinding{}}
	for _, f := range report {
		out.Findings = append(out.Findings, accountFinding{f.Name, f.OK, f.Detail, f.Remedy})
	}
	return answer{status: http.StatusOK, body: out}, nil
}

// AccountCheck asks the carrier about the account.
type AccountCheck func(context.Context) twilio.Report
