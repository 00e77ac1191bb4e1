package twilio_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const testCall = "CA00000000000000000000000000000abc"

// base is what every webhook about a call carries, and one parameter that no
// version of Twilio has documented.
func base(more string) string {
	b := "AccountSid=" + testAccount + "&CallSid=" + testCall +
		"&From=%2B13035550100&To=%2B13035550142&Called=%2B13035550142&Caller=%2B13035550100" +
		"&ApiVersion=2010-04-01&Direction=outbound-api&FromCity=DENVER&ToState=CO&SomethingNew=1"
	if more != "" {
		b += "&" + more
	}
	return b
}

func TestParseWebhook(t *testing.T) {
	id := cadence.ID{1, 2}
	at := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	event := func(k telephony.EventKind, change func(*telephony.Event)) telephony.Event {
		e := telephony.Event{Attempt: id, Kind: k, CallID: testCall, Seq: -1}
		change(&e)
		return e
	}
	cases := []struct {
		name string
		kind twilio.Kind
		more string
		want telephony.Event
	}{
		{
			"final status", twilio.KindStatus,
			"CallStatus=no-answer&SequenceNumber=3&SipResponseCode=487&CallDuration=0&Duration=0&Timestamp=Tue%2C+03+Mar+2026+12%3A00%3A00+%2B0000&CallbackSource=call-progress-events",
			event(telephony.EventStatus, func(e *telephony.Event) {
				e.Status, e.Seq, e.SIPCode, e.At = telephony.StatusNoAnswer, 3, 487, at
			}),
		},
		{
			"completed by a machine", twilio.KindStatus, "CallStatus=completed&SequenceNumber=0&CallDuration=61&Duration=2&AnsweredBy=machine_end_beep",
			event(telephony.EventStatus, func(e *telephony.Event) {
				e.Status, e.Seq, e.Duration, e.AnsweredBy = telephony.StatusCompleted, 0, 61*time.Second, telephony.ByMachineBeep
			}),
		},
		{
			"bare status", twilio.KindStatus, "CallStatus=initiated",
			event(telephony.EventStatus, func(e *telephony.Event) { e.Status = telephony.StatusInitiated }),
		},
		{
			"a time nobody can read", twilio.KindStatus, "CallStatus=ringing&Timestamp=later",
			event(telephony.EventStatus, func(e *telephony.Event) { e.Status = telephony.StatusRinging }),
		},
		{
			"voice", twilio.KindVoice, "CallStatus=in-progress&AnsweredBy=human&MachineDetectionDuration=2150",
			event(telephony.EventVoice, func(e *telephony.Event) {
				e.Status, e.AnsweredBy = telephony.StatusInProgress, telephony.ByHuman
			}),
		},
		{
			"voice with a new judgement", twilio.KindVoice, "CallStatus=in-progress&AnsweredBy=machine_robot",
			event(telephony.EventVoice, func(e *telephony.Event) {
				e.Status, e.AnsweredBy = telephony.StatusInProgress, telephony.ByUnknown
			}),
		},
		{
			"gather", twilio.KindGather, "CallStatus=in-progress&Digits=%23",
			event(telephony.EventGather, func(e *telephony.Event) { e.Status, e.Digits = telephony.StatusInProgress, "#" }),
		},
		{
			"dial", twilio.KindDial, "CallStatus=in-progress&DialCallStatus=completed&DialCallSid=CA00000000000000000000000000000def&DialCallDuration=30",
			event(telephony.EventDial, func(e *telephony.Event) {
				e.Status, e.LegStatus, e.LegTime = telephony.StatusInProgress, telephony.StatusCompleted, 30*time.Second
				e.LegID = "CA00000000000000000000000000000def"
			}),
		},
		{
			"dial that found nobody", twilio.KindDial, "CallStatus=in-progress&DialCallStatus=failed",
			event(telephony.EventDial, func(e *telephony.Event) {
				e.Status, e.LegStatus = telephony.StatusInProgress, telephony.StatusFailed
			}),
		},
		{
			"dial answered", twilio.KindDial, "DialCallStatus=answered",
			event(telephony.EventDial, func(e *telephony.Event) { e.LegStatus = telephony.StatusCompleted }),
		},
		{
			"played", twilio.KindPlayed, "CallStatus=in-progress",
			event(telephony.EventPlayed, func(e *telephony.Event) { e.Status = telephony.StatusInProgress }),
		},
		{
			"leg answered", twilio.KindLeg, "CallStatus=in-progress&ParentCallSid=CA00000000000000000000000000000def&Timestamp=Tue%2C+03+Mar+2026+12%3A00%3A00+%2B0000",
			event(telephony.EventLeg, func(e *telephony.Event) {
				e.LegID, e.CallID, e.At = testCall, "CA00000000000000000000000000000def", at
			}),
		},
		{
			"detection", twilio.KindAMD, "AnsweredBy=fax&MachineDetectionDuration=4000",
			event(telephony.EventAMD, func(e *telephony.Event) { e.AnsweredBy = telephony.ByFax }),
		},
	}
	for _, c := range cases {
		got, err := twilio.ParseWebhook(c.kind, id, []byte(base(c.more)), testAccount)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v\nwant %+v", c.name, got, err, c.want)
		}
	}
}

