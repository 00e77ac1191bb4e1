package twilio

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's signature is HMAC-SHA1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"sync"
)

// signatureLength is that of a SHA-1 sum in base64.
const signatureLength = 28

// Verifier checks X-Twilio-Signature against the current auth token and, while
// tokens are being rotated, the previous one. It is safe for concurrent use.
type Verifier struct {
	macs []*sync.Pool // one per token
}

// NewVerifier takes the auth tokens; empty ones are left out. The account's
// auth token signs, also when requests are made with an API key.
func NewVerifier(primary Secret, previous ...Secret) (*Verifier, error) {
	v := new(Verifier)
	for _, token := range append([]Secret{primary}, previous...) {
		if token == "" {
			continue
		}
		key := []byte(token)
		v.macs = append(v.macs, &sync.Pool{New: func() any { return hmac.New(sha1.New, key) }})
	}
	if len(v.macs) == 0 {
		return nil, errors.New("signature: no auth token; webhooks cannot be verified")
	}
	return v, nil
}

// Format implements fmt.Formatter: no verb prints a token.
func (v *Verifier) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "verifier of %d tokens", len(v.macs))
}

// Verify checks a webhook: fullURL is the public URL as the carrier was given
// it (query included, fragment not), body the request's body. A URL with a
// bodySHA256 parameter is signed alone and the body is compared with that
// hash; otherwise the body is a form and its parameters are signed too. The
// URL counts with and without its port. Errors are ErrSignature and
// ErrDuplicate.
func (v *Verifier) Verify(fullURL string, body []byte, signature string) error {
	f := forms.Get().(*form)
	defer forms.Put(f)
	return v.verify(f, fullURL, body, signature)
}

// verify leaves the parsed form in f when the body is one.
func (v *Verifier) verify(f *form, fullURL string, body []byte, signature string) error {
	f.fields = f.fields[:0]
	if sum, ok := bodyHash(fullURL); ok {
		if !v.signed(f, fullURL, signature) || !sameHash(body, sum) {
			return ErrSignature
		}
		return nil
	}
	switch err := f.parse(body); {
	case errors.Is(err, errFormTwice):
		return ErrDuplicate
	case err != nil:
		return fmt.Errorf("%w: %w", ErrSignature, err)
	case !v.signed(f, fullURL, signature):
		return ErrSignature
	}
	return nil
}

// bodyHash finds the bodySHA256 parameter of a JSON webhook's URL.
func bodyHash(fullURL string) (string, bool) {
	if !strings.Contains(fullURL, "bodySHA256") {
		return "", false
	}
	u, err := url.Parse(fullURL)
	if err != nil {
		return "", false
	}
	sum := u.Query().Get("bodySHA256")
	return sum, sum != ""
}

func sameHash(body []byte, want string) bool {
	sum := sha256.Sum256(body)
	var have [2 * sha256.Size]byte
	hex.Encode(have[:], sum[:])
	return hmac.Equal(have[:], []byte(want))
}

// signed tries the URL as Twilio may have signed it: with the port and
// without, the more likely form first.
func (v *Verifier) signed(f *form, fullURL, signature string) bool {
	if len(signature) != signatureLength {
		return false
	}
	bare, port, rest := splitPort(fullURL)
	first, second := "", port
	if strings.HasPrefix(fullURL[len(bare):], port) { // the URL names its port
		first, second = port, ""
	}
	return v.matches(f, signature, bare, first, rest) || v.matches(f, signature, bare, second, rest)
}

// splitPort cuts a URL into what stands before the port, the port with its
// colon (the scheme's own when the URL names none) and what follows.
func splitPort(u string) (bare, port, rest string) {
	scheme, after, found := strings.Cut(u, "://")
	if !found {
		return u, "", ""
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	host, rest := after[:end], after[end:]
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') && i+1 < len(host) {
		return u[:len(scheme)+3+i], host[i:], rest
	}
	port = ":80"
	if scheme == "https" {
		port = ":443"
	}
	return u[:len(scheme)+3+end], port, rest
}

func (v *Verifier) matches(f *form, signature, bare, port, rest string) bool {
	m := append(append(append(f.scratch[:0], bare...), port...), rest...)
	for i := range f.fields {
		m = append(append(m, f.fields[i].key...), f.fields[i].value...)
	}
	f.scratch = m
	found := false
	for _, pool := range v.macs {
		h := pool.Get().(hash.Hash)
		h.Reset()
		h.Write(m)
		var sum [sha1.Size]byte
		var text [signatureLength]byte
		base64.StdEncoding.Encode(text[:], h.Sum(sum[:0]))
		pool.Put(h)
		var have [signatureLength]byte
		copy(have[:], signature)
		found = found || hmac.Equal(text[:], have[:])
		if found {
			break
		}
	}
	return found
}
