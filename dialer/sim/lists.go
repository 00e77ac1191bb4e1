package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

func listID(wave int) cadence.ID { return cadence.NewID(cadence.OfficeSlot, [14]byte{3, byte(wave)}) }

// planPauses lets operators pause one list after the other, each for a while,
// as long as the faulty time lasts.
func (w *World) planPauses() {
	every := w.o.ListPauses.Milliseconds()
	for at := every; every > 0 && at < w.faultyUntil; at += every {
		w.agenda.plan(w.now+at, func() {
			r := w.draw("list.pause", seqID(uint64(at)))
			id := listID(r.IntN(max(1, w.o.Waves)))
			if row, err := w.rows(cadence.OfficeSlot).List(id); err != nil || row == nil {
				return // its file has not come yet
			}
			w.happened["list.pause"]++
			w.whole(listWish(id), back(r), func(on bool) dialer.Message { return &dialer.SetList{List: id, Paused: &on} })
		})
	}
}

func listWish(id cadence.ID) string { return "list " + id.Bare() }

// lists are the books of lists: how many new leads of each were let go on each
// day. A new lead is a stay that was not called before.
type lists struct {
	day      map[named]int64 // of open asks, by the clock of whoever asked
	released map[listDay]int64
	of       map[cadence.ID]listDay // where an attempt was counted
	most     int64                  // new leads a day and list; 0 is no limit
}

type listDay struct {
	list cadence.ID
	day  int64
}

func newLists(most int64) lists {
	return lists{day: map[named]int64{}, released: map[listDay]int64{}, of: map[cadence.ID]listDay{}, most: most}
}

// listed follows one fact in the books of lists.
func (t *witness) listed(n *node, f event.Fact) {
	switch f := f.(type) {
	case *event.ListSet:
		t.ruleOf(n).lists[f.ID] = f.Paused
		t.calm.changed(t.w.now)
		t.unwant(n, func(i *event.Intended) bool { return f.Paused && i.List == f.ID })
	case *event.Asked:
		if ask := (named{f.Touch, f.Nth}); f.Again == 0 || t.lists.day[ask] == 0 {
			t.lists.day[ask] = f.At / dayMs
		}
	case *event.Intended:
		t.released(f)
	case *event.AttemptReturned:
		if at, counted := t.lists.of[f.Attempt]; counted {
			t.lists.released[at]--
			delete(t.lists.of, f.Attempt)
		}
	}
}

// released judges the intent of a new lead (I23): no list lets more of them go
// on a day than it may.
func (t *witness) released(f *event.Intended) {
	s := t.stays[f.Enrollment]
	if s == nil || !s.fresh || f.List.IsZero() {
		return
	}
	at := listDay{f.List, t.lists.day[named{f.Touch, f.Nth}]}
	t.lists.of[f.Attempt] = at
	t.lists.released[at]++
	t.checks++
	if t.lists.most > 0 && t.lists.released[at] > t.lists.most {
		t.broken("I23", about{attempt: f.Attempt, enrollment: f.Enrollment}, "new lead %d of a list on day %d, which lets %d go", t.lists.released[at], at.day, t.lists.most)
	}
}

// held reports whether a stay's list keeps it from being called now, or may do
// so.
func (t *witness) held(s *stay) bool {
	return t.ruleOf(s.home).lists[s.list] || s.fresh && t.lists.most > 0 && !s.list.IsZero()
}
