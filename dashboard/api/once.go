package api

import (
	"context"
	"crypto/sha256"
	"hash"
	"net/http"
	"sync"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// keepAnswers is how long the answer to a request with an Idempotency-Key
	// is kept.
	keepAnswers = 48 * time.Hour
	// maxKept bounds a kept answer. A longer one is not kept: a repeat then
	// does the work again, which every such request bears (enrolling twice
	// skips the second time).
	maxKept = 256 << 10
	maxKey  = 128
)

// inFlight holds the keys of requests that are being answered.
type inFlight struct {
	mu sync.Mutex
	m  map[string]bool
}

func (f *inFlight) enter(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.m[key] {
		return false
	}
	if f.m == nil {
		f.m = map[string]bool{}
	}
	f.m[key] = true
	return true
}

func (f *inFlight) leave(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.m, key)
}

func newHash(c *app.RequestContext) hash.Hash {
	h := sha256.New()
	h.Write(c.Method())
	h.Write([]byte{0})
	h.Write(c.Request.URI().RequestURI())
	h.Write([]byte{0})
	if w := CallerOf(c); w.Kind != access.Local { // nobody is given what another was answered
		h.Write([]byte(w.ID))
		h.Write([]byte{0})
	}
	return h
}

// requestHash is SHA-256 over method, path with query, and body.
func requestHash(c *app.RequestContext, body []byte) []byte {
	h := newHash(c)
	h.Write(body)
	return h.Sum(nil)
}

// idempotencyKey is the request's key, "" without one.
func idempotencyKey(c *app.RequestContext) (string, error) {
	key := string(c.Request.Header.Peek("Idempotency-Key"))
	if len(key) > maxKey {
		return "", invalid("Idempotency-Key", "Idempotency-Key is longer than 128 characters")
	}
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return "", invalid("Idempotency-Key", "Idempotency-Key must be printable ASCII")
		}
	}
	return key, nil
}

// once carries a request out, or answers what the first one with its key was
// answered. An answer that may change by itself (5xx) is not kept.
func (a *API) once(ctx context.Context, c *app.RequestContext, hash []byte, do func() (answer, error)) {
	key, err := idempotencyKey(c)
	if err != nil {
		a.fail(c, err)
		return
	}
	a.keyed(ctx, c, key, func() bool { return a.replayed(c, key, hash) }, func() []byte { return hash }, do)
}

// keyed is once behind the reading of the key; replayed has answered a request
// that came before, and digest is asked when all of this one has been read.
func (a *API) keyed(ctx context.Context, c *app.RequestContext, key string, replayed func() bool, digest func() []byte, do func() (answer, error)) {
	if key == "" {
		ans, err := do()
		if err != nil {
			a.fail(c, err)
			return
		}
		a.send(c, ans)
		return
	}
	if !a.keys.enter(key) {
		a.fail(c, NewFault(dialer.CodeConflict, "Idempotency-Key", "a request with this Idempotency-Key is still being answered"))
		return
	}
	defer a.keys.leave(key)
	if replayed() {
		return
	}
	ans, err := do()
	a.finish(ctx, c, key, digest(), ans, err)
}

// finish keeps the answer, and only then gives it.
func (a *API) finish(ctx context.Context, c *app.RequestContext, key string, hash []byte, ans answer, err error) {
	var status int
	var body []byte
	kind := jsonType
	if err != nil {
		status, body = a.faultBody(c, err)
	} else {
		status, body, kind = a.encode(ans)
	}
	if status < http.StatusInternalServerError && len(body) <= maxKept {
		ctx, cancel := context.WithTimeout(ctx, doFor)
		defer cancel()
		fact := event.AnswerKept{Key: key, Hash: hash, Status: status, Body: body, At: a.op.Now().UnixMilli()}
		if _, err := a.op.Do(ctx, &dialer.Remember{Fact: fact}); err != nil {
			a.log.Warn("an answer could not be kept", zap.Error(err))
		}
		a.forgetOld(ctx)
	}
	respond(c, status, kind, body)
}

// replayed gives the kept answer to a key, if there is one.
func (a *API) replayed(c *app.RequestContext, key string, hash []byte) bool {
	kept, err := a.op.Rows().Answer(key)
	if err != nil {
		a.fail(c, err)
		return true
	}
	if a.expired(kept) {
		return false
	}
	if string(kept.Hash) != string(hash) {
		a.fail(c, NewFault(dialer.CodeConflict, "Idempotency-Key", "this Idempotency-Key was used for another request"))
		return true
	}
	c.Response.Header.Set("Idempotency-Replayed", "true")
	respond(c, kept.Status, jsonType, kept.Body)
	return true
}

// expired reports whether there is no kept answer any more.
func (a *API) expired(kept *state.Answer) bool {
	return kept == nil || a.op.Now().Sub(time.UnixMilli(kept.At)) > keepAnswers
}
