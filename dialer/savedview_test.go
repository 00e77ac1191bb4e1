package dialer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func aView(n byte, owner, name string) *dialer.SaveView {
	return &dialer.SaveView{ID: officeID(n), New: true, Owner: owner, Page: "leads", Name: name, Search: []byte(`{"q":"a"}`)}
}

func TestViewsAreKeptChangedAndDeleted(t *testing.T) {
	r := newRig(t)
	r.must(aView(1, "us_1", "Mine"))
	r.must(&dialer.SaveView{ID: officeID(1), Name: "Renamed", Owner: "us_2", Page: "cadences"})
	yes := true
	r.must(&dialer.SaveView{ID: officeID(1), Search: []byte(`{}`), Shared: &yes})
	rows := state.Rows{R: r.store}
	row, err := rows.SavedView(officeID(1))
	if err != nil || row == nil || row.Owner != "us_1" || row.Page != "leads" || row.Name != "Renamed" || string(row.Search) != "{}" || !row.Shared {
		t.Fatalf("it is %+v, %v", row, err)
	}
	r.must(&dialer.PreferView{Owner: "us_2", Page: "leads", View: officeID(1)})
	prefers := func(owner, page string, want cadence.ID) {
		t.Helper()
		if got, err := rows.Preferred(owner, page); err != nil || got != want {
			t.Errorf("%s opens %s with %v, %v", owner, page, got, err)
		}
	}
	prefers("us_2", "leads", officeID(1))
	prefers("us_1", "leads", cadence.ID{})
	prefers("us_2", "cadences", cadence.ID{})
	r.must(&dialer.PreferView{Owner: "us_2", Page: "leads"})
	prefers("us_2", "leads", cadence.ID{})
	r.must(&dialer.DeleteView{ID: officeID(1)})
	r.refuses(dialer.CodeNotFound, &dialer.DeleteView{ID: officeID(1)})
	r.refuses(dialer.CodeNotFound, &dialer.SaveView{ID: officeID(1), Name: "x"})
}

func TestViewsHaveLimits(t *testing.T) {
	r := newRig(t)
	yes := true
	r.must(aView(1, "us_1", "Mine"))
	r.refuses(dialer.CodeConflict, aView(1, "us_1", "Another"))
	r.refuses(dialer.CodeConflict, aView(2, "us_1", "Mine"))
	r.must(aView(2, "us_2", "Mine")) // another's own
	r.must(&dialer.SaveView{ID: officeID(1), Shared: &yes})
	r.refuses(dialer.CodeConflict, &dialer.SaveView{ID: officeID(2), Shared: &yes})
	r.refuses(dialer.CodeInvalid, aView(3, "us_1", strings.Repeat("x", 101)))
	r.refuses(dialer.CodeInvalid, aView(3, "us_1", ""))
	long := aView(3, "us_1", "Long")
	long.Search = []byte(`{"q":"` + strings.Repeat("x", 4096) + `"}`)
	r.refuses(dialer.CodeInvalid, long)
	r.refuses(dialer.CodeNotFound, &dialer.PreferView{Owner: "us_1", Page: "attempts", View: officeID(1)})
	for n := range dialer.MaxViewsOf {
		r.must(aView(byte(10+n), "us_3", fmt.Sprint(n)))
	}
	r.refuses(dialer.CodeConflict, aView(200, "us_3", "One too many"))
	r.must(&dialer.SaveView{ID: officeID(10), Name: "Renamed at the limit"})
}