func TestParseWebhookRefuses(t *testing.T) {
	good := base("CallStatus=completed")
	cases := []struct {
		name string
		kind twilio.Kind
		body string
		want error
	}{
		{"another account", twilio.KindStatus, strings.Replace(good, testAccount, testAccount[:33]+"2", 1), twilio.ErrWrongAccount},
		{"no account", twilio.KindStatus, strings.Replace(good, "AccountSid", "Account", 1), twilio.ErrWrongAccount},
		{"empty", twilio.KindStatus, "", twilio.ErrWrongAccount},
		{"no call", twilio.KindStatus, strings.Replace(good, "CallSid", "Call", 1), twilio.ErrMalformed},
		{"odd call", twilio.KindStatus, strings.Replace(good, testCall, "CA1", 1), twilio.ErrMalformed},
		{"no status", twilio.KindStatus, base(""), twilio.ErrMalformed},
		{"unknown status", twilio.KindStatus, base("CallStatus=answered"), twilio.ErrMalformed},
		{"unknown status of voice", twilio.KindVoice, base("CallStatus=x"), twilio.ErrMalformed},
		{"negative sequence", twilio.KindStatus, good + "&SequenceNumber=-1", twilio.ErrMalformed},
		{"sequence in words", twilio.KindStatus, good + "&SequenceNumber=one", twilio.ErrMalformed},
		{"endless call", twilio.KindStatus, good + "&CallDuration=99999999", twilio.ErrMalformed},
		{"SIP code", twilio.KindStatus, good + "&SipResponseCode=9", twilio.ErrMalformed},
		{"digits", twilio.KindGather, good + "&Digits=1;2", twilio.ErrMalformed},
		{"odd digits", twilio.KindGather, good + "&Digits=%3CSay%3E", twilio.ErrMalformed},
		{"many digits", twilio.KindGather, good + "&Digits=" + strings.Repeat("1", 33), twilio.ErrMalformed},
		{"no leg status", twilio.KindDial, good, twilio.ErrMalformed},
		{"odd leg", twilio.KindDial, good + "&DialCallStatus=busy&DialCallSid=7", twilio.ErrMalformed},
		{"no judgement", twilio.KindAMD, good, twilio.ErrMalformed},
		{"a key twice", twilio.KindStatus, good + "&CallStatus=busy", twilio.ErrMalformed},
		{"leg of no call", twilio.KindLeg, good, twilio.ErrMalformed},
		{"recording", twilio.KindRecording, good, twilio.ErrPath},
		{"audio", twilio.KindMedia, good, twilio.ErrPath},
		{"no kind", "", good, twilio.ErrPath},
	}
	for _, c := range cases {
		got, err := twilio.ParseWebhook(c.kind, cadence.ID{1}, []byte(c.body), testAccount)
		if !errors.Is(err, c.want) || got != (telephony.Event{}) {
			t.Errorf("%s: %+v, %v, want %v", c.name, got, err, c.want)
		}
	}
	if _, err := twilio.ParseWebhook(twilio.KindStatus, cadence.ID{1}, []byte("AccountSid=&CallStatus=busy"), ""); !errors.Is(err, twilio.ErrWrongAccount) {
		t.Errorf("no account configured: %v", err)
	}
}

