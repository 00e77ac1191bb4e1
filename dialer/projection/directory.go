package projection

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/carillon-dialer/carillon/cadence"
)

// termText is how much of a text a Directory keeps. What begins alike for
// longer is told apart by the lead's row.
const termText = 12

// Term is one text that a lead is known by, cut to termText bytes, and its id.
// Terms are ordered by text, then id. The zero Term is before all.
type Term [termText + 16]byte

// Lead is the lead of the term.
func (t *Term) Lead() cadence.ID { return cadence.ID(t[termText:]) }

func termOf(text string, id cadence.ID) (t Term) {
	copy(t[:termText], text)
	copy(t[termText:], id[:])
	return t
}

// Texts are what a lead is known by, folded: its name, each later word of it,
// e-mail, external id, and the digits of its numbers. What another one begins
// with is left out, since whatever finds it finds that one.
func Texts(l *cadence.Lead) []string {
	var out []string
	add := func(s string) {
		s = Folded(s)
		if s != "" && !slices.ContainsFunc(out, func(known string) bool { return strings.HasPrefix(known, s) }) {
			out = append(out, s)
		}
	}
	add(l.Name)
	add(l.FirstName + " " + l.LastName)
	for _, name := range []string{l.Name, l.FirstName, l.LastName} {
		for word := range strings.FieldsSeq(name) {
			add(word)
		}
	}
	add(l.Email)
	add(l.ExternalID)
	for _, n := range l.Numbers {
		add(string(n.Number))
	}
	return out
}

// Folded is a text as it is compared: in lower case, without spaces around it
// and without the plus sign of a number.
func Folded(s string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "+")
}

// First reports whether t is the first of the lead's texts that begin with
// prefix, which is folded: a lead that several of its texts find is found once.
func (t *Term) First(l *cadence.Lead, prefix string) bool {
	var first Term
	for _, s := range Texts(l) {
		if !strings.HasPrefix(s, prefix) {
			continue
		}
		if c := termOf(s, l.ID); first == (Term{}) || bytes.Compare(c[:], first[:]) < 0 {
			first = c
		}
	}
	return first != (Term{}) && first == *t
}

// Directory finds leads by how the texts begin that they are known by. It is
// in memory and made anew at each start: names, addresses and numbers may not
// stand in keys. It may name a lead for a text that it had before: who asks
// looks at the row. It takes 28 bytes a text. It is safe for concurrent use.
type Directory struct {
	mu    sync.RWMutex
	runs  [][]Term // each in order; one is larger than all behind it
	gone  map[cadence.ID]bool
	whole bool
}

// Put takes what leads are known by now.
func (d *Directory) Put(leads ...*cadence.Lead) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range leads {
		delete(d.gone, l.ID)
	}
	d.put(leads)
}

// Fill takes leads that were read from rows. One that was forgotten since stays
// so.
func (d *Directory) Fill(leads []*cadence.Lead) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(slices.DeleteFunc(leads, func(l *cadence.Lead) bool { return d.gone[l.ID] }))
}

// Forget takes out all that leads were ever known by. It looks at every term,
// however few they are: some tens of milliseconds among a million leads.
func (d *Directory) Forget(ids ...cadence.ID) {
	if len(ids) == 0 {
		return
	}
	gone := make(map[cadence.ID]bool, len(ids))
	for _, id := range ids {
		gone[id] = true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.runs {
		d.runs[i] = slices.DeleteFunc(d.runs[i], func(t Term) bool { return gone[t.Lead()] })
	}
	if d.whole { // nobody fills it any more
		return
	}
	if d.gone == nil {
		d.gone = map[cadence.ID]bool{}
	}
	maps.Copy(d.gone, gone)
}

func (d *Directory) put(leads []*cadence.Lead) {
	var run []Term
	for _, l := range leads {
		for _, s := range Texts(l) {
			run = append(run, termOf(s, l.ID))
		}
	}
	if len(run) == 0 {
		return
	}
	slices.SortFunc(run, compare)
	run = slices.Compact(run)
	for n := len(d.runs); n > 0 && len(d.runs[n-1]) <= 2*len(run); n-- {
		run = joined(d.runs[n-1], run)
		d.runs = d.runs[:n-1]
	}
	d.runs = append(d.runs, run)
}

// joined merges two runs into one; what both have stands in it once.
func joined(a, b []Term) []Term {
	out := make([]Term, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := bytes.Compare(a[0][:], b[0][:]); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// Complete says that every lead there is has been put in.
func (d *Directory) Complete() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.whole, d.gone = true, nil
}

// Whole reports whether every lead is in it: before, what it does not find may
// be there all the same.
func (d *Directory) Whole() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.whole
}

// Find returns at most limit terms behind after that begin with prefix, in
// order; prefix is folded. A prefix longer than a term finds what begins like
// its first part.
func (d *Directory) Find(prefix string, after Term, limit int) []Term {
	if len(prefix) > termText {
		prefix = prefix[:termText]
	}
	from := termOf(prefix, cadence.ID{})
	d.mu.RLock()
	defer d.mu.RUnlock()
	heads := make([][]Term, 0, len(d.runs))
	for _, run := range d.runs {
		at, _ := slices.BinarySearchFunc(run, from, compare)
		if bytes.Compare(after[:], from[:]) >= 0 {
			var there bool
			if at, there = slices.BinarySearchFunc(run, after, compare); there {
				at++
			}
		}
		heads = append(heads, run[at:])
	}
	var out []Term
	for len(out) < limit {
		t, some := next(heads)
		if !some || !bytes.HasPrefix(t[:termText], []byte(prefix)) {
			break
		}
		out = append(out, t)
	}
	return out
}

func compare(a, b Term) int { return bytes.Compare(a[:], b[:]) }

// next takes the first term of all runs from each that has it.
func next(heads [][]Term) (first Term, some bool) {
	for _, run := range heads {
		if len(run) > 0 && (!some || bytes.Compare(run[0][:], first[:]) < 0) {
			first, some = run[0], true
		}
	}
	for i, run := range heads {
		if len(run) > 0 && run[0] == first {
			heads[i] = run[1:]
		}
	}
	return first, some
}
