package twilio

import (
	"context"
	"regexp"
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

var (
	e164       = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	sidPattern = regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)
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
	call, err := api.CreateCall(c.params(d))
	if err != nil {
		return telephony.Placed{}, x.failed(err)
	}
	if call == nil || !sidPattern.MatchString(text(call.Sid)) {
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
	}
	return ""
}

func isE164(n cadence.Number) bool { return e164.MatchString(string(n)) }

var statusEvents = []string{"initiated", "ringing", "answered", "completed"}

func (c *Client) params(d telephony.Dial) *twilioapi.CreateCallParams {
	events := statusEvents
	p := (&twilioapi.CreateCallParams{StatusCallbackEvent: &events}).
		SetTo(string(d.To)).SetFrom(string(d.From)).
		SetUrl(c.hooks.URL(KindVoice, d.Attempt)).SetMethod("POST").
		SetStatusCallback(c.hooks.URL(KindStatus, d.Attempt)).
		SetTimeout(int(d.Ring / time.Second)).
		SetTimeLimit(int(d.TimeLimit / time.Second))
	switch d.AMD {
	case telephony.AMDDetect:
		p.SetMachineDetection("Enable").SetMachineDetectionTimeout(amdTimeout)
	case telephony.AMDDetectEnd:
		p.SetMachineDetection("DetectMessageEnd").SetMachineDetectionTimeout(amdTimeout)
	case telephony.AMDOff:
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
