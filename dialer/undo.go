package dialer

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Why the undo of an import leaves a lead.
const (
	KeptCalled  = "called"  // it was called, or is being called: what was said stays
	KeptCaller  = "caller"  // it has called us
	KeptChanged = "changed" // somebody, or another file, has changed it since
	keptGone    = "gone"    // it is not there any more; told to nobody
	leftUndone  = "import undone"
)

const (
	// undoAhead is how many leads may wait in the inbox to be removed.
	undoAhead = 512
	// undoAgain is how long (real time) an undo waits that could not go on: the
	// inbox was full, or the ledger could not be read.
	undoAgain = time.Second
)

// UndoImport takes an import back: its list is paused, and the leads it made
// that were never called are removed, with their stays. What was there before
// stays as it is now.
type UndoImport struct {
	Import cadence.ID
	By     string
}

// EndUndo closes an undo.
type EndUndo struct {
	Import cadence.ID
	Kept   map[string]int64
}

// removeLead removes one lead of an import. The reply is why it was kept, ""
// when it was not. Until is when the import ended.
type removeLead struct {
	lead, list, imported cadence.ID
	until                int64
}

func (*UndoImport) message() {}
func (*EndUndo) message()    {}
func (*removeLead) message() {}

func (c *Core) undoImport(now int64, v *state.View, m *UndoImport) Outcome {
	i := v.Import(m.Import)
	switch {
	case i == nil || i.Job.Scrub != 0:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such import")}
	case c.rules.Homes.several():
		return Outcome{Err: refusal(CodeRefused, "", "an import is undone with one shard only")}
	case i.State == state.ImportRunning:
		return Outcome{Err: refusal(CodeConflict, "state", "the import is still running; undo it when it has ended")}
	case i.State == state.ImportUndoing || i.State == state.ImportUndone:
		return Outcome{}
	}
	var out Outcome
	if l := v.List(i.Job.List); l != nil && !l.Paused {
		paused := true
		out = c.setList(now, v, &SetList{List: i.Job.List, Paused: &paused})
		out.Reply = nil
	}
	out.fact(&event.UndoOpened{Import: m.Import, By: clip(m.By), At: now})
	return out
}

func (c *Core) endUndo(now int64, v *state.View, m *EndUndo) Outcome {
	i := v.Import(m.Import)
	if i == nil || i.State != state.ImportUndoing {
		return Outcome{}
	}
	f := &event.UndoEnded{Import: m.Import, At: now}
	for _, reason := range slices.Sorted(maps.Keys(m.Kept)) {
		f.Kept = append(f.Kept, event.Kept{Reason: reason, Leads: m.Kept[reason]})
	}
	return Outcome{Facts: []event.Fact{f}}
}

// removeLead ends the lead's stays and removes it, in one turn, unless
// something speaks for keeping it.
func (c *Core) removeLead(now int64, v *state.View, m *removeLead) Outcome {
	l := v.Lead(m.lead)
	if l == nil || l.List != m.list {
		return Outcome{Reply: keptGone}
	}
	if why := kept(v, l, m.until); why != "" {
		return Outcome{Reply: why}
	}
	out := Outcome{Reply: ""}
	c.eachStay(v, l, func(id cadence.ID, e *state.Enrollment, _ *Plan) {
		c.end(now, &out, id, e, leftRemoved, leftUndone)
	})
	f := &event.LeadRemoved{Lead: m.lead, Import: m.imported, At: now}
	if key := externalKey(l.Lead.ExternalID); l.Lead.ExternalID != "" && v.External(key) == m.lead {
		f.External = key
	}
	for _, t := range l.Tokens {
		n := v.Number(t)
		if n == nil || !slices.Contains(n.Leads, m.lead) || slices.Contains(f.Tokens, t) {
			continue
		}
		f.Tokens = append(f.Tokens, t)
		if n.OnlyOf(m.lead) && v.Staff(t) == nil { // a rehearsal that waits needs the row
			f.Unknown = append(f.Unknown, t)
		}
	}
	out.fact(f)
	return out
}

