// Package signin proves who a request comes from: by a session, an API key or
// the operator's key. It keeps users, sessions and keys in the engine's state;
// here are only the checks, and how often one may fail.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of argon2id, as OWASP's cheat sheet on password storage has it. A
// hash names its own, so these may rise.
const (
	costMemory  = 19 * 1024 // KiB
	costTime    = 2
	costThreads = 1
	saltBytes   = 16
	hashBytes   = 32
)

// Bounds of a password (NIST SP 800-63B-4, OWASP ASVS 6.2).
const (
	MinPassword = 12
	MaxPassword = 256 // characters
)

// atOnce bounds how many passwords are hashed at the same time, waiting how
// many more wait: each takes 19 MiB and tens of milliseconds of a core.
const (
	atOnce  = 2
	waiting = 16
)

// ErrBusy says that too many passwords are being checked.
var ErrBusy = errors.New("too many people are signing in at this moment; try again in a few seconds")

// hasher checks passwords, a few at once. It is safe for concurrent use.
type hasher struct {
	turn  chan struct{}
	line  chan struct{}
	dummy string // what the password of nobody is held against
	// counted is called for every check; tests see that nobody's takes as long
	// as somebody's.
	counted func()
}

func newHasher() *hasher {
	h := &hasher{turn: make(chan struct{}, atOnce), line: make(chan struct{}, atOnce+waiting), counted: func() {}}
	h.dummy = phc(rand.Text())
	return h
}

// enter waits for a turn.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.line <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case h.turn <- struct{}{}:
		return func() { <-h.turn; <-h.line }, nil
	case <-ctx.Done():
		<-h.line
		return nil, ctx.Err()
	}
}

// hash makes what is kept of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return phc(password), nil
}

// check reports whether a password is the one that was kept. Without one kept
// it takes as long and says no.
func (h *hasher) check(ctx context.Context, kept, password string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	h.counted()
	nobody := kept == ""
	if nobody {
		kept = h.dummy
	}
	same, err := matches(kept, password)
	return same && !nobody, err
}

// phc is a new hash in PHC form.
func phc(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	sum := argon2.IDKey([]byte(password), salt, costTime, costMemory, costThreads, hashBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, costMemory, costTime, costThreads, b64(salt), b64(sum))
}

func matches(kept, password string) (bool, error) {
	var version int
	var memory, time uint32
	var threads uint8
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a kept password is damaged")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fmt.Errorf("a kept password is of an unknown version: %s", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, fmt.Errorf("a kept password is damaged: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("a kept password is damaged: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("a kept password is damaged: %w", err)
	}
	have := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(have, want) == 1, nil
}

// common are the passwords of at least MinPassword characters among those that
// are guessed first.
var common = map[string]bool{}

func init() {
	for p := range strings.FieldsSeq(`passwordpassword password1234 password12345 password123456 123456789012 1234567890123 12345678901234
		123456123456 111111111111 000000000000 121212121212 123123123123 qwertyuiopas qwertyuiop12 qwertyuiop123 qwerty123456 1q2w3e4r5t6y
		1qaz2wsx3edc q1w2e3r4t5y6 administrator letmeinletmein iloveyou1234 welcome12345 changeme1234 changemechangeme correcthorsebatterystaple
		abcdefghijkl abcd1234abcd asdfghjkl123 zxcvbnm12345 thisisapassword mypassword123 p@ssw0rd1234 passw0rd1234 unbelievable
		administrator1 1234567890qw qwerty1234567 football1234 baseball1234 superman1234 carillon1234 carilloncarillon`) {
		common[p] = true
	}
}

// Weak says what is wrong with a new password, "" when nothing is.
func Weak(password string, of ...string) string {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return "the password is not text"
	case n < MinPassword:
		return fmt.Sprintf("the password needs at least %d characters; a few words in a row are easy to remember", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("the password is longer than %d characters", MaxPassword)
	case common[lower] || strings.Count(lower, lower[:1]) == len(lower):
		return "this password is one of those that are guessed first; choose another"
	}
	for _, word := range of {
		if word = strings.ToLower(word); len(word) >= 4 && strings.Contains(lower, word) && len(lower) < len(word)+MinPassword/2 {
			return "the password is little more than your name or e-mail address; choose another"
		}
	}
	return ""
}
