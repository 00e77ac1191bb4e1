// Package state is the durable meaning of the engine: its rows, the keys they
// live under, their encoding, and Fold, the only thing that writes them.
package state

import (
	"encoding/binary"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// The tables, one byte each, first in every key. ARCHITECTURE.md lists who
// writes each row, and when.
const (
	tabOffice      = 'Z'
	tabCadence     = 'C'
	tabVersion     = 'V'
	tabStats       = 'Y'
	tabBucket      = 'H'
	tabLane        = 'W'
	tabMark        = 'M'
	tabDue         = 'D'
	tabLead        = 'L'
	tabExternal    = 'K'
	tabEnrollment  = 'E'
	tabNumber      = 'N'
	tabOpen        = 'O'
	tabProgress    = 'o'
	tabAttempt     = 'A'
	tabRevision    = 'R'
	tabByLead      = 'B'
	tabByTime      = 'T'
	tabCallerID    = 'P'
	tabList        = 'S'
	tabImport      = 'I'
	tabReject      = 'J'
	tabAnswer      = 'Q'
	tabAudit       = 'U'
	tabReport      = 'X'
	tabVersions    = 'v'
	tabPeer        = 'F'
	tabOwed        = 'G'
	tabMedia       = 'm'
	tabChunk       = 'c'
	tabWord        = 'w'
	tabPacks       = 'p'
	tabScrub       = 's'
	tabListed      = 'n'
	tabSpend       = '$'
	tabUser        = 'u'
	tabSession     = 'i'
	tabKey         = 'k'
	tabTemplate    = 't'
	tabErased      = 'x'
	tabAgreement   = 'g'
	tabHidden      = 'h'
	tabReturn      = 'r'
	tabReturnAt    = 'q'
	tabReturnOf    = 'y'
	tabStaff       = 'f'
	tabRehearsal   = 'z'
	tabRehearsalAt = 'j'
	tabLive        = 'a'
	tabCadenceDay  = 'b'
	tabView        = 'l'
	tabPreferred   = 'd'
)

func idKey(tab byte, id cadence.ID) []byte { return appendIDKey(nil, tab, id) }

func appendIDKey(b []byte, tab byte, id cadence.ID) []byte {
	return append(append(b, tab), id[:]...)
}

func textKey(tab byte, s string) []byte { return append([]byte{tab}, s...) }

// prefix is the range [from, to) of a whole table.
func prefix(tab byte) (from, to []byte) { return []byte{tab}, []byte{tab + 1} }

func packsKey(digest event.Packs) []byte { return append([]byte{tabPacks}, digest[:]...) }

func versionKey(id cadence.ID, v uint32) []byte {
	return binary.BigEndian.AppendUint32(idKey(tabVersion, id), v)
}

func bucketKey(at int64, id cadence.ID) []byte {
	k := binary.BigEndian.AppendUint32([]byte{tabBucket}, uint32(at/BucketMs))
	return append(k, id[:]...)
}

func laneKey(tab byte, lane uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{tab, 0, 0}, lane)
}

// DueKey is a row of the due index: shard, lane, due, touch. Its value is the
// enrollment id.
func DueKey(lane uint32, due int64, touch cadence.ID) []byte {
	return appendDueKey(make([]byte, 0, 31), lane, due, touch)
}

func appendDueKey(b []byte, lane uint32, due int64, touch cadence.ID) []byte {
	b = append(b, tabDue, 0, 0)
	b = binary.BigEndian.AppendUint32(b, lane)
	b = binary.BigEndian.AppendUint64(b, uint64(due))
	return append(b, touch[:]...)
}

// ParseDueKey splits a key made by DueKey.
func ParseDueKey(k []byte) (lane uint32, due int64, touch cadence.ID, ok bool) {
	if len(k) != 31 || k[0] != tabDue {
		return 0, 0, cadence.ID{}, false
	}
	copy(touch[:], k[15:])
	return binary.BigEndian.Uint32(k[3:7]), int64(binary.BigEndian.Uint64(k[7:15])), touch, true
}

func revisionKey(id cadence.ID, n uint16) []byte {
	return binary.BigEndian.AppendUint16(idKey(tabRevision, id), n)
}

func appendByLead(b []byte, lead cadence.ID, at int64, attempt cadence.ID) []byte {
	b = binary.BigEndian.AppendUint64(appendIDKey(b, tabByLead, lead), uint64(at))
	return append(b, attempt[:]...)
}

func byTimeKey(at int64, attempt cadence.ID) []byte { return appendByTime(nil, at, attempt) }

func appendByTime(b []byte, at int64, attempt cadence.ID) []byte {
	b = binary.BigEndian.AppendUint64(append(b, tabByTime), uint64(at))
	return append(b, attempt[:]...)
}

func rejectKey(imp cadence.ID, line int64) []byte {
	return binary.BigEndian.AppendUint64(idKey(tabReject, imp), uint64(line))
}

func seqKey(tab byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{tab}, n)
}

func spendKey(b []byte, day int64) []byte {
	return binary.BigEndian.AppendUint32(append(b, tabSpend), uint32(day))
}

func peerKey(b []byte, shard uint16) []byte {
	return binary.BigEndian.AppendUint16(append(b, tabPeer), shard)
}

func appendOwedKey(b []byte, to uint16, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint16(append(b, tabOwed), to), seq)
}

func peerOf(k []byte) uint16 { return binary.BigEndian.Uint16(k[1:]) }

func owedSeq(k []byte) uint64 { return binary.BigEndian.Uint64(k[3:]) }

func numberKey(t event.Token) []byte { return idKey(tabNumber, t.ID()) }
