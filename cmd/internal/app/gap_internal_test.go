package app

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer/event"
)

// Of the calls to a number with an attempt under way only those are left to the
// search that it would find; later ones were made by a process whose record is
// lost, and count.
func TestOnlyTheSearchedCallIsLeftToTheSearch(t *testing.T) {
	number, other := event.Token{1}, event.Token{2}
	intent := time.Date(2026, 3, 16, 15, 0, 0, 0, time.UTC)
	b := books{open: map[event.Token]int64{number: intent.UnixMilli()}}
	for after, want := range map[time.Duration]bool{
		-11 * time.Second: false, -10 * time.Second: true, time.Second: true, 10 * time.Minute: true, 10*time.Minute + time.Second: false, 3 * time.Hour: false,
	} {
		if b.searched(number, intent.Add(after)) != want || b.searched(other, intent.Add(after)) {
			t.Errorf("a call %s after the intent: want %v", after, want)
		}
	}
	if (&books{}).searched(number, time.UnixMilli(0)) {
		t.Error("a call to a number without an attempt is left to the search")
	}
}
