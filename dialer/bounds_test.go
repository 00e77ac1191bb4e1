package dialer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What comes in cannot make a row or a record that the ledger refuses: that
// would end the process, and end it again at every start.
func TestOversizedInputIsRefused(t *testing.T) {
	big := map[string]string{}
	for i := range 150 {
		big[strings.Repeat("f", i+1)] = strings.Repeat("x", cadence.MaxFieldBytes)
	}
	t.Run("import", func(t *testing.T) {
		r := newRig(t)
		r.lead(cadence.ID{}, first)
		r.must(&dialer.ImportRow{Import: theImport, Line: 3, Lead: cadence.Lead{Numbers: numbered(second), Fields: big}})
		r.must(&dialer.ImportRow{Import: theImport, Line: 4, Lead: cadence.Lead{Numbers: numbered(first), Fields: big}})
		r.must(&dialer.ImportRow{Import: theImport, Line: 5, Lead: cadence.Lead{}})
		imp, err := r.rows().Import(theImport)
		r.check(err)
		if imp.Rejected != 3 || imp.Line != 5 || imp.Accepted != 1 {
			t.Errorf("%+v", imp)
		}
	})
	t.Run("patch", func(t *testing.T) {
		r := newRig(t)
		lead := r.lead(cadence.ID{}, first)
		if _, err := r.do(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Fields: big}}); err == nil {
			t.Error("a lead of more than a megabyte was taken")
		}
		for i := range 300 {
			fields := map[string]string{strings.Repeat("g", i+1): "x"}
			if _, err := r.do(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Fields: fields}}); err != nil {
				if i < cadence.MaxLeadFields-10 {
					t.Fatalf("field %d refused: %v", i, err)
				}
				return
			}
		}
		t.Error("a lead takes fields without end")
	})
	t.Run("shared number", func(t *testing.T) {
		r := newRig(t)
		r.lead(cadence.ID{}, first)
		for i := range 300 {
			r.must(&dialer.ImportRow{Import: theImport, Line: int64(i + 3), Lead: cadence.Lead{ExternalID: strings.Repeat("e", i+1), Numbers: numbered(first)}})
		}
		imp, err := r.rows().Import(theImport)
		r.check(err)
		if n := len(r.number(first).Leads); n > dialer.MaxLeadsOfNumber || imp.Rejected == 0 {
			t.Errorf("%d leads share a number, %d rows rejected", n, imp.Rejected)
		}
	})
	t.Run("document", func(t *testing.T) {
		r := newRig(t)
		steps := make([]any, 100)
		for i := range steps {
			steps[i] = m{"key": strings.Repeat("s", 5) + string(rune('a'+i/26)) + string(rune('a'+i%26)), "kind": "call", "script": strings.Repeat("y", 10_200)}
		}
		if _, err := r.do(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(t, "Big", m{"steps": steps}))}); err == nil {
			t.Error("a document that no row can hold was taken")
		}
	})
	t.Run("notes", func(t *testing.T) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Noted", nil))
		r.lead(theCadence, first)
		d := r.last()
		r.talk(d)
		note := strings.Repeat("n", 900_000)
		if _, err := r.do(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: "SALE", Note: note}); err == nil {
			t.Error("a note of a megabyte was taken")
		}
		r.must(&dialer.Audit{What: "forged", Detail: strings.Repeat("d", 2_000_000)})
		r.must(&dialer.EndImport{})
	})
}

// The same disposition posted twice is one; a different one is a correction.
func TestDisposeIsIdempotent(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Once", nil))
	r.lead(theCadence, first)
	d := r.last()
	r.talk(d)
	say := &dialer.Dispose{
		Attempt: d.Dial.Attempt, Code: "CALLBACK", Note: "after lunch", Variables: map[string]string{"a": "b"},
		CallbackAt: r.now.Add(time.Hour).UnixMilli(), By: "agent",
	}
	for range 3 {
		r.must(say)
	}
	if a := r.attempt(d.Dial.Attempt); a.Revisions != 1 {
		t.Errorf("%d revisions of one post", a.Revisions)
	}
	say.Note = "before lunch"
	r.must(say)
	say.Note = "after lunch"
	r.must(say) // going back is a change, too
	if a := r.attempt(d.Dial.Attempt); a.Revisions != 3 {
		t.Errorf("%d revisions after two corrections", a.Revisions)
	}
	for i := range 2000 {
		say.Note = strings.Repeat("c", i)
		if _, err := r.do(say); err != nil {
			return
		}
	}
	t.Error("corrections without end")
}

// A time beyond anybody's life is refused, not computed with.
func TestFarTimes(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Far", m{"connect": []any{m{"to": "number", "number": "+13035550199", "disposition_wait": "10m"}}}))
	lead := r.lead(theCadence, first)
	d := r.last()
	r.talk(d)
	for _, at := range []int64{1 << 62, 1 << 53, r.now.AddDate(6, 0, 0).UnixMilli(), -1} {
		if _, err := r.do(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: "CALLBACK", CallbackAt: at}); err == nil {
			t.Errorf("a callback at %d was taken", at)
		}
	}
	_, e := r.stay(lead)
	if e.Touch.State != state.Held {
		t.Errorf("touch state %d", e.Touch.State)
	}
	other := r.lead(cadence.ID{}, second)
	for _, due := range []int64{1 << 62, -5} {
		reply, err := r.do(&dialer.Enroll{Lead: other, Cadence: theCadence, Due: due})
		if err != nil && due < 0 {
			t.Errorf("due %d: %v", due, err)
		}
		if err == nil && due > 0 {
			t.Errorf("due %d was taken: %+v", due, reply)
		}
	}
	for _, f := range r.facts {
		if k, ok := f.(*event.ReportKept); ok {
			t.Errorf("quarantined: %s: %s", k.What, k.Reason)
		}
	}
}
