package simcarrier_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

const desk = "+13035550150"

// flow answers script requests by the kind in their path.
func (r *rig) flow(docs map[string]string) {
	r.answers(func(h hook) (int, string) {
		for kind, doc := range docs {
			if strings.HasPrefix(h.Path, "/twilio/"+kind+"/") {
				return 200, "<?xml version=\"1.0\"?><Response>" + doc + "</Response>"
			}
		}
		return 200, "<Response/>"
	})
}

func TestDialBridgesWithTheDesk(t *testing.T) {
	var mu sync.Mutex
	var asked []simcarrier.Bridge
	var talked []time.Duration
	r := newRig(t, func(o *simcarrier.Options) {
		o.OnBridge = func(b simcarrier.Bridge) (bool, time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, b)
			return true, 45 * time.Second
		}
		o.OnRelease = func(_ simcarrier.Bridge, d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			talked = append(talked, d)
		}
	})
	r.setModel(`{"default":"human"}`)
	r.flow(map[string]string{
		"voice": fmt.Sprintf(`<Dial action="%s" timeout="20" timeLimit="600"><Number>%s</Number></Dial>`, r.url("dial"), desk),
		"dial":  `<Say>Thank you</Say><Hangup/>`,
	})
	call := r.place(r.params(to))
	r.run(10 * time.Minute)
	if len(asked) != 1 || asked[0].Call != *call.Sid || asked[0].Attempt != attempt || asked[0].To != desk || asked[0].Person != to {
		t.Fatalf("the desk was asked %+v", asked)
	}
	if len(talked) != 1 || talked[0] != 45*time.Second {
		t.Errorf("the desk was released after %v", talked)
	}
	dial := r.hooksTo("dial")
	if len(dial) != 1 {
		t.Fatalf("%d requests for the action", len(dial))
	}
	f := dial[0].Form
	r.want("DialCallStatus", f.Get("DialCallStatus")+" "+f.Get("DialCallDuration")+" "+f.Get("DialCallSid"), "completed 45 "+asked[0].Leg)
	leg := r.fetch(asked[0].Leg)
	r.want("leg", fmt.Sprint(*leg.ParentCallSid, *leg.Direction, *leg.From), fmt.Sprint(*call.Sid, "outbound-dial", from))
	if n := r.recount(); n.Contacts != 1 || n.Calls != 1 || n.Human != 1 {
		t.Errorf("recount: %+v", n)
	}
}

func TestDialThatNobodyTakes(t *testing.T) {
	for _, c := range []struct {
		what, plan, attrs, status string
		takes                     bool
	}{
		{"desk does not answer", "", ``, "no-answer", false},
		{"leg is busy", `"busy"`, ``, "busy", true},
		{"leg is invalid", `"invalid"`, ``, "failed", true},
		{"caller ID of others", "", `callerId="+15005550001"`, "failed", true},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRig(t, func(o *simcarrier.Options) {
				o.OnBridge = func(simcarrier.Bridge) (bool, time.Duration) { return c.takes, 0 }
			})
			forced := ""
			if c.plan != "" {
				forced = fmt.Sprintf(`,"numbers":{"%s":[%s]}`, desk, c.plan)
			}
			r.setModel(`{"default":"human","patience_ms":0` + forced + `}`)
			r.flow(map[string]string{
				"voice": fmt.Sprintf(`<Pause length="1"/><Dial action="%s" timeout="15" %s>%s</Dial>`, r.url("dial"), c.attrs, desk),
				"dial":  `<Hangup/>`,
			})
			call := r.place(r.params(to))
			r.run(10 * time.Minute)
			dial := r.hooksTo("dial")
			if len(dial) != 1 {
				t.Fatalf("%d requests for the action", len(dial))
			}
			r.want("DialCallStatus", dial[0].Form.Get("DialCallStatus"), c.status)
			r.want("call", *r.fetch(*call.Sid).Status, "completed")
			if n := r.recount(); n.Contacts != 0 || n.Human != 1 {
				t.Errorf("a person who was not connected is no contact: %+v", n)
			}
		})
	}
}

func TestPersonHangsUpWhileTheLegRings(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) {
		o.OnBridge = func(simcarrier.Bridge) (bool, time.Duration) { return false, 0 }
	})
	r.setModel(`{"default":"human","patience_ms":8000}`)
	r.flow(map[string]string{"voice": fmt.Sprintf(`<Dial action="%s" timeout="30">%s</Dial>`, r.url("dial"), desk)})
	r.place(r.params(to))
	r.run(5 * time.Minute)
	dial := r.hooksTo("dial")
	if len(dial) != 1 || dial[0].Form.Get("DialCallStatus") != "canceled" || dial[0].Form.Get("CallStatus") != "completed" {
		t.Errorf("action: %+v", dial)
	}
}

