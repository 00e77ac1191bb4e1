package twilio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// parameter describes one parameter or field in Twilio's OpenAPI documents.
type parameter struct {
	Type, Format string
	Enum         []string
	Repeated     bool
}

// operation is one entry of the reduced table in testdata.
type operation struct {
	Operation, Method, Path, List string
	Status                        int
	Params, Fields, Envelope      map[string]parameter
	Required                      []string
}

func operations(t *testing.T) []operation {
	t.Helper()
	raw, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Operations []operation }
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	return table.Operations
}

var placeholder = regexp.MustCompile(`\\\{[A-Za-z]+\\\}`)

// find returns the operation a request belongs to.
func findOperation(all []operation, method, path string) *operation {
	for i := range all {
		pattern := "^" + placeholder.ReplaceAllString(regexp.QuoteMeta(all[i].Path), `[A-Za-z0-9]+`) + "$"
		if all[i].Method == method && regexp.MustCompile(pattern).MatchString(path) {
			return &all[i]
		}
	}
	return nil
}

// sample is a value for a described field, in the form the API gives it.
var samples = map[string]any{
	"sid": testCall, "parent_call_sid": "CA00000000000000000000000000000def",
	"to": testTo, "from": testFrom, "phone_number": testFrom, "status": "completed",
	"date_created": noon, "start_time": noon, "end_time": noon, "duration": "60", "queue_time": "1500",
	"price": "-0.0130", "price_unit": "USD", "direction": "outbound-api", "answered_by": "human",
	"request": map[string]any{"url": "https://dial.example.com/x"}, "type": "Full", "capabilities": map[string]any{"voice": true},
	"low_risk_numbers_enabled": true, "high_risk_special_numbers_enabled": false, "high_risk_tollfraud_numbers_enabled": false,
	"next_page_uri": nil,
}

// describedServer answers every operation with exactly the fields of the
// table, and checks every request against it.
func describedServer(t *testing.T, used map[string]bool) string {
	t.Helper()
	all := operations(t)
	page := 0
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		op := findOperation(all, r.Method, r.URL.Path)
		if op == nil {
			t.Errorf("%s %s is not in the table", r.Method, r.URL.Path)
			return
		}
		used[op.Operation] = true
		_ = r.ParseForm()
		for name, values := range r.Form {
			used[op.Operation+"?"+name] = true
			checkParameter(t, op, name, values)
		}
		for _, name := range op.Required {
			if r.Form.Get(name) == "" {
				t.Errorf("%s is sent without %s", op.Operation, name)
			}
		}
		item := map[string]any{}
		for name := range op.Fields {
			item[name] = samples[name]
		}
		switch {
		case op.Operation == "FetchAccount":
			item["sid"], item["status"] = testAccount, "active"
		case op.Operation == "ListCall" && r.Form.Get("ParentCallSid") != "":
			item["parent_call_sid"] = testCall
		case op.Operation == "ListIncomingPhoneNumber":
			item["phone_number"] = testTo // not the one asked for: on to the verified ones
		}
		if op.List == "" {
			reply(w, op.Status, item)
			return
		}
		answer := map[string]any{op.List: []any{item}}
		for name := range op.Envelope {
			answer[name] = samples[name]
		}
		if page++; r.Form.Get("PageToken") == "" { // each list has a second page
			answer["next_page_uri"] = r.URL.Path + fmt.Sprintf("?PageSize=200&Page=1&PageToken=PA%d", page)
		}
		reply(w, op.Status, answer)
	})
	return base
}

func checkParameter(t *testing.T, op *operation, name string, values []string) {
	t.Helper()
	p, ok := op.Params[name]
	if !ok {
		t.Errorf("%s sends %s, which the API does not describe", op.Operation, name)
		return
	}
	if len(values) > 1 && !p.Repeated {
		t.Errorf("%s sends %s %d times", op.Operation, name, len(values))
	}
	for _, v := range values {
		if _, err := strconv.Atoi(v); p.Type == "integer" && err != nil {
			t.Errorf("%s sends %s=%s, want an integer", op.Operation, name, v)
		}
		if len(p.Enum) > 0 && !slices.Contains(p.Enum, v) {
			t.Errorf("%s sends %s=%s, want one of %v", op.Operation, name, v, p.Enum)
		}
	}
}

// Everything that is sent and parsed is in Twilio's own description: requests
// are checked against it, and answers hold its fields and no other.
func TestFollowsTheDescription(t *testing.T) {
	used := map[string]bool{}
	c := newClient(t, describedServer(t, used), nil)
	ctx := t.Context()
	d := testDial()
	d.AMD, d.AMDAsync = telephony.AMDDetectEnd, true
	placed, err := c.Place(ctx, d)
	if err != nil || placed.CallID != testCall || placed.QueueTime != 1500*time.Millisecond {
		t.Fatalf("placed %+v, %v", placed, err)
	}
	want := telephony.Call{
		ID: testCall, Parent: "CA00000000000000000000000000000def", To: testTo, From: testFrom,
		Status: telephony.StatusCompleted, AnsweredBy: telephony.ByHuman, Outbound: true, Created: noonTime, Started: noonTime,
		Ended: noonTime, Duration: time.Minute, QueueTime: 1500 * time.Millisecond, Price: "-0.0130", PriceUnit: "USD",
	}
	if got, err := c.Fetch(ctx, testCall); err != nil || got != want {
		t.Errorf("fetched %+v, %v\nwant %+v", got, err, want)
	}
	if got, err := c.Find(ctx, query(0, time.Minute)); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("found %+v, %v", got, err)
	}
	if got, err := c.Legs(ctx, testCall); err != nil || len(got) != 1 || got[0].Parent != testCall {
		t.Errorf("legs %+v, %v", got, err)
	}
	if got, err := c.Requests(ctx, testCall); err != nil || len(got) != 2 {
		t.Errorf("requests %v, %v", got, err)
	}
	if err := c.Cancel(ctx, testCall); err != nil {
		t.Error(err)
	}
	if err := c.HangUp(ctx, testCall); err != nil {
		t.Error(err)
	}
	if err := c.Redirect(ctx, testCall, d.Attempt); err != nil {
		t.Error(err)
	}
	report := c.Check(ctx, twilio.Inquiry{CallerIDs: []cadence.Number{testFrom}, Countries: []string{"US"}})
	if !report.OK() {
		t.Errorf("check: %+v", report)
	}
	for _, op := range operations(t) {
		if !used[op.Operation] {
			t.Errorf("the table holds %s, which nothing uses", op.Operation)
		}
		for name := range op.Params {
			if !used[op.Operation+"?"+name] {
				t.Errorf("the table holds parameter %s of %s, which nothing sends", name, op.Operation)
			}
		}
	}
}

// Every status the API describes is one of ours.
func TestDescribedStatuses(t *testing.T) {
	for _, op := range operations(t) {
		p, ok := op.Fields["status"]
		if !ok || op.Operation == "FetchAccount" {
			continue
		}
		if len(p.Enum) == 0 {
			t.Errorf("%s: the table has no statuses", op.Operation)
		}
		for _, s := range p.Enum {
			base, _ := serve(t, answer(200, strings.Replace(entry(0xabc, noon, ""), "completed", s, 1)))
			if got, err := newClient(t, base, nil).Fetch(t.Context(), testCall); err != nil || string(got.Status) != s {
				t.Errorf("status %s: %+v, %v", s, got, err)
			}
		}
	}
}
