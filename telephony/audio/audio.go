// Package audio says whether a recording can be played on a telephone line: it
// reads WAV and MP3 files, walks them for their length, and measures how loud
// they are. It is pure: bytes in, findings out.
package audio

import (
	"bytes"
	"fmt"
	"time"
)

// What a recording may be.
const (
	MaxBytes    = 8 << 20
	MinDuration = 500 * time.Millisecond
	MaxDuration = 3 * time.Minute
	// MinRMS is the least level, in dB below full scale: speech on a line
	// stands at about −20, and below −45 it drowns in the line's own noise.
	MinRMS = -45.0
	// MaxClipped is the largest share of samples at full scale. Beyond it what
	// is said is distorted.
	MaxClipped = 0.01
)

// Encoding is how the samples are stored.
type Encoding string

// The encodings.
const (
	PCM16 Encoding = "pcm16" // WAV, 16-bit linear
	MuLaw Encoding = "mulaw" // WAV, G.711 µ-law
	MP3   Encoding = "mp3"   // MPEG-1 or MPEG-2, layer III
)

// Info is what a file says about itself.
type Info struct {
	Encoding Encoding
	Rate     int // samples a second
	Channels int
	Duration time.Duration
}

// ContentType is the media type to serve the file under.
func (i Info) ContentType() string {
	if i.Encoding == MP3 {
		return "audio/mpeg"
	}
	return "audio/wav"
}

// Level is how loud a recording is, in dB relative to full scale (0 is the
// loudest there is), and the share of samples at full scale.
type Level struct {
	RMS, Peak float64
	Clipped   float64
}

// Error is why a recording is refused, and what to do about it.
type Error struct{ Message, Remedy string }

func (e *Error) Error() string { return e.Message + ": " + e.Remedy }

func refuse(remedy, format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Remedy: remedy}
}

const (
	convert = "save it as WAV, mono, 8 or 16 kHz, 16-bit PCM or µ-law (ffmpeg -i IN -ac 1 -ar 8000 -c:a pcm_s16le OUT.wav), or as MP3"
	louder  = "record it again or raise its level (ffmpeg -i IN -af loudnorm OUT.wav)"
	shorter = "give between half a second and three minutes"
)

// Inspect checks a whole recording: its size, format, length and level. The
// error is an *Error.
func Inspect(raw []byte) (Info, Level, error) {
	if len(raw) > MaxBytes {
		return Info{}, Level{}, refuse("give at most 8 MiB", "the file has %d bytes", len(raw))
	}
	info, err := Parse(raw)
	if err != nil {
		return Info{}, Level{}, err
	}
	if info.Duration < MinDuration || info.Duration > MaxDuration {
		return Info{}, Level{}, refuse(shorter, "the recording lasts %s", info.Duration.Round(time.Millisecond))
	}
	level, err := measure(raw, info)
	if err != nil {
		return Info{}, Level{}, err
	}
	switch {
	case level.RMS < MinRMS:
		return Info{}, Level{}, refuse(louder, "the recording is too quiet to be understood (%.0f dB, at least %.0f)", level.RMS, MinRMS)
	case level.Clipped > MaxClipped:
		return Info{}, Level{}, refuse(louder, "the recording is distorted: %.1f %% of it stands at full scale (at most %.0f)", 100*level.Clipped, 100*MaxClipped)
	}
	return info, level, nil
}

// Parse reads what a file says about itself and walks it for its length,
// without decoding it. The error is an *Error.
func Parse(raw []byte) (Info, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("RIFF")):
		w, err := parseWAV(raw)
		return w.info, err
	case bytes.HasPrefix(raw, []byte("ID3")), len(raw) > 1 && raw[0] == 0xff && raw[1]&0xe0 == 0xe0:
		return parseMP3(raw)
	}
	return Info{}, refuse(convert, "this is neither a WAV nor an MP3 file")
}
