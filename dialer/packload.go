package dialer

import (
	"context"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// bringPacks puts the packs the engine was made with in force before anything
// is dialed.
func (e *Engine) bringPacks() error {
	if e.o.Packs == nil {
		return nil
	}
	return e.inbox.put(Urgent, Item{Message: &SetPacks{Body: e.o.Packs.Body()}, Done: func(_ any, err error) {
		if err != nil {
			e.PacksRefused(err.Error())
		}
	}})
}

// LoadPacks puts a set of rule packs in force, all at once: calls are judged
// by the old set until its turn is durable, and by the new one after it.
func (e *Engine) LoadPacks(ctx context.Context, set *pack.Set) error {
	if _, err := e.Do(ctx, &SetPacks{Body: set.Body()}); err != nil {
		return err
	}
	e.amiss.Store(nil)
	e.log.Info("rule packs in force", zap.Stringer("digest", set.Digest()))
	return nil
}

// PacksRefused raises the alarm that the newest rule packs could not be put in
// force. Those that are stay.
func (e *Engine) PacksRefused(why string) {
	e.amiss.Store(&why)
	e.log.Error("rule packs refused; the old ones stay in force", zap.String("why", why))
}

// packsAmiss is why the newest rule packs were refused, "" when they were not.
func (e *Engine) packsAmiss() string {
	if why := e.amiss.Load(); why != nil {
		return *why
	}
	return ""
}

// Packs is the set of rule packs in force, nil when there is none.
func (e *Engine) Packs() (*pack.Set, error) {
	office, err := e.Rows().Office()
	if err != nil {
		return nil, err
	}
	return e.plans.packs(e.Rows(), pack.Digest(office.Packs))
}

// PacksOverdue counts the packs and rules whose review is overdue.
func (e *Engine) PacksOverdue() (int, error) {
	set, err := e.Packs()
	if err != nil || set == nil {
		return 0, err
	}
	return len(set.Due(window.DayOf(e.Now().UTC()))), nil
}
