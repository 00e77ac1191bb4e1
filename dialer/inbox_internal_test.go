package dialer

import (
	"errors"
	"testing"
)

// Urgent first, a share for commands, half for bulk; what a turn leaves comes
// first again, in order.
func TestInboxShares(t *testing.T) {
	b := newInbox()
	put := func(u Urgency, n int) {
		for i := range n {
			if err := b.put(u, Item{Message: &Forget{Keys: []string{string(rune('a' + u)), string(rune(i))}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(Bulk, 100)
	put(Command, 3)
	put(Urgent, 1000)
	count := func(items []Item) (n [urgencies]int) {
		for _, it := range items {
			n[it.urgency]++
		}
		return n
	}
	first := b.take(64)
	if got := count(first); got != [urgencies]int{61, 3, 0} {
		t.Fatalf("taken: %v", got)
	}
	b.putBack(first[10:])
	again := b.take(64)
	if got := count(again); got != [urgencies]int{61, 3, 0} {
		t.Fatalf("taken again: %v", got)
	}
	for i := range 51 {
		if again[i].Message != first[10+i].Message {
			t.Fatalf("message %d is out of order", i)
		}
	}
	for b.queues[Urgent] != nil {
		b.take(64)
	}
	if got := count(b.take(64)); got[Bulk] != 32 {
		t.Errorf("bulk got %d of an empty turn", got[Bulk])
	}
	b.close()
	if err := b.put(Urgent, Item{}); !errors.Is(err, ErrStopped) || !b.empty() {
		t.Errorf("after closing: %v", err)
	}
}
