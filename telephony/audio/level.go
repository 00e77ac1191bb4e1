package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/hajimehoshi/go-mp3"
)

// meter adds up samples.
type meter struct {
	n, full int64
	squares float64
	peak    int32
}

// clipped is where full scale begins: the last steps of 16 bits, which is also
// what a decoder cuts overshoots to.
const clipped = 32_700

func (m *meter) add(s int16) {
	v := int32(s)
	v = max(v, -v)
	m.n++
	m.squares += float64(v) * float64(v)
	m.peak = max(m.peak, v)
	if v >= clipped {
		m.full++
	}
}

// silence is the level told for no signal at all: below what 16 bits can hold.
const silence = -120.0

func decibel(v float64) float64 {
	if v <= 0 {
		return silence
	}
	return max(silence, 20*math.Log10(v/32768))
}

func (m *meter) level() Level {
	if m.n == 0 {
		return Level{RMS: silence, Peak: silence}
	}
	return Level{
		RMS: decibel(math.Sqrt(m.squares / float64(m.n))), Peak: decibel(float64(m.peak)),
		Clipped: float64(m.full) / float64(m.n),
	}
}

func measure(raw []byte, info Info) (Level, error) {
	if info.Encoding == MP3 {
		return measureMP3(raw)
	}
	w, err := parseWAV(raw)
	if err != nil {
		return Level{}, err
	}
	var m meter
	if info.Encoding == MuLaw {
		for _, b := range w.data {
			m.add(fromMuLaw(b))
		}
		return m.level(), nil
	}
	for b := w.data; len(b) >= 2; b = b[2:] {
		m.add(int16(binary.LittleEndian.Uint16(b)))
	}
	return m.level(), nil
}

// measureMP3 decodes the whole file: three minutes at most, which Parse has
// checked. The decoder is not ours: should it panic over a file, the file is
// refused.
func measureMP3(raw []byte) (l Level, err error) {
	defer func() {
		if p := recover(); p != nil {
			l, err = Level{}, undecodable(fmt.Errorf("%v", p))
		}
	}()
	d, err := mp3.NewDecoder(bytes.NewReader(raw))
	if err != nil {
		return Level{}, undecodable(err)
	}
	var m meter
	for buf := make([]byte, 16<<10); ; {
		n, err := io.ReadFull(d, buf)
		for b := buf[:n]; len(b) >= 2; b = b[2:] {
			m.add(int16(binary.LittleEndian.Uint16(b)))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return m.level(), nil
		}
		if err != nil {
			return Level{}, undecodable(err)
		}
	}
}

func undecodable(err error) *Error {
	return refuse(convert, "the MP3 file cannot be decoded (%v)", err)
}
