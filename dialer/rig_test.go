package dialer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) // the pool library starts one for itself
}

// monday is 09:00 in Denver, a Monday.
var monday = time.Date(2026, 3, 16, 15, 0, 0, 0, time.UTC)

const numberKey = "of the tests"

var callerIDs = []cadence.Number{"+13035550190", "+13035550191", "+13035550192"}

// judge is what a rig needs of a test; a property's T is one, too.
type judge interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// rig drives one shard on a ledger in memory: time stands still until a test
// moves it, and the carrier says what the test tells it to.
type rig struct {
	t     judge
	store *memory.Ledger
	shard *dialer.Shard
	rules dialer.Rules
	now   time.Time
	claim uint64
	lines int                 // calls that may be open at once
	nolog dialer.DNCLog       // nil keeps none
	sent  map[cadence.ID]bool // orders whose first byte has gone out
	kept  map[cadence.ID]bool // orders that a withdrawal took back

	dials []dialer.DialOrder
	looks []dialer.Look
	owed  []dialer.Owed
	facts []event.Fact
	calls int
	seq   map[cadence.ID]int

	// onDial plays the carrier for every order; nil leaves them to the test.
	onDial func(d dialer.DialOrder)
	queue  []dialer.Message

	// agreed is what the leads that are imported have agreed to; nil is nothing.
	agreed *cadence.ConsentRecord

	// pool are the numbers to call from; nil is callerIDs.
	pool []cadence.Number
}

func newRig(t judge) *rig {
	t.Helper()
	r := bareRig(t)
	r.must(&dialer.SetPacks{Body: packs(t).Body()})
	return r
}

// seller is who sells, and who was agreed to.
const seller = "Acme"

// bareRig has no rule packs in force.
func bareRig(t judge) *rig {
	t.Helper()
	r := &rig{
		t: t, store: memory.New(), now: monday, lines: 1000, sent: map[cadence.ID]bool{}, kept: map[cadence.ID]bool{}, seq: map[cadence.ID]int{},
		rules: dialer.Rules{
			Dispositions: dispositions(t), Countries: []string{"US"}, Pools: map[string]bool{"default": true}, NumberKey: []byte(numberKey),
			TimeLimit: 30 * time.Minute, NumberCap: 100, Seller: seller,
		},
		agreed: &cadence.ConsentRecord{Kind: "express_written", Seller: seller, Given: monday.AddDate(0, -2, 0).UnixMilli()},
	}
	r.open()
	return r
}

