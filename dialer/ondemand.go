package dialer

import (
	"context"
	"sync"
	"time"
)

// onDemand is when a read model in memory is made: everything stored is read
// once, beside the work, as soon as somebody wants it, and from then on it
// follows what durable turns tell. A server in which nobody wants it keeps no
// memory for it.
type onDemand struct {
	once  sync.Once
	asked chan struct{} // closed by whoever wants it first
	read  chan struct{} // closed when all that is stored is in, or cannot be read
	some  chan struct{} // what turns told waits to be looked at
	amiss error         // why it cannot be read; set before read is closed
}

func newOnDemand() *onDemand {
	return &onDemand{asked: make(chan struct{}), read: make(chan struct{}), some: make(chan struct{}, 1)}
}

// want asks for it and does not wait.
func (d *onDemand) want() { d.once.Do(func() { close(d.asked) }) }

// await asks for it and waits until all that is stored is in, or ctx ends. Its
// error says that this will never be: nobody is to ask again in a moment.
func (d *onDemand) await(ctx context.Context) error {
	d.want()
	select {
	case <-d.read:
		return d.amiss
	case <-ctx.Done():
		return nil
	}
}

// wanted reports whether a turn has anybody to tell. Before, the rows hold all
// that will be read.
func (d *onDemand) wanted() bool {
	select {
	case <-d.asked:
		return true
	default:
		return false
	}
}

// wake has what turns told looked at, without waiting for it.
func (d *onDemand) wake() {
	select {
	case d.some <- struct{}{}:
	default:
	}
}

// fill waits until it is wanted and then calls read, which returns nil when
// everything is in. A ctx that ends before is no error.
func (d *onDemand) fill(ctx context.Context, read func() error) error {
	select {
	case <-d.asked:
	case <-ctx.Done():
		return nil
	}
	err := read()
	if ctx.Err() == nil {
		d.amiss = err
		close(d.read)
		return err
	}
	return nil
}

// follow calls look after each wake until ctx ends.
func (d *onDemand) follow(ctx context.Context, look func()) {
	for {
		select {
		case <-d.some:
			look()
		case <-ctx.Done():
			return
		}
	}
}

// inParts calls part until it says that it was the last, and rests (real time)
// behind every other, since calls go first. It returns the error of ctx when
// that ends before.
func (e *Engine) inParts(ctx context.Context, rest time.Duration, part func() (last bool, err error)) error {
	for ctx.Err() == nil {
		last, err := part()
		if err != nil {
			return err
		}
		if last {
			break // or was cut short by ctx
		}
		e.rest(ctx, rest)
	}
	return ctx.Err()
}

// rest waits for a while of real time, or until ctx ends.
func (e *Engine) rest(ctx context.Context, d time.Duration) {
	reached, stop := e.o.Real.At(e.o.Real.Now().Add(d))
	defer stop()
	select {
	case <-reached:
	case <-ctx.Done():
	}
}
