package routing_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

func TestClassify(t *testing.T) {
	type c struct {
		name   string
		status telephony.Status
		sip    int
		by     telephony.AnsweredBy
		ev     routing.Evidence
		want   cadence.DispositionCode
	}
	for _, c := range []c{
		{"rang out", telephony.StatusNoAnswer, 487, "", routing.Evidence{}, "NO_ANSWER"},
		{"busy", telephony.StatusBusy, 486, "", routing.Evidence{}, "BUSY"},
		{"no such number", telephony.StatusFailed, 404, "", routing.Evidence{}, "DISCONNECTED"},
		{"network", telephony.StatusFailed, 503, "", routing.Evidence{}, "CONGESTION"},
		{"busy by SIP", telephony.StatusFailed, 486, "", routing.Evidence{}, "BUSY"},
		{"analytics", telephony.StatusFailed, 608, "", routing.Evidence{}, "BLOCKED"},
		{"by us", telephony.StatusCanceled, 0, "", routing.Evidence{}, "CANCELLED"},
		{"person bridged", telephony.StatusCompleted, 0, telephony.ByHuman, routing.Evidence{Connected: true}, "CONNECTED"},
		{"unknown is a person", telephony.StatusCompleted, 0, telephony.ByUnknown, routing.Evidence{Connected: true}, "CONNECTED"},
		{"nobody for the person", telephony.StatusCompleted, 0, telephony.ByHuman, routing.Evidence{}, "ABANDONED"},
		{"no detection, no target", telephony.StatusCompleted, 0, telephony.ByNothing, routing.Evidence{}, "ABANDONED"},
		{"machine, hung up", telephony.StatusCompleted, 0, telephony.ByMachineBeep, routing.Evidence{}, "ANSWERING_MACHINE"},
		{"machine outranks connected", telephony.StatusCompleted, 0, telephony.ByMachineStart, routing.Evidence{Connected: true}, "ANSWERING_MACHINE"},
		{"message left", telephony.StatusCompleted, 0, telephony.ByMachineSilence, routing.Evidence{VoicemailLeft: true}, "VOICEMAIL_LEFT"},
		{"fax", telephony.StatusCompleted, 0, telephony.ByFax, routing.Evidence{Connected: true}, "FAX"},
		{"a key is a person", telephony.StatusCompleted, 0, telephony.ByMachineStart, routing.Evidence{DigitsCode: "DNC"}, "DNC"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := telephony.OutcomeOf(c.status, c.sip, c.by, 3*time.Second)
			if got := routing.Classify(o, c.ev); got != c.want {
				t.Fatalf("got %s, want %s", got, c.want)
			}
		})
	}
	if got := routing.Classify(telephony.Outcome{}, routing.Evidence{}); got != "ERROR" {
		t.Errorf("an outcome without a result is %s, want ERROR", got)
	}
}

func TestClassifyRefusal(t *testing.T) {
	for _, c := range []struct {
		e    telephony.Error
		want cadence.DispositionCode
		ok   bool
	}{
		{telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeNumber}, "DISCONNECTED", true},
		{telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeNumber, Retryable: true}, "CONGESTION", true},
		{telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeAccount}, "", false},
		{telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeCallerID}, "", false},
		{telephony.Error{Class: telephony.Unclear, Scope: telephony.ScopeNumber}, "", false},
		{telephony.Error{Class: telephony.Throttled}, "", false},
	} {
		if got, ok := routing.ClassifyRefusal(&c.e); got != c.want || ok != c.ok {
			t.Errorf("%v: got %q %v, want %q %v", &c.e, got, ok, c.want, c.ok)
		}
	}
}
