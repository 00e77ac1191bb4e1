package dashboard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// recording is a WAV file of a tone of so many samples, 8,000 a second.
func recording(samples int, amplitude float64) []byte {
	var f bytes.Buffer
	word := func(v any) { _ = binary.Write(&f, binary.LittleEndian, v) }
	f.WriteString("RIFF")
	word(uint32(36 + 2*samples))
	f.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16)} {
		word(v)
	}
	f.WriteString("data")
	word(uint32(2 * samples))
	for i := range samples {
		word(int16(amplitude * 32767 * math.Sin(float64(i)/3)))
	}
	return f.Bytes()
}

// media exercises the operations about recordings and leaves one stored.
func (r *rig) media() {
	r.t.Helper()
	file := string(recording(100_000, 0.25)) // 12.5 s in two parts
	wav := []string{"Content-Type", "audio/wav"}
	p := r.call(201, "POST", "/v1/media?name=hello.wav", file, wav...)
	id, hash := p.text(r.t, "id"), p.text(r.t, "hash")
	again := r.call(200, "POST", "/v1/media?name=other.wav", file, wav...)
	if again.text(r.t, "id") != id || again.text(r.t, "name") != "hello.wav" {
		r.t.Errorf("stored again: %s", again.body)
	}
	r.call(200, "GET", "/v1/media", "")
	r.call(200, "GET", "/v1/media/"+hash, "")
	r.call(200, "GET", "/v1/media/"+id, "")
	if p := r.call(200, "GET", "/v1/media/"+hash+"/audio", ""); string(p.body) != file || p.header.Get("Content-Type") != "audio/wav" {
		r.t.Errorf("%d bytes of %s came back", len(p.body), p.header.Get("Content-Type"))
	}
	for _, refused := range []struct {
		status     int
		body, says string
	}{
		{400, "hello", "neither a WAV nor an MP3"},
		{400, string(recording(8000, 0.0005)), "too quiet"},
		{400, string(recording(1000, 0.25)), "lasts 125ms"},
		{413, strings.Repeat("x", 8<<20+1), "larger than 8 MiB"},
	} {
		if p := r.call(refused.status, "POST", "/v1/media", refused.body, wav...); !strings.Contains(string(p.body), refused.says) {
			r.t.Errorf("want %q: %s", refused.says, p.body)
		}
	}
	r.call(404, "GET", "/v1/media/"+strings.Repeat("0", 64), "")
	r.call(400, "GET", "/v1/media/12", "")

	plays := strings.Replace(strings.Replace(document, "Two calls", "Plays it", 1), `"key":"two","kind":"call"`, `"key":"two","kind":"call","voicemail":{"leave":true,"audio":"`+id+`"}`, 1)
	cadence := r.call(201, "POST", "/v1/cadences", plays).text(r.t, "id")
	if p := r.call(409, "DELETE", "/v1/media/"+hash, ""); !strings.Contains(string(p.body), "Plays it") {
		r.t.Errorf("%s", p.body)
	}
	r.call(200, "POST", "/v1/cadences/"+cadence+"/publish", "")
	r.call(409, "DELETE", "/v1/media/"+hash, "")
	r.call(200, "POST", "/v1/cadences/"+cadence+"/archive", "")
	r.call(204, "DELETE", "/v1/media/"+hash, "")
	r.call(404, "GET", "/v1/media/"+hash, "")
	r.call(404, "DELETE", "/v1/media/"+hash, "")
}

// TestPublishNamesTheMissingRecording says which step needs it and what to do.
func TestPublishNamesTheMissingRecording(t *testing.T) {
	r := newRig(t)
	id := "media:sha256-" + strings.Repeat("ab", 32)
	plays := strings.Replace(document, `"key":"two","kind":"call"`, `"key":"two","kind":"call","voicemail":{"leave":true,"audio":"`+id+`"}`, 1)
	cadence := r.call(201, "POST", "/v1/cadences", plays).text(t, "id")
	p := r.call(400, "POST", "/v1/cadences/"+cadence+"/publish", "")
	for _, says := range []string{"steps[1].voicemail.audio", `step \"two\"`, id, "carillon media add"} {
		if !strings.Contains(string(p.body), says) {
			t.Errorf("want %q: %s", says, p.body)
		}
	}
}

// TestTheCarrierFetchesARecording under its signed address on the hooks
// listener, and nobody fetches anything else there.
func TestTheCarrierFetchesARecording(t *testing.T) {
	r := newRig(t)
	file := recording(16_000, 0.25)
	r.call(201, "POST", "/v1/media", string(file), "Content-Type", "audio/wav")
	sum := sha256.Sum256(file)
	name := hex.EncodeToString(sum[:])
	target, err := r.hooks.MediaURL(name)
	r.must(err)
	get := func(target string, headers ...string) *reply {
		req, err := http.NewRequestWithContext(t.Context(), "GET", target, nil)
		r.must(err)
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		return r.do(req)
	}
	p := get(target)
	if p.status != 200 || !bytes.Equal(p.body, file) {
		t.Fatalf("%d, %d bytes", p.status, len(p.body))
	}
	for header, want := range map[string]string{
		"Content-Type": "audio/wav", "Content-Length": "32044", "Etag": `"` + name + `"`, "Cache-Control": "public, max-age=31536000, immutable",
	} {
		if got := p.header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if p := get(target, "If-None-Match", `"`+name+`"`); p.status != 304 || len(p.body) != 0 {
		t.Errorf("asked whether it changed: %d, %d bytes", p.status, len(p.body))
	}
	last := target[len(target)-1:]
	forged := target[:len(target)-1] + map[bool]string{true: "b", false: "a"}[last == "a"]
	if p := get(forged); p.status != 403 || len(p.body) != 0 || r.audits()["webhook.bad_mac"] != 1 {
		t.Errorf("a forged signature: %d, audits %v", p.status, r.audits())
	}
	absent, err := r.hooks.MediaURL(strings.Repeat("0", 64))
	r.must(err)
	if p := get(absent); p.status != 404 {
		t.Errorf("a file nobody stored: %d", p.status)
	}
	if _, err := r.engine.Do(t.Context(), &dialer.DamageMedia{Hash: state.MediaHash(sum), Reason: "a test"}); err != nil {
		t.Fatal(err)
	}
	if p := get(target); p.status != 500 || len(p.body) != 0 {
		t.Errorf("a damaged file: %d, %d bytes", p.status, len(p.body))
	}
	if p := r.call(200, "GET", "/v1/media/"+name, ""); p.text(t, "damaged") != "a test" {
		t.Errorf("%s", p.body)
	}
	r.call(201, "POST", "/v1/media", string(file), "Content-Type", "audio/wav")
	if p := get(target); p.status != 200 {
		t.Errorf("stored again: %d", p.status)
	}
}
