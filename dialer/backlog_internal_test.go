package dialer

import (
	"bytes"
	"context"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// A withdrawal for another shard travels also when the turn it comes up in is
// full: it must not be taken for one of this shard's own.
func TestWithdrawalTravelsFromAFullTurn(t *testing.T) {
	s, now, _ := asking(t)
	s.core.rules.Homes = Homes{Self: 0, Shards: 2}
	far := cadence.NewID(cadence.Slots-1, [14]byte{9})
	answered := &answer{Enrollment: cadence.NewID(1, [14]byte{8}), Touch: cadence.NewID(1, [14]byte{7}), Nth: 1, Attempt: far}
	fill := &Remember{Fact: event.AnswerKept{Key: "k", Body: bytes.Repeat([]byte{'a'}, maxAnswerBytes)}}
	for i := 0; !s.Full(); i++ {
		f := *fill
		f.Fact.Key += string(rune('a' + i))
		s.act(now, &f)
	}
	s.act(now, answered)
	for range 3 {
		if _, err := s.Turn(context.Background(), now, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.view.Peer(1).Sent; n != 1 {
		t.Errorf("%d parcels are owed to the attempt's shard", n)
	}
}
