package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// ReadPacks reads the shipped rule packs and those of an operator's folder, ""
// for none. It returns either a set or all that is wrong.
func ReadPacks(dir string) (*pack.Set, pack.Problems) {
	if dir == "" {
		return pack.Load(configs.RulePacks())
	}
	if _, err := fs.Stat(os.DirFS(dir), "."); err != nil {
		return nil, pack.Problems{{File: dir, Line: 1, Field: "compliance.dir", Message: err.Error(), Remedy: "make the folder, or leave the key out"}}
	}
	return pack.Load(configs.RulePacks(), os.DirFS(dir))
}

// startPacks reads the packs at the start. Bad ones are no reason not to
// start: those in the ledger stay in force, and without any nothing is dialed.
// A review that is overdue is told and does not stop a process from starting
// again with the rules it had.
func (a *App) startPacks() (set *pack.Set, why string) {
	set, problems := ReadPacks(a.o.Config.Compliance.Dir)
	if err := problems.Err(); err != nil {
		return nil, err.Error()
	}
	wall, _ := a.o.wall()
	for _, p := range set.Due(window.DayOf(wall.Now().UTC())) {
		a.log.Warn("rule packs", zap.String("overdue", p.Error()))
	}
	return set, ""
}

// tellLists says at the start which lists keep calls from being placed, and what
// helps.
func (a *App) tellLists() {
	stale, err := a.engine.StaleLists()
	if err != nil {
		a.log.Warn("the age of the do-not-call lists could not be looked up", zap.Error(err))
		return
	}
	for _, l := range stale {
		was := "was never imported"
		if l.AsOf > 0 {
			was = "is of " + time.UnixMilli(l.AsOf).UTC().Format(time.DateOnly)
		}
		remedy := fmt.Sprintf("import it: carillon dnc import FILE --list %s --as-of DATE", l.List)
		if l.AsOf == 0 {
			remedy += "; or set compliance.scrub: when_imported, and answer yourself for checking numbers before they come here"
		}
		a.log.Warn("nobody is called whom this rule is about", zap.String("rule", l.Rule),
			zap.String("because", fmt.Sprintf("the list %s %s, and may be %.0f days old", l.List, was, l.Most.Hours()/24)), zap.String("remedy", remedy))
	}
}

// ReloadPacks reads the packs again and puts them in force, all or none. What
// is wrong, also a review that is overdue, keeps the old ones and raises the
// alarm.
func (a *App) ReloadPacks(ctx context.Context) (pack.Digest, error) {
	set, problems := ReadPacks(a.o.Config.Compliance.Dir)
	if set != nil {
		problems = set.Due(window.DayOf(a.engine.Now().UTC()))
	}
	if err := problems.Err(); err != nil {
		a.engine.PacksRefused(err.Error())
		return pack.Digest{}, fmt.Errorf("the rule packs are refused, the old ones stay in force:\n%w", err)
	}
	if err := a.engine.LoadPacks(ctx, set); err != nil {
		a.engine.PacksRefused(err.Error())
		return pack.Digest{}, err
	}
	return set.Digest(), nil
}

// ReloadOn reloads the packs and the certificate whenever the channel says so, until ctx ends or
// the app stops, for whatever reason. Its failures are alarms, and do not end
// the process.
func (a *App) ReloadOn(ctx context.Context, asked <-chan os.Signal) {
	ctx, cancel := context.WithCancel(ctx)
	a.cleanups.add("reload of the rule packs", func(context.Context) error { cancel(); return nil })
	a.running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-asked:
			}
			a.reloadCertificate()
			if _, err := a.ReloadPacks(ctx); err != nil && !errors.Is(err, context.Canceled) {
				a.log.Error("reload of the rule packs", zap.Error(err))
			}
		}
	})
}
