package simcarrier_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// recording is a WAV file of a tone.
func recording(length time.Duration) []byte {
	samples := make([]int16, int(length.Seconds()*8000))
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

const stored = "/twilio/media/abc/mac"

// TestPlaysTheClientsOwnAudio: it is fetched, and lasts as long as it is; a
// script goes on behind what cannot be had, and nothing was heard of it.
func TestPlaysTheClientsOwnAudio(t *testing.T) {
	for _, c := range []struct {
		what, kind string
		status     int
		story      string
		seconds    int
	}{
		{"a recording", "audio/wav", 200, "said:machine recorded:machine ended:completed", 7},
		{"gone", "audio/wav", 404, "warn ended:completed", 0},
		{"of another type", "text/plain", 200, "warn ended:completed", 0},
		{"mislabelled", "audio/mpeg", 200, "warn ended:completed", 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(`{"default":{"kind":"machine_beep","greeting_ms":10000}}`)
			fetched := 0
			r.raw = func(w http.ResponseWriter, q *http.Request) bool {
				if q.URL.Path != stored {
					return false
				}
				fetched++
				if q.Method != http.MethodGet || q.URL.RawQuery != "" {
					t.Errorf("fetched by %s %s", q.Method, q.URL)
				}
				w.Header().Set("Content-Type", c.kind)
				w.WriteHeader(c.status)
				_, _ = w.Write(recording(7 * time.Second))
				return true
			}
			r.flow(map[string]string{"voice": `<Play>` + stored + `</Play>`})
			r.place(r.params(to).SetMachineDetection("DetectMessageEnd"))
			r.run(5 * time.Minute)
			_, story, _ := strings.Cut(r.story(), "twiml:machine_end_beep ")
			r.want("story", story, c.story)
			if fetched != 1 {
				t.Errorf("fetched %d times", fetched)
			}
			if s := r.between(simcarrier.TwiML, simcarrier.Ended); s != c.seconds {
				t.Errorf("the call went on for %d s, want %d", s, c.seconds)
			}
		})
	}
}

// TestMachineThatCutsOff ends a message before it is over: nothing is kept of
// it, and nobody asks what follows.
func TestMachineThatCutsOff(t *testing.T) {
	for _, c := range []struct {
		keeps  int
		kept   int
		played int
	}{{30_000, 1, 1}, {5_000, 0, 0}} {
		t.Run(fmt.Sprint(c.keeps), func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(fmt.Sprintf(`{"default":{"kind":"machine_beep","greeting_ms":10000,"keeps_ms":%d}}`, c.keeps))
			r.flow(map[string]string{
				"voice":  `<Say>` + strings.Repeat("please call us back ", 12) + `</Say><Redirect method="POST">` + r.url("played") + `</Redirect>`,
				"played": `<Hangup/>`,
			})
			r.place(r.params(to).SetMachineDetection("DetectMessageEnd"))
			r.run(5 * time.Minute)
			if n := r.recount(); n.Messages != c.kept {
				t.Errorf("%d messages kept, want %d", n.Messages, c.kept)
			}
			if n := len(r.hooksTo("played")); n != c.played {
				t.Errorf("asked %d times what follows, want %d", n, c.played)
			}
		})
	}
}

// between is the seconds from the last happening of one kind to that of
// another.
func (r *rig) between(from, until simcarrier.Happening) int {
	r.Helper()
	var a, b time.Time
	for _, e := range r.entries() {
		switch e.Ev {
		case from:
			a = e.T
		case until:
			b = e.T
		default:
		}
	}
	return int(b.Sub(a) / time.Second)
}
