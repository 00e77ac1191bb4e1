package app

import (
	"context"
	"errors"
	"fmt"
)

// cleanups is a stack of named things to undo.
type cleanups struct{ stack []cleanup }

type cleanup struct {
	name string
	do   func(context.Context) error
}

func (c *cleanups) add(name string, do func(context.Context) error) {
	c.stack = append(c.stack, cleanup{name, do})
}

// run undoes everything, the latest first, whatever fails.
func (c *cleanups) run(ctx context.Context) error {
	var errs []error
	for len(c.stack) > 0 {
		last := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		if err := last.do(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", last.name, err))
		}
	}
	return errors.Join(errs...)
}
