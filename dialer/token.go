package dialer

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// TokenOf is the first 14 bytes of HMAC-SHA-256(key, E.164).
func TokenOf(key []byte, n cadence.Number) event.Token {
	t := newTokens(key)
	return t.of(n)
}

// tokens makes tokens under one key, which it hashes once. One goroutine owns
// it.
type tokens struct {
	mac hash.Hash
	buf []byte
}

func newTokens(key []byte) tokens { return tokens{mac: hmac.New(sha256.New, key)} }

func (t *tokens) of(n cadence.Number) (token event.Token) {
	t.mac.Reset()
	t.buf = append(t.buf[:0], n...)
	t.mac.Write(t.buf)
	t.buf = t.mac.Sum(t.buf[:0])
	copy(token[:], t.buf)
	return token
}
