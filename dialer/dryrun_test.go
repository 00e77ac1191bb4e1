package dialer_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// A dry run counts what an import would meet, and stores nothing.
func TestDryRun(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.do(&dialer.SetDialing{Stop: true})
		l.leads(3)                                                             // 0, 1, 2
		l.do(&dialer.MarkNumber{Number: numberAt(2), On: true, Source: "api"}) // here
		l.do(&dialer.MarkNumber{Number: numberAt(7), On: true, Source: "api"}) // nobody's
		before, err := l.engine.Rows().Office()
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.engine.DryRun(context.Background(), dialer.ImportRequest{Cadence: theCadence}, bytes.NewReader([]byte{1, 2, 5, 6, 6, 7}))
		if err != nil {
			t.Fatal(err)
		}
		if got.Rows != 6 || got.New != 3 || got.Existing != 2 || got.Repeated != 1 || got.Rejected != 0 || got.Suppressed != 2 {
			t.Errorf("%+v", got)
		}
		synctest.Wait()
		after, err := l.engine.Rows().Office()
		imports := 0
		if err2 := l.engine.Rows().Imports(func(*state.Import) bool { imports++; return true }); err != nil || err2 != nil || after.Leads != before.Leads || imports != 1 {
			t.Errorf("%d leads and %d imports, %v, %v", after.Leads, imports, err, err2)
		}
		var refused *dialer.Refusal
		if _, err := l.engine.DryRun(context.Background(), dialer.ImportRequest{}, bytes.NewReader(nil)); !errors.As(err, &refused) {
			t.Errorf("an empty file: %v", err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