func dispositions(t judge) *routing.Set {
	t.Helper()
	raw, err := os.ReadFile("../configs/dispositions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := routing.ParseDispositions(raw)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// open starts the core on what is durable, as a new process would.
func (r *rig) open() {
	r.t.Helper()
	r.claim++
	r.store = r.store.Clone()
	tenure, err := r.store.Claim(context.Background(), 0)
	r.check(err)
	ids := r.rules.CallerIDs
	if ids == nil {
		pool := callerIDs
		if r.pool != nil {
			pool = r.pool
		}
		for _, n := range pool {
			ids = append(ids, pacing.CallerID{Number: n})
		}
	}
	pacer, err := pacing.New(pacing.Config{CPS: float64(r.lines), Channels: r.lines, CallerIDs: ids, Seed: 1})
	r.check(err)
	r.shard, err = dialer.OpenShard(dialer.ShardOptions{
		Core: dialer.NewCore(r.rules, r.claim), Reader: r.store, Tenure: tenure, Pacer: pacer, Swap: r.swap, Now: r.turnNow(), DNCLog: r.nolog,
	})
	r.check(err)
	r.do(&dialer.Recover{})
}

func (r *rig) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) turnNow() dialer.Now { return dialer.Now{Wall: r.now.UnixMilli(), Real: r.now} }

func (r *rig) swap(id cadence.ID) bool {
	if r.sent[id] || r.kept[id] {
		return false
	}
	r.kept[id] = true
	return true
}

// turn takes one turn and plays what it let out.
func (r *rig) turn(items ...dialer.Item) *dialer.Released {
	r.t.Helper()
	rel, err := r.shard.Turn(context.Background(), r.turnNow(), items)
	r.check(err)
	r.dials, r.looks, r.owed = append(r.dials, rel.Dials...), append(r.looks, rel.Looks...), append(r.owed, rel.Owed...)
	r.facts = append(r.facts, rel.Facts...)
	if r.onDial != nil {
		for _, d := range rel.Dials {
			r.onDial(d)
		}
	}
	rel.Finish()
	return rel
}

// do hands one message in and takes turns until what the carrier answered to
// it is in as well.
func (r *rig) do(m dialer.Message) (any, error) {
	r.t.Helper()
	var reply any
	var failed error
	r.turn(dialer.Item{Message: m, Done: func(a any, err error) { reply, failed = a, err }})
	r.settle()
	return reply, failed
}

func (r *rig) must(m dialer.Message) any {
	r.t.Helper()
	reply, err := r.do(m)
	r.check(err)
	return reply
}

func (r *rig) settle() {
	r.t.Helper()
	for range 10_000 {
		wake, due := r.shard.NextWake(r.turnNow())
		grant, ready := r.shard.NextGrant(r.turnNow())
		switch {
		case len(r.queue) > 0:
			m := r.queue[0]
			r.queue = r.queue[1:]
			r.turn(dialer.Item{Message: m})
		case due && wake <= r.now.UnixMilli() || ready && !grant.After(r.now):
			r.turn()
		default:
			return
		}
	}
	r.t.Fatal("the shard turns for ever")
}

// until lets time pass up to an instant, turning whenever something is due.
func (r *rig) until(end time.Time) {
	r.t.Helper()
	for range 100_000 {
		r.turn()
		r.settle()
		next, found := end, false
		if at, ok := r.shard.NextWake(r.turnNow()); ok && at <= end.UnixMilli() {
			next, found = time.UnixMilli(at).UTC(), true
		}
		if at, ok := r.shard.NextGrant(r.turnNow()); ok && at.Before(next) {
			next, found = at, true
		}
		if !found {
			r.now = end
			r.turn()
			return
		}
		if next.After(r.now) {
			r.now = next
		}
	}
	r.t.Fatal("time does not pass: the shard turns for ever")
}

func (r *rig) pass(d time.Duration) { r.t.Helper(); r.until(r.now.Add(d)) }

// later puts a message in behind those under way.
func (r *rig) later(m dialer.Message) { r.queue = append(r.queue, m) }

// accept makes the carrier take a call, and says under which id.
func (r *rig) accept(d dialer.DialOrder) string {
	r.sent[d.Dial.Attempt] = true
	r.calls++
	id := fmt.Sprintf("CA%032d", r.calls)
	r.later(&dialer.Sent{Attempt: d.Dial.Attempt, Placed: telephony.Placed{CallID: id}})
	return id
}

func (r *rig) status(id cadence.ID, call string, s telephony.Status) *dialer.Reported {
	n := r.seq[id]
	r.seq[id]++
	return &dialer.Reported{Event: telephony.Event{Attempt: id, Kind: telephony.EventStatus, CallID: call, Status: s, Seq: n}}
}

// ends plays a call that ends at once with a status.
func (r *rig) ends(s telephony.Status) func(dialer.DialOrder) {
	return func(d dialer.DialOrder) {
		call := r.accept(d)
		r.later(r.status(d.Dial.Attempt, call, s))
	}
}

// last is the last order that went out.
func (r *rig) last() dialer.DialOrder {
	r.t.Helper()
	if len(r.dials) == 0 {
		r.t.Fatal("nothing was dialed")
	}
	return r.dials[len(r.dials)-1]
}

// live plays a call up to its answer by a person and returns the carrier's id
// and the script.
func (r *rig) live(d dialer.DialOrder, by telephony.AnsweredBy) (string, telephony.Script) {
	r.t.Helper()
	call := r.accept(d)
	r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	r.later(r.status(d.Dial.Attempt, call, telephony.StatusInProgress))
	r.settle()
	return call, r.ask(telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1, AnsweredBy: by})
}

// ask hands in a question of the call and returns the script.
func (r *rig) ask(ev telephony.Event) telephony.Script {
	r.t.Helper()
	a, ok := r.must(&dialer.Reported{Event: ev}).(dialer.Answered)
	if !ok || !a.Known {
		r.t.Fatalf("the event is not known: %+v", ev)
	}
	return a.Script
}

func (r *rig) rows() state.Rows { return state.Rows{R: r.store} }

var (
	theCadence = cadence.NewID(cadence.OfficeSlot, [14]byte{1})
	theImport  = cadence.NewID(cadence.OfficeSlot, [14]byte{2})
	theList    = cadence.NewID(cadence.OfficeSlot, [14]byte{3})
)

