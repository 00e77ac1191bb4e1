package telephonytest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony"
)

func (h Harness) mustFind(t *testing.T, q telephony.Query) []telephony.Call {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	found, err := h.Carrier.Find(ctx, q)
	if err != nil {
		t.Fatalf("find: %v", err)
	}
	return found
}

func (h Harness) mustFetch(t *testing.T, callID string) telephony.Call {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	call, err := h.Carrier.Fetch(ctx, callID)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	return call
}

func fetch(t *testing.T, h Harness) {
	ends := map[Answer]telephony.Status{
		Human: telephony.StatusInProgress, Rings: telephony.StatusRinging, Busy: telephony.StatusBusy,
		NoAnswer: telephony.StatusNoAnswer, Fails: telephony.StatusFailed,
	}
	for answer, want := range ends {
		t.Run(string(answer), func(t *testing.T) {
			to, before := h.Number(), h.Now()
			_, id := h.mustPlace(t, to, answer)
			h.Await(t, id, want)
			call := h.mustFetch(t, id)
			if call.ID != id || call.To != string(to) || call.From != string(h.From) || !call.Outbound {
				t.Errorf("fetched %+v, want outbound call %s from %s to %s", call, id, h.From, to)
			}
			if call.Status != want {
				t.Errorf("status %s, want %s", call.Status, want)
			}
			if call.Created.Before(before.Add(-2*time.Second)) || call.Created.After(h.Now().Add(2*time.Second)) {
				t.Errorf("created %v, want about %v", call.Created, before)
			}
		})
	}
	t.Run("unknown", func(t *testing.T) {
		if _, err := h.Carrier.Fetch(t.Context(), h.Unknown); !errors.Is(err, telephony.ErrNoCall) {
			t.Fatalf("got %v, want ErrNoCall", err)
		}
	})
}

func find(t *testing.T, h Harness) {
	to, other, since := h.Number(), h.Number(), h.Now()
	h.mustPlace(t, other, Busy)
	var want []string
	for range 3 {
		_, id := h.mustPlace(t, to, Busy)
		want = append(want, id)
	}
	near := telephony.Query{To: to, From: h.From, Since: since.Add(-5 * time.Second), Until: h.Now().Add(time.Minute)}
	if got := ids(h.mustFind(t, near)); !slices.Equal(got, sorted(want)) {
		t.Errorf("found %v, want %v", got, want)
	}
	past := telephony.Query{To: to, From: h.From, Since: since.Add(-48 * time.Hour), Until: since.Add(-24 * time.Hour)}
	if got := h.mustFind(t, past); len(got) != 0 {
		t.Errorf("found %v in a span before the calls", got)
	}
	swapped := near
	swapped.To, swapped.From = near.From, near.To
	if got := h.mustFind(t, swapped); len(got) != 0 {
		t.Errorf("found %v in the other direction", got)
	}
}

func requests(t *testing.T, h Harness) {
	d, id := h.mustPlace(t, h.Number(), Human)
	h.Await(t, id, telephony.StatusInProgress)
	other, _ := h.mustPlace(t, h.Number(), Human)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	urls, err := h.Carrier.Requests(ctx, id)
	if err != nil {
		t.Fatalf("requests: %v", err)
	}
	all := strings.Join(urls, "\n")
	if !strings.Contains(all, d.Attempt.Bare()) {
		t.Errorf("none of the requested URLs names attempt %s:\n%s", d.Attempt.Bare(), all)
	}
	if strings.Contains(all, other.Attempt.Bare()) {
		t.Errorf("a requested URL names another attempt:\n%s", all)
	}
}

func legs(t *testing.T, h Harness) {
	_, id := h.mustPlace(t, h.Number(), Bridged)
	h.Await(t, id, telephony.StatusInProgress)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	got, err := h.Carrier.Legs(ctx, id)
	if err != nil {
		t.Fatalf("legs: %v", err)
	}
	if len(got) != 1 || got[0].Parent != id || got[0].Outbound || got[0].ID == id {
		t.Fatalf("legs %+v, want one child of %s", got, id)
	}
	_, alone := h.mustPlace(t, h.Number(), Busy)
	if got, err = h.Carrier.Legs(ctx, alone); err != nil || len(got) != 0 {
		t.Fatalf("legs %v, %v of a call without any", got, err)
	}
}

func cancelCall(t *testing.T, h Harness) {
	_, id := h.mustPlace(t, h.Number(), Rings)
	h.Await(t, id, telephony.StatusRinging)
	for range 2 { // the second finds it over
		if err := h.Carrier.Cancel(t.Context(), id); err != nil {
			t.Fatalf("cancel: %v", err)
		}
		h.Await(t, id, telephony.StatusCanceled)
	}
	_, live := h.mustPlace(t, h.Number(), Human)
	h.Await(t, live, telephony.StatusInProgress)
	if err := h.Carrier.Cancel(t.Context(), live); err != nil {
		t.Fatalf("cancel an answered call: %v", err)
	}
	if s := h.mustFetch(t, live).Status; s != telephony.StatusInProgress {
		t.Errorf("cancelling an answered call made it %s", s)
	}
	if err := h.Carrier.Cancel(t.Context(), h.Unknown); err != nil {
		t.Errorf("cancel a call that is gone: %v", err)
	}
}

func hangUp(t *testing.T, h Harness) {
	_, live := h.mustPlace(t, h.Number(), Human)
	h.Await(t, live, telephony.StatusInProgress)
	for range 2 {
		if err := h.Carrier.HangUp(t.Context(), live); err != nil {
			t.Fatalf("hang up: %v", err)
		}
		h.Await(t, live, telephony.StatusCompleted)
	}
	_, ringing := h.mustPlace(t, h.Number(), Rings)
	h.Await(t, ringing, telephony.StatusRinging)
	if err := h.Carrier.HangUp(t.Context(), ringing); err != nil {
		t.Fatalf("hang up a ringing call: %v", err)
	}
	if s := h.mustFetch(t, ringing).Status; !s.Terminal() {
		t.Errorf("a ringing call that was hung up is %s", s)
	}
}

func ids(calls []telephony.Call) []string {
	var all []string
	for _, c := range calls {
		all = append(all, c.ID)
	}
	return sorted(all)
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}
