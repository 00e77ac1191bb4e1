package sim

import (
	"fmt"
	"reflect"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// witness sees what the carrier sees and what was made durable, keeps its own
// books, and judges. It never asks the engine what it meant to do.
type witness struct {
	w        *World
	failure  *Failure
	checks   uint64
	turns    int
	contacts int

	// What the carrier saw.
	calls    []seen
	byToken  map[cadence.ID]int
	byNumber map[cadence.Number][]int64 // true times of accepted calls
	recent   []int64                    // times of requests within the last second
	hours    *hours

	// What was made durable.
	intents  map[cadence.ID]*event.Intended
	open     map[cadence.ID]*event.Intended
	returned map[cadence.ID]bool
	dnc      map[noName]bool
	scopes   map[cadence.Scope]bool // that anybody ever said no to
	scrubs   scrubs
	lists    lists
	dead     map[event.Token]bool // numbers a call said something final about
	stays    map[cadence.ID]*stay
	order    []cadence.ID         // stays, as they began
	out      map[place]string     // leads that a rule has put out, and not come back
	rules    map[int]*ruled       // what each node knows of the office's decisions
	asks     map[named]cadence.ID // attempts, by the ask they answer
	aheadAt  map[named]int64      // how far the wall was ahead when an open ask was made
	unwanted map[cadence.ID]bool  // open attempts that somebody said no to
	leads    map[cadence.ID]*cadence.Lead
	books    books
	editions editions
	lines    lines
	trials   trials
	lives    lives
	touched  touched

	// What was acknowledged.
	wishes map[string]*wish    // do-not-call, kill switch, halts and deactivations
	posted map[cadence.ID]bool // attempts with a disposition
	gone   []cadence.ID        // stays
	calm   calm
	asking int // asks under way
}

// ruled is what a node knows of the office's decisions.
type ruled struct {
	active, paused map[cadence.ID]bool // cadences, and those that are halted
	lists          map[cadence.ID]bool // that are paused
	stopped        bool
	over           []event.Over // campaigns that wait
}

func (t *witness) ruleOf(n *node) *ruled {
	if t.rules[n.index] == nil {
		t.rules[n.index] = &ruled{active: map[cadence.ID]bool{}, paused: map[cadence.ID]bool{}, lists: map[cadence.ID]bool{}}
	}
	return t.rules[n.index]
}

// named is the name of an ask.
type named struct {
	touch cadence.ID
	nth   int
}

type seen struct {
	attempt cadence.ID
	to      cadence.Number
	at      int64
}

func newWitness(w *World) *witness {
	return &witness{
		w: w, byToken: map[cadence.ID]int{}, byNumber: map[cadence.Number][]int64{}, hours: newHours(),
		intents: map[cadence.ID]*event.Intended{}, open: map[cadence.ID]*event.Intended{}, returned: map[cadence.ID]bool{},
		dnc: map[noName]bool{}, scopes: map[cadence.Scope]bool{}, scrubs: newScrubs(), lists: newLists(w.o.ListRelease), dead: map[event.Token]bool{}, stays: map[cadence.ID]*stay{}, out: map[place]string{}, leads: map[cadence.ID]*cadence.Lead{},
		books: newBooks(), editions: newEditions(), rules: map[int]*ruled{}, asks: map[named]cadence.ID{}, aheadAt: map[named]int64{},
		lines: newLines(), trials: newTrials(), lives: lives{}, unwanted: map[cadence.ID]bool{}, wishes: map[string]*wish{}, posted: map[cadence.ID]bool{},
	}
}

func (t *witness) said(k *call) {
	if k.by == telephony.ByHuman || k.by == telephony.ByUnknown {
		t.contacts++
		t.talked(k)
		t.w.logTold(k)
	}
}

// talked logs that a person was spoken to, which is so whoever heard of it.
func (t *witness) talked(k *call) { t.w.logDeed("talk", true, cadence.Number(k.To), "")() }

func (t *witness) bridged(k *call) {
	t.contacts++
	t.talked(k)
	t.w.agent(k)
}

// answered compares the answers to one question of a call: the carrier asks
// again when the first got lost, and has to hear the same (F5).
func (t *witness) answered(k *call, ev *telephony.Event, s telephony.Script) {
	question := fmt.Sprint(k.flow, k.plays, ev.Kind, ev.LegID, ev.Digits)
	if question == k.question && !k.Status.Terminal() && !reflect.DeepEqual(s, k.script) {
		t.broken("F5", about{attempt: k.attempt}, "the same question was answered %v and then %v", k.script, s)
	}
	t.checks++
	k.question, k.script = question, s
}

// record reads the facts of a record that landed, whether or not the engine
// lived to know.
func (t *witness) record(n *node, body []byte) {
	facts, err := event.Decode(body)
	t.check(err)
	for _, f := range facts {
		t.fact(n, f)
		t.online(f)
		t.listed(n, f)
		t.rehearsed(f)
		t.live(n, f)
		t.stayed(f)
		t.editions.enter(n, f)
		t.books.enter(f, t.intents)
		if id, ok := closed(f); ok {
			delete(t.open, id)
			t.touched.attempt(id)
			if !sane(t.books.flags[id]) {
				t.broken("I8", about{attempt: id}, "attempt %s has figures that cannot be: %+v", id.Bare(), t.books.flags[id])
			}
		}
	}
	t.keptUp(n)
	t.checks++
}

func (t *witness) fact(n *node, f event.Fact) {
	switch f := f.(type) {
	case *event.NumberMarked:
		if f.Mark == event.MarkDNC {
			t.dnc[noName{f.Token, f.Scope}], t.scopes[f.Scope] = f.On, true
			t.unwant(n, func(i *event.Intended) bool { return f.On && i.Token == f.Token && within(i, f.Scope) })
		} else if !t.dead[f.Token] {
			t.broken("I8", about{token: f.Token}, "a number was retired that no call said anything final about")
		}
	case *event.ScrubOpened, *event.ScrubEnded, *event.NumbersListed:
		newly := t.scrubs.enter(n, f)
		t.unwant(n, func(i *event.Intended) bool { return newly[i.Token] })
	case *event.LeadSaved:
		t.leads[f.Lead.ID] = &f.Lead
	case *event.CadencePublished:
		t.check(t.hours.learn(f))
	case *event.Intended:
		t.intended(f)
	case *event.AttemptEnded:
		t.judged(f.Attempt, f.Code)
		if f.State == event.NotPlaced && t.w.carrier.byAttempt[f.Attempt] != nil {
			t.broken("I16", about{attempt: f.Attempt}, "attempt %s was declared not placed, and the carrier has its call", f.Attempt.Bare())
		}
	case *event.AttemptRevised:
		t.judged(f.Attempt, f.Code)
	case *event.CallPlaced:
		t.books.boundAt[f.Attempt] = t.w.now
		if t.unwanted[f.Attempt] {
			t.noSaid(f.Attempt)
		}
	case *event.EnrollmentLeft:
		t.unwant(n, func(i *event.Intended) bool { return i.Enrollment == f.Enrollment })
	case *event.DialingSwitched:
		t.ruleOf(n).stopped = f.Stopped
		t.calm.changed(t.w.now)
		t.unwant(n, func(*event.Intended) bool { return f.Stopped })
	case *event.CadenceHalted:
		t.ruleOf(n).paused[f.ID] = f.Halted
		t.calm.changed(t.w.now)
		t.unwant(n, func(i *event.Intended) bool { return f.Halted && i.Cadence == f.ID })
	case *event.CadenceSwitched:
		t.ruleOf(n).active[f.ID] = f.Status == event.Active
		t.calm.changed(t.w.now)
		t.unwant(n, func(i *event.Intended) bool {
			return f.Status != event.Active && i.Cadence == f.ID && i.Rehearsal.IsZero()
		})
	case *event.AttemptReturned:
		t.returned[f.Attempt] = true
		delete(t.open, f.Attempt)
		t.touched.attempt(f.Attempt)
		if t.byToken[f.Attempt] > 0 {
			t.broken("I1", about{attempt: f.Attempt}, "attempt %s was given back (%s), and the carrier has its call", f.Attempt.Bare(), f.Reason)
		}
	case *event.ReportKept:
		t.broken("F20", about{enrollment: f.Touch}, "a message was quarantined: %s: %s", f.What, f.Reason)
	}
}

// unwant notes which open attempts of a node somebody just said no to. Those of
// others are told by message, or fold the same decision themselves.
func (t *witness) unwant(n *node, which func(*event.Intended) bool) {
	for _, id := range t.opens() {
		if t.w.nodeOf(id.Slot()) == n && which(t.open[id]) {
			t.unwanted[id] = true
			t.noSaid(id)
		}
	}
}

// setBackSince is by how much the wall stands further back than when an ask was
// made, in ms. Nobody notices less than two seconds.
func (t *witness) setBackSince(ask named) int64 {
	ahead, known := t.aheadAt[ask]
	if !known {
		return 0
	}
	return max(0, ahead-t.w.ahead())
}

// intended judges the durable permission to call: I1 one at a time, I6 not
// behind a no, I12 not before its time.
func (t *witness) intended(f *event.Intended) {
	a := about{attempt: f.Attempt, enrollment: f.Enrollment, token: f.Token}
	if t.intents[f.Attempt] != nil {
		t.broken("I1", a, "attempt %s was intended twice", f.Attempt.Bare())
	}
	for _, other := range t.open {
		if other.Token == f.Token {
			t.broken("I1", a, "an intent while attempt %s to the same number is open", other.Attempt.Bare())
		}
	}
	ask := named{f.Touch, f.Nth}
	if first, again := t.asks[ask]; again {
		t.broken("I1", a, "one ask led to two attempts, %s the other", first.Bare())
	}
	t.asks[ask] = f.Attempt
	t.intents[f.Attempt], t.open[f.Attempt] = f, f
	t.touched.attempt(f.Attempt)
	t.allowed(f, a)
	t.unlisted(f, a)
	forbid := []string{"stop", "halt " + f.Cadence.Bare(), listWish(f.List)}
	if f.Rehearsal.IsZero() { // what is not active may be rehearsed
		forbid = append(forbid, "switch "+f.Cadence.Bare())
	}
	for _, why := range forbid {
		if t.holds(why) {
			t.broken("I6", a, "an intent after a stop was acknowledged (%q)", why)
		}
	}
	if t.calm.why != "" {
		t.broken("F13", a, "an intent while the clock is not trusted: %s", t.calm.why)
	}
	// The ask was not early (see asked), and the wall may have been set back a
	// little on the way: by no more than it was, an intent may look early.
	if f.Due-f.At > t.setBackSince(ask) {
		t.broken("I12", a, "an intent %d ms before its time", f.Due-f.At)
	}
	delete(t.aheadAt, ask)
	t.calm.intent = t.w.now
}

func closed(f event.Fact) (cadence.ID, bool) {
	switch f := f.(type) {
	case *event.AttemptEnded:
		return f.Attempt, true
	case *event.AttemptRevised:
		return f.Attempt, true
	}
	return cadence.ID{}, false
}

// judged notes which number a disposition is about.
func (t *witness) judged(attempt cadence.ID, code cadence.DispositionCode) {
	if d, ok := t.w.o.Dispositions.Resolve(code); ok && d.RetiresNumber() && t.intents[attempt] != nil {
		t.dead[t.intents[attempt].Token] = true
	}
}

// tokenOf names a number as the engine does.
func (t *witness) tokenOf(n cadence.Number) event.Token {
	return dialer.TokenOf(t.w.rules.NumberKey, n)
}
