package app_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// recording is a WAV file of a tone of so many seconds.
func recording(seconds int) []byte {
	samples := make([]int16, 8000*seconds)
	for i := range samples {
		samples[i] = int16(8000 * math.Sin(float64(i)/3))
	}
	var f bytes.Buffer
	word := func(v any) { _ = binary.Write(&f, binary.LittleEndian, v) }
	f.WriteString("RIFF")
	word(uint32(36 + 2*len(samples)))
	f.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16)} {
		word(v)
	}
	f.WriteString("data")
	word(uint32(2 * len(samples)))
	word(samples)
	return f.Bytes()
}

func (r *rig) stored(raw []byte) apiclient.Media {
	r.t.Helper()
	var m apiclient.Media
	if err := r.api.Upload(r.t.Context(), "/v1/media", url.Values{"name": {"take.wav"}}, "audio/wav", bytes.NewReader(raw), &m); err != nil {
		r.t.Fatal(err)
	}
	return m
}

// attempt is what the test reads of one.
type attempt struct {
	To          string `json:"to"`
	Disposition string `json:"disposition"`
	AnsweredBy  string `json:"answered_by"`
	Voicemail   *struct {
		Beep    bool    `json:"beep"`
		Seconds float64 `json:"seconds"`
		Cut     string  `json:"cut"`
		Audio   string  `json:"audio"`
	} `json:"voicemail"`
}

// attempts are those there are, by the end of the called number.
func (r *rig) attempts() map[string]attempt {
	r.t.Helper()
	list, err := apiclient.All[attempt](r.t.Context(), r.api, "/v1/attempts", url.Values{}, 100)
	if err != nil {
		r.t.Fatal(err)
	}
	all := map[string]attempt{}
	for _, a := range list {
		if end := a.To[len(a.To)-2:]; all[end].To != "" {
			r.t.Errorf("%s was called twice", a.To)
		} else {
			all[end] = a
		}
	}
	return all
}

// leavesAudio is a cadence of one call that leaves a recording.
func leavesAudio(detection, audio string) string {
	return fmt.Sprintf(`{
  "format": "carillon.cadence/v1", "name": "Leaves %s", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "message", "text": "Hello, please call us back when you can."}],
  "steps": [{"key": "only", "kind": "call", "caller_id": {"pool": "west"}, "detection": {"mode": "%s"}, "voicemail": {"leave": true, "audio": "%s"}}],
  "routes": [{"on": "ANSWERING_MACHINE", "do": "exit"}, {"on": "VOICEMAIL_LEFT", "do": "exit"}, {"on": "CONNECTED", "do": "exit"}, {"on": "FAX", "do": "exit"}]
}`, detection, detection, audio)
}

// TestVoicemailDrop: a machine that beeps gets the recording behind its beep,
// fetched by the carrier under its signed address, and the receipt says so. One
// that cuts it off has none left; a fax is never called again; a person hears
// the message. It is so whether the judgement comes before the script or beside
// it.
func TestVoicemailDrop(t *testing.T) {
	for _, detection := range []string{"sync", "async"} {
		t.Run(detection, func(t *testing.T) {
			greeting, keeps := 9000, 3000
			r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{
				"+13035550142": {{Kind: simcarrier.Beep, GreetingMS: &greeting}},
				"+13035550143": {{Kind: simcarrier.Silence, GreetingMS: &greeting}},
				"+13035550144": {{Kind: simcarrier.Beep, GreetingMS: &greeting, KeepsMS: &keeps}},
				"+13035550145": plans(simcarrier.Fax),
				"+13035550146": plans(simcarrier.Human),
			}}, pools()...)
			audio := r.stored(recording(12))
			one := r.cadence(leavesAudio(detection, audio.ID))
			r.leads(one.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L1,+13035550142", "L2,+13035550143", "L3,+13035550144", "L4,+13035550145", "L5,+13035550146")))
			r.finish()
			r.settled()
			all := r.attempts()
			for end, want := range map[string]struct {
				code, by string
				beep     bool
				cut      string
				least    float64
				most     float64
			}{
				"42": {"VOICEMAIL_LEFT", "machine_end_beep", true, "", 11.9, 12.1},
				"43": {"VOICEMAIL_LEFT", "machine_end_silence", false, "", 11.9, 12.1},
				"44": {"ANSWERING_MACHINE", "machine_end_beep", true, "far_end", 0, 5},
				"45": {code: "FAX", by: "fax", most: -1},
				"46": {code: "CONNECTED", by: "human", most: -1},
			} {
				a := all[end]
				if a.Disposition != want.code || a.AnsweredBy != want.by || (a.Voicemail != nil) != (want.most >= 0) {
					t.Errorf("%s: %+v %+v, want %+v", end, a, a.Voicemail, want)
					continue
				}
				if v := a.Voicemail; v != nil && (v.Beep != want.beep || v.Cut != want.cut || v.Seconds < want.least || v.Seconds > want.most || v.Audio != audio.ID) {
					t.Errorf("%s: %+v, want %+v", end, v, want)
				}
			}
			r.heard(audio, detection, "+13035550142", "+13035550143")
			row, err := r.app.Engine().Rows().Number(r.app.Engine().Token("+13035550145"))
			if err != nil || row == nil || row.Retired == "" {
				t.Errorf("the fax's number: %+v, %v", row, err)
			}
		})
	}
}

