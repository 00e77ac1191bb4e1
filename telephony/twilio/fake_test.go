package twilio_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/telephonytest"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const (
	testAccount = "AC00000000000000000000000000000001"
	testToken   = "5f0c1e0d9a7b4c2e8d6f3a1b0c9e8d7f"
	testPublic  = "https://dial.example.com"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

func testHooks(t testing.TB) *twilio.Hooks {
	t.Helper()
	h, err := twilio.NewHooks(testPublic, testKey)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// farSide is a small Twilio: enough of the API to answer the adapter, with
// pages of two and a record of every request.
type farSide struct {
	mu      sync.Mutex
	addr    string
	server  *http.Server
	answers map[cadence.Number]telephonytest.Answer
	fault   telephonytest.Fault
	calls   []*farCall
	seen    []seenRequest
	numbers int
}

type farCall struct {
	telephony.Call
	urls []string
}

type seenRequest struct {
	method, path string
	header       http.Header
	params       url.Values
}

func newFarSide(t testing.TB) *farSide {
	t.Helper()
	f := &farSide{addr: "127.0.0.1:0", answers: map[cadence.Number]telephonytest.Answer{}}
	f.start(t)
	t.Cleanup(func() { _ = f.server.Close() })
	return f
}

func (f *farSide) start(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		t.Fatal(err)
	}
	f.addr = l.Addr().String()
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	server := f.server
	go func() { _ = server.Serve(l) }()
}

func (f *farSide) client(t testing.TB, change func(*twilio.Options)) *twilio.Client {
	t.Helper()
	return newClient(t, "http://"+f.addr, change)
}

func newClient(t testing.TB, base string, change func(*twilio.Options)) *twilio.Client {
	t.Helper()
	o := twilio.Options{AccountSID: testAccount, AuthToken: testToken, BaseURL: base, Hooks: testHooks(t)}
	if change != nil {
		change(&o)
	}
	c, err := twilio.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (f *farSide) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	path := strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+testAccount)
	f.mu.Lock()
	f.seen = append(f.seen, seenRequest{r.Method, r.URL.Path, r.Header.Clone(), r.Form})
	f.mu.Unlock()
	user, pass, _ := r.BasicAuth()
	if user != testAccount || pass != testToken {
		refuse(w, http.StatusUnauthorized, 20003, "Authenticate")
		return
	}
	sid := strings.TrimSuffix(strings.TrimPrefix(path, "/Calls/"), ".json")
	switch {
	case path == "/Calls.json" && r.Method == http.MethodPost:
		f.create(w, r)
	case path == "/Calls.json":
		f.list(w, r)
	case strings.HasSuffix(path, "/Events.json"):
		f.events(w, r, strings.TrimSuffix(sid, "/Events"))
	case strings.HasPrefix(path, "/Calls/") && r.Method == http.MethodPost:
		f.update(w, r, sid)
	case strings.HasPrefix(path, "/Calls/"):
		f.one(w, sid)
	default:
		refuse(w, http.StatusNotFound, 20404, "not found")
	}
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"code":%d,"message":%q,"more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`,
		code, message, code, status)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (f *farSide) create(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	fault := f.fault
	f.fault = ""
	f.mu.Unlock()
	switch fault {
	case telephonytest.Throttle:
		w.Header().Set("Retry-After", "2")
		refuse(w, http.StatusTooManyRequests, 20429, "Too Many Requests")
		return
	case telephonytest.Refuse:
		refuse(w, http.StatusBadRequest, 21211, "The phone number "+r.PostForm.Get("To")+" is not valid")
		return
	case telephonytest.Break:
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("<html>upstream</html>"))
		return
	}
	call := f.accept(r.PostForm)
	switch fault {
	case telephonytest.Drop:
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	case telephonytest.Stall:
		<-r.Context().Done()
	default:
		reply(w, http.StatusCreated, resource(call))
	}
}

