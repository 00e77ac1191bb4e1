//go:build !linux

package sender

import (
	"context"
	"errors"
	"time"
)

type sending struct{ took []time.Duration }

func newSending(context.Context, *Job, []Call) (*sending, error) {
	return nil, errors.New("webhooks are sent on Linux only")
}

func (*sending) run(context.Context) error { return nil }
func (*sending) close() error              { return nil }
