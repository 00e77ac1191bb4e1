package twilio_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony"
)

const (
	testTo   = "+13035550142"
	testFrom = "+13035550100"
)

// entry is one call of a list, as JSON.
func entry(n int, created, change string) string {
	e := fmt.Sprintf(`{"sid":"CA%032x","to":%q,"from":%q,"status":"completed","direction":"outbound-api","date_created":%q}`,
		n, testTo, testFrom, created)
	if change != "" {
		from, to, _ := strings.Cut(change, "=>")
		e = strings.Replace(e, from, to, 1)
	}
	return e
}

const noon = "Tue, 03 Mar 2026 12:00:00 +0000"

var noonTime = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func query(since, until time.Duration) telephony.Query {
	return telephony.Query{To: testTo, From: testFrom, Since: noonTime.Add(since), Until: noonTime.Add(until)}
}

func TestFindComparesCreationItself(t *testing.T) {
	var asked []string
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		answer(200, `{"calls":[`+entry(1, noon, "")+","+entry(2, noon, "outbound-api=>outbound-dial")+","+
			entry(3, noon, "outbound-api=>inbound")+`]}`)(w, r)
	})
	c := newClient(t, base, nil)
	cases := []struct {
		since, until time.Duration
		want         int
	}{
		{-time.Minute, time.Minute, 1},
		{0, 0, 1},
		{900 * time.Millisecond, time.Minute, 1}, // date_created counts whole seconds
		{time.Second, time.Minute, 0},
		{-time.Minute, -time.Second, 0},
	}
	for _, x := range cases {
		got, err := c.Find(t.Context(), query(x.since, x.until))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != x.want || (x.want == 1 && got[0].ID != fmt.Sprintf("CA%032x", 1)) {
			t.Errorf("span %v to %v: found %v, want %d", x.since, x.until, got, x.want)
		}
	}
	for _, q := range asked {
		if strings.Contains(q, "Time") {
			t.Errorf("the query %s filters by time", q)
		}
	}
}

func TestFindFailsRatherThanMiss(t *testing.T) {
	one := entry(1, noon, "")
	cases := map[string]string{
		"no list":             `{}`,
		"list is null":        `{"calls":null}`,
		"cut short":           `{"calls":[` + one,
		"no creation date":    `{"calls":[` + entry(1, "", "") + `]}`,
		"strange date":        `{"calls":[` + entry(1, "2026-03-03", "") + `]}`,
		"no SID":              `{"calls":[` + entry(1, noon, "CA=>XX") + `]}`,
		"unknown status":      `{"calls":[` + entry(1, noon, "completed=>dreaming") + `]}`,
		"another number":      `{"calls":[` + entry(1, noon, "+13035550142=>+13035550143") + `]}`,
		"another caller ID":   `{"calls":[` + entry(1, noon, "+13035550100=>+13035550101") + `]}`,
		"next leads nowhere":  `{"calls":[` + one + `],"next_page_uri":"/2010-04-01/Accounts"}`,
		"next cannot be read": `{"calls":[` + one + `],"next_page_uri":"http://%zz?Page=1"}`,
		"next leads in rings": `{"calls":[` + one + `],"next_page_uri":"?Page=1&PageToken=PA1"}`,
		"redirected":          "",
	}
	for name, body := range cases {
		status := 200
		if body == "" {
			status = 301
		}
		base, _ := serve(t, answer(status, body))
		got, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
		if e, ok := errors.AsType[*telephony.Error](err); !ok || e.Class != telephony.Unclear {
			t.Errorf("%s: found %v, %v, want class unclear", name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "3035550142") {
			t.Errorf("%s: the error tells a number: %v", name, err)
		}
	}
}

func TestFindFailsInTheMiddle(t *testing.T) {
	var n atomic.Int32
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 3 {
			answer(503, "busy")(w, r)
			return
		}
		answer(200, fmt.Sprintf(`{"calls":[%s],"next_page_uri":"?PageToken=PA%d"}`, entry(int(n.Load()), noon, ""), n.Load()))(w, r)
	})
	got, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
	if err == nil || got != nil || n.Load() != 3 {
		t.Fatalf("found %v, %v after %d pages", got, err, n.Load())
	}
}

func TestFindIsBounded(t *testing.T) {
	var n atomic.Int32
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(200, fmt.Sprintf(`{"calls":[],"next_page_uri":"?PageToken=PA%d"}`, n.Add(1)))(w, r)
	})
	_, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
	if err == nil || n.Load() != 50 {
		t.Fatalf("read %d pages without end, error %v", n.Load(), err)
	}
}

// A caller ID makes more calls in its life than two numbers ever have between
// them: after the ledger lost its memory, all of them are read.
func TestPlacedReadsALongLife(t *testing.T) {
	const last = 60 // pages
	var n atomic.Int32
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("PageSize") != "1000" {
			t.Errorf("page of %s", r.FormValue("PageSize"))
		}
		page := int(n.Add(1))
		next := ""
		if page < last {
			next = fmt.Sprintf("?PageToken=PA%d", page)
		}
		answer(200, fmt.Sprintf(`{"calls":[%s],"next_page_uri":%q}`, entry(page, noon, ""), next))(w, r)
	})
	got, err := newClient(t, base, nil).Placed(t.Context(), testFrom, noonTime.Add(-time.Minute), noonTime.Add(time.Minute))
	if err != nil || len(got) != last {
		t.Fatalf("%d calls of %d, error %v", len(got), last, err)
	}
}

