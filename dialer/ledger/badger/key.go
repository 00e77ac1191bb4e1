package badger

import "encoding/binary"

// The first byte of every stored key.
const (
	statePrefix = 's'
	logPrefix   = 'G'
	metaPrefix  = 'm'
)

// idKey holds the ledger's id inside the store itself.
func idKey() []byte { return []byte{metaPrefix, 'i'} }

// epochKey holds how often the store was opened.
func epochKey() []byte { return []byte{metaPrefix, 'e'} }

// baseKey holds how far a shard's log was trimmed.
func baseKey(shard uint16) []byte {
	return binary.BigEndian.AppendUint16([]byte{metaPrefix, 'b'}, shard)
}

// appendLogKey appends the key of one part of a record.
func appendLogKey(to []byte, shard uint16, pos uint64, part uint16) []byte {
	to = append(to, logPrefix)
	to = binary.BigEndian.AppendUint16(to, shard)
	to = binary.BigEndian.AppendUint64(to, pos)
	return binary.BigEndian.AppendUint16(to, part)
}

// logKeyBytes is the length of such a key.
const logKeyBytes = 1 + 2 + 8 + 2

// parseLogKey takes a key of the log apart.
func parseLogKey(key []byte) (shard uint16, pos uint64, part uint16, ok bool) {
	if len(key) != logKeyBytes || key[0] != logPrefix {
		return 0, 0, 0, false
	}
	return binary.BigEndian.Uint16(key[1:]), binary.BigEndian.Uint64(key[3:]), binary.BigEndian.Uint16(key[11:]), true
}

// stateKey is the stored form of a caller's key.
func stateKey(key []byte) []byte {
	return append(append(make([]byte, 0, len(key)+1), statePrefix), key...)
}

// stateEnd is the stored form of the end of a caller's range. An empty end is
// the end of the state.
func stateEnd(to []byte) []byte {
	if len(to) == 0 {
		return []byte{statePrefix + 1}
	}
	return stateKey(to)
}
