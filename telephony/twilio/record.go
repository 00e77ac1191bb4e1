package twilio

import (
	"fmt"
	"strconv"
	"time"

	twilioapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/telephony"
)

// record translates Twilio's call resource. It fails on a SID, status or time
// it cannot read: half a record is no evidence.
func record(r *twilioapi.ApiV2010Call) (telephony.Call, error) {
	if r == nil || !isCallSID(text(r.Sid)) {
		return telephony.Call{}, fmt.Errorf("a call record without a call SID")
	}
	status, ok := statusOf(text(r.Status))
	if !ok {
		return telephony.Call{}, fmt.Errorf("call %s: unknown status %.20q", *r.Sid, text(r.Status))
	}
	call := telephony.Call{
		ID: *r.Sid, Parent: text(r.ParentCallSid), To: text(r.To), From: text(r.From),
		Status: status, AnsweredBy: answeredBy(text(r.AnsweredBy)),
		Outbound: text(r.Direction) == "outbound-api",
		Price:    text(r.Price), PriceUnit: text(r.PriceUnit),
	}
	var err error
	if call.Created, err = stamp(text(r.DateCreated)); err != nil || call.Created.IsZero() {
		return telephony.Call{}, fmt.Errorf("call %s: date_created %.40q cannot be read", *r.Sid, text(r.DateCreated))
	}
	if call.Started, err = stamp(text(r.StartTime)); err != nil {
		return telephony.Call{}, fmt.Errorf("call %s: start_time: %w", *r.Sid, err)
	}
	if call.Ended, err = stamp(text(r.EndTime)); err != nil {
		return telephony.Call{}, fmt.Errorf("call %s: end_time: %w", *r.Sid, err)
	}
	if call.Duration, err = count(text(r.Duration), time.Second); err != nil {
		return telephony.Call{}, fmt.Errorf("call %s: duration: %w", *r.Sid, err)
	}
	if call.QueueTime, err = count(text(r.QueueTime), time.Millisecond); err != nil {
		return telephony.Call{}, fmt.Errorf("call %s: queue_time: %w", *r.Sid, err)
	}
	return call, nil
}

// count reads a whole number of units up to 2^31; "" is none.
func count(s string, unit time.Duration) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%.20q is not a whole number", s)
	}
	return time.Duration(n) * unit, nil
}

func statusOf(s string) (telephony.Status, bool) {
	switch st := telephony.Status(s); st {
	case telephony.StatusQueued, telephony.StatusInitiated, telephony.StatusRinging,
		telephony.StatusInProgress, telephony.StatusCompleted, telephony.StatusBusy,
		telephony.StatusFailed, telephony.StatusNoAnswer, telephony.StatusCanceled:
		return st, true
	}
	return "", false
}

// answeredBy reads a detection result. The call resource may say just
// "machine"; a word this does not know counts as unknown, hence as a person.
func answeredBy(s string) telephony.AnsweredBy {
	switch by := telephony.AnsweredBy(s); by {
	case telephony.ByNothing, telephony.ByHuman, telephony.ByMachineStart, telephony.ByMachineBeep,
		telephony.ByMachineSilence, telephony.ByMachineOther, telephony.ByFax:
		return by
	case telephony.ByUnknown:
	}
	if s == "machine" {
		return telephony.ByMachineStart
	}
	return telephony.ByUnknown
}
