package simcarrier_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// post sends a form with given credentials and reads the error's code.
func (r *rig) post(path string, form url.Values, user, pass string) (status, code int) {
	r.Helper()
	c := &client.Client{Credentials: client.NewCredentials(user, pass), HTTPClient: r.http}
	c.SetAccountSid(account)
	res, err := c.SendRequest(http.MethodPost, r.carrier.URL+path, form, map[string]any{"Content-Type": "application/x-www-form-urlencoded"})
	if bad, ok := errors.AsType[*client.TwilioRestError](err); ok {
		return bad.Status, bad.Code
	}
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode, 0
}

const callsPath = "/2010-04-01/Accounts/" + account + "/Calls.json"

func TestRefusals(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) {
		o.CallerIDs = []string{from}
		o.VerifiedIDs = []string{"+13035550198"}
	})
	ok := func() url.Values {
		return url.Values{"To": {to}, "From": {from}, "Url": {r.url("voice")}}
	}
	for _, c := range []struct {
		what   string
		change func(url.Values)
		status int
		code   int
	}{
		{"fine", func(url.Values) {}, 201, 0},
		{"verified caller ID", func(f url.Values) { f.Set("From", "+13035550198") }, 201, 0},
		{"no To", func(f url.Values) { f.Del("To") }, 400, 21201},
		{"no From", func(f url.Values) { f.Del("From") }, 400, 21213},
		{"To invalid", func(f url.Values) { f.Set("To", "555") }, 400, 21211},
		{"To is From", func(f url.Values) { f.Set("To", from) }, 400, 21211},
		{"From invalid", func(f url.Values) { f.Set("From", "+1") }, 400, 21212},
		{"From not owned", func(f url.Values) { f.Set("From", "+13035550111") }, 400, 21210},
		{"no Url", func(f url.Values) { f.Del("Url") }, 400, 21205},
		{"bad Url", func(f url.Values) { f.Set("Url", "nowhere") }, 400, 21205},
		{"bad StatusCallback", func(f url.Values) { f.Set("StatusCallback", "http://a_b.example/x") }, 400, 21609},
		{"bad Timeout", func(f url.Values) { f.Set("Timeout", "soon") }, 400, 21208},
		{"bad Method", func(f url.Values) { f.Set("Method", "PUT") }, 400, 21209},
		{"bad SendDigits", func(f url.Values) { f.Set("SendDigits", "x") }, 400, 21206},
		{"application", func(f url.Values) { f.Set("ApplicationSid", "AP1") }, 400, 21218},
		{"Twiml too long", func(f url.Values) { f.Del("Url"); f.Set("Twiml", strings.Repeat("a", 4001)) }, 400, 20422},
		{"test: From invalid", func(f url.Values) { f.Set("From", "+15005550001") }, 400, 21212},
		{"test: From not owned", func(f url.Values) { f.Set("From", "+15005550007") }, 400, 21210},
		{"test: From good", func(f url.Values) { f.Set("From", "+15005550006") }, 201, 0},
		{"test: To invalid", func(f url.Values) { f.Set("To", "+15005550001") }, 400, 21217},
		{"test: To unreachable", func(f url.Values) { f.Set("To", "+15005550002") }, 400, 21214},
		{"test: To abroad", func(f url.Values) { f.Set("To", "+15005550003") }, 400, 21215},
		{"test: To blocked", func(f url.Values) { f.Set("To", "+15005550004") }, 400, 21216},
	} {
		form := ok()
		c.change(form)
		status, code := r.post(callsPath, form, account, token)
		if status != c.status || code != c.code {
			t.Errorf("%s: HTTP %d code %d, want %d and %d", c.what, status, code, c.status, c.code)
		}
	}
	if status, code := r.post(callsPath, ok(), account, "wrong"); status != 401 || code != 20003 {
		t.Errorf("wrong token: HTTP %d code %d", status, code)
	}
	other := strings.Replace(callsPath, account, "AC00000000000000000000000000000002", 1)
	if status, code := r.post(other, ok(), account, token); status != 401 || code != 20003 {
		t.Errorf("another account: HTTP %d code %d", status, code)
	}
	if status, code := r.post("/2010-04-01/Accounts/"+account+"/Faxes.json", ok(), account, token); status != 404 || code != 20404 {
		t.Errorf("no such resource: HTTP %d code %d", status, code)
	}
	figures := r.recount()
	if figures.Calls != 3 || figures.Rejected != 20 {
		t.Errorf("the log has %d calls and %d refusals, want 3 and 20", figures.Calls, figures.Rejected)
	}
}

