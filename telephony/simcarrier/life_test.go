package simcarrier_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestLifeOfACall(t *testing.T) {
	for _, c := range []struct {
		plan, status, hooks, sip, story string
		duration                        string
	}{
		{
			`"human"`, "completed", "initiated ringing in-progress completed", "200",
			"accepted ringing answered:human twiml said:human ended:completed", "1",
		},
		{`"busy"`, "busy", "initiated busy", "486", "accepted ended:busy", "0"},
		{`"no_answer"`, "no-answer", "initiated ringing no-answer", "487", "accepted ringing ended:no-answer", "0"},
		{`{"kind":"human","ring_ms":20001}`, "no-answer", "initiated ringing no-answer", "487", "accepted ringing ended:no-answer", "0"},
		{`"failed"`, "failed", "initiated failed", "503", "accepted ended:failed", "0"},
		{`"invalid"`, "failed", "initiated failed", "404", "accepted ended:failed", "0"},
		{`{"kind":"failed","sip":603}`, "failed", "initiated failed", "603", "accepted ended:failed", "0"},
		{
			`"fax"`, "completed", "initiated ringing in-progress completed", "200",
			"accepted ringing answered:fax twiml said:fax ended:completed", "1",
		},
	} {
		t.Run(c.plan, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(fmt.Sprintf(`{"default":%s,"patience_ms":0}`, c.plan))
			call := r.place(r.params(to))
			r.want("status at first", *call.Status, "queued")
			r.run(time.Minute)
			got := r.fetch(*call.Sid)
			r.want("status", *got.Status, c.status)
			r.want("duration", *got.Duration, c.duration)
			r.want("callbacks", r.statuses(), c.hooks)
			r.want("story", r.story(), c.story)
			hooks := r.hooksTo("status")
			for i, h := range hooks {
				if !h.Valid {
					t.Errorf("callback %d: Twilio's validator refuses the signature", i)
				}
				r.want("SequenceNumber", h.Form.Get("SequenceNumber"), fmt.Sprint(i))
				r.want("CallbackSource", h.Form.Get("CallbackSource"), "call-progress-events")
				if _, err := time.Parse(time.RFC1123Z, h.Form.Get("Timestamp")); err != nil {
					t.Error(err)
				}
				last := i == len(hooks)-1
				if h.Form.Has("CallDuration") != last || h.Form.Has("SipResponseCode") != last {
					t.Errorf("callback %d: CallDuration or SipResponseCode in the wrong place", i)
				}
			}
			final := hooks[len(hooks)-1].Form
			r.want("sip", final.Get("SipResponseCode"), c.sip)
			r.want("CallDuration", final.Get("CallDuration"), c.duration)
		})
	}
}

func TestRingTimeIsTheTimeout(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"no_answer","setup_ms":1000}`)
	call := r.place(r.params(to).SetTimeout(25))
	r.run(26*time.Second - time.Millisecond)
	r.want("before", *r.fetch(*call.Sid).Status, "ringing")
	r.run(time.Millisecond)
	got := r.fetch(*call.Sid)
	r.want("after", *got.Status, "no-answer")
	r.want("end", *got.EndTime, start.Add(26*time.Second).Format(time.RFC1123Z))
}

func TestTimeLimitEndsTheCall(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.answers(func(hook) (int, string) { return 200, `<Response><Pause length="3600"/></Response>` })
	call := r.place(r.params(to).SetTimeLimit(90))
	r.run(10 * time.Minute)
	r.want("duration", *r.fetch(*call.Sid).Duration, "90")
	r.want("price", *r.fetch(*call.Sid).Price, "-0.0280")
}

func TestQueueHoldsWhatIsBeyondCPS(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) { o.CPS = 2 })
	r.setModel(`{"default":"no_answer"}`)
	var waits []string
	for i := range 4 {
		waits = append(waits, *r.place(r.params(fmt.Sprintf("+1212555010%d", i))).QueueTime)
	}
	r.want("queue_time", strings.Join(waits, " "), "0 500 1000 1500")
	r.run(999 * time.Millisecond)
	r.want("dialed", r.statuses(), "initiated initiated")
}

func TestAsyncDetection(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":{"kind":"machine_beep","greeting_ms":7000},"ring_ms":2000,"setup_ms":1000}`)
	r.answers(func(hook) (int, string) { return 200, `<Response><Pause length="30"/></Response>` })
	p := r.params(to).SetMachineDetection("DetectMessageEnd").SetAsyncAmd("true").SetAsyncAmdStatusCallback(r.url("amd"))
	call := r.place(p)
	r.run(9 * time.Second)
	if v := r.hooksTo("voice"); len(v) != 1 || v[0].Form.Has("AnsweredBy") {
		t.Errorf("the script must be asked for at once and without a verdict: %v", v)
	}
	if n := len(r.hooksTo("amd")); n != 0 {
		t.Errorf("%d verdicts before the greeting ended", n)
	}
	r.run(time.Second)
	amd := r.hooksTo("amd")
	if len(amd) != 1 || !amd[0].Valid {
		t.Fatalf("detection callbacks: %v", amd)
	}
	r.want("verdict", amd[0].Form.Get("AnsweredBy")+" "+amd[0].Form.Get("MachineDetectionDuration"), "machine_end_beep 7000")
	if amd[0].Form.Has("SequenceNumber") || amd[0].Form.Has("Timestamp") {
		t.Error("a detection callback has neither SequenceNumber nor Timestamp")
	}
	r.want("resource", *r.fetch(*call.Sid).AnsweredBy, "machine_end_beep")
}

func TestSynchronousDetectionHoldsTheScript(t *testing.T) {
	for _, c := range []struct{ plan, mode, verdict, ms string }{
		{`{"kind":"human","amd_ms":3000}`, "Enable", "human", "3000"},
		{`{"kind":"human","amd_ms":3000}`, "DetectMessageEnd", "human", "3000"},
		{`{"kind":"machine_beep","amd_ms":3000}`, "Enable", "machine_start", "3000"},
		{`{"kind":"machine_beep","greeting_ms":9000}`, "DetectMessageEnd", "machine_end_beep", "9000"},
		{`{"kind":"machine_silence","greeting_ms":9000}`, "DetectMessageEnd", "machine_end_silence", "9000"},
		{`{"kind":"machine_beep","greeting_ms":31000}`, "DetectMessageEnd", "unknown", "30000"},
		{`{"kind":"fax","amd_ms":2000}`, "Enable", "fax", "2000"},
		{`{"kind":"human","verdict":"unknown","amd_ms":2000}`, "Enable", "unknown", "2000"},
	} {
		t.Run(c.plan+c.mode, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(fmt.Sprintf(`{"default":%s,"patience_ms":0}`, c.plan))
			r.place(r.params(to).SetMachineDetection(c.mode))
			r.run(5 * time.Minute)
			v := r.hooksTo("voice")
			if len(v) != 1 {
				t.Fatalf("%d script requests", len(v))
			}
			r.want("told", v[0].Form.Get("AnsweredBy")+" "+v[0].Form.Get("MachineDetectionDuration"), c.verdict+" "+c.ms)
			all := r.hooksTo("status")
			r.want("told at the end", all[len(all)-1].Form.Get("AnsweredBy"), c.verdict)
		})
	}
}
