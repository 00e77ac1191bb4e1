package audio

import (
	"encoding/binary"
	"time"
)

// The format tags of a WAV file's fmt chunk that are taken (RFC 2361).
const (
	tagPCM   = 1
	tagMuLaw = 7
)

// wav is a WAV file taken apart; data points into it.
type wav struct {
	info Info
	data []byte
}

// parseWAV walks the chunks of a RIFF file to the samples.
func parseWAV(raw []byte) (wav, error) {
	if len(raw) < 12 || string(raw[8:12]) != "WAVE" {
		return wav{}, refuse(convert, "the file begins like a WAV file and is none")
	}
	var w wav
	for rest := raw[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		if size > int64(len(rest)) {
			return wav{}, refuse("write the file anew, not through a pipe", "the WAV file's %q part claims %d bytes and has %d", name, size, len(rest))
		}
		part := rest[:size]
		rest = rest[min(size+size&1, int64(len(rest))):]
		switch name {
		case "fmt ":
			if err := w.format(part); err != nil {
				return wav{}, err
			}
		case "data":
			if w.info.Rate == 0 {
				return wav{}, refuse(convert, "the WAV file has samples before their format")
			}
			w.data = part
			return w, w.length()
		}
	}
	return wav{}, refuse(convert, "the WAV file holds no samples")
}

func (w *wav) format(part []byte) error {
	if len(part) < 16 {
		return refuse(convert, "the WAV file's format is cut off")
	}
	tag, channels := binary.LittleEndian.Uint16(part), int(binary.LittleEndian.Uint16(part[2:]))
	rate, bits := int(binary.LittleEndian.Uint32(part[4:])), binary.LittleEndian.Uint16(part[14:])
	switch {
	case tag == tagPCM && bits == 16:
		w.info.Encoding = PCM16
	case tag == tagMuLaw && bits == 8:
		w.info.Encoding = MuLaw
	default:
		return refuse(convert, "the WAV file has format %d with %d bits a sample", tag, bits)
	}
	switch {
	case channels != 1:
		return refuse(convert, "the WAV file has %d channels", channels)
	case rate != 8000 && rate != 16000:
		return refuse(convert, "the WAV file has %d samples a second", rate)
	}
	w.info.Rate, w.info.Channels = rate, channels
	return nil
}

func (w *wav) length() error {
	samples := len(w.data)
	if w.info.Encoding == PCM16 {
		if samples%2 != 0 {
			return refuse("write the file anew", "the WAV file ends in half a sample")
		}
		samples /= 2
	}
	w.info.Duration = time.Duration(samples) * time.Second / time.Duration(w.info.Rate)
	return nil
}

// fromMuLaw is a G.711 µ-law byte as a linear sample.
func fromMuLaw(b byte) int16 {
	b = ^b
	v := (int32(b&0x0f)<<3 + 0x84) << (b >> 4 & 7)
	v -= 0x84
	if b&0x80 != 0 {
		return int16(-v)
	}
	return int16(v)
}
