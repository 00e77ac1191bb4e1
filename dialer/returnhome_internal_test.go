package dialer

import (
	"os"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Where a lead has a number no more, its home hands a no and a silence on to the
// other leads of the number's row; who got them so takes them only with the
// number.
func TestAFormerHolderHandsOn(t *testing.T) {
	moved, other := event.Token{1}, event.Token{2}
	was, is := cadence.NewID(1, [14]byte{1}), cadence.NewID(2, [14]byte{2})
	raw, err := os.ReadFile("../configs/dispositions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := routing.ParseDispositions(raw)
	if err != nil {
		t.Fatal(err)
	}
	c := NewCore(Rules{Dispositions: set, NumberKey: []byte("of the test"), Homes: Homes{Shards: 3}}, 1)
	for name, token := range map[string]event.Token{"has it no more": other, "has it still": moved} {
		v := state.NewView(memory.New())
		v.Fold(&event.LeadSaved{Lead: cadence.Lead{ID: was}, Tokens: []event.Token{token}, At: 1})
		v.Fold(&event.LeadSaved{Lead: cadence.Lead{ID: is}, Tokens: []event.Token{moved}, At: 1})
		no := c.leadNo(9, v, &leadNo{Lead: was, Code: "DNC", Token: moved, Others: []cadence.ID{is}})
		said := c.leadHeard(v, &leadHeard{Lead: was, Talked: 9, Token: moved, Others: []cadence.ID{is}})
		var handed []Message
		for _, m := range append(no.Sends, said.Sends...) {
			if _, marks := m.(*mark); !marks {
				handed = append(handed, m)
			}
		}
		if len(said.Facts) != 1 || len(no.Sends) == 0 {
			t.Errorf("%s: it keeps %d silences and marks %d numbers of its own", name, len(said.Facts), len(no.Sends))
		}
		if token == moved {
			if len(handed) != 0 {
				t.Errorf("%s: handed on %+v", name, handed)
			}
			continue
		}
		if len(handed) != 2 {
			t.Fatalf("%s: handed on %+v", name, handed)
		}
		for _, holds := range []bool{true, false} {
			if !holds {
				v.Fold(&event.LeadSaved{Lead: cadence.Lead{ID: is}, Tokens: []event.Token{other}, At: 2})
			}
			no, said := c.leadNo(9, v, handed[0].(*leadNo)), c.leadHeard(v, handed[1].(*leadHeard))
			if (len(no.Sends) == 1) != holds || (len(said.Facts) == 1) != holds {
				t.Errorf("%s, holder %v: %d marks, %d silences", name, holds, len(no.Sends), len(said.Facts))
			}
		}
	}
}
