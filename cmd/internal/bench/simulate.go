package bench

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/telephony"
)

// simulated is how long W8's leads live.
const simulated = 21 * 24 * time.Hour

// simulate measures W8: the real shard over the ledger in memory, three weeks
// of eight touches, permits on, under a clock that jumps from instant to
// instant. How calls go is drawn: two in five ring out, one in ten is busy, one
// in four reaches a machine, the rest a person.
func (s *session) simulate(ctx context.Context, m *Measure) error {
	w, err := newSmallWorld(ctx, s.o.Sizes.Leads)
	if err != nil {
		return err
	}
	t, err := m.begin(ctx, nil)
	if err != nil {
		return err
	}
	if err := w.live(ctx, noon().Add(simulated)); err != nil {
		return err
	}
	if err := t.end(ctx, m, w.calls); err != nil {
		return err
	}
	m.Value = m.Seconds
	m.extra("calls", float64(w.calls))
	m.extra("turns", float64(w.turned))
	m.extra("still enrolled", float64(w.left()))
	return nil
}

// instant is how finely time is looked at: what happens within one is one turn.
const instant = time.Second

// touches is a cadence of eight calls in some twenty days.
func touches() []byte {
	var b strings.Builder
	b.WriteString(`{"format": "carillon.cadence/v1", "name": "Eight touches", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "message", "text": "Hello {{ lead.first_name }}, please call us back."}], "steps": [`)
	for i, after := range []string{"4h", "24h", "48h", "72h", "72h", "96h", "120h", ""} {
		if i > 0 {
			b.WriteByte(',')
		}
		next := "exit"
		fmt.Fprintf(&b, `{"key": "call-%d", "kind": "call"`, i+1)
		if after != "" {
			next = "next"
			fmt.Fprintf(&b, `, "delay_after": %q`, after)
		}
		fmt.Fprintf(&b, `, "routes": [{"on": "BUSY", "do": "retry", "delay": "30m", "max": 2}, {"on": "NO_ANSWER", "do": %q}, {"on": "ANSWERING_MACHINE", "do": %q}]}`, next, next)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

// smallWorld is a shard, and what happens to it.
type smallWorld struct {
	shard  *dialer.Shard
	now    time.Time
	agenda agenda
	inbox  []dialer.Item
	calls  int
	turned int
	id     cadence.ID
	draw   *rand.Rand
	failed error
}

func newSmallWorld(ctx context.Context, leads int) (*smallWorld, error) {
	l := memory.New()
	tenure, err := l.Claim(ctx, 0)
	if err != nil {
		return nil, err
	}
	pace := pacing.Config{CPS: 50, Channels: 5000}
	for _, n := range sample.CallerIDs(10) {
		pace.CallerIDs = append(pace.CallerIDs, pacing.CallerID{Number: n, Pool: "default"})
	}
	w := &smallWorld{now: noon(), draw: rand.New(rand.NewPCG(1, 8)), id: cadence.NewID(cadence.OfficeSlot, [14]byte{'c'})}
	if w.shard, _, err = openShard(l, tenure, []byte("simulated"), noon(), pace); err != nil {
		return nil, err
	}
	laws, problems := pack.Load(configs.RulePacks())
	if err := problems.Err(); err != nil {
		return nil, err
	}
	t := turns{ctx: ctx, shard: w.shard, now: dialer.Now{Wall: w.now.UnixMilli(), Real: w.now}}
	t.take(&dialer.SetPacks{Body: laws.Body()})
	t.take(&dialer.SaveCadence{ID: w.id, New: true, Document: touches()})
	t.take(&dialer.PublishCadence{ID: w.id})
	t.imports(stock{cadence: w.id, leads: leads, start: noon()})
	t.take(&dialer.SwitchCadence{ID: w.id, To: event.Active})
	return w, t.err
}

// left is how many leads are still in the cadence.
func (w *smallWorld) left() int64 { return w.shard.View().Stats(w.id).Active }

// live lets things happen until an instant.
func (w *smallWorld) live(ctx context.Context, until time.Time) error {
	for w.now.Before(until) && w.failed == nil {
		items := w.inbox[:min(len(w.inbox), dialer.TurnMessages)]
		rest := w.inbox[len(items):]
		rel, err := w.shard.Turn(ctx, dialer.Now{Wall: w.now.UnixMilli(), Real: w.now}, items)
		if err != nil {
			return err
		}
		w.turned++
		w.inbox = append(append([]dialer.Item(nil), rel.Left...), rest...)
		rel.Finish()
		for _, d := range rel.Dials {
			w.call(d.Dial)
		}
		for _, o := range rel.Owed {
			w.post(dialer.CarryOut(ctx, willing{}, o))
		}
		if len(rel.Looks) > 0 {
			return fmt.Errorf("the engine looks for attempt %s, though nothing of it was lost", rel.Looks[0].Attempt.Bare())
		}
		if len(w.inbox) > 0 || len(rel.Dials) > 0 {
			continue
		}
		if !w.jump() {
			return w.failed
		}
	}
	return w.failed
}

// jump moves the clock to the next thing that happens; false when nothing will.
func (w *smallWorld) jump() bool {
	now := dialer.Now{Wall: w.now.UnixMilli(), Real: w.now}
	next := time.Time{}
	sooner := func(at time.Time, ok bool) {
		if ok && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if wall, ok := w.shard.NextWake(now); ok {
		sooner(time.UnixMilli(wall), true)
	}
	sooner(w.shard.NextGrant(now))
	if len(w.agenda) > 0 {
		sooner(w.agenda[0].at, true)
	}
	if next.IsZero() {
		return false
	}
	if whole := next.Truncate(instant); whole.Before(next) {
		next = whole.Add(instant)
	}
	if !next.After(w.now) {
		next = w.now.Add(instant)
	}
	w.now = next.UTC()
	for len(w.agenda) > 0 && !w.agenda[0].at.After(w.now) {
		if e, ok := heap.Pop(&w.agenda).(planned); ok {
			w.post(e.message)
		}
	}
	return true
}

func (w *smallWorld) post(m dialer.Message) {
	w.inbox = append(w.inbox, dialer.Item{Message: m, Done: func(_ any, err error) { w.failed = errors.Join(w.failed, err) }})
}

// call plans what becomes of an accepted call.
func (w *smallWorld) call(d telephony.Dial) {
	w.calls++
	sid := fmt.Sprintf("CA%032x", w.calls)
	at := w.now
	after := func(span time.Duration, m dialer.Message) {
		at = at.Add(span)
		heap.Push(&w.agenda, planned{at, uint64(w.calls), m})
	}
	seq := 0
	tell := func(span time.Duration, e telephony.Event) {
		e.Attempt, e.CallID, e.At = d.Attempt, sid, at.Add(span)
		if e.Kind == "" {
			e.Kind, e.Seq = telephony.EventStatus, seq
			seq++
		} else {
			e.Seq = -1
		}
		after(span, &dialer.Reported{Event: e})
	}
	after(150*time.Millisecond, &dialer.Sent{Attempt: d.Attempt, Placed: telephony.Placed{CallID: sid}})
	tell(time.Second, telephony.Event{Status: telephony.StatusRinging})
	switch p := w.draw.Float64(); {
	case p < 0.40:
		tell(d.Ring, telephony.Event{Status: telephony.StatusNoAnswer, SIPCode: 487})
	case p < 0.50:
		tell(2*time.Second, telephony.Event{Status: telephony.StatusBusy, SIPCode: 486})
	case p < 0.75:
		w.answered(tell, telephony.ByMachineStart, 5*time.Second)
	default:
		w.answered(tell, telephony.ByHuman, 20*time.Second)
	}
}

func (w *smallWorld) answered(tell func(time.Duration, telephony.Event), by telephony.AnsweredBy, talk time.Duration) {
	tell(8*time.Second, telephony.Event{Status: telephony.StatusInProgress})
	tell(3*time.Second, telephony.Event{Kind: telephony.EventVoice, AnsweredBy: by})
	tell(talk, telephony.Event{Status: telephony.StatusCompleted, AnsweredBy: by, Duration: talk + 3*time.Second})
}

// willing is a carrier that ends every call it is asked to end.
type willing struct{ telephony.Carrier }

// Cancel implements telephony.Carrier.
func (willing) Cancel(context.Context, string) error { return nil }

// HangUp implements telephony.Carrier.
func (willing) HangUp(context.Context, string) error { return nil }

// Redirect implements telephony.Carrier.
func (willing) Redirect(context.Context, string, cadence.ID) error { return nil }

// agenda is what is to happen, by time, then by call.
type agenda []planned

type planned struct {
	at      time.Time
	call    uint64
	message dialer.Message
}

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if c := a[i].at.Compare(a[j].at); c != 0 {
		return c < 0
	}
	return a[i].call < a[j].call
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) {
	if p, ok := x.(planned); ok {
		*a = append(*a, p)
	}
}

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
