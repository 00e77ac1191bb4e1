package dialer

import (
	"reflect"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What the office decides for all goes to every other shard: a campaign that
// waits does so wherever its leads are.
func TestTheOfficeTellsEveryShard(t *testing.T) {
	for name, m := range map[string]Message{
		"the kill switch":     &SetDialing{Stop: true, Reason: "drill"},
		"campaigns that wait": &NoteAbandon{Over: []event.Over{{Rule: "us.abandon", Campaign: "Spring", Until: 99, Answered: 10, Abandoned: 2}}},
		"campaigns that may":  &NoteAbandon{},
	} {
		c := NewCore(Rules{NumberKey: []byte("of the test"), Homes: Homes{Shards: 3}}, 0)
		v := state.NewView(memory.New())
		if name == "campaigns that may" {
			v.Fold(&event.CampaignsOver{Over: []event.Over{{Rule: "us.abandon", Until: 99}}})
		}
		out := c.Decide(9, v, m)
		var told []uint16
		for _, s := range out.Sends {
			p, ok := s.(*policy)
			if !ok {
				continue
			}
			facts, err := event.Decode(p.Facts)
			if err != nil || len(facts) != 1 || !reflect.DeepEqual(facts[0], out.Facts[0]) {
				t.Errorf("%s: shard %d is told %+v (%v), not %+v", name, p.Shard, facts, err, out.Facts)
			}
			told = append(told, p.Shard)
		}
		if !slices.Equal(told, []uint16{1, 2}) {
			t.Errorf("%s: told %d", name, told)
		}
	}
}