func (r *rig) recount() simcarrier.Figures {
	r.Helper()
	all := r.entries()
	f, err := simcarrier.Recount(func(yield func(simcarrier.Entry, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		r.Fatal(err)
	}
	return f
}

func TestChannelsAndRefusedPlan(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) { o.Channels = 1 })
	r.setModel(`{"numbers":{"` + to + `":[{"kind":"refused","code":21215},"no_answer"]}}`)
	form := url.Values{"To": {to}, "From": {from}, "Url": {r.url("voice")}}
	for i, want := range []int{21215, 0, 10004} {
		if _, code := r.post(callsPath, form, account, token); code != want {
			t.Errorf("call %d: code %d, want %d", i, code, want)
		}
	}
	r.run(2 * time.Minute)
	if _, code := r.post(callsPath, form, account, token); code != 0 {
		t.Errorf("after the call ended: code %d", code)
	}
}

func TestUnknownParametersAreIgnoredAndLogged(t *testing.T) {
	r := newRig(t, nil)
	form := url.Values{
		"To": {to}, "From": {from}, "Url": {r.url("voice")}, "Colour": {"red"}, "Record": {"true"},
		"StatusCallback": {r.url("status")}, "StatusCallbackEvent": {"initiated ringing"},
	}
	if status, _ := r.post(callsPath, form, account, token); status != 201 {
		t.Fatalf("HTTP %d", status)
	}
	r.run(2 * time.Minute)
	var warned []string
	for _, e := range r.entries() {
		if e.Ev == simcarrier.Warn {
			warned = append(warned, e.Text)
		}
	}
	r.want("warnings", strings.Join(warned, "; "),
		"unknown parameter ignored: StatusCallbackEvent=initiated ringing; unknown parameter ignored: Colour; parameter not simulated: Record")
	r.want("callbacks", r.statuses(), "")
}

func TestListFiltersAndPages(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"busy"}`)
	for i := range 7 {
		r.place(r.params(to).SetFrom(fmt.Sprintf("+1303555010%d", i%2)))
		r.run(time.Minute)
	}
	r.place(r.params("+12125550102"))
	two := 2
	all, err := r.api.ListCall((&api.ListCallParams{PageSize: &two}).SetTo(to))
	if err != nil || len(all) != 7 {
		t.Fatalf("%d calls over all pages, want 7: %v", len(all), err)
	}
	for i := 1; i < len(all); i++ {
		before, _ := time.Parse(time.RFC1123Z, *all[i-1].DateCreated)
		after, _ := time.Parse(time.RFC1123Z, *all[i].DateCreated)
		if !after.Before(before) {
			t.Errorf("call %d is not older than the one listed before it", i)
		}
	}
	count := func(what string, want int, p *api.ListCallParams) {
		t.Helper()
		got, err := r.api.ListCall(p)
		if err != nil || len(got) != want {
			t.Errorf("%s: %d calls, want %d: %v", what, len(got), want, err)
		}
	}
	count("all", 8, &api.ListCallParams{})
	count("by From", 3, (&api.ListCallParams{}).SetFrom("+13035550101").SetTo(to))
	count("busy", 7, (&api.ListCallParams{}).SetStatus("busy"))
	count("queued has not started", 7, (&api.ListCallParams{}).SetStartTimeAfter(start))
	count("whole days, not instants", 7, (&api.ListCallParams{}).SetStartTimeAfter(start.Add(5*time.Hour)))
	count("tomorrow", 0, (&api.ListCallParams{}).SetStartTimeAfter(start.AddDate(0, 0, 1)))
	count("until yesterday", 0, (&api.ListCallParams{}).SetStartTimeBefore(start.AddDate(0, 0, -1)))
}

func TestNewCallsDoNotMovePages(t *testing.T) {
	r := newRig(t, nil)
	for range 4 {
		r.place(r.params(to))
	}
	p := (&api.ListCallParams{}).SetPageSize(2)
	first, err := r.api.PageCall(p, "", "")
	if err != nil {
		t.Fatal(err)
	}
	r.place(r.params(to))
	next, err := url.Parse(*first.NextPageUri)
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.api.PageCall(p, next.Query().Get("PageToken"), next.Query().Get("Page"))
	if err != nil || len(second.Calls) != 2 {
		t.Fatalf("second page: %v", err)
	}
	for _, a := range first.Calls {
		for _, b := range second.Calls {
			if *a.Sid == *b.Sid {
				t.Errorf("%s is on both pages", *a.Sid)
			}
		}
	}
}

func TestUpdate(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","setup_ms":1000,"ring_ms":5000,"patience_ms":0}`)
	r.answers(func(hook) (int, string) { return 200, `<Response><Pause length="600"/></Response>` })
	set := func(sid string, p *api.UpdateCallParams) (string, int) {
		t.Helper()
		call, err := r.api.UpdateCall(sid, p)
		if bad, ok := errors.AsType[*client.TwilioRestError](err); ok {
			return "", bad.Code
		}
		if err != nil {
			t.Fatal(err)
		}
		return *call.Status, 0
	}
	hangUp := (&api.UpdateCallParams{}).SetStatus("completed")
	cancel := (&api.UpdateCallParams{}).SetStatus("canceled")
	talk := (&api.UpdateCallParams{}).SetTwiml("<Response><Say>Goodbye</Say><Hangup/></Response>")

	queued := *r.place(r.params(to)).Sid
	if s, code := set(queued, cancel); s != "canceled" || code != 0 {
		t.Errorf("cancel a queued call: %s %d", s, code)
	}
	ringing := *r.place(r.params(to)).Sid
	r.run(3 * time.Second)
	if _, code := set(ringing, talk); code != 21220 {
		t.Errorf("redirect a ringing call: %d", code)
	}
	if s, _ := set(ringing, cancel); s != "canceled" {
		t.Errorf("cancel a ringing call: %s", s)
	}
	live := *r.place(r.params(to)).Sid
	r.run(10 * time.Second)
	if s, _ := set(live, cancel); s != "in-progress" {
		t.Errorf("cancel a live call: %s", s)
	}
	if s, _ := set(live, talk); s != "in-progress" {
		t.Errorf("redirect a live call: %s", s)
	}
	r.run(10 * time.Second)
	r.want("after the new script", *r.fetch(live).Status, "completed")
	if _, code := set(live, hangUp); code != 21220 {
		t.Errorf("hang up a call that is over: %d", code)
	}
	if _, code := set("CA00000000000000000000000000000000", hangUp); code != 20404 {
		t.Errorf("hang up a call that is not there: %d", code)
	}
	other := *r.place(r.params(to)).Sid
	r.run(10 * time.Second)
	if s, _ := set(other, hangUp); s != "completed" {
		t.Errorf("hang up a live call: %s", s)
	}
}

