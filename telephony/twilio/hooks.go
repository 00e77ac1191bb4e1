package twilio

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"sync"

	"github.com/carillon-dialer/carillon/cadence"
)

// Kind is what a webhook is about; it stands in its path.
type Kind string

// The kinds of webhook. Recordings have a path of their own and are not
// requested; KindSelf is the engine's own probe of its public URL, and KindMedia
// the carrier's fetch of a stored audio file, by GET.
const (
	KindVoice     Kind = "voice"
	KindStatus    Kind = "status"
	KindAMD       Kind = "amd"
	KindGather    Kind = "gather"
	KindDial      Kind = "dial"
	KindRecording Kind = "recording"
	KindPlayed    Kind = "played"
	KindLeg       Kind = "leg" // a leg that <Dial> dialed was answered
	KindSelf      Kind = "self"
	KindMedia     Kind = "media"
)

// MinHookKey is the least number of bytes of a hook key.
const MinHookKey = 16

// overrides tune Twilio's delivery: three retries on 5xx and on connect and
// read timeouts (by default it retries once and only when it cannot connect),
// two seconds to connect. The fragment is neither sent nor signed.
const overrides = "#rc=3&rp=5xx,ct,rt&ct=2000"

const (
	hookPrefix = "/twilio/"
	macBytes   = 16
	macLength  = 26 // of macBytes in base32
	maxNonce   = 64
)

var macText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Hooks builds and verifies the webhook paths: each names its attempt and
// carries a MAC over kind and attempt, so that a path that leaks serves for
// nothing else.
type Hooks struct {
	public string // scheme, host and an optional path prefix, without "/" at the end
	prefix string // the path part of public
	macs   sync.Pool
}

// NewHooks takes the URL under which the carrier reaches the hooks listener
// and a key of at least MinHookKey random bytes, which it copies.
func NewHooks(publicURL string, key []byte) (*Hooks, error) {
	if len(key) < MinHookKey {
		return nil, fmt.Errorf("hooks: the key has %d bytes, want at least %d", len(key), MinHookKey)
	}
	u, err := url.Parse(strings.TrimRight(publicURL, "/"))
	if err != nil {
		return nil, errors.New("hooks: the public URL cannot be read")
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fmt.Errorf("hooks: public URL %q: want http or https, a host and perhaps a path, nothing else", u.Redacted())
	}
	if strings.Contains(u.Host, "_") {
		return nil, fmt.Errorf("hooks: public URL host %q has an underscore; the carrier refuses such callbacks", u.Host)
	}
	if u.EscapedPath() != u.Path || u.String() != strings.TrimRight(publicURL, "/") {
		return nil, fmt.Errorf("hooks: public URL %q: write it in plain, normal form, for example %q", publicURL, u.String())
	}
	own := append([]byte(nil), key...)
	h := &Hooks{public: u.String(), prefix: u.Path}
	h.macs.New = func() any { return &hookMAC{hash: hmac.New(sha256.New, own)} }
	return h, nil
}

// PublicURL is the configured URL without a slash at the end.
func (h *Hooks) PublicURL() string { return h.public }

// Format implements fmt.Formatter: no verb prints the key.
func (h *Hooks) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "hooks at %s", h.public) }

// URL is what the carrier is given for one kind and attempt, with the
// delivery overrides in its fragment.
func (h *Hooks) URL(k Kind, attempt cadence.ID) string {
	var out [room]byte
	return string(append(h.appendPath(append(out[:0], h.public...), k, attempt.Bare()), overrides...))
}

// Path is the path of a webhook below the public URL.
func (h *Hooks) Path(k Kind, attempt cadence.ID) string { return h.path(k, attempt.Bare()) }

// SelfURL is the engine's own probe. The nonce is 1 to 64 letters, digits,
// "-" and "_".
func (h *Hooks) SelfURL(nonce string) (string, error) {
	if !plainNonce(nonce) {
		return "", fmt.Errorf("hooks: nonce %.80q: want 1 to %d letters, digits, - and _", nonce, maxNonce)
	}
	return h.public + h.path(KindSelf, nonce), nil
}

// mediaPrefix is how a document names a stored audio file; the hash follows.
const mediaPrefix = "media:sha256-"

