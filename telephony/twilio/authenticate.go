package twilio

import (
	"errors"
	"net/http"

	"github.com/carillon-dialer/carillon/telephony"
)

// Why a webhook is refused: a closed set, each with its answer (HTTPStatus).
// None of them may change state; all but ErrPath and ErrMethod are worth an
// audit record.
var (
	ErrPath         = errors.New("webhook: no such path")
	ErrMethod       = errors.New("webhook: not a POST")
	ErrMAC          = errors.New("webhook: the path was not made by us")
	ErrSignature    = errors.New("webhook: the signature does not match")
	ErrDuplicate    = errors.New("webhook: a parameter comes twice")
	ErrWrongAccount = errors.New("webhook: another account")
	ErrMalformed    = errors.New("webhook: the parameters cannot be read")
)

// HTTPStatus is the answer to a webhook that Authenticate judged: 200 for nil,
// 403 for what does not prove to come from the carrier, 400 for what does but
// cannot be read.
func HTTPStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, ErrPath):
		return http.StatusNotFound
	case errors.Is(err, ErrMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, ErrMAC), errors.Is(err, ErrSignature),
		errors.Is(err, ErrDuplicate), errors.Is(err, ErrWrongAccount):
		return http.StatusForbidden
	case errors.Is(err, ErrMalformed):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// Request is a webhook as the listener received it. Path is the path as
// requested, without the query; Body must not change until Authenticate has
// returned.
type Request struct {
	Method   string
	Path     string
	RawQuery string
	Header   func(name string) string
	Body     []byte
}

// Webhooks judges what arrives on the hooks listener. It is safe for
// concurrent use; make a new one when tokens change.
type Webhooks struct {
	hooks    *Hooks
	verifier *Verifier
	account  string
}

// NewWebhooks joins what a webhook is checked against: the path's MAC, the
// signature and the account.
func NewWebhooks(h *Hooks, v *Verifier, accountSID string) (*Webhooks, error) {
	if h == nil || v == nil || !accountPattern.MatchString(accountSID) {
		return nil, errors.New("webhooks: hooks, a verifier and an account SID are required")
	}
	return &Webhooks{hooks: h, verifier: v, account: accountSID}, nil
}

// Authenticate checks the path's MAC, then the signature over the configured
// public URL (never the Host header, which the sender chooses), then the
// account, and reads the event. Its errors are the closed set above.
func (w *Webhooks) Authenticate(r Request) (telephony.Event, error) {
	kind, attempt, err := w.hooks.Verify(r.Path)
	if err != nil {
		return telephony.Event{}, err
	}
	if r.Method != http.MethodPost {
		return telephony.Event{}, ErrMethod
	}
	// The path was just rebuilt from its parts by the MAC check, so this is
	// byte for byte what the carrier was given.
	full := w.hooks.public + r.Path[len(r.Path)-pathLength(kind):]
	if r.RawQuery != "" {
		full += "?" + r.RawQuery
	}
	f := forms.Get().(*form)
	defer forms.Put(f)
	if err := w.verifier.verify(f, full, r.Body, r.Header("X-Twilio-Signature")); err != nil {
		return telephony.Event{}, err
	}
	if len(f.fields) == 0 { // signed, but empty or JSON: no report on a call
		return telephony.Event{}, ErrMalformed
	}
	return event(f, kind, attempt, w.account)
}

// pathLength is the length of a webhook path below the public URL.
func pathLength(k Kind) int {
	return len(hookPrefix) + len(k) + 1 + 26 + 1 + macLength
}