func TestGather(t *testing.T) {
	for _, c := range []struct{ plan, digits, story string }{
		{`{"kind":"human","digits":"1"}`, "1", "accepted ringing answered:human twiml said:human digits:1 twiml said:human ended:completed"},
		{`{"kind":"human","digits":"none"}`, "", "accepted ringing answered:human twiml said:human said:human ended:completed"},
		{`{"kind":"machine_beep","digits":"1","greeting_ms":0}`, "", "accepted ringing answered:machine twiml said:machine recorded:machine said:machine recorded:machine ended:completed"},
	} {
		t.Run(c.plan, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(fmt.Sprintf(`{"default":%s,"patience_ms":0}`, c.plan))
			r.flow(map[string]string{
				"voice":  fmt.Sprintf(`<Gather numDigits="1" timeout="5" action="%s"><Say>Press one</Say></Gather><Say>Goodbye</Say>`, r.url("gather")),
				"gather": `<Say>You pressed one</Say>`,
			})
			r.place(r.params(to))
			r.run(5 * time.Minute)
			r.want("story", r.story(), c.story)
			got := ""
			for _, h := range r.hooksTo("gather") {
				got += h.Form.Get("Digits")
			}
			r.want("Digits", got, c.digits)
		})
	}
}

func TestVoicemailIsRecordedOnlyBehindTheBeep(t *testing.T) {
	for _, c := range []struct {
		mode     string
		messages int
	}{{"", 0}, {"Enable", 0}, {"DetectMessageEnd", 1}} {
		t.Run(c.mode, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(`{"default":{"kind":"machine_beep","greeting_ms":10000,"amd_ms":3000}}`)
			r.flow(map[string]string{"voice": `<Say>Please call us back</Say><Hangup/>`})
			p := r.params(to)
			if c.mode != "" {
				p.SetMachineDetection(c.mode)
			}
			r.place(p)
			r.run(5 * time.Minute)
			if n := r.recount(); n.Messages != c.messages {
				t.Errorf("%d messages kept, want %d", n.Messages, c.messages)
			}
		})
	}
}

func TestRedirectAndRelativeURLs(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.flow(map[string]string{
		"voice":  `<Pause length="1"/><Redirect method="GET">../../gather/x/y</Redirect>`,
		"gather": `<Play loop="2">/audio/hello.mp3</Play>`,
	})
	r.place(r.params(to))
	r.run(5 * time.Minute)
	g := r.hooksTo("gather")
	if len(g) != 1 || g[0].Method != "GET" || !g[0].Valid {
		t.Fatalf("redirect: %+v", g)
	}
	for _, e := range r.entries() {
		if e.Ev == simcarrier.Said {
			r.want("audio", e.URL, r.hooks.URL+"/audio/hello.mp3")
		}
	}
}

func TestBadScriptsEndTheCall(t *testing.T) {
	for _, c := range []struct {
		what, body string
		status     int
		code       int
	}{
		{"not found", "", 404, 11200},
		{"dropped connection", "", 0, 11200},
		{"not XML", "hello", 200, 12100},
		{"cut off", "<Response><Say>hello", 200, 12100},
		{"other root", "<Answer/>", 200, 12100},
		{"document type", `<!DOCTYPE x [<!ENTITY a "b">]><Response/>`, 200, 12100},
		{"unknown verb", "<Response><Sing>la</Sing></Response>", 200, 12200},
		{"verb in the wrong place", "<Response><Gather><Dial>+12125550100</Dial></Gather></Response>", 200, 12200},
		{"two targets", "<Response><Dial><Number>+12125550100</Number><Number>+12125550101</Number></Dial></Response>", 200, 12200},
		{"empty Say", "<Response><Say/></Response>", 200, 12200},
		{"bad attribute", `<Response><Pause length="long"/></Response>`, 200, 12200},
		{"too deep", "<Response>" + strings.Repeat("<Gather>", 20) + strings.Repeat("</Gather>", 20) + "</Response>", 200, 12200},
		{"too large", "<Response><Say>" + strings.Repeat("a", 70_000) + "</Say></Response>", 200, 11750},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(`{"default":"human"}`)
			r.answers(func(h hook) (int, string) {
				if strings.Contains(h.Path, "/status/") {
					return 200, ""
				}
				return c.status, c.body
			})
			call := r.place(r.params(to))
			r.run(time.Minute)
			r.want("status", *r.fetch(*call.Sid).Status, "completed")
			code := 0
			for _, e := range r.entries() {
				code += e.Error
			}
			if code != c.code {
				t.Errorf("the log says error %d, want %d", code, c.code)
			}
			if n := r.recount(); n.Contacts != 0 {
				t.Error("a call without a script is no contact")
			}
		})
	}
}

func TestFallbackUrl(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human"}`)
	r.answers(func(h hook) (int, string) {
		if strings.Contains(h.Path, "/voice/") {
			return 500, ""
		}
		return 200, "<Response><Say>Sorry</Say></Response>"
	})
	r.place(r.params(to).SetFallbackUrl(r.url("gather")))
	r.run(time.Minute)
	g := r.hooksTo("gather")
	if len(g) != 1 || g[0].Form.Get("ErrorCode") != "11200" || g[0].Form.Get("ErrorUrl") != r.url("voice") {
		t.Errorf("fallback: %+v", g)
	}
	if n := r.recount(); n.Contacts != 1 {
		t.Errorf("the fallback's message was heard: %+v", n)
	}
}

func TestTwimlParameter(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	p := r.params(to)
	p.Url = nil
	r.place(p.SetTwiml("<Response><Say>Hello</Say></Response>"))
	r.run(time.Minute)
	r.want("story", r.story(), "accepted ringing answered:human twiml said:human ended:completed")
}
