package dialer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

// The orders hold nothing until somebody wants one; then they have every lead
// that came before, and follow those that come, change and are erased.
func TestLeadsAreSortedOnceSomebodyAsks(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{store: memory.New(), spool: spool})
		l.do(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(t, "Sorted", nil))})
		l.do(&dialer.PublishCadence{ID: theCadence})
		if _, err := l.engine.StartImport(file(3)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		all := func() []projection.LeadKey {
			t.Helper()
			page, next, whole, n, err := l.engine.SortedLeads(t.Context(), &projection.LeadQuestion{Limit: 100})
			if err != nil || !whole || next != nil {
				t.Fatalf("%d leads, whole %v, next %v, %v", n, whole, next, err)
			}
			return page
		}
		ended, stop := context.WithCancel(t.Context())
		stop()
		// Nobody waits under a context that has ended; how far the reading is by
		// then is up to the scheduler.
		if page, _, whole, n, err := l.engine.SortedLeads(ended, &projection.LeadQuestion{Limit: 1}); n > 3 || !whole && page != nil || err != nil {
			t.Fatalf("while they are read: %v, %v, %d, %v", page, whole, n, err)
		}
		first := all()
		if len(first) != 3 {
			t.Fatalf("%d leads of three", len(first))
		}
		if _, err := l.engine.StartImport(file(4)); err != nil {
			t.Fatal(err)
		}
		sleep(time.Second)
		if later := all(); len(later) != 4 {
			t.Errorf("%d leads after one more came", len(later))
		}
		renamed := "zz"
		l.do(&dialer.PatchLead{Lead: first[0].ID, Patch: dialer.LeadPatch{Name: &renamed}})
		if last := all()[3]; last.ID != first[0].ID {
			t.Errorf("the renamed lead is not the last: %+v", last)
		}
		if _, err := l.engine.Erase(t.Context(), first[1].ID, "test", "asked"); err != nil {
			t.Fatal(err)
		}
		for _, k := range all() {
			if k.ID == first[1].ID {
				t.Error("an erased lead is still listed")
			}
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
