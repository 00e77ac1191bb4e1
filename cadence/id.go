package cadence

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// Slots is how many slots the key space is cut into. Every id begins with its
// slot, so that a set of slots can move to another shard without renaming.
const Slots = 4096

// OfficeSlot is the slot of ids that belong to no lead and no number:
// cadences, lists, imports.
const OfficeSlot uint16 = 0xFFFF

// ID is a 16-byte identifier: two bytes of slot, big-endian, then 14 bytes.
type ID [16]byte

// Kind is the text prefix that tells what an id names.
type Kind string

// The kinds of id that appear in text.
const (
	KindLead       Kind = "ld"
	KindEnrollment Kind = "en"
	KindAttempt    Kind = "at"
	KindCadence    Kind = "cd"
	KindTouch      Kind = "tt"
	KindList       Kind = "ls"
	KindImport     Kind = "im"
	KindUser       Kind = "us"
	KindSession    Kind = "ss"
	KindKey        Kind = "ak"
	KindTemplate   Kind = "tm"
	KindConsent    Kind = "cs"
	KindAdvice     Kind = "ad"
	KindReturn     Kind = "rc" // a call to one of our numbers
	KindRehearsal  Kind = "rh" // a call to a staff number
	KindView       Kind = "vw" // a saved view of a list
)

var idText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID joins a slot and 14 bytes.
func NewID(slot uint16, rest [14]byte) ID {
	var id ID
	binary.BigEndian.PutUint16(id[:2], slot)
	copy(id[2:], rest[:])
	return id
}

// Slot is the slot the id lives in.
func (id ID) Slot() uint16 { return binary.BigEndian.Uint16(id[:2]) }

// IsZero reports whether the id is unset.
func (id ID) IsZero() bool { return id == ID{} }

// Bare is the id as 26 lower-case base32 characters without a prefix, the
// form used in webhook paths.
func (id ID) Bare() string { return idText.EncodeToString(id[:]) }

// Text is the id with its prefix, for example "ld_aaaa…".
func (id ID) Text(k Kind) string { return string(k) + "_" + id.Bare() }

// ParseID reads the text form of an id of one kind. The prefix is required.
func ParseID(k Kind, s string) (ID, error) {
	bare, ok := strings.CutPrefix(s, string(k)+"_")
	if !ok {
		return ID{}, fmt.Errorf("id %q: want the form %s_ followed by 26 characters", s, k)
	}
	return ParseBareID(bare)
}

// ParseBareID reads 26 base32 characters. It accepts exactly one text per id.
func ParseBareID(s string) (ID, error) {
	var id ID
	if len(s) != 26 {
		return ID{}, fmt.Errorf("id %q: want 26 characters, have %d", s, len(s))
	}
	var text, again [26]byte
	copy(text[:], s)
	_, err := idText.Decode(id[:], text[:])
	if idText.Encode(again[:], id[:]); err != nil || again != text {
		return ID{}, fmt.Errorf("id %q: not base32 in lower case", s)
	}
	return id, nil
}
