package twilio

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Bounds of a webhook's numbers. No call lasts two days.
const (
	maxCallTime = 48 * time.Hour
	maxSequence = 1 << 20
	maxDigits   = 32
)

// ParseWebhook reads the body of a verified webhook. Parameters it does not
// know are passed over: Twilio adds new ones without notice. The errors are
// ErrWrongAccount, ErrMalformed and, for a kind that reports nothing, ErrPath.
func ParseWebhook(kind Kind, attempt cadence.ID, body []byte, accountSID string) (telephony.Event, error) {
	f := forms.Get().(*form)
	defer forms.Put(f)
	if err := f.parse(body); err != nil {
		return telephony.Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return event(f, kind, attempt, accountSID)
}

// event reads a parsed form.
func event(f *form, kind Kind, attempt cadence.ID, accountSID string) (telephony.Event, error) {
	if accountSID == "" || string(f.value("AccountSid")) != accountSID {
		return telephony.Event{}, ErrWrongAccount
	}
	r := reader{form: f}
	e := telephony.Event{
		Attempt: attempt, Seq: -1, CallID: r.sid("CallSid", true),
		Status: r.status("CallStatus"), AnsweredBy: answeredBy(f.get("AnsweredBy")),
	}
	switch kind {
	case KindStatus:
		e.Kind = telephony.EventStatus
		r.need(e.Status != "", "CallStatus")
		e.Seq = r.number("SequenceNumber", 0, maxSequence, -1)
		e.SIPCode = r.number("SipResponseCode", 100, 699, 0)
		e.Duration = r.seconds("CallDuration")
		// An unreadable time must not cost the state that comes with it.
		e.At, _ = stamp(f.get("Timestamp"))
	case KindVoice:
		e.Kind = telephony.EventVoice
	case KindGather:
		e.Kind = telephony.EventGather
		e.Digits = r.digits("Digits")
	case KindDial:
		e.Kind = telephony.EventDial
		e.LegStatus = r.status("DialCallStatus")
		r.need(e.LegStatus != "", "DialCallStatus")
		e.LegID = r.sid("DialCallSid", false)
		e.LegTime = r.seconds("DialCallDuration")
	case KindAMD:
		e.Kind = telephony.EventAMD
		r.need(e.AnsweredBy != telephony.ByNothing, "AnsweredBy")
	case KindPlayed:
		e.Kind = telephony.EventPlayed
	case KindLeg: // the request is about the leg, and names the call it belongs to
		e.Kind = telephony.EventLeg
		e.LegID, e.CallID, e.Status = e.CallID, r.sid("ParentCallSid", true), ""
		e.At, _ = stamp(f.get("Timestamp"))
	case KindRecording, KindSelf, KindMedia, KindInbound:
		return telephony.Event{}, ErrPath
	default:
		return telephony.Event{}, ErrPath
	}
	if r.bad != "" {
		return telephony.Event{}, fmt.Errorf("%w: parameter %s", ErrMalformed, r.bad)
	}
	return e, nil
}

// reader reads parameters and remembers the first that is wrong.
type reader struct {
	form *form
	bad  string
}

func (r *reader) need(ok bool, name string) {
	if !ok && r.bad == "" {
		r.bad = name
	}
}

func (r *reader) sid(name string, required bool) string {
	s := r.form.get(name)
	r.need(isCallSID(s) || (s == "" && !required), name)
	return s
}

// status reads a call's state; "" when the parameter is absent. A leg may be
// "answered" where a call is "completed".
func (r *reader) status(name string) telephony.Status {
	s := r.form.get(name)
	if s == "" {
		return ""
	}
	if s == "answered" && name == "DialCallStatus" {
		return telephony.StatusCompleted
	}
	st, ok := statusOf(s)
	r.need(ok, name)
	return st
}

func (r *reader) number(name string, low, high, absent int) int {
	s := r.form.get(name)
	if s == "" {
		return absent
	}
	n, err := strconv.Atoi(s)
	r.need(err == nil && n >= low && n <= high, name)
	return n
}

func (r *reader) seconds(name string) time.Duration {
	return time.Duration(r.number(name, 0, int(maxCallTime/time.Second), 0)) * time.Second
}

func (r *reader) digits(name string) string {
	s := r.form.get(name)
	r.need(len(s) <= maxDigits && strings.Trim(s, "0123456789*#ABCDabcd") == "", name)
	return s
}
