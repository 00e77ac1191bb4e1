package projection

import (
	"bytes"
	"cmp"
	"strings"
	"sync"

	"github.com/tidwall/btree"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Order is what leads can be listed by.
type Order uint8

// The orders. Leads that are alike in one are in the order of their ids.
const (
	ByName    Order = iota // folded, cut to maxSortName bytes; without one first
	ByCreated              // when they came in
	ByCalled               // when the last call began that is over; never called first
	orders
)

// maxSortName is how much of a name decides about its place, in bytes: rows
// hold longer ones, and memory holds every lead's.
const maxSortName = 64

// maxLook is how many leads one page may look at: a filter that few fit makes
// short pages instead of a busy server.
const maxLook = 200_000

// LeadKey is a lead as the orders know it. Times are Unix ms.
type LeadKey struct {
	Name            string
	Created, Called int64
	ID, List        cadence.ID
}

// KeyOf is the key of a lead whose last call began at called, 0 for none.
func KeyOf(l *state.Lead, called int64) LeadKey {
	c := &l.Lead
	name := cmp.Or(c.Name, strings.TrimSpace(c.FirstName+" "+c.LastName))
	if name = strings.ToLower(strings.TrimSpace(name)); len(name) > maxSortName {
		name = strings.ToValidUTF8(name[:maxSortName], "")
	}
	return LeadKey{Name: strings.Clone(name), Created: l.CreatedAt, Called: called, ID: c.ID, List: l.List}
}

var befores = [orders]func(a, b *LeadKey) bool{
	ByName:    func(a, b *LeadKey) bool { return before(strings.Compare(a.Name, b.Name), a, b) },
	ByCreated: func(a, b *LeadKey) bool { return before(cmp.Compare(a.Created, b.Created), a, b) },
	ByCalled:  func(a, b *LeadKey) bool { return before(cmp.Compare(a.Called, b.Called), a, b) },
}

func before(c int, a, b *LeadKey) bool { return c < 0 || c == 0 && bytes.Compare(a.ID[:], b.ID[:]) < 0 }

// LeadOrders lists leads in every Order. It is in memory and made anew at each
// start, like the Directory and for its reasons: names may not stand in keys.
// It takes some 170 bytes a lead. It is safe for concurrent use.
type LeadOrders struct {
	mu    sync.RWMutex
	known map[cadence.ID]*LeadKey
	trees [orders]*btree.BTreeG[*LeadKey]
	gone  map[cadence.ID]bool // before it is whole: not to be brought back by an older reading
	whole bool

	told     sync.Mutex
	leads    map[cadence.ID]bool // changed, and not looked at again yet
	attempts []cadence.ID        // closed, likewise
}

// NewLeadOrders returns orders of no lead.
func NewLeadOrders() *LeadOrders {
	o := &LeadOrders{known: map[cadence.ID]*LeadKey{}, gone: map[cadence.ID]bool{}, leads: map[cadence.ID]bool{}}
	for n, less := range befores {
		o.trees[n] = btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})
	}
	return o
}

// Fill takes leads that were read in one reading of the rows. What was looked
// at since is not replaced: the reading may be older.
func (o *LeadOrders) Fill(keys []LeadKey) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range keys {
		if id := keys[i].ID; o.known[id] == nil && !o.gone[id] {
			o.put(keys[i])
		}
	}
}

// Complete says that every lead there is has been put in.
func (o *LeadOrders) Complete() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.whole, o.gone = true, nil
}

// Whole reports whether every lead is in it, and how many are.
func (o *LeadOrders) Whole() (whole bool, n int) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.whole, len(o.known)
}

func (o *LeadOrders) put(k LeadKey) {
	o.drop(k.ID)
	kept := &k
	o.known[k.ID] = kept
	for _, t := range o.trees {
		t.Set(kept)
	}
}

func (o *LeadOrders) drop(id cadence.ID) {
	was := o.known[id]
	if was == nil {
		return
	}
	delete(o.known, id)
	for _, t := range o.trees {
		t.Delete(was)
	}
}

// Note says which leads a durable turn changed and which attempts it closed,
// and returns how many wait to be looked at.
func (o *LeadOrders) Note(leads, attempts []cadence.ID) int {
	o.told.Lock()
	defer o.told.Unlock()
	for _, id := range leads {
		o.leads[id] = true
	}
	o.attempts = append(o.attempts, attempts...)
	return len(o.leads) + len(o.attempts)
}

// Catch looks at most many of the rows that Note told of. done says that none
// is left.
func (o *LeadOrders) Catch(rows state.Rows, most int) (done bool, err error) {
	o.mu.Lock() // one looks at a time, so that no older look comes after a newer one
	defer o.mu.Unlock()
	leads, attempts, done := o.take(most)
	for _, id := range attempts {
		a, err := rows.Attempt(id)
		if err != nil {
			o.Note(leads, attempts)
			return false, err
		}
		if a != nil && !a.Lead.IsZero() {
			leads = append(leads, a.Lead)
		}
	}
	for at, id := range leads {
		if err := o.look(rows, id); err != nil {
			o.Note(leads[at:], nil)
			return false, err
		}
	}
	return done, nil
}

// take is what waits, most of it at most.
func (o *LeadOrders) take(most int) (leads, attempts []cadence.ID, done bool) {
	o.told.Lock()
	defer o.told.Unlock()
	n := min(most, len(o.attempts))
	attempts, o.attempts = o.attempts[:n:n], o.attempts[n:]
	for id := range o.leads {
		if n++; n > most {
			break
		}
		leads = append(leads, id)
		delete(o.leads, id)
	}
	return leads, attempts, len(o.leads) == 0 && len(o.attempts) == 0
}

func (o *LeadOrders) look(rows state.Rows, id cadence.ID) error {
	l, err := rows.Lead(id)
	if err != nil {
		return err
	}
	if l == nil {
		o.drop(id)
		if !o.whole {
			o.gone[id] = true
		}
		return nil
	}
	called, err := rows.LastCall(id)
	if err != nil {
		return err
	}
	o.put(KeyOf(l, called))
	return nil
}

// LeadQuestion is a page of leads in an order. After is the last lead of the
// page before, nil for the first page; it need not be there any more.
type LeadQuestion struct {
	Order Order
	Back  bool // from the last to the first
	After *LeadKey
	List  cadence.ID // only of this list; zero: of all
	// Only leads that were never called, or only those that were; neither: all.
	Never, Ever bool
	Limit       int
}

func (q *LeadQuestion) fits(k *LeadKey) bool {
	return (q.List.IsZero() || k.List == q.List) && (!q.Never || k.Called == 0) && (!q.Ever || k.Called != 0)
}

// Page lists leads. next is behind which lead the next page goes on, nil behind
// the last; a page may be short, or empty, and still have one.
func (o *LeadOrders) Page(q *LeadQuestion) (page []LeadKey, next *LeadKey) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	tree := o.trees[q.Order]
	looked, last := 0, LeadKey{}
	visit := func(k *LeadKey) bool {
		if q.After != nil && looked == 0 && !befores[q.Order](k, q.After) && !befores[q.Order](q.After, k) {
			return true // the very lead the page goes on behind
		}
		if len(page) == q.Limit || looked == maxLook {
			next = &last
			return false
		}
		looked++
		if last = *k; q.fits(k) {
			page = append(page, *k)
		}
		return true
	}
	switch {
	case q.After == nil && q.Back:
		tree.Reverse(visit)
	case q.After == nil:
		tree.Scan(visit)
	case q.Back:
		tree.Descend(q.After, visit)
	default:
		tree.Ascend(q.After, visit)
	}
	return page, next
}