// heard checks against the carrier's own log: machines kept the recording where
// they were left it and nowhere else, the whole of it was behind a greeting, and
// the carrier fetched it.
func (r *rig) heard(audio apiclient.Media, detection string, left ...string) {
	r.t.Helper()
	entries, err := r.log.Entries()
	if err != nil {
		r.t.Fatal(err)
	}
	fetched := map[string]int{}
	for _, e := range entries {
		if e.Ev == simcarrier.Webhook && strings.Contains(e.URL, "/twilio/media/"+audio.Hash+"/") && e.HTTP == 200 {
			fetched[e.Call]++
		}
		if e.Ev == simcarrier.Warn {
			r.t.Errorf("the carrier warns: %+v", e)
		}
	}
	for _, c := range r.calls() {
		wanted := false
		for _, n := range left {
			wanted = wanted || n == c.To
		}
		// The one that cuts it off may do so before the recording is there.
		if n := fetched[c.Call]; wanted && n != 1 || !wanted && n > 1 || n == 1 && !wanted && c.Told != simcarrier.VerdictBeep {
			r.t.Errorf("%s (%s): the recording was fetched %d times", c.To, detection, n)
		}
		if c.Recorded != wanted {
			r.t.Errorf("%s (%s): message kept %v", c.To, detection, c.Recorded)
		}
	}
}

// TestScriptsOutliveTheProcess: a process that dies between a call's answer and
// its question, and another while the message is played, change nothing: who
// comes after them answers from what is durable.
func TestScriptsOutliveTheProcess(t *testing.T) {
	greeting := 30_000
	r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{
		"+13035550142": {{Kind: simcarrier.Beep, GreetingMS: &greeting}},
	}}, pools()...)
	audio := r.stored(recording(40))
	one := r.cadence(leavesAudio("sync", audio.ID))
	r.leads(one.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L1,+13035550142")))
	r.again(simcarrier.Answered)
	r.again(simcarrier.Said)
	r.finish()
	a := r.attempts()["42"]
	if a.Disposition != "VOICEMAIL_LEFT" || a.Voicemail == nil || a.Voicemail.Cut != "" || a.Voicemail.Seconds < 39.9 {
		t.Errorf("%+v, %+v", a, a.Voicemail)
	}
	if c := r.calls(); len(c) != 1 || !c[0].Recorded {
		t.Errorf("%+v", c)
	}
}

// again waits until the carrier has logged something, and puts another process
// in the place of the one that runs.
func (r *rig) again(what simcarrier.Happening) {
	r.t.Helper()
	r.until(string(what), func() bool {
		entries, err := r.log.Entries()
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range entries {
			if e.Ev == what {
				return true
			}
		}
		return false
	})
	r.clock.Pause()
	r.config.Hooks.Listen = strings.TrimPrefix(r.app.HooksURL(), "http://")
	r.stop()
	r.start()
	r.clock.Resume()
}

// TestMediaOutlivesItsLedger: a backup carries recordings, a restored ledger
// has them whole, and what was never finished is swept at a start.
func TestMediaOutlivesItsLedger(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	raw := recording(30) // four parts
	kept := r.stored(raw)
	half := state.MediaHash{1, 2, 3}
	if _, err := r.app.Engine().Do(t.Context(), &dialer.OpenMedia{Hash: half, Chunks: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.app.Engine().Do(t.Context(), &dialer.PutMedia{Hash: half, Data: []byte("half of it")}); err != nil {
		t.Fatal(err)
	}
	file := r.fetched()
	r.stop()
	r.config.DataDir = t.TempDir() + "/restored"
	if _, err := app.Restore(t.Context(), app.RestoreOptions{File: file, Dir: r.config.DataDir}); err != nil {
		t.Fatal(err)
	}
	r.start()
	var list struct {
		Items []apiclient.Media `json:"items"`
	}
	if err := r.api.Get(t.Context(), "/v1/media", nil, &list); err != nil || len(list.Items) != 1 || list.Items[0] != kept {
		t.Fatalf("%+v, %v", list.Items, err)
	}
	var back []byte
	if err := r.api.Get(t.Context(), "/v1/media/"+kept.Hash+"/audio", nil, &back); err != nil || !bytes.Equal(back, raw) {
		t.Fatalf("%d bytes came back, %v", len(back), err)
	}
	r.until("the sweep", func() bool {
		found, err := app.CheckMedia(context.Background(), r.app.Engine().Rows())
		return err == nil && len(found) == 1 && found[0].Wrong == nil
	})
}
