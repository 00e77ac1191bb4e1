package dialer

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/routing"
)

const plainDocument = `{"format": "carillon.cadence/v1", "name": "Asks", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "number", "number": "+13035550199"}], "steps": [{"key": "one", "kind": "call"}]}`

// asking is a shard with one lead waiting, and the ask its touch would make.
func asking(t *testing.T) (*Shard, Now, *ask) {
	t.Helper()
	raw, err := os.ReadFile("../configs/dispositions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := routing.ParseDispositions(raw)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 16, 15, 0, 0, 0, time.UTC)
	now := Now{Wall: at.UnixMilli(), Real: at}
	store := memory.New()
	tenure, err := store.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	pacer, err := pacing.New(pacing.Config{CPS: 10, Channels: 10, CallerIDs: []pacing.CallerID{{Number: "+13035550190"}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenShard(ShardOptions{
		Core:   NewCore(Rules{Dispositions: set, Countries: []string{"US"}, Pools: map[string]bool{"default": true}, NumberKey: []byte("k")}, 1),
		Reader: store, Tenure: tenure, Pacer: pacer, Now: now,
		Swap: func(cadence.ID) bool { t.Error("an order of this turn was asked for in the shell"); return false },
	})
	if err != nil {
		t.Fatal(err)
	}
	id, job, list := cadence.NewID(cadence.OfficeSlot, [14]byte{1}), cadence.NewID(cadence.OfficeSlot, [14]byte{2}), cadence.NewID(cadence.OfficeSlot, [14]byte{3})
	s.Pause(true)
	laws, problems := pack.Load(os.DirFS("../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for _, m := range []Message{
		&SetPacks{Body: laws.Body()}, &SaveCadence{ID: id, New: true, Document: []byte(plainDocument)}, &PublishCadence{ID: id}, &SwitchCadence{ID: id, To: event.Active},
		&OpenImport{Job: event.ImportOpened{ID: job, List: list, Digest: []byte("f"), Cadence: id}, List: event.ListOpened{ID: list, Name: "L"}},
		&ImportRow{Import: job, Line: 2, Lead: cadence.Lead{Numbers: []cadence.LeadNumber{{Number: "+13035550100"}}}},
	} {
		if _, err := s.Turn(context.Background(), now, []Item{{Message: m, Done: func(_ any, err error) {
			if err != nil {
				t.Fatalf("%T: %v", m, err)
			}
		}}}); err != nil {
			t.Fatal(err)
		}
	}
	n := s.view.Number(s.core.Token("+13035550100"))
	stay := s.view.Lead(n.Leads[0]).Stays[0].Enrollment
	e := s.view.Enrollment(stay)
	return s, now, &ask{
		Enrollment: stay, Touch: e.Touch.ID, Nth: 1, Token: e.Numbers[0], Lead: e.Lead, Cadence: id, Version: 1, List: e.List, Campaign: e.Campaign,
		Run: 1, Zones: e.ZoneSets[0], Due: e.Touch.Due, Expires: now.Wall + askFor, Grant: Grant{From: "+13035550190", Expires: now.Wall + askFor},
	}
}

func answerOf(t *testing.T, o Outcome) *answer {
	t.Helper()
	if len(o.Sends) != 1 {
		t.Fatalf("%d answers", len(o.Sends))
	}
	return o.Sends[0].(*answer)
}

// An intent that is withdrawn in its own turn, or while that turn is on its way
// to the ledger, never leaves: its order is dropped before release, without
// asking the shell.
func TestWithdrawnBeforeItLeft(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		s, now, a := asking(t)
		s.run(now, &Due{Lane: s.view.Enrollment(a.Enrollment).Touch.Lane, Due: a.Due, Touch: a.Touch, Enrollment: a.Enrollment, Grant: &a.Grant})
		if len(s.out.Dials) != 1 {
			t.Fatalf("%d orders", len(s.out.Dials))
		}
		var first *Batch
		if sealed {
			first = s.Seal()
		}
		s.run(now, &mark{Token: a.Token, Mark: event.MarkDNC, On: true})
		if sealed {
			if rel := landed(t, s, first); len(rel.Dials) != 0 {
				t.Fatalf("left: %+v", rel.Dials)
			}
		}
		if rel := landed(t, s, s.Seal()); len(rel.Dials) != 0 || len(rel.Owed) != 0 {
			t.Fatalf("left: %+v, %+v", rel.Dials, rel.Owed)
		}
		n := s.view.Number(a.Token)
		if !n.Open.IsZero() || len(n.Intents) != 0 || !n.DNC {
			t.Errorf("the number: %+v", n)
		}
	}
}

// landed makes a batch durable.
func landed(t *testing.T, s *Shard, b *Batch) *Released {
	t.Helper()
	if err := b.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s.Land(b)
}

// Asking again is answered the same and writes nothing; an expired ask or
// grant writes nothing either.
func TestAskIsIdempotent(t *testing.T) {
	s, now, a := asking(t)
	one := s.core.Decide(now.Wall, s.view, a)
	for _, f := range one.Facts {
		s.view.Fold(f)
	}
	two := s.core.Decide(now.Wall+30_000, s.view, a)
	if x, y := answerOf(t, one), answerOf(t, two); x.Attempt.IsZero() || *x != *y || len(two.Facts)+len(two.Dials) > 0 {
		t.Errorf("%+v, then %+v with %d facts", x, y, len(two.Facts))
	}
	other := *a
	other.Nth++
	if o := s.core.Decide(now.Wall, s.view, &other); answerOf(t, o).Rule != permit.RuleOpenAttempt || len(o.Dials) > 0 {
		t.Errorf("another ask while the attempt is open: %+v", o.Sends[0])
	}
	s, now, a = asking(t)
	for name, late := range map[string]func(*ask){"ask": func(a *ask) { a.Expires = now.Wall - 1 }, "grant": func(a *ask) { a.Grant.Expires = now.Wall - 1 }} {
		b := *a
		late(&b)
		if o := s.core.Decide(now.Wall, s.view, &b); !answerOf(t, o).Returned || len(o.Facts) > 0 {
			t.Errorf("an expired %s: %+v", name, o.Sends[0])
		}
	}
}

// What stops the house says nothing about the lead: the touch stays due.
func TestStoppedHouseReturnsTheAsk(t *testing.T) {
	for _, f := range []event.Fact{
		&event.DialingSwitched{Stopped: true}, &event.CadenceHalted{ID: cadence.NewID(cadence.OfficeSlot, [14]byte{1}), Halted: true},
		&event.CadenceSwitched{ID: cadence.NewID(cadence.OfficeSlot, [14]byte{1}), Status: event.Inactive},
	} {
		s, now, a := asking(t)
		s.view.Fold(f)
		o := s.core.Decide(now.Wall, s.view, a)
		if x := answerOf(t, o); !x.Returned || x.Blocked || x.Until != a.Due || len(o.Facts)+len(o.Dials) > 0 {
			t.Errorf("%T: %+v", f, x)
		}
	}
}

// A number's home that may not dial, because its clock or its ground is in
// doubt, allows no call that another shard asks for: the touch stays due.
func TestUnfitHomeReturnsTheAsk(t *testing.T) {
	s, now, a := asking(t)
	s.core.rules.Homes = Homes{Shards: 3}
	s.core.rules.Homes.Self = s.core.rules.Homes.Of(a.Token.Slot())
	for slot := uint16(0); s.core.rules.Homes.here(a.Enrollment.Slot()); slot += cadence.Slots / 3 {
		a.Enrollment = cadence.NewID(slot, [14]byte{9})
	}
	s.Pause(true)
	o := s.core.Decide(now.Wall, s.view, a)
	if x := answerOf(t, o); !x.Returned || x.Rule != permit.RuleHealth || len(o.Facts)+len(o.Dials) > 0 {
		t.Errorf("from a home that may not dial: %+v, %d facts", x, len(o.Facts))
	}
	s.Pause(false)
	if x := answerOf(t, s.core.Decide(now.Wall, s.view, a)); x.Attempt.IsZero() {
		t.Errorf("from one that may: %+v", x)
	}
}

func BenchmarkDueToIntent(b *testing.B) {
	t := &testing.T{}
	s, now, a := asking(t)
	due := &Due{Lane: s.view.Enrollment(a.Enrollment).Touch.Lane, Due: a.Due, Touch: a.Touch, Enrollment: a.Enrollment, Grant: &a.Grant}
	b.ReportAllocs()
	for b.Loop() { // decided, not folded: the lead's side, the permit, the intent
		o := s.core.Decide(now.Wall, s.view, due)
		if got := s.core.Decide(now.Wall, s.view, o.Sends[0]); len(got.Dials) != 1 {
			b.Fatalf("%+v", got.Sends[0])
		}
	}
}
