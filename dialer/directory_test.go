package dialer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

// The directory holds nothing until somebody searches; then it has every lead
// that came before, and those that come later.
func TestDirectoryIsFilledOnceSomebodySearches(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store := memory.New()
		l := startLive(t, liveOptions{store: store, spool: spool})
		l.do(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(t, "Searched", nil))})
		l.do(&dialer.PublishCadence{ID: theCadence})
		if _, err := l.engine.StartImport(file(3)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		d := l.engine.Directory()
		if found := d.Find("", projection.Term{}, 10); d.Whole() || len(found) != 0 {
			t.Fatalf("before anybody searches it holds %d terms", len(found))
		}
		sleep(time.Second)
		known := len(d.Find("", projection.Term{}, 100))
		if !d.Whole() || known < 3 {
			t.Fatalf("whole: %v, with %d terms of three leads", d.Whole(), known)
		}
		if _, err := l.engine.StartImport(file(4)); err != nil {
			t.Fatal(err)
		}
		sleep(time.Second)
		if later := len(d.Find("", projection.Term{}, 100)); later <= known {
			t.Errorf("a lead that came later is not in it: %d terms", later)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