func TestAuthenticate(t *testing.T) {
	h := testHooks(t)
	w, err := twilio.NewWebhooks(h, verifier(t, testToken, "old token"), testAccount)
	if err != nil {
		t.Fatal(err)
	}
	id := testDial().Attempt
	body := base("CallStatus=completed&SequenceNumber=2")
	path := h.Path(twilio.KindStatus, id)
	params, _ := url.ParseQuery(body)
	signature := sign(testToken, testPublic+path, params)
	request := func(change func(*twilio.Request, *string)) twilio.Request {
		s := signature
		r := twilio.Request{Method: http.MethodPost, Path: path, Body: []byte(body)}
		if change != nil {
			change(&r, &s)
		}
		r.Header = func(name string) string {
			switch name {
			case "X-Twilio-Signature":
				return s
			case "Host", "X-Forwarded-Host":
				return "evil.example.com"
			}
			return ""
		}
		return r
	}
	got, err := w.Authenticate(request(nil))
	if err != nil || got.Attempt != id || got.Status != telephony.StatusCompleted || got.Seq != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	cases := []struct {
		name   string
		change func(*twilio.Request, *string)
		want   error
		status int
	}{
		{"with its port", func(_ *twilio.Request, s *string) { *s = sign(testToken, testPublic+":443"+path, params) }, nil, 200},
		{"with the previous token", func(_ *twilio.Request, s *string) { *s = sign("old token", testPublic+path, params) }, nil, 200},
		{"another token", func(_ *twilio.Request, s *string) { *s = sign("x", testPublic+path, params) }, twilio.ErrSignature, 403},
		{"no signature", func(_ *twilio.Request, s *string) { *s = "" }, twilio.ErrSignature, 403},
		{"signed for another host", func(_ *twilio.Request, s *string) { *s = sign(testToken, "https://evil.example.com"+path, params) }, twilio.ErrSignature, 403},
		{"a query added", func(r *twilio.Request, _ *string) { r.RawQuery = "a=b" }, twilio.ErrSignature, 403},
		{"replayed on another attempt", func(r *twilio.Request, _ *string) { r.Path = h.Path(twilio.KindStatus, cadence.ID{5}) }, twilio.ErrSignature, 403},
		{"replayed on another kind", func(r *twilio.Request, _ *string) { r.Path = h.Path(twilio.KindVoice, id) }, twilio.ErrSignature, 403},
		{"MAC of another kind", func(r *twilio.Request, _ *string) {
			r.Path = strings.Replace(h.Path(twilio.KindVoice, id), "voice", "status", 1)
		}, twilio.ErrMAC, 403},
		{"a parameter doubled", func(r *twilio.Request, _ *string) { r.Body = []byte(body + "&CallStatus=busy") }, twilio.ErrDuplicate, 403},
		{"a parameter changed", func(r *twilio.Request, _ *string) { r.Body = []byte(strings.Replace(body, "completed", "busy", 1)) }, twilio.ErrSignature, 403},
		{"garbage", func(r *twilio.Request, _ *string) { r.Body = []byte("%%%\x00") }, twilio.ErrSignature, 403},
		{"GET", func(r *twilio.Request, _ *string) { r.Method = http.MethodGet }, twilio.ErrMethod, 405},
		{"the API", func(r *twilio.Request, _ *string) { r.Path = "/v1/cadences" }, twilio.ErrPath, 404},
		{"signed, another account", func(r *twilio.Request, s *string) { resign(r, s, path, "AccountSid", testAccount[:33]+"9") }, twilio.ErrWrongAccount, 403},
		{"signed, malformed", func(r *twilio.Request, s *string) { resign(r, s, path, "CallStatus", "dreaming") }, twilio.ErrMalformed, 400},
		{"signed, empty", func(r *twilio.Request, s *string) {
			r.Body, *s = nil, sign(testToken, testPublic+path, nil)
		}, twilio.ErrMalformed, 400},
		{"signed JSON", func(r *twilio.Request, s *string) {
			r.Body = []byte(`{"AccountSid":"` + testAccount + `"}`)
			sum := sha256.Sum256(r.Body)
			r.RawQuery = "bodySHA256=" + hex.EncodeToString(sum[:])
			*s = sign(testToken, testPublic+path+"?"+r.RawQuery, nil)
		}, twilio.ErrMalformed, 400},
		{"signed, recording", func(r *twilio.Request, s *string) {
			r.Path = h.Path(twilio.KindRecording, id)
			*s = sign(testToken, testPublic+r.Path, params)
		}, twilio.ErrPath, 404},
	}
	for _, c := range cases {
		got, err := w.Authenticate(request(c.change))
		if !errors.Is(err, c.want) || twilio.HTTPStatus(err) != c.status {
			t.Errorf("%s: %v (%d), want %v (%d)", c.name, err, twilio.HTTPStatus(err), c.want, c.status)
		}
		if err != nil && got != (telephony.Event{}) {
			t.Errorf("%s: refused, but an event %+v came out", c.name, got)
		}
	}
	if twilio.HTTPStatus(errors.New("other")) != 500 {
		t.Error("an unknown error is not 500")
	}
}