// MediaURL is where the carrier fetches a stored audio file, named by the 64
// lower-case hexadecimal digits of its SHA-256. It has no fragment: the same
// file has the same URL, so that the carrier's cache knows it again.
func (h *Hooks) MediaURL(hash string) (string, error) {
	if !isSHA256(hash) {
		return "", fmt.Errorf("hooks: media %.80q: want 64 lower-case hexadecimal digits", hash)
	}
	return h.public + h.path(KindMedia, hash), nil
}

// VerifyMedia reads the path of a fetch of a stored audio file and returns its
// hash.
func (h *Hooks) VerifyMedia(path string) (string, error) {
	kind, hash, mac, ok := h.split(path)
	if !ok || kind != KindMedia || !isSHA256(hash) {
		return "", ErrPath
	}
	if !h.same(kind, hash, mac) {
		return "", ErrMAC
	}
	return hash, nil
}

func isSHA256(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 2*sha256.Size
}

// room is enough for the longest path and a usual public URL.
const room = 256

func (h *Hooks) path(k Kind, name string) string {
	var out [room]byte
	return string(h.appendPath(out[:0], k, name))
}

func (h *Hooks) appendPath(out []byte, k Kind, name string) []byte {
	out = append(append(append(append(append(out, hookPrefix...), k...), '/'), name...), '/')
	var mac [macLength]byte
	h.mac(&mac, k, name)
	return append(out, mac[:]...)
}

// hookMAC is a keyed hash with room for what goes in and comes out of it.
type hookMAC struct {
	hash hash.Hash
	text [96]byte
	sum  [sha256.Size]byte
}

// mac is the first 16 bytes of HMAC-SHA-256(key, kind "|" name) in base32.
func (h *Hooks) mac(dst *[macLength]byte, k Kind, name string) {
	m := h.macs.Get().(*hookMAC)
	m.hash.Reset()
	m.hash.Write(append(append(append(m.text[:0], k...), '|'), name...))
	macText.Encode(dst[:], m.hash.Sum(m.sum[:0])[:macBytes])
	h.macs.Put(m)
}

// Verify reads a webhook's path, with or without the public URL's own path
// before it. It returns ErrPath for what is no webhook path and ErrMAC for a
// MAC that is not ours.
func (h *Hooks) Verify(path string) (Kind, cadence.ID, error) {
	kind, name, mac, ok := h.split(path)
	if !ok || kind == KindSelf || kind == KindMedia || kind == KindInbound {
		return "", cadence.ID{}, ErrPath
	}
	attempt, err := cadence.ParseBareID(name)
	if err != nil {
		return "", cadence.ID{}, ErrPath
	}
	if !h.same(kind, name, mac) {
		return "", cadence.ID{}, ErrMAC
	}
	return kind, attempt, nil
}

// VerifySelf reads the path of a self-probe and returns its nonce.
func (h *Hooks) VerifySelf(path string) (string, error) {
	kind, nonce, mac, ok := h.split(path)
	if !ok || kind != KindSelf || !plainNonce(nonce) {
		return "", ErrPath
	}
	if !h.same(kind, nonce, mac) {
		return "", ErrMAC
	}
	return nonce, nil
}

// AttemptOf reads the attempt out of a URL that the carrier says it requested,
// if the URL is one of ours.
func (h *Hooks) AttemptOf(requested string) (cadence.ID, bool) {
	rest, ok := strings.CutPrefix(requested, h.public)
	if !ok {
		return cadence.ID{}, false
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	_, attempt, err := h.Verify(rest)
	return attempt, err == nil
}

func (h *Hooks) split(path string) (kind Kind, name, mac string, ok bool) {
	if h.prefix != "" {
		path = strings.TrimPrefix(path, h.prefix)
	}
	rest, ok := strings.CutPrefix(path, hookPrefix)
	if !ok {
		return "", "", "", false
	}
	k, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return "", "", "", false
	}
	name, mac, ok = strings.Cut(rest, "/")
	switch Kind(k) {
	case KindVoice, KindStatus, KindAMD, KindGather, KindDial, KindRecording, KindPlayed, KindLeg, KindSelf, KindMedia, KindInbound:
		return Kind(k), name, mac, ok && len(mac) == macLength
	}
	return "", "", "", false
}

func (h *Hooks) same(k Kind, name, mac string) bool {
	var want [macLength]byte
	h.mac(&want, k, name)
	var have [macLength]byte
	copy(have[:], mac)
	return hmac.Equal(want[:], have[:])
}

func plainNonce(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= maxNonce
}
