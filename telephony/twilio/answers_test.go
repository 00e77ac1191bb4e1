package twilio_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

func testDial() telephony.Dial {
	return telephony.Dial{
		Attempt: cadence.NewID(7, [14]byte{1, 2, 3}), To: "+13035550142", From: "+13035550100",
		Ring: 25 * time.Second, TimeLimit: time.Hour,
	}
}

// serve starts a server with one answer and counts its connections.
func serve(t *testing.T, h http.HandlerFunc) (base string, conns *atomic.Int32) {
	t.Helper()
	conns = new(atomic.Int32)
	s := httptest.NewUnstartedServer(h)
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			conns.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, conns
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// chunked answers without a Content-Length.
func chunked(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.(http.Flusher).Flush()
		_, _ = w.Write([]byte(body))
	}
}

func TestPlaceJudgesEveryAnswer(t *testing.T) {
	code := func(n string) string { return `{"code":` + n + `,"message":"said so","status":400}` }
	html := "<html>" + strings.Repeat("x", 10<<10) + "</html>"
	type want struct {
		class  telephony.Class
		scope  telephony.Scope
		retry  bool
		reason string
	}
	number := func(r string) want { return want{telephony.Rejected, telephony.ScopeNumber, false, r} }
	whole := func(r string) want { return want{telephony.Rejected, telephony.ScopeAccount, true, r} }
	ours := want{telephony.Rejected, telephony.ScopeConfig, true, twilio.ReasonParameter}
	throttled := want{telephony.Throttled, "", false, twilio.ReasonRateLimited}
	unclear := func(r string) want { return want{telephony.Unclear, "", false, r} }
	from := want{telephony.Rejected, telephony.ScopeCallerID, true, twilio.ReasonCallerID}
	geo := want{telephony.Rejected, telephony.ScopeCountry, true, twilio.ReasonGeo}
	cases := []struct {
		name string
		h    http.HandlerFunc
		want want
	}{
		{"chunked 429", chunked(429, code("20429")), throttled},
		{"429 in HTML", chunked(429, html), throttled},
		{"20429 with status 400", answer(400, code("20429")), throttled},
		{"10004", answer(429, code("10004")), want{telephony.Throttled, "", false, twilio.ReasonConcurrency}},
		{"503 in HTML", chunked(503, html), unclear(twilio.ReasonServerError)},
		{"500 with a code", answer(500, code("20500")), unclear(twilio.ReasonServerError)},
		{"503 that says 21211", answer(503, code("21211")), unclear(twilio.ReasonServerError)},
		{"302", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, unclear(twilio.ReasonRedirected)},
		{"307", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, unclear(twilio.ReasonRedirected)},
		{"200 {}", answer(200, "{}"), unclear(twilio.ReasonBadAnswer)},
		{"201 null", answer(201, "null"), unclear(twilio.ReasonBadAnswer)},
		{"201 without a SID", answer(201, `{"sid":null,"status":"queued"}`), unclear(twilio.ReasonBadAnswer)},
		{"201 with a strange SID", answer(201, `{"sid":"CA1/../x"}`), unclear(twilio.ReasonBadAnswer)},
		{"201 cut short", answer(201, `{"sid":"CA000`), unclear(twilio.ReasonBadAnswer)},
		{"201 in HTML", answer(201, html), unclear(twilio.ReasonBadAnswer)},
		{"204", answer(204, ""), unclear(twilio.ReasonBadAnswer)},
		{"408", answer(408, ""), unclear(twilio.ReasonTimeout)},
		{"401", answer(401, code("20003")), whole(twilio.ReasonCredentials)},
		{"401 in HTML", answer(401, html), whole(twilio.ReasonCredentials)},
		{"403 suspended", answer(403, code("20005")), whole(twilio.ReasonAccount)},
		{"404", answer(404, code("20404")), whole(twilio.ReasonNotFound)},
		{"404 in HTML", answer(404, html), whole(twilio.ReasonNotFound)},
		{"400 {}", answer(400, "{}"), whole(twilio.ReasonRefused)},
		{"trial", answer(400, code("21219")), whole(twilio.ReasonTrial)},
		{"trial, newer", answer(400, code("573005")), whole(twilio.ReasonTrial)},
		{"code as a string", answer(400, code(`"21211"`)), number(twilio.ReasonNumberInvalid)},
		{"21211", answer(400, code("21211")), number(twilio.ReasonNumberInvalid)},
		{"21214", answer(400, code("21214")), number(twilio.ReasonNumberDead)},
		{"21217", answer(400, code("21217")), number(twilio.ReasonNumberDead)},
		{"21202", answer(400, code("21202")), number(twilio.ReasonPremium)},
		{"21216 as 403", answer(403, code("21216")), number(twilio.ReasonBlocked)},
		{"21215 as 403", answer(403, code("21215")), geo},
		{"21203", answer(400, code("21203")), geo},
		{"21210", answer(400, code("21210")), from},
		{"21212", answer(400, code("21212")), from},
		{"20001", answer(400, code("20001")), ours},
		{"21205", answer(400, code("21205")), ours},
		{"a new code about calls", answer(400, code("21299")), want{telephony.Rejected, telephony.ScopeNumber, true, twilio.ReasonUnlisted}},
		{"a new code about accounts", answer(403, code("20999")), whole(twilio.ReasonUnlisted)},
	}
	reasons := twilio.Reasons()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			base, conns := serve(t, c.h)
			client := newClient(t, base, nil)
			for range 3 {
				_, err := client.Place(t.Context(), testDial())
				e, ok := err.(*telephony.Error) //nolint:errorlint // Place promises this very type
				if !ok {
					t.Fatalf("got %v (%T), want a *telephony.Error", err, err)
				}
				if got := (want{e.Class, e.Scope, e.Retryable, e.Reason}); got != c.want {
					t.Fatalf("judged %+v, want %+v", got, c.want)
				}
				if !slices.Contains(reasons, e.Reason) {
					t.Errorf("reason %q is not in the closed set", e.Reason)
				}
			}
			if n := conns.Load(); n != 1 {
				t.Errorf("3 requests took %d connections, want 1: the body was not drained and closed", n)
			}
		})
	}
}