func TestFindNoticesARing(t *testing.T) {
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		next := map[string]string{"": "PA1", "PA1": "PA2", "PA2": "PA1"}[r.FormValue("PageToken")]
		answer(200, `{"calls":[],"next_page_uri":"?PageToken=`+next+`"}`)(w, r)
	})
	_, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
	if err == nil || !strings.Contains(err.Error(), "nowhere new") {
		t.Fatalf("a ring of pages gave %v", err)
	}
}

// A page that grew meanwhile shows a call again on the next page.
func TestFindTellsACallOnce(t *testing.T) {
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"calls":[` + entry(2, noon, "") + "," + entry(1, noon, "") + `],"next_page_uri":"?PageToken=PA1"}`
		if r.FormValue("PageToken") != "" {
			body = `{"calls":[` + entry(1, noon, "") + "," + entry(0, noon, "") + `],"next_page_uri":null}`
		}
		answer(200, body)(w, r)
	})
	got, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
	if err != nil || len(got) != 3 {
		t.Fatalf("found %v, %v, want 3 calls", got, err)
	}
}

// The link to the next page must not send the credentials to another host.
func TestPagingStaysOnTheHost(t *testing.T) {
	stranger, visits := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") })
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"calls":[],"next_page_uri":"` + stranger + `/x?PageToken=PA1"}`
		if r.FormValue("PageToken") == "PA1" {
			body = `{"calls":[` + entry(1, noon, "") + `]}`
		}
		answer(200, body)(w, r)
	})
	got, err := newClient(t, base, nil).Find(t.Context(), query(-time.Minute, time.Minute))
	if err != nil || len(got) != 1 || visits.Load() != 0 {
		t.Fatalf("found %v, %v", got, err)
	}
}

func TestFetchReadsTheWholeRecord(t *testing.T) {
	id := "CA00000000000000000000000000000abc"
	base, _ := serve(t, answer(200, `{"sid":"`+id+`","date_created":"Tue, 03 Mar 2026 12:00:00 +0000",
		"parent_call_sid":"CA00000000000000000000000000000def","to":"+13035550142","from":"+13035550100",
		"status":"completed","start_time":"Tue, 3 Mar 2026 12:00:02 +0000","end_time":"Tue, 03 Mar 2026 12:01:02 +0000",
		"duration":"60","price":"-0.0130","price_unit":"USD","direction":"outbound-api","answered_by":"machine",
		"queue_time":"1500","a_new_field":{"x":1}}`))
	got, err := newClient(t, base, nil).Fetch(t.Context(), id)
	want := telephony.Call{
		ID: id, Parent: "CA00000000000000000000000000000def", To: testTo, From: testFrom,
		Status: telephony.StatusCompleted, AnsweredBy: telephony.ByMachineStart, Outbound: true, Created: noonTime,
		Started: noonTime.Add(2 * time.Second), Ended: noonTime.Add(62 * time.Second), Duration: time.Minute,
		QueueTime: 1500 * time.Millisecond, Price: "-0.0130", PriceUnit: "USD",
	}
	if err != nil || got != want {
		t.Fatalf("fetched %+v, %v\nwant %+v", got, err, want)
	}
	if _, err = newClient(t, base, nil).Fetch(t.Context(), "CA00000000000000000000000000000aaa"); err == nil {
		t.Error("the record of another call was taken")
	}
}

func TestOddCallIDsNeverReachAPath(t *testing.T) {
	base, conns := serve(t, answer(200, "{}"))
	c := newClient(t, base, nil)
	for _, id := range []string{"", "CA1", "../../x", "CA0000000000000000000000000000000g", "CA00000000000000000000000000000abc\n"} {
		_, err1 := c.Fetch(t.Context(), id)
		_, err2 := c.Legs(t.Context(), id)
		_, err3 := c.Requests(t.Context(), id)
		for _, err := range []error{err1, err2, err3, c.Cancel(t.Context(), id), c.HangUp(t.Context(), id)} {
			if e, ok := errors.AsType[*telephony.Error](err); !ok || e.Scope != telephony.ScopeConfig {
				t.Errorf("id %q: %v", id, err)
			}
		}
	}
	if conns.Load() != 0 {
		t.Error("a request was sent")
	}
}

func TestEndingReportsRealFailures(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"503": answer(503, "x"), "401": answer(401, `{"code":20003}`),
		"404 of a proxy": answer(404, "<html>"), "503 that says 21220": answer(503, `{"code":21220}`),
	} {
		base, _ := serve(t, h)
		c := newClient(t, base, nil)
		if err := c.Cancel(t.Context(), "CA00000000000000000000000000000abc"); err == nil {
			t.Errorf("%s passed for a cancelled call", name)
		}
	}
}

func TestRequestsPassOverOddEvents(t *testing.T) {
	base, _ := serve(t, answer(200, `{"events":[{"request":null},{"request":"x"},{"request":{"url":7}},{},
		{"request":{"method":"POST","url":"https://dial.example.com/twilio/voice/a/b","parameters":{}}}]}`))
	got, err := newClient(t, base, nil).Requests(t.Context(), "CA00000000000000000000000000000abc")
	if err != nil || len(got) != 1 || got[0] != "https://dial.example.com/twilio/voice/a/b" {
		t.Fatalf("got %v, %v", got, err)
	}
	base, _ = serve(t, answer(200, `{}`))
	if _, err = newClient(t, base, nil).Requests(t.Context(), "CA00000000000000000000000000000abc"); err == nil {
		t.Error("a page without a list passed for no events")
	}
}
