package dialer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// tape is a file of stored audio: what it holds does not matter here.
type tape struct {
	hash state.MediaHash
	data []byte
}

func newTape(size int) tape {
	data := bytes.Repeat([]byte("carillon"), size/8+1)[:size]
	return tape{sha256.Sum256(data), data}
}

func (k tape) name() string { return cadence.MediaPrefix + hex.EncodeToString(k.hash[:]) }

func (k tape) parts() [][]byte {
	var all [][]byte
	for rest := k.data; len(rest) > 0; rest = rest[min(state.MediaChunk, len(rest)):] {
		all = append(all, rest[:min(state.MediaChunk, len(rest))])
	}
	return all
}

func (k tape) ready(length time.Duration) *dialer.FinishMedia {
	return &dialer.FinishMedia{Fact: event.MediaReady{
		Hash: k.hash[:], Name: "hello.wav", Type: "audio/wav", Encoding: "pcm16", Rate: 8000, Channels: 1,
		Bytes: int64(len(k.data)), DurationMs: length.Milliseconds(), RMS: -2000, Peak: -300,
	}}
}

// keep stores a tape.
func (r *rig) keep(k tape, length time.Duration) {
	r.t.Helper()
	parts := k.parts()
	if r.must(&dialer.OpenMedia{Hash: k.hash, Chunks: len(parts)}) == true {
		return
	}
	for n, p := range parts {
		r.must(&dialer.PutMedia{Hash: k.hash, N: n, Data: p})
	}
	r.must(k.ready(length))
}

func (r *rig) refused(m dialer.Message, code, says string) {
	r.t.Helper()
	_, err := r.do(m)
	refused, ok := errors.AsType[*dialer.Refusal](err)
	if !ok || refused.Code != code || !strings.Contains(refused.Message, says) {
		r.t.Fatalf("%T: %v, want %s: %q", m, err, code, says)
	}
}

// TestMediaIsStored in parts, once, and read back whole; a part that is missing
// or changed is noticed by whoever reads it.
func TestMediaIsStored(t *testing.T) {
	r := newRig(t)
	k := newTape(2*state.MediaChunk + 1000)
	parts := k.parts()
	r.refused(&dialer.PutMedia{Hash: k.hash, Data: parts[0]}, "conflict", "store it again")
	r.refused(&dialer.OpenMedia{Hash: k.hash, Chunks: 65}, "invalid", "64 parts")
	if r.must(&dialer.OpenMedia{Hash: k.hash, Chunks: 3}) != false {
		t.Fatal("it is said to be there")
	}
	r.must(&dialer.PutMedia{Hash: k.hash, N: 2, Data: parts[2]})
	r.refused(k.ready(time.Second), "conflict", "parts of the file are missing")
	r.refused(&dialer.PutMedia{Hash: k.hash, N: 3, Data: parts[2]}, "invalid", "no part")
	r.open() // what came in before a restart is of use
	r.keep(k, 12*time.Second)
	r.keep(k, 12*time.Second)
	row, err := r.rows().Media(k.hash)
	r.check(err)
	if !row.Sound() || row.Name != "hello.wav" || row.DurationMs != 12000 || row.Bytes != int64(len(k.data)) {
		t.Fatalf("%+v", row)
	}
	data, err := r.rows().MediaData(row)
	if err != nil || !bytes.Equal(data, k.data) {
		t.Fatalf("%d bytes came back, %v", len(data), err)
	}
	r.refold()
	if _, err := r.rows().MediaData(&state.Media{Hash: row.Hash, Chunks: 4}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a lost part: %v", err)
	}
	if _, err := r.rows().MediaData(&state.Media{Hash: row.Hash, Chunks: 2}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("another content: %v", err)
	}
	r.must(&dialer.DeleteMedia{Hash: k.hash})
	r.refused(&dialer.DeleteMedia{Hash: k.hash}, "not_found", "")
	if row, err = r.rows().Media(k.hash); err != nil || row != nil {
		t.Errorf("after deleting: %+v, %v", row, err)
	}
	if _, err := r.rows().MediaData(&state.Media{Hash: k.hash[:], Chunks: 3}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("its parts are still there: %v", err)
	}
	r.refold()
}

// leaves is a cadence whose step leaves a tape.
func leaves(k tape) m { return machines(nil, m{"leave": true, "audio": k.name()}) }

