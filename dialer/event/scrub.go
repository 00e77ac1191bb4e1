package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&ScrubOpened{}, &ScrubEnded{}, &NumbersListed{}) }

// ScrubOpened begins the import of an edition of a scrub list: an imported
// list of numbers that are not to be called, such as a national one. List
// numbers the lists from 1, Edition the imports of one list. AsOf is the date
// of the edition, Unix ms.
type ScrubOpened struct {
	List    uint32     `cbor:"1,keyasint"`
	Name    string     `cbor:"2,keyasint"`
	Edition uint32     `cbor:"3,keyasint"`
	Import  cadence.ID `cbor:"4,keyasint"`
	AsOf    int64      `cbor:"5,keyasint"`
	At      int64      `cbor:"6,keyasint"`
}

// NumbersListed puts numbers on a list's edition, at their home. They are on
// the list from here on; what is no longer on it leaves with ScrubEnded.
type NumbersListed struct {
	List    uint32 `cbor:"1,keyasint"`
	Edition uint32 `cbor:"2,keyasint"`
	Tokens  []byte `cbor:"3,keyasint"` // one behind the other
	At      int64  `cbor:"4,keyasint"`
}

// ScrubEnded puts an edition in force, or gives its import up: then Failed
// says why and the edition before stays in force. Count and Sum are over the
// edition's numbers, Digest is of its file.
type ScrubEnded struct {
	List    uint32 `cbor:"1,keyasint"`
	Edition uint32 `cbor:"2,keyasint"`
	AsOf    int64  `cbor:"3,keyasint"`
	Count   uint64 `cbor:"4,keyasint,omitempty"`
	Sum     uint64 `cbor:"5,keyasint,omitempty"`
	Digest  []byte `cbor:"6,keyasint,omitempty"`
	Failed  string `cbor:"7,keyasint,omitempty"`
	At      int64  `cbor:"8,keyasint"`
}

// EachToken calls fn for tokens that stand one behind the other.
func EachToken(b []byte, fn func(Token)) {
	for ; len(b) >= len(Token{}); b = b[len(Token{}):] {
		fn(Token(b[:len(Token{})]))
	}
}

func (*ScrubOpened) fact() uint16   { return 30 }
func (*ScrubEnded) fact() uint16    { return 31 }
func (*NumbersListed) fact() uint16 { return 60 }