// kept is why a lead is not removed, "" when it may be.
func kept(v *state.View, l *state.Lead, until int64) string {
	for i := range l.Stays {
		e := v.Enrollment(l.Stays[i].Enrollment)
		if e == nil {
			continue
		}
		if e.OnLine > 0 || e.Returned != "" {
			return KeptCaller
		}
		if e.Attempts > 0 || !e.LastTry.IsZero() || e.LeftAt == 0 && e.Touch.State != state.Waiting || !e.Touch.Attempt.IsZero() {
			return KeptCalled
		}
	}
	switch {
	case len(v.AttemptsOf(l.Lead.ID, 1)) > 0:
		return KeptCalled
	case l.UpdatedAt > until:
		return KeptChanged
	}
	return ""
}

// UndoImport begins to take an import back and returns when that is durable.
// The leads follow in the background, also over restarts.
func (e *Engine) UndoImport(ctx context.Context, id cadence.ID, by string) error {
	_, err := e.Do(ctx, &UndoImport{Import: id, By: by})
	e.imports.poke() // it may be durable also after an error
	return err
}

// undo removes the leads of one import.
func (m *importer) undo(ctx context.Context, i *state.Import) {
	end := &EndUndo{Import: i.Job.ID, Kept: map[string]int64{}}
	var gone []cadence.ID
	err := m.removeAll(ctx, i, end.Kept, &gone)
	m.e.unlist(gone)
	if ctx.Err() != nil || errors.Is(err, ErrStopped) {
		return // the next start goes on
	}
	if err == nil {
		_, err = m.e.do(ctx, Command, end)
	}
	if err != nil {
		m.e.log.Warn("the undo of an import begins again", zap.String("import_id", i.Job.ID.Bare()), zap.Error(err))
		reached, stop := m.e.o.Real.At(m.e.o.Real.Now().Add(undoAgain))
		defer stop()
		select {
		case <-reached:
		case <-ctx.Done():
		}
	}
}

// removeAll goes through all leads there are. A lead of a row further behind
// that is removed meanwhile is not met; one that was met is not met again.
func (m *importer) removeAll(ctx context.Context, i *state.Import, left map[string]int64, gone *[]cadence.ID) error {
	rows := m.e.Rows()
	var after cadence.ID
	for {
		var leads []cadence.ID
		err := rows.Leads(after, func(l *state.Lead) bool {
			after = l.Lead.ID
			if l.List == i.Job.List {
				leads = append(leads, l.Lead.ID)
			}
			return len(leads) < undoAhead && ctx.Err() == nil
		})
		if err != nil || ctx.Err() != nil {
			return cmp.Or(err, ctx.Err())
		}
		if err := m.removeSome(ctx, i, leads, left, gone); err != nil {
			return err
		}
		if len(leads) < undoAhead {
			return nil
		}
	}
}

// removeSome removes leads, but for those that have called us. Whom it removed
// is added to gone, why it kept the others to left.
func (m *importer) removeSome(ctx context.Context, i *state.Import, leads []cadence.ID, left map[string]int64, gone *[]cadence.ID) error {
	rows := m.e.Rows()
	var ms []Message
	for _, id := range leads {
		called := false
		if err := rows.Returns(id, 0, cadence.ID{}, func(cadence.ID, *state.ReturnCall) bool { called = true; return false }); err != nil {
			return err
		}
		if called {
			left[KeptCaller]++
			continue
		}
		ms = append(ms, &removeLead{lead: id, list: i.Job.List, imported: i.Job.ID, until: i.EndedAt})
	}
	replies, errs := m.e.Each(ctx, ms)
	for n := range errs {
		switch why, told := replies[n].(string); {
		case errs[n] != nil || !told:
		case why == "":
			*gone = append(*gone, ms[n].(*removeLead).lead)
		case why != keptGone:
			left[why]++
		}
	}
	return cmp.Or(errs...)
}
