package dialer_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony"
)

var elsewhere = cadence.NewID(cadence.OfficeSlot, [14]byte{9})

// noScopes are scopes with what they say about a call of theCadence, whose
// campaign is Spring.
var noScopes = []struct {
	scope  cadence.Scope
	covers bool
	rule   string
}{
	{cadence.ScopeAll, true, permit.RuleDNC},
	{cadence.ScopeCall, true, permit.RuleDNCScope},
	{cadence.CampaignScope("Spring"), true, permit.RuleDNCScope},
	{cadence.ScopeOf(theCadence), true, permit.RuleDNCScope},
	{cadence.CampaignScope("Autumn"), false, ""},
	{cadence.ScopeOf(elsewhere), false, ""},
}

func (r *rig) no(n cadence.Number, on bool, s cadence.Scope) {
	r.t.Helper()
	r.must(&dialer.MarkNumber{Number: n, On: on, Scope: s, Reason: "asked", Source: "api", By: "a supervisor"})
}

// A call under way is cancelled, and the next is not made, exactly when the
// scope of the no covers it.
func TestScopeOfANo(t *testing.T) {
	doc := document(t, "Scopes", m{"campaign": "Spring"})
	for _, c := range noScopes {
		t.Run("ringing "+c.scope.String(), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, doc)
			r.lead(theCadence, first)
			d := r.last()
			call := r.accept(d)
			r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
			r.settle()
			r.no(first, true, c.scope)
			o, err := r.rows().Open(d.Dial.Attempt)
			r.check(err)
			if got := o.Owed == event.EffectCancel; got != c.covers {
				t.Errorf("cancelled: %v", got)
			}
		})
		t.Run("queued "+c.scope.String(), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, doc)
			r.lead(theCadence, first)
			d := r.last()
			r.no(first, true, c.scope)
			if r.kept[d.Dial.Attempt] != c.covers {
				t.Errorf("taken back: %v", !c.covers)
			}
		})
		t.Run("before "+c.scope.String(), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, doc)
			r.no(first, true, c.scope)
			lead := r.lead(theCadence, first)
			if got := len(r.dials) == 0; got != c.covers {
				t.Fatalf("%d calls", len(r.dials))
			}
			if _, e := r.stay(lead); c.covers && (e.LeftAt == 0 || e.Reason != c.rule) {
				t.Errorf("the stay: %+v", e)
			}
		})
		t.Run("taken back "+c.scope.String(), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, doc)
			r.no(first, true, c.scope)
			r.no(first, false, c.scope)
			if r.lead(theCadence, first); len(r.dials) != 1 {
				t.Errorf("%d calls", len(r.dials))
			}
		})
	}
}

// A no and the ask for a call that meet in one turn are in an order: whatever
// comes first, no call goes out.
func TestScopedNoMeetsTheIntent(t *testing.T) {
	for _, c := range noScopes {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Scopes", m{"campaign": "Spring"}))
		lead := r.lead(cadence.ID{}, first)
		rel := r.turn(
			dialer.Item{Message: &dialer.Enroll{Lead: lead, Cadence: theCadence}},
			dialer.Item{Message: &dialer.MarkNumber{Number: first, On: true, Scope: c.scope, By: "x"}},
		)
		r.settle()
		if got := len(r.dials) == 0; got != c.covers {
			t.Errorf("%s: %d calls, the turn let %d go", c.scope, len(r.dials), len(rel.Dials))
		}
	}
}

// A mark is one of several: taking one away leaves the others, and all that was
// ever said is kept with who said it.
func TestHistoryOfANumber(t *testing.T) {
	r := newRig(t)
	spring := cadence.CampaignScope("Spring")
	log := &listener{r: r}
	r.nolog = log
	r.open()
	r.no(first, true, cadence.ScopeAll)
	r.no(first, true, spring)
	r.no(first, true, spring) // said already
	r.no(first, false, cadence.ScopeAll)
	n := r.number(first)
	if n.DNC || !n.Has(spring) || len(n.Marked()) != 1 {
		t.Fatalf("%+v", n)
	}
	office, err := r.rows().Office()
	r.check(err)
	token := dialer.TokenOf([]byte(numberKey), first)
	if office.DNC != 1 || office.DNCSum != state.MarkSum(token, spring) {
		t.Errorf("%d marks, sum %x", office.DNC, office.DNCSum)
	}
	var said []string
	r.check(r.rows().Words(token, func(w *state.Word) bool {
		said = append(said, fmt.Sprint(w.Scope, " ", w.On, " ", w.By, " ", w.Reason))
		return true
	}))
	want := []string{"all true a supervisor asked", "campaign:Spring true a supervisor asked", "all false a supervisor asked"}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
	if len(log.entries) != 3 || log.entries[1].Name() != (dnclog.Name{Token: token, Scope: spring}) {
		t.Errorf("the log: %+v", log.entries)
	}
}

// A no is never refused: one scope too many counts for everything.
func TestTooManyScopes(t *testing.T) {
	r := newRig(t)
	r.no(first, true, cadence.CampaignScope("0"))
	for i := 1; !r.number(first).DNC; i++ {
		if i > 40 {
			t.Fatal("there is no end of scopes")
		}
		r.no(first, true, cadence.CampaignScope(fmt.Sprint(i)))
	}
	if n := r.number(first); len(n.Noes) != 32 {
		t.Errorf("%d scopes", len(n.Noes))
	}
}

// After a restart a call that a scoped no forbids is cancelled.
func TestScopedNoAfterARestart(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Scopes", m{"campaign": "Spring"}))
	r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	r.settle()
	token := dialer.TokenOf([]byte(numberKey), first)
	r.store = r.store.Clone()
	tenure, err := r.store.Claim(t.Context(), 0)
	r.check(err)
	no := &event.NumberMarked{Token: token, Mark: event.MarkDNC, On: true, At: 1, Scope: cadence.CampaignScope("Spring"), By: "x"}
	r.check(upgrade.Commit(t.Context(), r.store, tenure, []event.Fact{no}, nil))
	r.open()
	if o, err := r.rows().Open(d.Dial.Attempt); err != nil || o.Owed != event.EffectCancel {
		t.Errorf("%+v, %v", o, err)
	}
}