// TestMediaIsNeeded: a cadence is published only with audio that is there, its
// file is kept as long as it may be played, and who would be called to hear
// nothing waits, with a reason, until it is there again.
func TestMediaIsNeeded(t *testing.T) {
	r := newRig(t)
	k := newTape(5000)
	r.must(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(t, "Plays", leaves(k)))})
	_, err := r.do(&dialer.PublishCadence{ID: theCadence})
	refused, ok := errors.AsType[*dialer.Refusal](err)
	if !ok || len(refused.Details) != 1 {
		t.Fatalf("publish: %v", err)
	}
	p := refused.Details[0]
	if p.Path != "steps[0].voicemail.audio" || p.Code != "missing_media" || !strings.Contains(p.Message, `step "one"`) ||
		!strings.Contains(p.Message, k.name()) || !strings.Contains(p.Remedy, "carillon media add") {
		t.Fatalf("%+v", p)
	}
	r.keep(k, 8*time.Second)
	r.must(&dialer.PublishCadence{ID: theCadence})
	r.must(&dialer.SwitchCadence{ID: theCadence, To: event.Active})
	r.refused(&dialer.DeleteMedia{Hash: k.hash}, "conflict", `the cadence "Plays" plays it`)
	without := document(t, "Plays", nil)
	r.must(&dialer.SaveCadence{ID: theCadence, Document: []byte(without)})
	r.must(&dialer.PublishCadence{ID: theCadence})
	r.refused(&dialer.DeleteMedia{Hash: k.hash}, "conflict", "plays it") // leads may be on the first version
	r.must(&dialer.SaveCadence{ID: theCadence, Document: []byte(document(t, "Plays", leaves(k)))})
	r.must(&dialer.PublishCadence{ID: theCadence})

	r.must(&dialer.DamageMedia{Hash: k.hash, Reason: "its SHA-256 is another"})
	lead := r.lead(theCadence, first)
	r.pass(12 * time.Minute)
	if len(r.dials) != 0 {
		t.Fatalf("%d calls to hear nothing", len(r.dials))
	}
	if _, e := r.stay(lead); e.Touch.Rule != dialer.RuleMedia || e.Touch.State != state.Waiting || e.LeftAt != 0 {
		t.Errorf("the touch: %+v", e.Touch)
	}
	r.keep(k, 8*time.Second)
	r.pass(6 * time.Minute)
	if len(r.dials) != 1 {
		t.Fatalf("%d calls after the file was stored again", len(r.dials))
	}
	r.refold()
}

// TestMediaLostDuringACall: the call is ended instead of being left silent, and
// says why.
func TestMediaLostDuringACall(t *testing.T) {
	for name, c := range map[string]struct {
		by telephony.AnsweredBy
		to m
	}{
		"voicemail": {telephony.ByMachineBeep, m{"to": "number", "number": "+13035550198"}},
		"message":   {telephony.ByHuman, m{"to": "message", "audio": newTape(5000).name()}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			k := newTape(5000)
			r.keep(k, 8*time.Second)
			parts := leaves(k)
			parts["connect"] = []any{c.to}
			r.cadence(theCadence, document(t, "Loses", parts))
			r.lead(theCadence, first)
			d := r.last()
			r.must(&dialer.DamageMedia{Hash: k.hash, Reason: "gone"})
			call, script := r.live(d, c.by)
			if !reflect.DeepEqual(script, telephony.Script{telephony.Hangup{}}) {
				t.Fatalf("%+v", script)
			}
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			a := r.attempt(d.Dial.Attempt)
			if a.Voicemail || a.Contact || a.Drop != nil || !strings.Contains(a.Note, k.name()+" is missing or damaged") {
				t.Errorf("%s, note %q", a.Code, a.Note)
			}
		})
	}
}

// TestReceiptOfKnownLength: what is known to last eight seconds was not heard
// in one, and was heard whole in nine, also when nobody was told.
func TestReceiptOfKnownLength(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		asks  bool
		want  event.Drop
	}{
		"whole":                      {9 * time.Second, true, event.Drop{Beep: true, Ms: 8000}},
		"whole, and nobody was told": {9 * time.Second, false, event.Drop{Beep: true, Ms: 8000}},
		"cut":                        {5 * time.Second, false, event.Drop{Beep: true, Ms: 5000, Cut: event.CutFarEnd}},
		"passed over":                {time.Second, true, event.Drop{Beep: true, Ms: 1000, Cut: event.CutNotPlayed}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			k := newTape(5000)
			r.keep(k, 8*time.Second)
			r.cadence(theCadence, document(t, "Known", leaves(k)))
			r.lead(theCadence, first)
			d := r.last()
			call, script := r.live(d, telephony.ByMachineBeep)
			if !reflect.DeepEqual(script, telephony.Script{telephony.Play{URL: k.name()}, telephony.Say{Text: callUs(d)}, telephony.Played{Attempt: d.Dial.Attempt}}) {
				t.Fatalf("%+v", script)
			}
			r.now = r.now.Add(c.takes)
			if c.asks {
				r.ask(played(d, call))
			}
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			a := r.attempt(d.Dial.Attempt)
			c.want.Audio = k.name()
			if *a.Drop != c.want || a.Voicemail != (c.want.Cut == event.CutNone) {
				t.Errorf("%+v, voicemail %v; want %+v", *a.Drop, a.Voicemail, c.want)
			}
		})
	}
}

// callUs is what is said behind a recording, which may name no number.
func callUs(d dialer.DialOrder) string {
	return "To be taken off our calling list, call " + strings.Join(strings.Split(string(d.Dial.From[1:]), ""), " ") + "."
}
