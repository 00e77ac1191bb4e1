package sim

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// judgeWithin is how soon, in ms, campaigns are judged after an abandoned call,
	// as the engine's loop does, and judgeEvery how often they are in any case.
	judgeWithin = 5_000
	judgeEvery  = 3_600_000
)

// judgeCampaigns has the campaigns judged every so often.
func (w *World) judgeCampaigns() error {
	set, err := pack.Read(w.o.Packs)
	if err != nil {
		return err
	}
	w.law = set
	var again func()
	again = func() {
		w.judgeSoon()
		w.agenda.plan(w.now+judgeEvery, again)
	}
	again()
	return nil
}

// judgeSoon has them judged within seconds.
func (w *World) judgeSoon() {
	if w.law != nil && !w.judging {
		w.judging = true
		w.agenda.plan(w.now+judgeWithin, w.judge)
	}
}

// judge tells the office which campaigns are over a share, by the counters of all
// nodes, and again until the office has heard it.
func (w *World) judge() {
	w.judging = false
	rows := []state.Rows{w.rows(cadence.OfficeSlot)}
	office := w.nodeOf(cadence.OfficeSlot)
	for _, n := range w.nodes {
		if n.crashed {
			w.judgeSoon()
			return
		}
		if n != office {
			rows = append(rows, n.rows())
		}
	}
	shares, err := dialer.SharesOf(w.law, rows, w.wall(), nil, w.o.Late)
	w.witness.check(err)
	heard := false
	w.order(&dialer.NoteAbandon{Over: dialer.Overs(shares, w.wallMs(), nil, w.o.Late)}, func() { heard = true })
	w.agenda.plan(w.now+judgeWithin, func() {
		if !heard {
			w.judgeSoon()
		}
	})
}

// liveAnswer is what the records say of one answered call.
type liveAnswer struct {
	answered, abandoned, late, told bool
}

// lives are the books of live answers, by attempt.
type lives map[cadence.ID]liveAnswer

// live follows one fact in those books, and judges I7: a campaign that its node
// knows to be over a share places no call that the share's rule is about.
func (t *witness) live(n *node, f event.Fact) {
	switch f := f.(type) {
	case *event.CampaignsOver:
		t.ruleOf(n).over = f.Over
		if n == t.w.nodeOf(cadence.OfficeSlot) && len(f.Over) > 0 {
			t.w.happened["campaign.over"]++
		}
	case *event.Intended:
		t.checks++
		for _, o := range t.ruleOf(n).over {
			if (o.Campaign == "" || o.Campaign == f.Campaign) && f.At < o.Until && slices.Contains(f.Rules, o.Rule) {
				t.broken("I7", about{attempt: f.Attempt}, "an intent of campaign %q, which is over %s until %d", f.Campaign, o.Rule, o.Until)
			}
		}
	case *event.AttemptEnded:
		t.lives[f.Attempt] = liveAnswer{f.Answered, f.Abandoned, f.Late, f.Told}
		if f.Abandoned || f.Late {
			t.w.judgeSoon()
		}
	case *event.AttemptRevised:
		was := t.lives[f.Attempt]
		t.lives[f.Attempt] = liveAnswer{f.Answered, f.Abandoned, f.Late, was.told}
		if f.Abandoned != was.abandoned || f.Late != was.late {
			t.w.judgeSoon()
		}
	}
}

// countLive compares the counters of live answers with the books (I7).
func (t *witness) countLive(have map[string]state.RuleLive) {
	want := map[string]state.RuleLive{}
	for id, l := range t.lives {
		i := t.intents[id]
		if i == nil || !l.answered || rehearses(i) {
			continue
		}
		for _, rule := range i.Rules {
			r := want[rule]
			r.Rule, r.Answered, r.Abandoned = rule, r.Answered+1, r.Abandoned+bit(l.abandoned)
			r.Late += bit(l.late && !l.abandoned)
			r.Told += bit(l.late && l.told && !l.abandoned)
			want[rule] = r
		}
	}
	for rule, r := range have {
		if r != want[rule] {
			t.broken("I7", about{}, "live answers under %s: %+v, the facts say %+v", rule, r, want[rule])
		}
		delete(want, rule)
	}
	for rule := range want {
		t.broken("I7", about{}, "live answers under %s are not counted", rule)
	}
}
