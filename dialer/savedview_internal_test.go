package dialer

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// A server that is full of views takes no other one, says that it is the server
// that is full, and lets those that are there be renamed and shared.
func TestAServerFullOfViews(t *testing.T) {
	v := state.NewView(memory.New())
	id := func(n int) (id cadence.ID) {
		binary.BigEndian.PutUint32(id[12:], uint32(n+1))
		return id
	}
	for n := range MaxViews {
		v.Fold(&event.ViewSaved{ID: id(n), Owner: fmt.Sprint("us_", n/MaxViewsOf), Page: "leads", Name: fmt.Sprint(n), Search: []byte("{}"), At: 1})
	}
	full := saveView(2, v, &SaveView{ID: id(MaxViews), New: true, Owner: "us_new", Page: "leads", Name: "x", Search: []byte("{}")})
	if full.Err == nil || !strings.Contains(full.Err.Error(), "this server keeps at most 10000 views") {
		t.Errorf("one view too many: %v", full.Err)
	}
	yes := true
	for _, m := range []*SaveView{{ID: id(1), Name: "Renamed"}, {ID: id(1), Shared: &yes}} {
		if out := saveView(2, v, m); out.Err != nil || len(out.Facts) != 1 {
			t.Errorf("%+v: %v", m, out.Err)
		}
	}
}
