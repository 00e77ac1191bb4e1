package audio

import (
	"bytes"
	"time"
)

// maxTail bounds what may stand behind the last frame: an ID3v1 or APE tag, or
// padding.
const maxTail = 64 << 10

// Bit rates of layer III in kbit/s by index, MPEG-1 and MPEG-2 (ISO 11172-3
// §2.4.2.3, ISO 13818-3 §2.4.2.3). 0 is "free", which is not taken.
var bitRates = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

var sampleRates = [2][3]int{{44100, 48000, 32000}, {22050, 24000, 16000}}

// frame is the header of one MPEG frame.
type frame struct {
	rate, channels int
	samples, bytes int
}

// frameAt reads a frame header; ok is false for anything but MPEG-1 or MPEG-2
// layer III with a stated bit rate.
func frameAt(b []byte) (f frame, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return frame{}, false
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	rate, speed := b[2]>>4, b[2]>>2&3
	if version < 2 || layer != 1 || rate == 0 || rate == 15 || speed == 3 {
		return frame{}, false
	}
	which := int(3 - version) // 0: MPEG-1, 1: MPEG-2
	f = frame{rate: sampleRates[which][speed], channels: 2, samples: 1152 >> which}
	if b[3]>>6 == 3 {
		f.channels = 1
	}
	f.bytes = f.samples/8*bitRates[which][rate]*1000/f.rate + int(b[2]>>1&1)
	return f, true
}

// parseMP3 walks every frame: the length that a header claims, or the size of
// the file suggests, is often wrong.
func parseMP3(raw []byte) (Info, error) {
	at := skipID3(raw)
	var info Info
	frames := 0
	var samples int64
	for at < len(raw) {
		f, ok := frameAt(raw[at:])
		if !ok {
			break
		}
		if frames > 0 && (f.rate != info.Rate || f.channels != info.Channels) {
			return Info{}, refuse(convert, "the MP3 file changes its format at byte %d", at)
		}
		info = Info{Encoding: MP3, Rate: f.rate, Channels: f.channels}
		if at+f.bytes > len(raw) {
			return Info{}, refuse("copy the file again", "the MP3 file is cut off in its last frame")
		}
		at += f.bytes
		samples += int64(f.samples)
		frames++
	}
	switch tail := raw[min(at, len(raw)):]; {
	case frames == 0:
		return Info{}, refuse(convert, "the MP3 file holds no layer III frame of a stated bit rate")
	case !plainTail(tail):
		return Info{}, refuse("copy the file again, or convert it", "byte %d of the MP3 file is no frame", at)
	}
	info.Duration = time.Duration(samples) * time.Second / time.Duration(info.Rate)
	return info, nil
}

// skipID3 is the length of ID3v2 tags at the beginning.
func skipID3(raw []byte) int {
	at := 0
	for len(raw) >= at+10 && string(raw[at:at+3]) == "ID3" {
		b := raw[at+6 : at+10]
		size := int(b[0]&0x7f)<<21 | int(b[1]&0x7f)<<14 | int(b[2]&0x7f)<<7 | int(b[3]&0x7f)
		at += 10 + size
		if raw[at-size-5]&0x10 != 0 { // a footer
			at += 10
		}
	}
	return at
}

// plainTail reports whether what follows the frames is a tag or padding.
func plainTail(tail []byte) bool {
	if len(tail) > maxTail {
		return false
	}
	return len(bytes.Trim(tail, "\x00")) == 0 || bytes.HasPrefix(tail, []byte("TAG")) ||
		bytes.HasPrefix(tail, []byte("APETAGEX")) || bytes.HasPrefix(tail, []byte("LYRICSBEGIN"))
}
