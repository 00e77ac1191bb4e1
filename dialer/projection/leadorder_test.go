package projection_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// keys are the leads as the rows have them.
func (b *book) keys() (out []projection.LeadKey) {
	var failed error
	err := b.rows.Leads(cadence.ID{}, func(l *state.Lead) bool {
		called, err := b.rows.LastCall(l.Lead.ID)
		failed = cmp.Or(failed, err)
		out = append(out, projection.KeyOf(l, called))
		return true
	})
	if err = cmp.Or(err, failed); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// change saves, calls or takes away one lead, and tells the orders.
func (b *book) change(o *projection.LeadOrders, told bool) {
	t := b.t
	lead := id(7, rapid.IntRange(0, 12).Draw(t, "lead"))
	var leads, attempts []cadence.ID
	switch rapid.SampledFrom([]string{"save", "save", "call", "erase"}).Draw(t, "deed") {
	case "save":
		name := rapid.StringMatching(`[A-Ca-c]{0,3}`).Draw(t, "name") + strings.Repeat("x", rapid.SampledFrom([]int{0, 70}).Draw(t, "long"))
		b.commit(&event.LeadSaved{Lead: cadence.Lead{ID: lead, Name: name}, List: id(8, rapid.IntRange(0, 1).Draw(t, "list")), At: b.last})
		leads = append(leads, lead)
	case "call":
		one := id(1, len(b.closed))
		at := begun + rapid.Int64Range(0, 5).Draw(t, "at")
		b.commit(&event.Intended{Attempt: one, Lead: lead, Token: event.Token{byte(len(b.closed))}, At: at, Verdict: []byte{}}, &event.AttemptEnded{Attempt: one, State: event.Ended, At: at})
		b.closed, attempts = append(b.closed, one), append(attempts, one)
	case "erase":
		if row, err := b.rows.Lead(lead); row == nil || err != nil {
			return
		}
		b.commit(&event.LeadErased{Lead: lead, At: b.last})
		leads = append(leads, lead)
	}
	if told {
		o.Note(leads, attempts)
	}
}

// Whatever was read first, told later and looked at in between, the pages of
// every order are the rows sorted, each lead once.
func TestLeadOrdersAreTheRowsSorted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(rt)
		o := projection.NewLeadOrders()
		for range rapid.IntRange(0, 20).Draw(rt, "before") {
			b.change(o, false)
		}
		old := b.keys()
		for range rapid.IntRange(0, 20).Draw(rt, "during") {
			b.change(o, true)
			if rapid.Bool().Draw(rt, "looked at") {
				look(rt, o, b)
			}
		}
		o.Fill(old)
		o.Complete()
		for range rapid.IntRange(0, 20).Draw(rt, "after") {
			b.change(o, true)
		}
		for !look(rt, o, b) {
			continue
		}
		q := projection.LeadQuestion{
			Order: rapid.SampledFrom([]projection.Order{projection.ByName, projection.ByCreated, projection.ByCalled}).Draw(rt, "order"),
			Back:  rapid.Bool().Draw(rt, "back"), Limit: rapid.IntRange(1, 4).Draw(rt, "limit"),
		}
		if rapid.Bool().Draw(rt, "of a list") {
			q.List = id(8, 1)
		}
		q.Never = rapid.Bool().Draw(rt, "never called")
		q.Ever = !q.Never && rapid.Bool().Draw(rt, "called")
		if got, want := pages(o, q), sorted(b.keys(), &q); !slices.Equal(got, want) {
			rt.Fatalf("%+v: %v, want %v", q, got, want)
		}
	})
}

func look(t *rapid.T, o *projection.LeadOrders, b *book) bool {
	done, err := o.Catch(b.rows, rapid.IntRange(1, 3).Draw(t, "most"))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func pages(o *projection.LeadOrders, q projection.LeadQuestion) (out []projection.LeadKey) {
	for {
		page, next := o.Page(&q)
		out = append(out, page...)
		if next == nil {
			return out
		}
		q.After = next
	}
}

func sorted(keys []projection.LeadKey, q *projection.LeadQuestion) []projection.LeadKey {
	keys = slices.DeleteFunc(keys, func(k projection.LeadKey) bool {
		return !q.List.IsZero() && k.List != q.List || q.Never && k.Called != 0 || q.Ever && k.Called == 0
	})
	slices.SortFunc(keys, func(a, b projection.LeadKey) int {
		c := [...]int{strings.Compare(a.Name, b.Name), cmp.Compare(a.Created, b.Created), cmp.Compare(a.Called, b.Called)}[q.Order]
		return cmp.Or(c, bytes.Compare(a.ID[:], b.ID[:]))
	})
	if q.Back {
		slices.Reverse(keys)
	}
	return keys
}

// A page goes on behind a lead that is not there any more, and a filter that
// nobody fits ends a page early instead of looking at everybody.
func TestLeadOrdersGoOn(t *testing.T) {
	o := projection.NewLeadOrders()
	keys := make([]projection.LeadKey, 250_000)
	for i := range keys {
		keys[i] = projection.LeadKey{Name: fmt.Sprintf("%06d", i), Created: int64(i), ID: numbered(i).ID}
	}
	o.Fill(keys)
	o.Complete()
	page, _ := o.Page(&projection.LeadQuestion{After: &projection.LeadKey{Name: "000041x"}, Limit: 1})
	if len(page) != 1 || page[0].Name != "000042" {
		t.Errorf("behind nobody comes %v", page)
	}
	q := projection.LeadQuestion{Order: projection.ByCreated, Ever: true, Limit: 10}
	page, next := o.Page(&q)
	if len(page) != 0 || next == nil || next.Created != 199_999 {
		t.Fatalf("looked as far as %+v, %d found", next, len(page))
	}
	q.After = next
	if page, next = o.Page(&q); len(page) != 0 || next != nil {
		t.Errorf("at the end: %v, %v", page, next)
	}
}
