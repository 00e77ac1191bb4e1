package state

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// The states of an import.
const (
	ImportRunning = "running"
	ImportDone    = "done"
	ImportFailed  = "failed"
	ImportUndoing = "undoing"
	ImportUndone  = "undone"
)

func (v *View) foldUndo(f event.Fact) {
	switch f := f.(type) {
	case *event.UndoOpened:
		i := v.imports.edit(f.Import)
		i.State, i.UndoneBy, i.UndoneAt = ImportUndoing, f.By, f.At
		v.imports.put(f.Import, i)
	case *event.UndoEnded:
		i := v.imports.edit(f.Import)
		i.State, i.Kept, i.UndoneAt = ImportUndone, f.Kept, f.At
		v.imports.put(f.Import, i)
	case *event.LeadRemoved:
		v.foldRemoved(f)
	}
}

func (v *View) foldRemoved(f *event.LeadRemoved) {
	l := v.leads.get(f.Lead)
	if l == nil {
		bug("lead %s is removed and not there", f.Lead.Bare())
	}
	o := v.Office()
	o.Leads--
	v.office.put(struct{}{}, o)
	list := v.lists.edit(l.List)
	list.Leads--
	v.lists.put(l.List, list)
	v.gone(l)
	for i := range l.Stays {
		v.uncount(l.List, l.Stays[i].Enrollment)
		v.enrollments.del(l.Stays[i].Enrollment)
		s := v.stats.edit(l.Stays[i].Cadence)
		s.Enrolled--
		v.stats.put(l.Stays[i].Cadence, s)
	}
	v.leads.del(f.Lead)
	if !f.External.IsZero() {
		v.externals.del(f.External)
	}
	for _, t := range f.Tokens {
		v.release(t, f.Lead, slices.Contains(f.Unknown, t))
	}
	i := v.imports.edit(f.Import)
	i.Removed++
	v.imports.put(f.Import, i)
}

// release unties a number from a lead, and forgets it when nothing needs it.
func (v *View) release(t event.Token, lead cadence.ID, unknown bool) {
	if unknown {
		v.numbers.del(t)
		return
	}
	n := v.numbers.edit(t)
	n.Leads = slices.DeleteFunc(slices.Clone(n.Leads), func(id cadence.ID) bool { return id == lead })
	v.numbers.put(t, n)
}

// OnlyOf reports whether nothing is known of a number but that a lead has it.
func (n *Number) OnlyOf(lead cadence.ID) bool {
	others := slices.ContainsFunc(n.Leads, func(id cadence.ID) bool { return id != lead })
	return !others && !n.DNC && len(n.Noes) == 0 && n.Said == 0 && n.Retired == "" && n.Open.IsZero() && n.Last.IsZero() &&
		n.LastTouch.IsZero() && len(n.Intents) == 0 && len(n.Past) == 0 && len(n.Consents) == 0 && n.Agreed == 0 && len(n.Heard) == 0 && n.OnLine == 0
}
