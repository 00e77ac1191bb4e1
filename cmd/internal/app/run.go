package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// Start begins to dial and to answer, and prints where. It does not wait.
func (a *App) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	a.runEngine(ctx)
	a.running.Go(func() { a.keepMark(ctx) })
	began := a.engine.Now().UnixMilli()
	a.running.Go(func() { a.checkMedia(ctx, began) })
	a.serveFaces()
	a.serveOps()
	fmt.Fprintf(a.o.Out, "listening %s\nhooks listening %s\n", a.URL(), a.HooksURL())
	a.tellSignIn()
	a.tellLists()
}

func (a *App) runEngine(ctx context.Context) {
	a.ended = make(chan struct{})
	a.running.Go(func() {
		defer close(a.ended)
		err := a.engine.Run(ctx)
		if lost := a.store.Ledger.Err(); err != nil && lost != nil {
			err = plainly(a.store.Dir, lost)
		}
		if err != nil {
			a.fail(fmt.Errorf("engine: %w", err))
		}
	})
}

// fail tells whoever waits that the process must end. There is room for what
// every goroutine can say.
func (a *App) fail(err error) {
	if err != nil {
		a.failed <- err
	}
}

// stopEngine ends a running engine in order. One that was never started is run
// to its end at once, which releases what it holds.
func (a *App) stopEngine(context.Context) error {
	if a.cancel == nil {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		a.cancel = cancel
		a.runEngine(ctx)
	}
	a.cancel()
	<-a.ended
	return nil
}

// markEvery is how often the marks that must not vanish are noted.
const markEvery = time.Second

func (a *App) keepMark(ctx context.Context) {
	t := time.NewTicker(markEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := a.store.Mark(); err != nil {
				a.log.Error("high-water mark not written", zap.Error(err))
			}
			if err := a.store.Ledger.Err(); err != nil { // nobody may be committing
				a.fail(plainly(a.store.Dir, err))
				return
			}
		}
	}
}

// Run is Start, then waiting for ctx or for a failure, then Stop.
func (a *App) Run(ctx context.Context) error {
	a.Start()
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.failed:
	}
	return errors.Join(failure, a.Stop(context.WithoutCancel(ctx)))
}

// stopLimit bounds an orderly stop.
const stopLimit = 30 * time.Second

// Stop ends dialing, lets what is under way become durable, stops answering
// and closes the ledger. It may be called again and returns the same.
func (a *App) Stop(ctx context.Context) error {
	a.stop.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, stopLimit)
		defer cancel()
		a.stopErr = a.cleanups.run(ctx)
		a.running.Wait()
	})
	return a.stopErr
}

// Failed tells of a failure after which the process must end.
func (a *App) Failed() <-chan error { return a.failed }
