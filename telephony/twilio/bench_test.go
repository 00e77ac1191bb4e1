package twilio_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// callAnswer is shaped and sized like Twilio's own.
var callAnswer = `{"sid":"` + testCall + `","account_sid":"` + testAccount + `","to":"+13035550142","to_formatted":"(303) 555-0142",
"from":"+13035550100","from_formatted":"(303) 555-0100","status":"queued","queue_time":"0","direction":"outbound-api","api_version":"2010-04-01",
"date_created":null,"date_updated":null,"parent_call_sid":null,"phone_number_sid":"PN000000000000000000000000000000ab","start_time":null,
"end_time":null,"duration":null,"price":null,"price_unit":"USD","answered_by":null,"forwarded_from":null,"group_sid":null,"caller_name":null,
"trunk_sid":null,"annotation":null,"uri":"/2010-04-01/Accounts/` + testAccount + `/Calls/` + testCall + `.json","subresource_uris":{` +
	subresources("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions", "user_defined_messages") + `}}`

func subresources(names ...string) string {
	var all []string
	for _, n := range names {
		all = append(all, `"`+n+`":"/2010-04-01/Accounts/`+testAccount+`/Calls/`+testCall+`/`+n+`.json"`)
	}
	return strings.Join(all, ",")
}

type noNetwork struct{}

func (noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &http.Response{
		StatusCode: 201, Header: http.Header{"Date": {"Tue, 03 Mar 2026 12:00:00 GMT"}},
		Body: io.NopCloser(strings.NewReader(callAnswer)),
	}, nil
}

func BenchmarkPlaceWithoutNetwork(b *testing.B) {
	c := newClient(b, "http://127.0.0.1:1", nil)
	c.SetTransport(noNetwork{})
	benchPlace(b, c)
}

func BenchmarkPlaceOverLoopback(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(201)
		_, _ = io.WriteString(w, callAnswer)
	}))
	b.Cleanup(s.Close)
	benchPlace(b, newClient(b, s.URL, nil))
}

func benchPlace(b *testing.B, c *twilio.Client) {
	d := testDial()
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := c.Place(b.Context(), d); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// statusBody has the 17 fields of a usual status callback.
var statusBody = []byte("AccountSid=" + testAccount + "&CallSid=" + testCall +
	"&From=%2B13035550100&To=%2B13035550142&Called=%2B13035550142&Caller=%2B13035550100&ApiVersion=2010-04-01" +
	"&Direction=outbound-api&CallStatus=completed&CallDuration=61&Duration=2&SipResponseCode=200&SequenceNumber=3" +
	"&Timestamp=Tue%2C+03+Mar+2026+12%3A00%3A00+%2B0000&CallbackSource=call-progress-events&ToState=CO&FromState=CO")

func signedStatus(b *testing.B) (h *twilio.Hooks, path, full, signature string) {
	b.Helper()
	h = testHooks(b)
	path = h.Path(twilio.KindStatus, testDial().Attempt)
	full = testPublic + path
	params, err := url.ParseQuery(string(statusBody))
	if err != nil || len(params) != 17 {
		b.Fatalf("%d fields, %v", len(params), err)
	}
	return h, path, full, sign(testToken, full, params)
}

func BenchmarkSignature(b *testing.B) {
	_, _, full, s := signedStatus(b)
	v := verifier(b, testToken)
	b.ReportAllocs()
	for b.Loop() {
		if v.Verify(full, statusBody, s) != nil {
			b.Fatal("refused")
		}
	}
}

func BenchmarkSignatureOfTheLibrary(b *testing.B) {
	_, _, full, s := signedStatus(b)
	v := client.NewRequestValidator(testToken)
	b.ReportAllocs()
	for b.Loop() {
		if !v.ValidateBody(full, statusBody, s) {
			b.Fatal("refused")
		}
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	h, path, _, s := signedStatus(b)
	w, err := twilio.NewWebhooks(h, verifier(b, testToken), testAccount)
	if err != nil {
		b.Fatal(err)
	}
	r := twilio.Request{Method: "POST", Path: path, Body: statusBody, Header: func(string) string { return s }}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	h := testHooks(b)
	script := telephony.Script{
		telephony.Say{Text: "One moment, please."},
		telephony.Connect{Attempt: cadence.ID{1}, Number: "+13035550150", Ring: 20 * time.Second, TimeLimit: time.Hour},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := twilio.Render(script, h); err != nil {
			b.Fatal(err)
		}
	}
}
