package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

// cadenceFacts tell the permit how many calls the cadence has made today, where
// something limits them. The count lives at the number's home, beside the
// intents it counts; a shard of several has a share of the limit that goes round
// by day, so that no message is needed and the limit holds at every instant.
func (r *Rules) cadenceFacts(f *permit.Facts, id cadence.ID, now int64, calls func(day int64, id cadence.ID) (int64, error)) error {
	if f.Pack == nil || len(f.Pack.Daily) == 0 {
		return nil
	}
	day, ends := dayOf(r.DayZone, now)
	n, err := calls(day, id)
	f.CadenceCalls, f.CadenceEnds = n, ends
	if h := r.Homes; h.several() {
		f.Shards = int64(h.Shards)
		f.Turn = (int64(h.Self) + day) % f.Shards
	}
	return err
}