// An error body without end is cut, and the connection it came on is given up
// rather than left open.
func TestErrorBodyIsBounded(t *testing.T) {
	gone := make(chan error, 1)
	base, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(503)
		block := make([]byte, 64<<10)
		for range 1000 { // 64 MB
			if _, err := w.Write(block); err != nil {
				gone <- err
				return
			}
		}
		gone <- nil
	})
	_, err := newClient(t, base, nil).Place(t.Context(), testDial())
	if e, ok := errors.AsType[*telephony.Error](err); !ok || e.Class != telephony.Unclear {
		t.Fatalf("got %v", err)
	}
	select {
	case err := <-gone:
		if err == nil {
			t.Error("the whole error body was taken")
		}
	case <-time.After(5 * time.Second):
		t.Error("the connection was left open")
	}
}

func TestRetryAfterAndDate(t *testing.T) {
	at := time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)
	after := "7"
	base, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", at.Format(http.TimeFormat))
		w.Header().Set("Retry-After", after)
		w.WriteHeader(429)
	})
	client := newClient(t, base, nil)
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, "-3": 0, "soon": 0, "": 0, "999999999": 0,
		at.Add(time.Minute).Format(http.TimeFormat):      time.Minute,
		at.Add(-time.Minute).Format(http.TimeFormat):     0,
		at.Add(1000 * time.Hour).Format(http.TimeFormat): 24 * time.Hour,
	} {
		after = value
		_, err := client.Place(t.Context(), testDial())
		if e, ok := errors.AsType[*telephony.Error](err); !ok || e.RetryAfter != want {
			t.Errorf("Retry-After %q: got %v, want %v", value, err, want)
		}
	}
}

func TestPlacedCarriesDateAndQueueTime(t *testing.T) {
	at := time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)
	base, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", at.Format(http.TimeFormat))
		answer(201, `{"sid":"CA00000000000000000000000000000abc","queue_time":"2500"}`)(w, nil)
	})
	p, err := newClient(t, base, nil).Place(t.Context(), testDial())
	if err != nil {
		t.Fatal(err)
	}
	if !p.Date.Equal(at) || p.QueueTime != 2500*time.Millisecond || p.CallID != "CA00000000000000000000000000000abc" {
		t.Fatalf("placed %+v", p)
	}
}

// Every listed code has a class, a scope exactly when it is a rejection, and a
// reason of the closed set; only a verdict on the number is final for it.
func TestCodesAreComplete(t *testing.T) {
	reasons := twilio.Reasons()
	twilio.EachCode(func(code int, e *telephony.Error) {
		rejected := e.Class == telephony.Rejected
		if !slices.Contains(reasons, e.Reason) || e.Class == telephony.NotSent || rejected != (e.Scope != "") ||
			e.Retryable != (rejected && e.Scope != telephony.ScopeNumber) || e.Code != code {
			t.Errorf("code %d is judged %+v", code, e)
		}
	})
	if len(slices.Compact(slices.Clone(reasons))) != len(reasons) {
		t.Error("a reason is listed twice")
	}
}
