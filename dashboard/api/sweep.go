package api

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	sweepEvery  = time.Hour // of real time
	sweepAtMost = 2000      // answers forgotten at once
)

// sweep remembers when old answers were last looked for.
type sweep struct {
	mu   sync.Mutex
	done bool
	at   time.Duration
}

func (s *sweep) due(now time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done && now-s.at < sweepEvery {
		return false
	}
	s.done, s.at = true, now
	return true
}

// more says that not all was found: the next request looks again.
func (s *sweep) more() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = false
}

// forgetOld drops answers past their time, now and then, in passing: who keeps
// answers also clears them.
func (a *API) forgetOld(ctx context.Context) {
	if !a.swept.due(a.real.Mono()) {
		return
	}
	before := a.op.Now().Add(-keepAnswers).UnixMilli()
	var old []string
	err := a.op.Rows().Answers(func(key string, kept *state.Answer) bool {
		if kept.At < before {
			old = append(old, key)
		}
		return len(old) < sweepAtMost
	})
	if err == nil && len(old) > 0 {
		_, err = a.op.Do(ctx, &dialer.Forget{Keys: old})
	}
	switch {
	case err != nil:
		a.log.Warn("old answers could not be dropped", zap.Error(err))
	case len(old) == sweepAtMost:
		a.swept.more()
	}
}
