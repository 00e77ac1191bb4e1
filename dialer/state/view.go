package state

import (
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Broken is the panic of a View that cannot read or decode what it stands on.
// It must stop the shard: deciding on half the truth is worse than standing
// still.
type Broken struct{ Err error }

func (b *Broken) Error() string { return "state: " + b.Err.Error() }

func (b *Broken) Unwrap() error { return b.Err }

// View is durable state with the changes of the turn on top: what a message
// sees includes what the messages before it did. Rows it returns are shared
// and must not be changed; only Fold writes. One goroutine owns a View.
type View struct {
	base *base

	office      rows[struct{}, Office]
	stamps      rows[struct{}, Versions]
	cadences    rows[cadence.ID, Cadence]
	versions    rows[versionID, Version]
	stats       rows[cadence.ID, Stats]
	buckets     rows[bucketID, Counts]
	lanes       rows[uint32, Lane]
	marks       rows[uint32, Mark]
	leads       rows[cadence.ID, Lead]
	externals   rows[cadence.ID, claim]
	enrollments rows[cadence.ID, Enrollment]
	numbers     rows[event.Token, Number]
	opens       rows[cadence.ID, Open]
	attempts    rows[cadence.ID, Attempt]
	callerIDs   rows[cadence.Number, CallerID]
	lists       rows[cadence.ID, List]
	imports     rows[cadence.ID, Import]
	answers     rows[string, Answer]

	raw     map[string][]byte // index rows and logs; nil deletes
	weight  int
	changes Changes
}

type versionID struct {
	id cadence.ID
	v  uint32
}

type bucketID struct {
	slot int64
	id   cadence.ID
}

// Changes tells the shell what the turn's facts did to what it keeps in
// memory.
type Changes struct {
	Armed []Armed      // new rows of the due index
	Opens []cadence.ID // attempts whose open row was written or removed
	Lanes []uint32     // lanes opened
	// Cadences whose status, halt flag or version changed.
	Cadences []cadence.ID
}

// Armed is one new row of the due index.
type Armed struct {
	Lane       uint32
	Due        int64
	Touch      cadence.ID
	Enrollment cadence.ID
}

// NewView lays an empty turn over r.
func NewView(r ledger.Reader) *View {
	base := &base{r}
	v := &View{base: base, raw: map[string][]byte{}}
	v.office = newRows[struct{}, Office](base, true, func(struct{}) []byte { return []byte{tabOffice} })
	v.stamps = newRows[struct{}, Versions](base, false, func(struct{}) []byte { return []byte{tabVersions} })
	v.cadences = newRows[cadence.ID, Cadence](base, true, byID(tabCadence))
	v.versions = newRows[versionID, Version](base, false, func(k versionID) []byte { return versionKey(k.id, k.v) })
	v.stats = newRows[cadence.ID, Stats](base, true, byID(tabStats))
	v.buckets = newRows[bucketID, Counts](base, false, func(k bucketID) []byte { return bucketKey(k.slot*BucketMs, k.id) })
	v.lanes = newRows[uint32, Lane](base, true, func(k uint32) []byte { return laneKey(tabLane, k) })
	v.marks = newRows[uint32, Mark](base, true, func(k uint32) []byte { return laneKey(tabMark, k) })
	v.leads = newRows[cadence.ID, Lead](base, false, byID(tabLead))
	v.externals = newRows[cadence.ID, claim](base, false, byID(tabExternal))
	v.enrollments = newRows[cadence.ID, Enrollment](base, false, byID(tabEnrollment))
	v.numbers = newRows[event.Token, Number](base, false, numberKey)
	v.opens = newRows[cadence.ID, Open](base, true, byID(tabOpen))
	v.enrollments.keep = func(e *Enrollment) bool { return e.Touch.State == AskedIt || e.Touch.State == Dialing }
	v.numbers.keep = func(n *Number) bool { return !n.Open.IsZero() }
	v.attempts = newRows[cadence.ID, Attempt](base, false, byID(tabAttempt))
	v.callerIDs = newRows[cadence.Number, CallerID](base, true, func(n cadence.Number) []byte { return textKey(tabCallerID, string(n)) })
	v.lists = newRows[cadence.ID, List](base, false, byID(tabList))
	v.imports = newRows[cadence.ID, Import](base, false, byID(tabImport))
	v.answers = newRows[string, Answer](base, false, func(s string) []byte { return textKey(tabAnswer, s) })
	return v
}

func byID(tab byte) func(cadence.ID) []byte {
	return func(id cadence.ID) []byte { return idKey(tab, id) }
}

// rows is one table of the overlay. Resident tables are small and hot: their
// clean rows stay in memory between turns. Of the others stays what keep says,
// the rows of calls under way, which are bounded by the channels; the rest is
// read anew.
type rows[K comparable, R any] struct {
	base     ledger.Reader
	resident bool
	whole    bool // resident, and every row there is stands in m
	keep     func(*R) bool
	key      func(K) []byte
	m        map[K]*R // nil: known not to exist
	dirty    map[K]struct{}
	fresh    []K // of a table that is not resident: what this turn read or wrote
}

func newRows[K comparable, R any](base ledger.Reader, resident bool, key func(K) []byte) rows[K, R] {
	return rows[K, R]{base: base, resident: resident, key: key, m: map[K]*R{}, dirty: map[K]struct{}{}}
}

// get returns the row, nil when there is none.
func (t *rows[K, R]) get(k K) *R {
	if r, ok := t.m[k]; ok {
		return r
	}
	if t.whole {
		return nil
	}
	key := t.key(k)
	r, err := readRow[R](t.base, key)
	if err != nil {
		panic(&Broken{fmt.Errorf("table %q: %w", key[0], err)})
	}
	if r != nil || !t.resident {
		t.m[k] = r
	}
	if !t.resident {
		t.fresh = append(t.fresh, k)
	}
	return r
}

// edit returns a shallow copy to change and put back, zero when there is none.
func (t *rows[K, R]) edit(k K) *R {
	var c R
	if r := t.get(k); r != nil {
		c = *r
	}
	return &c
}

func (t *rows[K, R]) put(k K, r *R) {
	t.m[k] = r
	if _, again := t.dirty[k]; !again {
		t.dirty[k] = struct{}{}
		if !t.resident {
			t.fresh = append(t.fresh, k)
		}
	}
}

func (t *rows[K, R]) del(k K) { t.put(k, nil) }

func (t *rows[K, R]) writes(out []ledger.Write) []ledger.Write {
	for k := range t.dirty {
		w := ledger.Write{Key: t.key(k)}
		if r := t.m[k]; r == nil {
			w.Delete = true
		} else {
			w.Value = Encode(any(r).(Row))
		}
		out = append(out, w)
	}
	return out
}

func (t *rows[K, R]) settle() {
	if t.resident {
		for k := range t.dirty {
			if t.m[k] == nil {
				delete(t.m, k)
			}
		}
	}
	for _, k := range t.fresh {
		if r := t.m[k]; r == nil || t.keep == nil || !t.keep(r) {
			delete(t.m, k)
		}
	}
	t.fresh = t.fresh[:0]
	clear(t.dirty)
}

// readRow reads one row from a reader, nil when there is none.
func readRow[R any](r ledger.Reader, key []byte) (*R, error) {
	b, err := r.Get(key)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row := new(R)
	if err := Decode(b, row); err != nil {
		return nil, err
	}
	return row, nil
}

// Writes are the turn's changes, in no particular order.
func (v *View) Writes() []ledger.Write {
	out := make([]ledger.Write, 0, len(v.raw)+16)
	for k, val := range v.raw {
		out = append(out, ledger.Write{Key: []byte(k), Value: val, Delete: val == nil})
	}
	out = v.office.writes(out)
	out = v.stamps.writes(out)
	out = v.cadences.writes(out)
	out = v.versions.writes(out)
	out = v.stats.writes(out)
	out = v.buckets.writes(out)
	out = v.lanes.writes(out)
	out = v.marks.writes(out)
	out = v.leads.writes(out)
	out = v.externals.writes(out)
	out = v.enrollments.writes(out)
	out = v.numbers.writes(out)
	out = v.opens.writes(out)
	out = v.attempts.writes(out)
	out = v.callerIDs.writes(out)
	out = v.lists.writes(out)
	out = v.imports.writes(out)
	return v.answers.writes(out)
}

// Size is how many keys the turn has changed so far.
func (v *View) Size() int {
	return len(v.raw) + len(v.leads.dirty) + len(v.enrollments.dirty) + len(v.numbers.dirty) + len(v.opens.dirty) +
		len(v.attempts.dirty) + len(v.externals.dirty) + len(v.answers.dirty) + len(v.buckets.dirty) + len(v.versions.dirty)
}

// Weight is about how many bytes of texts the turn's record and rows hold:
// those whose size somebody outside decides.
func (v *View) Weight() int { return v.weight }

// WeighLead is how many bytes of text a lead holds.
func WeighLead(l *cadence.Lead) int {
	n := len(l.ExternalID) + len(l.Name) + len(l.FirstName) + len(l.LastName) + len(l.Email) + len(l.Status) + len(l.Owner) +
		len(l.Zone) + len(l.PostalCode) + len(l.State) + len(l.Country)
	for i := range l.Numbers {
		n += len(l.Numbers[i].Number) + len(l.Numbers[i].Type) + len(l.Numbers[i].Extension)
	}
	for k, val := range l.Fields {
		n += len(k) + len(val)
	}
	return n
}

// putLead puts a lead's row and weighs it.
func (v *View) putLead(id cadence.ID, l *Lead) {
	v.weight += WeighLead(&l.Lead)
	v.leads.put(id, l)
}

func weighTexts(texts []string) (n int) {
	for _, t := range texts {
		n += len(t)
	}
	return n
}

// Settle ends the turn after its commit: the changes are in base now. It
// returns what the shell has to follow up.
func (v *View) Settle() Changes {
	clear(v.raw)
	v.office.settle()
	v.stamps.settle()
	v.cadences.settle()
	v.versions.settle()
	v.stats.settle()
	v.buckets.settle()
	v.lanes.settle()
	v.marks.settle()
	v.leads.settle()
	v.externals.settle()
	v.enrollments.settle()
	v.numbers.settle()
	v.opens.settle()
	v.attempts.settle()
	v.callerIDs.settle()
	v.lists.settle()
	v.imports.settle()
	v.answers.settle()
	v.weight = 0
	c := v.changes
	v.changes = Changes{}
	return c
}
