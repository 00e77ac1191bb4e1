package simcarrier_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// The official example of Twilio's documentation.
func TestSignatureVector(t *testing.T) {
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}}
	if got := simcarrier.Sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form); got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Errorf("signature %s", got)
	}
}

func FuzzTwiML(f *testing.F) {
	for _, s := range []string{
		"", "<Response/>", "<Response><Say>Hello</Say><Hangup/></Response>", `<Response><Pause length="-1"/></Response>`,
		`<Response><Gather numDigits="1"><Say>1</Say></Gather></Response>`, `<Response><Dial timeout="9999999999999"><Sip>sip:a@b</Sip></Dial></Response>`,
		"<Response>\x00</Response>", "<a><b></a></b>", "<!DOCTYPE x><Response/>", "<Response/><Response/>",
	} {
		f.Add([]byte(s))
	}
	known := []string{"Say", "Play", "Pause", "Gather", "Dial", "Number", "Sip", "Redirect", "Hangup", "Reject"}
	f.Fuzz(func(t *testing.T, raw []byte) {
		names, err := simcarrier.ParseTwiML(raw)
		if err != nil && !slices.Contains([]int{11750, 12100, 12200}, simcarrier.CodeOf(err)) {
			t.Fatalf("an error without a code: %v", err)
		}
		for _, name := range names {
			// Text verbs may hold elements, which are never followed.
			if !slices.Contains(known, name) && !strings.Contains(string(raw), "<"+name) {
				t.Fatalf("verb %q from nowhere", name)
			}
		}
	})
}

func FuzzModel(f *testing.F) {
	f.Add([]byte(`{"default":"no_answer","numbers":{"+13035550100":["busy",{"kind":"human"}]},"ring_ms":0}`))
	f.Add([]byte(`{"mix":{"human":1e308,"busy":1e308}}`))
	f.Add([]byte(`{"press":{"1":0.5}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := simcarrier.ParseModel(raw)
		if err != nil {
			return
		}
		o := m.Outcome(1, "+13035550100", 1, start)
		if o.Kind == "" || o.Ring < 0 || o.Talk < 0 {
			t.Fatalf("%s: %+v", raw, o)
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := simcarrier.ParseModel(text)
		if err != nil || !reflect.DeepEqual(again.Outcome(1, "+13035550100", 1, start), o) {
			t.Fatalf("%s is not read back: %v", text, err)
		}
	})
}

func FuzzEntries(f *testing.F) {
	f.Add(`{"seq":1,"ev":"accepted"}` + "\n")
	f.Add("{\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for _, err := range simcarrier.Entries(strings.NewReader(text)) {
			if err != nil {
				break
			}
			n++
		}
		if n > strings.Count(text, "\n") {
			t.Fatalf("%d entries in %d lines", n, strings.Count(text, "\n"))
		}
	})
}

func FuzzOverride(f *testing.F) {
	f.Add("https://example.com/a#rc=3&rp=5xx,ct,rt&ct=2000")
	f.Add("#%zz")
	f.Fuzz(func(t *testing.T, raw string) {
		target, retries := simcarrier.Override(raw)
		if strings.Contains(target, "#") || retries < 0 || retries > 5 {
			t.Fatalf("%q: target %q, %d retries", raw, target, retries)
		}
	})
}