// cadence creates, publishes and activates a cadence.
func (r *rig) cadence(id cadence.ID, document string) {
	r.t.Helper()
	r.must(&dialer.SaveCadence{ID: id, New: true, Document: []byte(document)})
	if _, err := r.do(&dialer.PublishCadence{ID: id}); err != nil {
		if refused, ok := errors.AsType[*dialer.Refusal](err); ok {
			r.t.Fatalf("publish: %v: %+v", err, refused.Details)
		}
		r.t.Fatal(err)
	}
	r.must(&dialer.SwitchCadence{ID: id, To: event.Active})
}

// lead imports one lead with these numbers into a cadence (zero: none) and
// returns its id.
func (r *rig) lead(into cadence.ID, numbers ...cadence.Number) cadence.ID {
	r.t.Helper()
	return r.leadOf(into, cadence.Lead{FirstName: "Lead", Numbers: numbered(numbers...)})
}

func (r *rig) leadOf(into cadence.ID, l cadence.Lead) cadence.ID {
	r.t.Helper()
	imp, err := r.rows().Import(theImport)
	r.check(err)
	line := int64(2)
	if imp == nil {
		r.must(&dialer.OpenImport{
			Job:  event.ImportOpened{ID: theImport, List: theList, Digest: []byte("a file"), OnDuplicate: dialer.OnDuplicateUpdate},
			List: event.ListOpened{ID: theList, Name: "List"},
		})
	} else {
		line = imp.Line + 1
	}
	r.must(&dialer.ImportRow{Import: theImport, Line: line, Lead: l, Consent: r.agreed})
	n, err := r.rows().Number(dialer.TokenOf([]byte(numberKey), l.Numbers[0].Number))
	r.check(err)
	id := n.Leads[len(n.Leads)-1]
	if !into.IsZero() {
		r.now = r.now.Add(5 * time.Millisecond) // the pacer lets one more call go
		res := r.must(&dialer.Enroll{Lead: id, Cadence: into}).(dialer.EnrollResult)
		if res.Skipped != "" {
			r.t.Fatalf("not enrolled: %s", res.Skipped)
		}
	}
	return id
}

func numbered(numbers ...cadence.Number) []cadence.LeadNumber {
	out := make([]cadence.LeadNumber, len(numbers))
	for i, n := range numbers {
		out[i].Number = n
	}
	return out
}

// stay is a lead's newest enrollment.
func (r *rig) stay(lead cadence.ID) (cadence.ID, *state.Enrollment) {
	r.t.Helper()
	l, err := r.rows().Lead(lead)
	r.check(err)
	if l == nil || len(l.Stays) == 0 {
		r.t.Fatal("the lead was never enrolled")
	}
	id := l.Stays[len(l.Stays)-1].Enrollment
	e, err := r.rows().Enrollment(id)
	r.check(err)
	return id, e
}

func (r *rig) attempt(id cadence.ID) *state.Attempt {
	r.t.Helper()
	a, err := r.rows().Attempt(id)
	r.check(err)
	if a == nil {
		r.t.Fatalf("attempt %s is not closed", id.Bare())
	}
	return a
}

func (r *rig) number(n cadence.Number) *state.Number {
	r.t.Helper()
	row, err := r.rows().Number(dialer.TokenOf([]byte(numberKey), n))
	r.check(err)
	if row == nil {
		return &state.Number{}
	}
	return row
}

func (r *rig) counts() state.Counts {
	r.t.Helper()
	var sum state.Counts
	r.check(r.rows().Buckets(0, 0, func(_ int64, _ cadence.ID, c *state.Counts) bool { sum.Add(*c, 1); return true }))
	return sum
}

func (r *rig) stats() state.Stats {
	r.t.Helper()
	s, err := r.rows().Stats(theCadence)
	r.check(err)
	return s
}

// document builds a cadence document from the parts a test cares about.
func document(t judge, name string, parts map[string]any) string {
	t.Helper()
	doc := map[string]any{
		"format": "carillon.cadence/v1", "name": name, "audience": map[string]any{"type": "manual"}, "runs": map[string]any{"max": 1},
		"connect": []any{map[string]any{"to": "number", "number": "+13035550100"}},
		"steps":   []any{map[string]any{"key": "one", "kind": "call", "delay_after": "4h"}, map[string]any{"key": "two", "kind": "call"}},
	}
	maps.Copy(doc, parts)
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

type m = map[string]any
