package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// foldPolicy folds what permits depend on; each raises the policy number.
func (v *View) foldPolicy(f event.Fact) {
	switch f := f.(type) {
	case *event.CadenceDrafted:
		c := v.cadences.edit(f.ID)
		if c.CreatedAt == 0 {
			c.ID, c.CreatedAt, c.Status = f.ID, f.At, event.Draft
		}
		c.Name, c.Draft, c.UpdatedAt = f.Name, f.Document, f.At
		v.weight += 2 * len(f.Document)
		v.cadences.put(f.ID, c)
	case *event.CadencePublished:
		c := v.cadences.edit(f.ID)
		c.Version, c.PublishedAt, c.UpdatedAt = f.Version, f.At, f.At
		v.weight += 2*len(f.Document) + len(c.Draft)
		v.cadences.put(f.ID, c)
		v.versions.put(versionID{f.ID, f.Version}, &Version{Document: f.Document, At: f.At})
	case *event.CadenceSwitched:
		c := v.cadences.edit(f.ID)
		c.Status, c.UpdatedAt = f.Status, f.At
		v.cadences.put(f.ID, c)
	case *event.CadenceHalted:
		c := v.cadences.edit(f.ID)
		c.Halted, c.UpdatedAt = f.Halted, f.At
		v.cadences.put(f.ID, c)
	case *event.CadenceDeleted:
		v.cadences.del(f.ID)
		v.stats.del(f.ID)
	case *event.DialingSwitched:
		o := v.Office()
		o.Stopped, o.Reason, o.StopAt = f.Stopped, f.Reason, f.At
		v.office.put(struct{}{}, o)
	case *event.PacksSet:
		if len(f.Body) > 0 {
			v.packs.put(f.Digest, &Packs{Body: f.Body, At: f.At})
			v.weight += 2 * len(f.Body)
		}
		o := v.Office()
		o.Packs = f.Digest
		v.office.put(struct{}{}, o)
	case *event.CampaignsOver:
		o := v.Office()
		o.Over = f
		v.office.put(struct{}{}, o)
	}
	v.raisePolicy(f)
}

// Overs are the campaigns that are over a share of abandoned calls.
func (o *Office) Overs() []event.Over {
	if o.Over == nil {
		return nil
	}
	return o.Over.Over
}

func (v *View) raisePolicy(f event.Fact) {
	o := v.Office()
	o.Policy++
	o.Fold = FoldVersion
	v.office.put(struct{}{}, o)
	if id, ok := cadenceOf(f); ok {
		v.changes.Cadences = append(v.changes.Cadences, id)
	}
}

func cadenceOf(f event.Fact) (cadence.ID, bool) {
	switch f := f.(type) {
	case *event.CadencePublished:
		return f.ID, true
	case *event.CadenceSwitched:
		return f.ID, true
	case *event.CadenceHalted:
		return f.ID, true
	case *event.CadenceDeleted:
		return f.ID, true
	}
	return cadence.ID{}, false
}

func (v *View) foldImport(f event.Fact) {
	switch f := f.(type) {
	case *event.ListOpened:
		v.lists.put(f.ID, &List{Name: f.Name, Source: f.Source, LeadType: f.LeadType, At: f.At})
	case *event.ImportOpened:
		v.imports.put(f.ID, &Import{Job: *f, State: "running"})
	case *event.ImportAdvanced:
		i := v.imports.edit(f.ID)
		i.Line = max(i.Line, f.Line)
		i.Rows += f.Rows
		i.Accepted += f.Accepted
		i.Updated += f.Updated
		i.Repeated += f.Repeated
		i.Skipped += f.Skipped
		i.Rejected += f.Rejected
		i.Enrolled += f.Enrolled
		i.Sum += f.Sum
		v.imports.put(f.ID, i)
	case *event.ImportEnded:
		i := v.imports.edit(f.ID)
		i.State, i.Error, i.EndedAt = f.State, f.Error, f.At
		v.imports.put(f.ID, i)
	case *event.RowRejected:
		v.setRow(rejectKey(f.Import, f.Line), &Reject{Line: f.Line, Column: f.Column, Code: f.Code, Message: f.Message})
	}
}

func (v *View) foldDesk(f event.Fact) {
	switch f := f.(type) {
	case *event.LaneOpened:
		v.lanes.put(f.Lane, &Lane{Cadence: f.Cadence, List: f.List, Class: f.Class})
		o := v.Office()
		o.LastLane = max(o.LastLane, f.Lane)
		v.office.put(struct{}{}, o)
		v.changes.Lanes = append(v.changes.Lanes, f.Lane)
	case *event.LaneMarked:
		v.marks.put(f.Lane, &Mark{At: f.Mark})
	case *event.AnswerKept:
		v.weight += 2 * len(f.Body)
		v.answers.put(f.Key, &Answer{Hash: f.Hash, Status: f.Status, Body: f.Body, At: f.At})
	case *event.AnswersDropped:
		for _, k := range f.Keys {
			v.answers.del(k)
		}
	case *event.Audited:
		o := v.Office()
		o.Audits++
		v.office.put(struct{}{}, o)
		v.setRow(seqKey(tabAudit, o.Audits), f)
	case *event.ReportKept:
		o := v.Office()
		o.Reports++
		v.office.put(struct{}{}, o)
		v.setRow(seqKey(tabReport, o.Reports), f)
	case *event.Upgraded:
		v.stamps.put(struct{}{}, &Versions{Fold: f.Fold, Facts: f.Facts, Zones: f.Zones, To: f.To, Cursor: f.Cursor})
	case *event.CallerIDRested:
		c := v.callerIDs.edit(f.Number)
		c.RestUntil, c.RestWhy, c.RestBy, c.RestedAt = f.Until, f.Reason, f.By, f.At
		c.RestRule, c.Rester = f.Rule, f.Author
		c.ClearDay = max(c.ClearDay, f.ClearDay)
		v.callerIDs.put(f.Number, c)
	}
}
