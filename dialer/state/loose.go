package state

import "github.com/carillon-dialer/carillon/dialer/ledger"

// keptBytes bounds the memory for keys and values that is kept between turns.
// A turn that needs more is rare (see TurnBytes of the shard).
const keptBytes = 4 << 20

// loose are the changed rows that no fold reads back: indexes and logs.
type loose struct {
	at     map[looseKey]int // place in writes
	writes []ledger.Write
}

func newLoose() loose { return loose{at: map[looseKey]int{}} }

// looseKey is a key of at most 47 bytes, zeros, and last its length. Made of
// bytes alone, it costs no memory of its own in a map.
type looseKey [48]byte

func (l *loose) id(key []byte) (id looseKey) {
	if len(key) >= len(id) {
		bug("key %q has %d bytes", key[0], len(key))
	}
	copy(id[:], key)
	id[len(id)-1] = byte(len(key))
	return id
}

func (l *loose) put(w ledger.Write) {
	id := l.id(w.Key)
	if i, again := l.at[id]; again {
		l.writes[i] = w
		return
	}
	l.at[id] = len(l.writes)
	l.writes = append(l.writes, w)
}

// get returns what this turn wrote under a key.
func (l *loose) get(key []byte) (value []byte, ok bool) {
	i, ok := l.at[l.id(key)]
	if !ok {
		return nil, false
	}
	return l.writes[i].Value, true
}

func (l *loose) clear() {
	clear(l.at)
	clear(l.writes)
	l.writes = l.writes[:0]
}

// give copies bytes to where the turn's keys and values stand.
func (v *View) give(p []byte) []byte {
	at := len(v.bytes)
	v.bytes = append(v.bytes, p...)
	return v.bytes[at:len(v.bytes):len(v.bytes)]
}

// set writes a loose row. The key may be v.key, which is free again afterwards.
func (v *View) set(key, value []byte) {
	v.key = key[:0]
	v.loose.put(ledger.Write{Key: v.give(key), Value: v.give(value)})
}

// setRow is set with an encoded value.
func (v *View) setRow(key []byte, row Row) {
	k := v.give(key)
	at := len(v.bytes)
	v.bytes = row.AppendCBOR(v.bytes)
	v.loose.put(ledger.Write{Key: k, Value: v.bytes[at:len(v.bytes):len(v.bytes)]})
}

// unset deletes a loose row.
func (v *View) unset(key []byte) {
	v.key = key[:0]
	v.loose.put(ledger.Write{Key: v.give(key), Delete: true})
}
