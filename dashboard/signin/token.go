package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

// The kinds of token, as they begin. They tell whoever finds one, or searches
// for leaked ones, what it is.
const (
	keyPrefix      = "carillon_key_"
	linkPrefix     = "carillon_link_"
	operatorPrefix = "carillon_operator_"
)

const secretBytes = 32

// secret draws 256 bits as text.
func secret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// newID draws an id of the office.
func newID() cadence.ID {
	var b [14]byte
	rand.Read(b[:])
	return cadence.NewID(cadence.OfficeSlot, b)
}

// sessionID is the id under which the session of a token is kept: 112 bits of
// its SHA-256.
func sessionID(token string) cadence.ID {
	return cadence.NewID(cadence.OfficeSlot, [14]byte(hashOf(token)[:14]))
}

// compose joins an id and a secret to a token.
func compose(prefix string, id cadence.ID, secret string) string {
	return prefix + id.Bare() + "_" + secret
}

// split takes a token apart; ok is false for what is no token of the kind.
func split(prefix, token string) (id cadence.ID, secret string, ok bool) {
	rest, ok := strings.CutPrefix(token, prefix)
	if !ok || len(token) > 200 {
		return id, "", false
	}
	bare, secret, ok := strings.Cut(rest, "_")
	if !ok {
		return id, "", false
	}
	id, err := cadence.ParseBareID(bare)
	return id, secret, err == nil
}

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func sameBytes(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// NewOperatorKey draws the key of whoever runs the server.
func NewOperatorKey() string { return operatorPrefix + secret() }