func TestEventsShowTheRequests(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	call := r.place(r.params(to))
	r.run(time.Minute)
	events, err := r.api.ListCallEvent(*call.Sid, nil)
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, e := range events {
		q := (*e.Request).(map[string]any)
		a := (*e.Response).(map[string]any)
		urls = append(urls, fmt.Sprint(q["method"], " ", q["url"], " ", a["response_code"]))
	}
	status, voice := "POST "+r.url("status")+" 200", "POST "+r.url("voice")+" 200"
	got := strings.Join(urls, "\n")
	if strings.Count(got, status) != 4 || strings.Count(got, voice) != 1 || len(urls) != 5 {
		t.Errorf("events:\n%s", got)
	}
}

func TestAccountAndNumbers(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) {
		o.CallerIDs = []string{from, "+13035550198"}
		o.VerifiedIDs = []string{"+13035550197"}
	})
	a, err := r.api.FetchAccount(account)
	if err != nil || *a.Status != "active" || *a.Type != "Full" {
		t.Errorf("account: %v %v", a, err)
	}
	one := 1
	owned, err := r.api.ListIncomingPhoneNumber(&api.ListIncomingPhoneNumberParams{PageSize: &one})
	if err != nil || len(owned) != 2 || *owned[0].PhoneNumber != from || !owned[0].Capabilities.Voice {
		t.Errorf("owned numbers: %v %v", owned, err)
	}
	verified, err := r.api.ListOutgoingCallerId(nil)
	if err != nil || len(verified) != 1 || *verified[0].PhoneNumber != "+13035550197" {
		t.Errorf("verified numbers: %v %v", verified, err)
	}
}

func TestAnswersCarryTheCarriersDate(t *testing.T) {
	r := newRig(t, nil)
	m, err := r.api.CreateCallWithMetadata(r.params(to))
	if err != nil {
		t.Fatal(err)
	}
	headers := m.GetHeaders()
	r.want("Date", headers.Get("Date"), start.Format(http.TimeFormat))
}
