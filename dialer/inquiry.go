package dialer

import (
	"context"
	"errors"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// Inquire asks the carrier about an attempt. It never fails: what went wrong is
// part of the answer.
func Inquire(ctx context.Context, c telephony.Carrier, l Look, now int64) *Looked {
	m := &Looked{Attempt: l.Attempt, Kind: l.Kind, At: now}
	var err error
	switch l.Kind {
	case LookCall:
		var call telephony.Call
		if call, err = c.Fetch(ctx, l.CallID); err == nil {
			m.Call = &call
		}
	case LookLegs:
		m.Legs, err = c.Legs(ctx, l.CallID)
	case LookFind:
		err = find(ctx, c, l, m)
	}
	if err != nil {
		m.Err, m.Gone = err.Error(), errors.Is(err, telephony.ErrNoCall)
	}
	return m
}

// find searches for a call that is ours: one whose requests name the attempt.
// A call whose requests name another attempt is nobody's candidate; one that
// is under way and has made no request yet may still be ours. One that is over
// and named nobody never will: it must not hold the attempt for ever.
func find(ctx context.Context, c telephony.Carrier, l Look, m *Looked) error {
	calls, err := c.Find(ctx, telephony.Query{To: l.To, From: l.From, Since: atMs(l.Since), Until: atMs(l.Until)})
	if err != nil {
		return err
	}
	for i := range calls {
		urls, err := c.Requests(ctx, calls[i].ID)
		if err != nil {
			return err
		}
		switch owner(urls, l.Attempt) {
		case ours:
			m.Ours = &calls[i]
		case nobody:
			if !calls[i].Status.Terminal() {
				m.Unbound++
			}
		case others:
		}
	}
	m.Complete = true
	return nil
}

type ownership uint8

const (
	nobody ownership = iota
	ours
	others
)

// owner reads the attempt out of callback paths /twilio/{kind}/{attempt}/{mac},
// which may stand behind a path of the public URL, whatever that is called.
func owner(urls []string, id cadence.ID) ownership {
	o := nobody
	for _, u := range urls {
		const hooks = "/twilio/"
		at := strings.LastIndex(u, hooks)
		if at < 0 {
			continue
		}
		parts := strings.Split(u[at+len(hooks):], "/")
		if len(parts) < 3 {
			continue
		}
		if parts[1] == id.Bare() {
			return ours
		}
		if _, err := cadence.ParseBareID(parts[1]); err == nil {
			o = others
		}
	}
	return o
}

// CarryOut does an owed effect.
func CarryOut(ctx context.Context, c telephony.Carrier, o Owed) *Acted {
	m := &Acted{Attempt: o.Attempt, Effect: o.Effect}
	var err error
	switch o.Effect {
	case event.EffectHangUp:
		err = c.HangUp(ctx, o.CallID)
	case event.EffectRedirect:
		err = c.Redirect(ctx, o.CallID, o.Attempt)
	case event.EffectCancel:
		err = c.Cancel(ctx, o.CallID)
	}
	if err != nil {
		m.Err = err.Error()
	}
	return m
}