// resign changes one parameter and signs again.
func resign(r *twilio.Request, s *string, path, key, value string) {
	p, _ := url.ParseQuery(string(r.Body))
	p.Set(key, value)
	r.Body, *s = []byte(p.Encode()), sign(testToken, testPublic+path, p)
}

// A public URL with a path, whether or not a proxy takes the path away.
func TestAuthenticateBelowAPath(t *testing.T) {
	h, err := twilio.NewHooks("https://dial.example.com/dialer", testKey)
	if err != nil {
		t.Fatal(err)
	}
	w, err := twilio.NewWebhooks(h, verifier(t, testToken), testAccount)
	if err != nil {
		t.Fatal(err)
	}
	body := base("CallStatus=busy")
	params, _ := url.ParseQuery(body)
	path := h.Path(twilio.KindStatus, cadence.ID{1})
	s := sign(testToken, "https://dial.example.com/dialer"+path, params)
	for _, p := range []string{path, "/dialer" + path} {
		r := twilio.Request{Method: "POST", Path: p, Body: []byte(body), Header: func(string) string { return s }}
		if _, err := w.Authenticate(r); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func FuzzParseWebhook(f *testing.F) {
	for _, s := range []string{
		"", base(""), base("CallStatus=completed&SequenceNumber=1&CallDuration=3"), base("Digits=1"),
		base("DialCallStatus=busy"), base("AnsweredBy=human"), "AccountSid=" + testAccount + "&CallSid=%zz",
	} {
		f.Add(uint8(0), []byte(s))
		f.Add(uint8(3), []byte(s))
	}
	f.Fuzz(func(t *testing.T, k uint8, body []byte) {
		kind := allKinds[int(k)%len(allKinds)]
		e, err := twilio.ParseWebhook(kind, cadence.ID{1}, body, testAccount)
		if err != nil {
			if s := twilio.HTTPStatus(err); e != (telephony.Event{}) || s < 400 || s > 404 {
				t.Fatalf("refused with %v (%d) and event %+v", err, s, e)
			}
			return
		}
		parsed, perr := url.ParseQuery(string(body))
		if perr != nil || parsed.Get("AccountSid") != testAccount || parsed.Get("CallSid") != e.CallID ||
			len(e.CallID) != 34 || e.Attempt != (cadence.ID{1}) || e.Duration < 0 || e.LegTime < 0 || e.Seq < -1 {
			t.Fatalf("body %q gave %+v", body, e)
		}
		if kind == twilio.KindStatus && e.Status == "" {
			t.Fatalf("a status event without a status from %q", body)
		}
	})
}
