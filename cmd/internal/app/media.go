package app

import (
	"context"
	"encoding/hex"
	"errors"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MediaFound is what a look at one stored recording found. Wrong is nil for one
// that can be played.
type MediaFound struct {
	Row   *state.Media
	Wrong error
}

// errUnfinished is a recording whose upload was broken off.
var errUnfinished = errors.New("it was never stored whole")

// CheckMedia reads every stored recording and compares it with its name. The
// error is that of a ledger that cannot be read at all.
func CheckMedia(ctx context.Context, rows state.Rows) (found []MediaFound, err error) {
	if err := rows.Medias(func(m *state.Media) bool { found = append(found, MediaFound{Row: m}); return true }); err != nil {
		return nil, err
	}
	for i := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch f := &found[i]; {
		case !f.Row.Ready:
			f.Wrong = errUnfinished
		case f.Row.Damaged != "":
			f.Wrong = errors.New(f.Row.Damaged)
		default:
			if _, f.Wrong = rows.MediaData(f.Row); f.Wrong != nil && !errors.Is(f.Wrong, ledger.ErrDamaged) {
				return nil, f.Wrong
			}
		}
	}
	return found, nil
}

// checkMedia looks at every recording that was there at the start: what is
// damaged is marked, so that the steps that need it wait instead of playing
// nothing, and what a broken-off upload left is removed. began is the wall
// before anything new could come in.
func (a *App) checkMedia(ctx context.Context, began int64) {
	found, err := CheckMedia(ctx, a.engine.Rows())
	if err != nil {
		if ctx.Err() == nil {
			a.log.Error("the stored audio could not be checked", zap.Error(err))
		}
		return
	}
	for _, f := range found {
		if f.Wrong == nil || f.Row.At >= began { // one that is being stored right now
			continue
		}
		hash := state.MediaHash(f.Row.Hash)
		var m dialer.Message = &dialer.DamageMedia{Hash: hash, Reason: f.Wrong.Error()}
		if errors.Is(f.Wrong, errUnfinished) {
			m = &dialer.DeleteMedia{Hash: hash}
		} else {
			a.log.Error("stored audio is damaged; steps that need it wait until the file is stored again",
				zap.String("media", hex.EncodeToString(f.Row.Hash)), zap.String("name", f.Row.Name), zap.Error(f.Wrong))
		}
		var refused *dialer.Refusal // a cadence names it: it waits for the rest
		if _, err := a.engine.Do(ctx, m); err != nil && !errors.As(err, &refused) && ctx.Err() == nil {
			a.log.Error("the state of stored audio could not be noted", zap.Error(err))
		}
	}
}
