package dialer

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// bindNumber claims a number for a lead: here, or by a message to its home.
func (c *Core) bindNumber(v *state.View, out *Outcome, m *claimNumber) {
	if !c.rules.Homes.here(m.Token.Slot()) {
		if old := v.Lead(m.Lead); old == nil || !slices.Contains(old.Tokens, m.Token) {
			out.send(m)
		}
		return
	}
	if row := v.Number(m.Token); row == nil || !slices.Contains(row.Leads, m.Lead) {
		out.fact(&event.NumberClaimed{Token: m.Token, Number: m.Number, Lead: m.Lead, Region: window.Region(string(m.Number))})
	}
}

// bindExternal claims an external id for a lead: here, or by a message to its
// home.
func (c *Core) bindExternal(v *state.View, out *Outcome, m *claimExternal) {
	if !c.rules.Homes.here(m.Key.Slot()) {
		if old := v.Lead(m.Lead); old == nil || externalKey(old.Lead.ExternalID) != m.Key {
			out.send(m)
		}
		return
	}
	if v.External(m.Key) != m.Lead {
		out.fact(&event.ExternalClaimed{Key: m.Key, Lead: m.Lead})
	}
}

// claimNumber is bindNumber at the number's home, for a lead of another one.
// The lead is saved already: when the number's row names as many leads as it
// may, it is not named, and can be dialed all the same.
func (c *Core) claimNumber(v *state.View, m *claimNumber) Outcome {
	var out Outcome
	if row := v.Number(m.Token); row == nil || len(row.Leads) < MaxLeadsOfNumber {
		c.bindNumber(v, &out, m)
	}
	return out
}

// claimExternal is bindExternal at the external id's home.
func (c *Core) claimExternal(v *state.View, m *claimExternal) Outcome {
	var out Outcome
	c.bindExternal(v, &out, m)
	return out
}
