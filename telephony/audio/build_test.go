package audio_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// sine is a tone of 440 Hz as linear samples.
func sine(rate int, length time.Duration, amplitude float64) []int16 {
	out := make([]int16, int(length*time.Duration(rate)/time.Second))
	for i := range out {
		out[i] = int16(amplitude * 32767 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return out
}

func pcm(samples []int16) []byte {
	var out bytes.Buffer
	_ = binary.Write(&out, binary.LittleEndian, samples)
	return out.Bytes()
}

// header is what a WAV file says about its samples.
type header struct {
	tag, channels, bits uint16
	rate                uint32
	extra               []byte // chunks between format and samples
	claim               uint32 // instead of the samples' size
}

func wavFile(h header, data []byte) []byte {
	var f bytes.Buffer
	word := func(v any) { _ = binary.Write(&f, binary.LittleEndian, v) }
	f.WriteString("RIFF")
	word(uint32(36 + len(h.extra) + len(data)))
	f.WriteString("WAVEfmt ")
	word(uint32(16))
	word(h.tag)
	word(h.channels)
	word(h.rate)
	word(h.rate * uint32(h.channels) * uint32(h.bits) / 8)
	word(h.channels * h.bits / 8)
	word(h.bits)
	f.Write(h.extra)
	f.WriteString("data")
	claim := uint32(len(data))
	if h.claim != 0 {
		claim = h.claim
	}
	word(claim)
	f.Write(data)
	return f.Bytes()
}

var linear = header{tag: 1, channels: 1, bits: 16, rate: 8000}

// bits writes bits, the highest first.
type bits struct {
	out  []byte
	used int
}

func (b *bits) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if b.used%8 == 0 {
			b.out = append(b.out, 0)
		}
		b.out[b.used/8] |= byte(v>>i&1) << (7 - b.used%8)
		b.used++
	}
}

// mp3Frame is one frame of MPEG-1 layer III, mono, 44.1 kHz, 128 kbit/s, with
// one spectral line in each granule: a tone whose level gain sets (210 is
// about full scale, 0 is silence).
func mp3Frame(gain uint32) []byte {
	const line = 10 // pairs before the one that sounds
	b := &bits{}
	b.put(0xfffb90c0, 32)
	b.put(0, 9+5+4) // main data begins here, private bits, no shared scale factors
	for range 2 {
		b.put(line+3, 12) // bits of this granule
		b.put(line+1, 9)  // pairs of large values
		b.put(gain, 8)
		b.put(0, 4+1)           // no scale factors, no window switching
		b.put(1<<10|1<<5|1, 15) // Huffman table 1 in all regions
		b.put(7, 4)
		b.put(7, 3)
		b.put(0, 3)
	}
	for range 2 {
		b.put(1<<line-1, line) // pairs of zeros
		b.put(0b010, 3)        // one, zero; plus
	}
	return append(b.out, make([]byte, 417-len(b.out))...)
}

func mp3File(frames int, gain uint32) []byte { return bytes.Repeat(mp3Frame(gain), frames) }
