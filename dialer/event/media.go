package event

func init() {
	register(&MediaOpened{}, &MediaChunked{}, &MediaReady{}, &MediaDamaged{}, &MediaDeleted{})
}

// Stored audio comes in parts, because one row and one commit are bounded: it
// is opened, its chunks follow in any order, and it is ready once all are
// there. Hash is the SHA-256 of the whole file and its name.

// MediaOpened announces a file of so many chunks. One that was damaged begins
// anew.
type MediaOpened struct {
	Hash   []byte `cbor:"1,keyasint"`
	Chunks int    `cbor:"2,keyasint"`
	At     int64  `cbor:"3,keyasint"`
}

// MediaChunked is one part of a file.
type MediaChunked struct {
	Hash []byte `cbor:"1,keyasint"`
	N    int    `cbor:"2,keyasint,omitempty"` // from 0
	Data []byte `cbor:"3,keyasint"`
}

// MediaReady says that a file is whole, and what it is. Levels are hundredths
// of a dB relative to full scale.
type MediaReady struct {
	Hash       []byte `cbor:"1,keyasint"`
	Name       string `cbor:"2,keyasint,omitempty"` // as it was called by whoever stored it
	Type       string `cbor:"3,keyasint"`           // the content type it is served under
	Encoding   string `cbor:"4,keyasint"`
	Rate       int    `cbor:"5,keyasint"`
	Channels   int    `cbor:"6,keyasint"`
	Bytes      int64  `cbor:"7,keyasint"`
	DurationMs int64  `cbor:"8,keyasint"`
	RMS        int64  `cbor:"9,keyasint"`
	Peak       int64  `cbor:"10,keyasint"`
	At         int64  `cbor:"11,keyasint"`
}

// MediaDamaged says that what is stored is not what was stored. It is served to
// nobody until it is stored again.
type MediaDamaged struct {
	Hash   []byte `cbor:"1,keyasint"`
	Reason string `cbor:"2,keyasint"`
	At     int64  `cbor:"3,keyasint"`
}

// MediaDeleted removes a file that nothing refers to, or one that was never
// finished.
type MediaDeleted struct {
	Hash []byte `cbor:"1,keyasint"`
	At   int64  `cbor:"2,keyasint"`
}

func (*MediaOpened) fact() uint16  { return 120 }
func (*MediaChunked) fact() uint16 { return 121 }
func (*MediaReady) fact() uint16   { return 122 }
func (*MediaDamaged) fact() uint16 { return 123 }
func (*MediaDeleted) fact() uint16 { return 124 }
