package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// MediaHash is the SHA-256 of a stored audio file: its name.
type MediaHash [sha256.Size]byte

// MediaChunk is the size of one part of a stored file, the last may be
// shorter: small enough that many parts of an upload find their place between
// the turns of live calls.
const MediaChunk = 128 << 10

// MaxMediaChunks bounds the parts of a file; Media.Have has a bit for each.
const MaxMediaChunks = 64

// Media is a stored audio file. Ready says that all of it is there, Damaged why
// it may not be used.
type Media struct {
	Hash       []byte `cbor:"1,keyasint"`
	Chunks     int    `cbor:"2,keyasint"`
	Have       uint64 `cbor:"3,keyasint,omitempty"`
	Ready      bool   `cbor:"4,keyasint,omitempty"`
	Damaged    string `cbor:"5,keyasint,omitempty"`
	Name       string `cbor:"6,keyasint,omitempty"`
	Type       string `cbor:"7,keyasint,omitempty"`
	Encoding   string `cbor:"8,keyasint,omitempty"`
	Rate       int    `cbor:"9,keyasint,omitempty"`
	Channels   int    `cbor:"10,keyasint,omitempty"`
	Bytes      int64  `cbor:"11,keyasint,omitempty"`
	DurationMs int64  `cbor:"12,keyasint,omitempty"`
	RMS        int64  `cbor:"13,keyasint,omitempty"`
	Peak       int64  `cbor:"14,keyasint,omitempty"`
	At         int64  `cbor:"15,keyasint,omitempty"`
}

// Sound reports whether the file may be played.
func (m *Media) Sound() bool { return m != nil && m.Ready && m.Damaged == "" }

// Whole reports whether every part has come in.
func (m *Media) Whole() bool { return m.Have == 1<<m.Chunks-1 }

// Chunk is one part of a stored file.
type Chunk struct {
	Data []byte `cbor:"1,keyasint"`
}

func appendMediaKey(b []byte, h MediaHash) []byte { return append(append(b, tabMedia), h[:]...) }

func appendChunkKey(b []byte, h MediaHash, n int) []byte {
	return binary.BigEndian.AppendUint16(append(append(b, tabChunk), h[:]...), uint16(n))
}

func (v *View) foldMedia(f event.Fact) {
	switch f := f.(type) {
	case *event.MediaOpened:
		v.media.put(MediaHash(f.Hash), &Media{Hash: f.Hash, Chunks: f.Chunks, At: f.At})
	case *event.MediaChunked:
		m := v.editMedia(f.Hash)
		m.Have |= 1 << f.N
		v.media.put(MediaHash(f.Hash), m)
		v.setRow(appendChunkKey(v.key[:0], MediaHash(f.Hash), f.N), &Chunk{Data: f.Data})
		v.weight += 2 * len(f.Data)
	case *event.MediaReady:
		m := v.media.edit(MediaHash(f.Hash)) // other shards than the office's know no more of it
		m.Hash, m.Ready, m.Damaged, m.Name, m.Type, m.Encoding = f.Hash, true, "", f.Name, f.Type, f.Encoding
		m.Rate, m.Channels, m.Bytes, m.DurationMs, m.RMS, m.Peak, m.At = f.Rate, f.Channels, f.Bytes, f.DurationMs, f.RMS, f.Peak, f.At
		v.media.put(MediaHash(f.Hash), m)
	case *event.MediaDamaged:
		m := v.editMedia(f.Hash)
		m.Damaged = f.Reason
		v.media.put(MediaHash(f.Hash), m)
	case *event.MediaDeleted:
		m := v.media.get(MediaHash(f.Hash))
		if m == nil {
			return // another shard than the office's, and the file was never finished
		}
		for n := range m.Chunks {
			v.unset(appendChunkKey(v.key[:0], MediaHash(f.Hash), n))
		}
		v.media.del(MediaHash(f.Hash))
	}
}

func (v *View) editMedia(hash []byte) *Media {
	if v.media.get(MediaHash(hash)) == nil {
		bug("media %x is not there", hash)
	}
	return v.media.edit(MediaHash(hash))
}

// Media returns a stored audio file's row, nil when there is none.
func (v *View) Media(h MediaHash) *Media { return v.media.get(h) }

// Media reads a stored audio file's row.
func (q Rows) Media(h MediaHash) (*Media, error) { return readRow[Media](q.R, appendMediaKey(nil, h)) }

// Medias calls fn for each stored audio file in the order of hashes until it
// returns false.
func (q Rows) Medias(fn func(*Media) bool) error {
	return eachRow(q.R, tabMedia, nil, func(_ []byte, m *Media) bool { return fn(m) })
}

// MediaData reads a stored audio file whole. What is not what its name says is
// ledger.ErrDamaged.
func (q Rows) MediaData(m *Media) ([]byte, error) {
	h := MediaHash(m.Hash)
	out := make([]byte, 0, m.Bytes)
	for n := range m.Chunks {
		c, err := readRow[Chunk](q.R, appendChunkKey(nil, h, n))
		switch {
		case errors.Is(err, ledger.ErrNotFound) || err == nil && c == nil:
			return nil, fmt.Errorf("part %d of %d is gone: %w", n+1, m.Chunks, ledger.ErrDamaged)
		case err != nil:
			return nil, err
		}
		out = append(out, c.Data...)
	}
	if sum := sha256.Sum256(out); !bytes.Equal(sum[:], m.Hash) {
		return nil, fmt.Errorf("its SHA-256 is %x now: %w", sum[:6], ledger.ErrDamaged)
	}
	return out, nil
}
