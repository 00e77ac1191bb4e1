package dialer_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// The undo of an import removes who was never called, as if they had not come
// in, keeps the others, and says why. The same file can come in again.
func TestUndoImport(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.do(&dialer.SetDialing{Stop: true})
		l.leads(6)
		job := l.onlyImport()
		l.do(&dialer.SetList{List: job.Job.List, Release: new(int64(1))})
		l.do(&dialer.SetDialing{})
		sleep(time.Second) // one of them is called
		if l.line.calls() != 1 {
			t.Fatalf("%d calls", l.line.calls())
		}
		changed := l.notCalled(job.Job.List)[0]
		l.do(&dialer.PatchLead{Lead: changed, Patch: dialer.LeadPatch{Status: new("Open")}})
		removed := l.notCalled(job.Job.List)[1]
		gone, err := l.engine.Rows().Lead(removed)
		if err != nil || gone == nil {
			t.Fatal(err)
		}

		for range 2 { // harmless twice
			if err := l.engine.UndoImport(context.Background(), job.Job.ID, "manager 1"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		job = l.onlyImport()
		if want := []event.Kept{{Reason: dialer.KeptCalled, Leads: 1}, {Reason: dialer.KeptChanged, Leads: 1}}; job.State != state.ImportUndone || job.Removed != 4 ||
			!slices.Equal(job.Kept, want) || job.UndoneBy != "manager 1" {
			t.Errorf("the import: %+v", job)
		}
		rows := l.engine.Rows()
		if o, err := rows.Office(); err != nil || o.Leads != 2 {
			t.Errorf("%d leads, %v", o.Leads, err)
		}
		if list, err := rows.List(job.Job.List); err != nil || !list.Paused || list.Leads != 2 {
			t.Errorf("the list: %+v, %v", list, err)
		}
		if stats, err := rows.Stats(theCadence); err != nil || stats.Enrolled != 2 || stats.Active != 2 || stats.Pending != 1 {
			t.Errorf("the cadence: %+v, %v", stats, err)
		}
		lead, err := rows.Lead(removed)
		number, err2 := rows.Number(gone.Tokens[0])
		stay, err3 := rows.Enrollment(gone.Stays[0].Enrollment)
		ext, err4 := l.engine.LeadByExternal(gone.Lead.ExternalID)
		if lead != nil || number != nil || stay != nil || !ext.IsZero() || err != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Errorf("left of a removed lead: %v %v %v %v", lead, number, stay, ext)
		}
		if err := l.engine.UndoImport(context.Background(), theCadence, ""); err == nil {
			t.Error("an import that there is not was undone")
		}

		if _, err := l.engine.StartImport(file(6)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if o, err := rows.Office(); err != nil || o.Leads != 6 {
			t.Errorf("%d leads after the file came in again, %v", o.Leads, err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// What was asked for a lead that an undo removed, and given back by the carrier,
// is not the answer to what is asked for it when the same file comes in again.
func TestUndoneImportIsCalledWhenItComesAgain(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		ln := &line{}
		throttled := true
		ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
			if throttled {
				return telephony.Placed{}, &telephony.Error{Class: telephony.Throttled, Reason: "throttled", HTTP: 429, RetryAfter: time.Minute}
			}
			return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
		}
		l := startLive(t, liveOptions{spool: spool, line: ln})
		l.leads(6)
		sleep(5 * time.Second)
		if ln.calls() == 0 {
			t.Fatal("nothing was asked for")
		}
		job := l.onlyImport()
		if err := l.engine.UndoImport(context.Background(), job.Job.ID, "manager 1"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if job = l.onlyImport(); job.Removed != 6 {
			t.Fatalf("the import: %+v", job)
		}
		ln.mu.Lock()
		throttled = false
		ln.placed = nil
		ln.mu.Unlock()
		if _, err := l.engine.StartImport(file(6)); err != nil {
			t.Fatal(err)
		}
		sleep(5 * time.Minute)
		if n := ln.calls(); n != 6 {
			t.Errorf("%d of 6 leads were called after the file came in again", n)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// Who was removed is not kept in the directory in memory either.
func TestUndoEmptiesTheDirectory(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.do(&dialer.SetDialing{Stop: true})
		d := l.engine.Directory()
		l.leads(100)
		job := l.onlyImport()
		changed := l.notCalled(job.Job.List)[0]
		sleep(time.Second)
		l.do(&dialer.PatchLead{Lead: changed, Patch: dialer.LeadPatch{Status: new("Open")}})
		known := d.Find("", projection.Term{}, 1000)
		if err := l.engine.UndoImport(context.Background(), job.Job.ID, "manager 1"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		left := d.Find("", projection.Term{}, 1000)
		others := slices.ContainsFunc(left, func(term projection.Term) bool { return term.Lead() != changed })
		if len(known) < 100 || len(left) == 0 || others {
			t.Errorf("%d terms of 100 leads, %d after 99 were removed", len(known), len(left))
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// A number of the house's own keeps its row when the import that brought it as
// a lead's is undone: a call to it that waits for its turn is judged by it.
func TestUndoKeepsStaffNumbers(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.do(&dialer.SetDialing{Stop: true})
		l.leads(2)
		job := l.onlyImport()
		rows := l.engine.Rows()
		lead, err := rows.Lead(l.notCalled(job.Job.List)[0])
		if err != nil {
			t.Fatal(err)
		}
		own := lead.Lead.Numbers[0].Number
		l.do(&dialer.AddStaff{Number: own, Name: "Desk 4", By: "manager 1"})
		if err := l.engine.UndoImport(context.Background(), job.Job.ID, "manager 1"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if o, err := rows.Office(); err != nil || o.Leads != 0 {
			t.Fatalf("%d leads, %v", o.Leads, err)
		}
		if n, err := rows.Number(lead.Tokens[0]); err != nil || n == nil || n.Number != own || len(n.Leads) != 0 {
			t.Errorf("the staff number: %+v, %v", n, err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// onlyImport is the one import there is.
func (l *live) onlyImport() *state.Import {
	l.t.Helper()
	var all []*state.Import
	if err := l.engine.Rows().Imports(func(i *state.Import) bool { all = append(all, i); return true }); err != nil || len(all) != 1 {
		l.t.Fatalf("%d imports, %v", len(all), err)
	}
	return all[0]
}

// notCalled are the leads of a list whose stay still waits for its first call.
func (l *live) notCalled(list cadence.ID) (ids []cadence.ID) {
	l.t.Helper()
	rows := l.engine.Rows()
	err := rows.Leads(cadence.ID{}, func(x *state.Lead) bool {
		if e, err := rows.Enrollment(x.Stays[0].Enrollment); err != nil || x.List == list && e.Touch.State == state.Waiting {
			ids = append(ids, x.Lead.ID)
		}
		return true
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return ids
}

// A file that is imported again after one of its leads was erased makes a new
// lead of that row.
func TestErasedLeadComesAgain(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		l.do(&dialer.SetDialing{Stop: true})
		l.leads(1)
		was := l.notCalled(l.onlyImport().Job.List)[0]
		for n := 1; n <= 2; n++ {
			if _, err := l.engine.Erase(context.Background(), was, "manager 1", "asked"); err != nil {
				t.Fatal(err)
			}
			if _, err := l.engine.StartImport(file(1)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			var leads []cadence.ID
			err := l.engine.Rows().Leads(cadence.ID{}, func(x *state.Lead) bool { leads = append(leads, x.Lead.ID); return len(x.Stays) == 1 })
			if err != nil || len(leads) != 1 || leads[0] == was {
				t.Fatalf("after erasure %d: %v, %v", n, leads, err)
			}
			was = leads[0]
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