// accept records a call and lets the answer happen at once.
func (f *farSide) accept(p url.Values) telephony.Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &farCall{Call: telephony.Call{
		ID: f.sid(), To: p.Get("To"), From: p.Get("From"),
		Outbound: true, Created: time.Now().UTC().Truncate(time.Second), Status: telephony.StatusQueued,
	}}
	status, _, _ := strings.Cut(p.Get("StatusCallback"), "#")
	voice, _, _ := strings.Cut(p.Get("Url"), "#")
	c.urls = append(c.urls, status)
	placed := c.Call
	f.calls = append(f.calls, c)
	switch f.answers[cadence.Number(c.To)] {
	case telephonytest.Busy:
		c.Status = telephony.StatusBusy
	case telephonytest.NoAnswer:
		c.Status = telephony.StatusNoAnswer
	case telephonytest.Fails:
		c.Status = telephony.StatusFailed
	case telephonytest.Rings:
		c.Status = telephony.StatusRinging
	case telephonytest.Human:
		c.Status = telephony.StatusInProgress
		c.urls = append(c.urls, voice)
	case telephonytest.Machine:
		c.Status = telephony.StatusInProgress
		c.urls = append(c.urls, voice)
		switch p.Get("MachineDetection") {
		case "Enable":
			c.AnsweredBy = telephony.ByMachineStart
		case "DetectMessageEnd":
			c.AnsweredBy = telephony.ByMachineBeep
		}
		if amd, _, _ := strings.Cut(p.Get("AsyncAmdStatusCallback"), "#"); p.Get("AsyncAmd") == "true" {
			c.urls = append(c.urls, amd)
		}
	case telephonytest.Bridged:
		c.Status = telephony.StatusInProgress
		c.urls = append(c.urls, voice)
		leg := c.Call
		leg.ID, leg.Parent, leg.Outbound = f.sid(), c.ID, false
		f.calls = append(f.calls, &farCall{Call: leg})
	}
	return placed
}

func (f *farSide) sid() string {
	f.numbers++
	return fmt.Sprintf("CA%032x", f.numbers)
}

func (f *farSide) get(id string) *farCall {
	for _, c := range f.calls {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (f *farSide) one(w http.ResponseWriter, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.get(id); c != nil {
		reply(w, http.StatusOK, resource(c.Call))
		return
	}
	refuse(w, http.StatusNotFound, 20404, "not found")
}

func (f *farSide) update(w http.ResponseWriter, r *http.Request, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, to := f.get(id), telephony.Status(r.PostForm.Get("Status"))
	switch {
	case c == nil:
		refuse(w, http.StatusNotFound, 20404, "not found")
	case c.Status.Terminal() || (to == telephony.StatusCanceled && c.Status == telephony.StatusInProgress):
		refuse(w, http.StatusBadRequest, 21220, "Call is not in-progress. Cannot redirect.")
	case r.PostForm.Has("Url") && c.Status != telephony.StatusInProgress:
		refuse(w, http.StatusBadRequest, 21220, "Call is not in-progress. Cannot redirect.")
	case r.PostForm.Has("Url"):
		voice, _, _ := strings.Cut(r.PostForm.Get("Url"), "#")
		c.urls = append(c.urls, voice)
		reply(w, http.StatusOK, resource(c.Call))
	default:
		c.Status = to
		reply(w, http.StatusOK, resource(c.Call))
	}
}

func (f *farSide) list(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	items := []any{}
	for _, one := range slices.Backward(f.calls) {
		c, q := one.Call, r.Form
		if (q.Get("To") == "" || q.Get("To") == c.To) && (q.Get("From") == "" || q.Get("From") == c.From) &&
			(q.Get("ParentCallSid") == "" || q.Get("ParentCallSid") == c.Parent) {
			items = append(items, resource(c))
		}
	}
	page(w, r, "calls", items)
}

func (f *farSide) events(w http.ResponseWriter, r *http.Request, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	items := []any{map[string]any{"request": nil, "response": map[string]any{"status_code": 200}}}
	if c := f.get(id); c != nil {
		for _, u := range c.urls {
			items = append(items, map[string]any{"request": map[string]any{"method": "POST", "url": u}})
		}
	}
	page(w, r, "events", items)
}

// page answers two items and the link to the next two.
func page(w http.ResponseWriter, r *http.Request, name string, items []any) {
	from := 0
	_, _ = fmt.Sscanf(r.Form.Get("PageToken"), "PA%d", &from)
	to, next := min(from+2, len(items)), any(nil)
	if to < len(items) {
		next = fmt.Sprintf("%s?PageSize=2&Page=%d&PageToken=PA%d", r.URL.Path, to/2, to)
	}
	reply(w, http.StatusOK, map[string]any{name: items[min(from, to):to], "next_page_uri": next, "page_size": 2})
}

func resource(c telephony.Call) map[string]any {
	direction := "outbound-dial"
	if c.Outbound {
		direction = "outbound-api"
	}
	return map[string]any{
		"sid": c.ID, "parent_call_sid": c.Parent, "to": c.To, "from": c.From,
		"status": c.Status, "direction": direction, "date_created": c.Created.Format(time.RFC1123Z),
		"queue_time": "0", "start_time": nil, "duration": nil, "answered_by": c.AnsweredBy,
	}
}

func (f *farSide) requests() []seenRequest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]seenRequest(nil), f.seen...)
}
