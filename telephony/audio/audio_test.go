package audio_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/audio"
)

func TestInspect(t *testing.T) {
	tone := sine(8000, 2*time.Second, 0.25)
	for _, c := range []struct {
		what string
		raw  []byte
		want audio.Info
		kind string
	}{
		{"linear", wavFile(linear, pcm(tone)), audio.Info{Encoding: audio.PCM16, Rate: 8000, Channels: 1, Duration: 2 * time.Second}, "audio/wav"},
		{
			"wide band", wavFile(header{tag: 1, channels: 1, bits: 16, rate: 16000}, pcm(sine(16000, time.Second, 0.25))),
			audio.Info{Encoding: audio.PCM16, Rate: 16000, Channels: 1, Duration: time.Second},
			"audio/wav",
		},
		{
			"µ-law", wavFile(header{tag: 7, channels: 1, bits: 8, rate: 8000}, bytes.Repeat([]byte{0x20, 0xa0}, 8000)),
			audio.Info{Encoding: audio.MuLaw, Rate: 8000, Channels: 1, Duration: 2 * time.Second},
			"audio/wav",
		},
		{
			"other chunks", wavFile(header{tag: 1, channels: 1, bits: 16, rate: 8000, extra: []byte("LIST\x03\x00\x00\x00abc\x00")}, pcm(tone)),
			audio.Info{Encoding: audio.PCM16, Rate: 8000, Channels: 1, Duration: 2 * time.Second},
			"audio/wav",
		},
		{"MP3", mp3File(100, 200), audio.Info{Encoding: audio.MP3, Rate: 44100, Channels: 1, Duration: 100 * 1152 * time.Second / 44100}, "audio/mpeg"},
		{
			"MP3 between tags", append(append([]byte("ID3\x04\x00\x00\x00\x00\x00\x05hello"), mp3File(100, 200)...), append([]byte("TAG"), make([]byte, 125)...)...),
			audio.Info{Encoding: audio.MP3, Rate: 44100, Channels: 1, Duration: 100 * 1152 * time.Second / 44100},
			"audio/mpeg",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			info, level, err := audio.Inspect(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if info != c.want || info.ContentType() != c.kind {
				t.Errorf("%+v (%s), want %+v", info, info.ContentType(), c.want)
			}
			if level.RMS < audio.MinRMS || level.RMS > level.Peak || level.Peak > 0 {
				t.Errorf("level %+v", level)
			}
		})
	}
}

// TestLevel measures tones of a known level: a sine's RMS lies 3 dB below its
// peak.
func TestLevel(t *testing.T) {
	for _, amplitude := range []float64{0.9, 0.5, 0.1, 0.02} {
		_, level, err := audio.Inspect(wavFile(linear, pcm(sine(8000, time.Second, amplitude))))
		if err != nil {
			t.Fatal(err)
		}
		peak := 20 * math.Log10(amplitude)
		if math.Abs(level.Peak-peak) > 0.1 || math.Abs(level.RMS-(peak-3.01)) > 0.1 {
			t.Errorf("amplitude %v: %+v, want peak %.2f and RMS %.2f", amplitude, level, peak, peak-3.01)
		}
	}
	_, loud, err := audio.Inspect(mp3File(100, 206))
	if err != nil {
		t.Fatal(err)
	}
	_, soft, err := audio.Inspect(mp3File(100, 202)) // four steps of gain are 6.02 dB
	if err != nil {
		t.Fatal(err)
	}
	if d := loud.RMS - soft.RMS; math.Abs(d-6.02) > 0.1 {
		t.Errorf("the louder MP3 is %.2f dB louder, want 6.02", d)
	}
}

func TestRefusals(t *testing.T) {
	tone := pcm(sine(8000, time.Second, 0.25))
	with := func(change func(*header)) []byte {
		h := linear
		change(&h)
		return wavFile(h, tone)
	}
	good := mp3File(50, 200)
	for what, raw := range map[string][]byte{
		"neither a WAV nor an MP3":      []byte("hello"),
		"has 0 bytes":                   nil,
		"bytes":                         make([]byte, audio.MaxBytes+1),
		"2 channels":                    with(func(h *header) { h.channels = 2 }),
		"44100 samples":                 with(func(h *header) { h.rate = 44100 }),
		"format 3 with 32 bits":         with(func(h *header) { h.tag, h.bits = 3, 32 }),
		"format 1 with 8 bits":          with(func(h *header) { h.bits = 8 }),
		"claims 4294967295":             with(func(h *header) { h.claim = 1<<32 - 1 }),
		"lasts 63ms":                    wavFile(linear, tone[:1000]),
		"lasts 3m1s":                    wavFile(linear, pcm(sine(8000, 181*time.Second, 0.25))),
		"half a sample":                 wavFile(linear, tone[:len(tone)-1]),
		"too quiet":                     wavFile(linear, pcm(sine(8000, time.Second, 0.001))),
		"distorted":                     wavFile(linear, pcm(sine(8000, time.Second, 0.9999))),
		"no samples":                    wavFile(linear, nil)[:36],
		"before their format":           append(append([]byte("RIFF\x00\x00\x00\x00WAVEdata"), 4, 0, 0, 0), 1, 2, 3, 4),
		"too quiet to be understood (-": mp3File(50, 0),
		"cut off in its last frame":     good[:len(good)-1],
		"is no frame":                   append(append([]byte{}, good...), []byte("something else")...),
		"no layer III frame":            []byte("ID3\x04\x00\x00\x00\x00\x00\x00nothing"),
		"changes its format":            append(append([]byte{}, good...), 0xff, 0xfb, 0x90, 0x00),
	} {
		if what == "has 0 bytes" {
			what = "neither a WAV nor an MP3"
		}
		_, _, err := audio.Inspect(raw)
		var refused *audio.Error
		if !errors.As(err, &refused) || !strings.Contains(refused.Message, what) || refused.Remedy == "" {
			t.Errorf("want a refusal that says %q, got %v", what, err)
		}
	}
}

// FuzzInspect: no file brings the reader down, and what it takes is within its
// limits.
func FuzzInspect(f *testing.F) {
	f.Add(wavFile(linear, pcm(sine(8000, time.Second, 0.25))))
	f.Add(wavFile(header{tag: 7, channels: 1, bits: 8, rate: 8000}, make([]byte, 8000)))
	f.Add(mp3File(20, 200))
	f.Add(append([]byte("ID3\x04\x00\x00\x00\x00\x00\x05hello"), mp3File(20, 200)...))
	f.Fuzz(func(t *testing.T, raw []byte) {
		info, level, err := audio.Inspect(raw)
		if err != nil {
			var refused *audio.Error
			if !errors.As(err, &refused) || refused.Remedy == "" {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		if info.Duration < audio.MinDuration || info.Duration > audio.MaxDuration || level.RMS < audio.MinRMS || level.RMS > 0.1 {
			t.Fatalf("taken: %+v %+v", info, level)
		}
	})
}
