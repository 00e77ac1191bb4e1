package twilio

import (
	"context"
	"strconv"
	"time"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Bounds of a Dial, as Twilio states them, and how long detection may take
// before a call counts as answered by "unknown".
const (
	MinRing      = 5 * time.Second
	MaxRing      = 600 * time.Second
	MaxTimeLimit = 24 * time.Hour
	amdTimeout   = 30 // seconds; Twilio's own default, said so that it cannot change under us
)

// Place implements telephony.Carrier. Besides a refusal of the carrier it
// rejects, with scope config and without sending, a Dial that is incomplete.
func (c *Client) Place(ctx context.Context, d telephony.Dial) (telephony.Placed, error) {
	if fault := checkDial(d); fault != "" {
		return telephony.Placed{}, &telephony.Error{
			Class: telephony.Rejected, Retryable: true,
			Scope: telephony.ScopeConfig, Reason: ReasonParameter, Message: fault,
		}
	}
	if err := ctx.Err(); err != nil {
		return telephony.Placed{}, &telephony.Error{
			Class: telephony.NotSent, Reason: ReasonCanceled,
			Message: "the request was given up", Err: err,
		}
	}
	api, x := c.api(ctx)
	x.brief = true
	call, err := api.CreateCall(c.params(d))
	if err != nil {
		return telephony.Placed{}, x.failed(err)
	}
	if call == nil || !isCallSID(text(call.Sid)) {
		return telephony.Placed{}, unclear(ReasonBadAnswer, "the carrier accepted without naming the call", nil)
	}
	ms, _ := strconv.ParseInt(text(call.QueueTime), 10, 32)
	return telephony.Placed{
		CallID: *call.Sid, Date: x.date,
		QueueTime: max(0, time.Duration(ms)*time.Millisecond),
	}, nil
}

func checkDial(d telephony.Dial) string {
	switch {
	case d.Attempt.IsZero():
		return "the attempt has no id"
	case !isE164(d.To):
		return "To is not an E.164 number"
	case !isE164(d.From):
		return "From is not an E.164 number"
	case d.Ring < MinRing || d.Ring > MaxRing || d.Ring%time.Second != 0:
		return "the ring time is not 5 to 600 whole seconds"
	case d.TimeLimit < time.Second || d.TimeLimit > MaxTimeLimit || d.TimeLimit%time.Second != 0:
		return "the time limit is not 1 second to 24 hours in whole seconds"
	case d.AMD != telephony.AMDOff && d.AMD != telephony.AMDDetect && d.AMD != telephony.AMDDetectEnd:
		return "the answering-machine detection mode is unknown"
	case d.AMD == telephony.AMDOff && (d.AMDAsync || d.AMDTimeout != 0):
		return "answering-machine detection is off and has options"
	case d.AMDTimeout != 0 && (d.AMDTimeout < telephony.MinAMDTimeout || d.AMDTimeout > telephony.MaxAMDTimeout || d.AMDTimeout%time.Second != 0):
		return "answering-machine detection may take 3 to 59 whole seconds"
	}
	return ""
}

// isE164 is ^\+[1-9][0-9]{6,14}$.
func isE164(n cadence.Number) bool {
	if len(n) < 8 || len(n) > 16 || n[0] != '+' || n[1] == '0' {
		return false
	}
	for i := 1; i < len(n); i++ {
		if n[i] < '0' || n[i] > '9' {
			return false
		}
	}
	return true
}

// isCallSID is ^CA[0-9a-fA-F]{32}$.
func isCallSID(s string) bool {
	if len(s) != 34 || s[:2] != "CA" {
		return false
	}
	for i := 2; i < len(s); i++ {
		if unhex(s[i]) > 15 {
			return false
		}
	}
	return true
}

var statusEvents = []string{"initiated", "ringing", "answered", "completed"}

// order holds what a Dial becomes, so that the pointers that twilio-go wants
// cost one allocation and not ten.
type order struct {
	params                                  twilioapi.CreateCallParams
	to, from, url, method, status, machines string
	beside, verdict                         string
	events                                  []string
	ring, limit, machineLimit               int
}

func (c *Client) params(d telephony.Dial) *twilioapi.CreateCallParams {
	o := &order{
		to: string(d.To), from: string(d.From), method: "POST", events: statusEvents,
		url: c.hooks.URL(KindVoice, d.Attempt), status: c.hooks.URL(KindStatus, d.Attempt),
		ring: int(d.Ring / time.Second), limit: int(d.TimeLimit / time.Second), machineLimit: amdTimeout,
	}
	p := &o.params
	p.To, p.From, p.Url, p.Method, p.StatusCallback = &o.to, &o.from, &o.url, &o.method, &o.status
	p.StatusCallbackEvent, p.Timeout, p.TimeLimit = &o.events, &o.ring, &o.limit
	switch d.AMD {
	case telephony.AMDDetect:
		o.machines = "Enable"
	case telephony.AMDDetectEnd:
		o.machines = "DetectMessageEnd"
	case telephony.AMDOff:
		return p
	}
	if d.AMDTimeout > 0 {
		o.machineLimit = int(d.AMDTimeout / time.Second)
	}
	p.MachineDetection, p.MachineDetectionTimeout = &o.machines, &o.machineLimit
	if d.AMDAsync {
		o.beside, o.verdict = "true", c.hooks.URL(KindAMD, d.Attempt)
		p.AsyncAmd, p.AsyncAmdStatusCallback, p.AsyncAmdStatusCallbackMethod = &o.beside, &o.verdict, &o.method
	}
	return p
}

// text reads one of twilio-go's optional strings.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
