package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// office decides about what is nobody's: cadences, the kill switch, imports,
// kept answers.
func (c *Core) office(now int64, v *state.View, m Message) Outcome {
	return c.publish(v, c.atDesk(now, v, m))
}

func (c *Core) atDesk(now int64, v *state.View, m Message) Outcome {
	if out, ok := mediaDesk(now, v, m); ok {
		return out
	}
	if out, ok := accessDesk(now, v, m); ok {
		return out
	}
	if out, ok := c.templateDesk(now, v, m); ok {
		return out
	}
	if out, ok := viewDesk(now, v, m); ok {
		return out
	}
	switch m := m.(type) {
	case *SetDialing:
		return c.setDialing(now, v, m)
	case *HideAdvice:
		return hideAdvice(now, m)
	case *SetPacks:
		return c.setPacks(now, v, m)
	case *NoteAbandon:
		return c.noteAbandon(now, v, m)
	case *SaveCadence:
		return c.saveCadence(now, v, m)
	case *PublishCadence:
		return c.publishCadence(now, v, m)
	case *SwitchCadence:
		return c.switchCadence(now, v, m)
	case *HaltCadence:
		return c.halt(now, v, m)
	case *DeleteCadence:
		return c.deleteCadence(now, v, m)
	case *UndoImport:
		return c.undoImport(now, v, m)
	case *EndUndo:
		return c.endUndo(now, v, m)
	case *SetList:
		return c.setList(now, v, m)
	case *OpenImport:
		return c.openImport(now, v, m)
	case *EndImport:
		return c.endImport(now, v, m)
	case *OpenScrub:
		return c.openScrub(now, v, m)
	case *ScrubRows:
		return c.scrubRows(now, v, m)
	case *EndScrub:
		return c.endScrub(now, v, m)
	case *Remember:
		f := m.Fact
		if len(f.Body) > maxAnswerBytes {
			return Outcome{Err: refusal(CodeRefused, "", "the answer is too large to be kept")}
		}
		return Outcome{Facts: []event.Fact{&f}}
	case *Forget:
		return Outcome{Facts: []event.Fact{&event.AnswersDropped{Keys: m.Keys}}}
	case *Audit:
		f := audited(now, m.By, m.What, m.Target, m.Detail)
		f.Before, f.After = m.Before, m.After
		return Outcome{Facts: []event.Fact{f}}
	case *Raise:
		return raise(v, m)
	case *RestCallerID:
		return c.restCallerID(now, v, m)
	}
	return Outcome{Err: refusal(CodeInternal, "", "BUG: nobody decides about this message")}
}

// raise moves low marks up, never down: a due written meanwhile lowered its
// mark in Fold and wins.
func raise(v *state.View, m *Raise) Outcome {
	var out Outcome
	for _, lane := range sortedLanes(m.Marks) {
		if at := m.Marks[lane]; at > v.Mark(lane) {
			out.fact(&event.LaneMarked{Lane: lane, Mark: at})
		}
	}
	return out
}

// setDialing throws or releases the kill switch. Calls that are queued or
// ringing are cancelled; live ones go on.
func (c *Core) setDialing(now int64, v *state.View, m *SetDialing) Outcome {
	o := v.Office()
	if o.Stopped == m.Stop {
		return Outcome{}
	}
	return c.decreed(v, &event.DialingSwitched{Stopped: m.Stop, Reason: clip(m.Reason), At: now})
}

func (c *Core) withdrawAll(v *state.View, out *Outcome, why string, which func(*state.Open) bool) {
	v.EachOpen(func(o *state.Open) {
		if which(o) {
			out.send(&withdraw{Attempt: o.I.Attempt, Reason: why})
		}
	})
}

// known is what the instance has, for validating documents.
func (c *Core) known(v *state.View) cadence.Known {
	k := known(&c.rules)
	k.Media = func(audio string) bool { row, _ := stored(v, audio); return row.Sound() }
	k.Cadence = func(name string) bool { _, ok := c.names[name]; return ok }
	return k
}

func known(r *Rules) cadence.Known {
	k := r.Dispositions.ForDocuments()
	k.Pool = func(name string) bool { return r.Pools[name] }
	k.Countries = r.Countries
	return k
}

// saveCadence creates a cadence or replaces a draft. A draft may have problems,
// but it is readable: it has parsed.
func (c *Core) saveCadence(now int64, v *state.View, m *SaveCadence) Outcome {
	doc, problems := cadence.Parse(m.Document)
	if doc == nil {
		return Outcome{Err: &Refusal{Code: CodeInvalid, Message: "the document cannot be read", Details: problems}}
	}
	cadence.Resolve(doc, c.known(v))
	row := v.Cadence(m.ID)
	if m.New == (row != nil) {
		if m.New {
			return Outcome{Err: refusal(CodeConflict, "id", "there is already a cadence with this id")}
		}
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such cadence")}
	}
	if row != nil && row.Status == event.Archived {
		return Outcome{Err: refusal(CodeConflict, "status", "an archived cadence cannot be edited; duplicate it")}
	}
	if other, taken := c.names[doc.Name]; taken && other != m.ID {
		if !m.Rename {
			return Outcome{Err: refusal(CodeConflict, "name", "there is already a cadence named "+doc.Name)}
		}
		doc.Name = cadence.FreeName(doc.Name, func(n string) bool { _, ok := c.names[n]; return ok })
	}
	text := cadence.Export(doc)
	if len(text) > maxDocumentBytes {
		return Outcome{Err: refusal(CodeInvalid, "", "the document is longer than 512 KiB")}
	}
	return Outcome{
		Facts: []event.Fact{&event.CadenceDrafted{ID: m.ID, Name: doc.Name, Document: text, At: now}},
		Reply: doc.Name,
	}
}

// publishCadence turns the draft into the next version.
func (c *Core) publishCadence(now int64, v *state.View, m *PublishCadence) Outcome {
	row, refused := c.cadenceRow(v, m.ID)
	if refused != nil {
		return Outcome{Err: refused}
	}
	current, text := v.Version(m.ID, row.Version), row.Draft
	if m.Version != 0 {
		older := v.Version(m.ID, m.Version)
		if older == nil {
			return Outcome{Err: refusal(CodeNotFound, "n", "there is no such version")}
		}
		text = older.Document
	}
	doc, problems := cadence.Parse(text)
	if doc != nil {
		problems = append(problems, cadence.Publishable(doc, c.known(v))...)
		problems = append(problems, c.lintErrors(v, doc)...)
	}
	if bad := errorsOnly(problems); len(bad) > 0 {
		return Outcome{Err: &Refusal{Code: CodeInvalid, Message: "the cadence cannot be published; see details", Details: bad}}
	}
	if current != nil && string(current.Document) == string(text) {
		return Outcome{Reply: row.Version}
	}
	n := row.Version + 1
	if _, err := newPlan(m.ID, n, text); err != nil {
		return Outcome{Err: refusal(CodeInvalid, "", err.Error())}
	}
	out := Outcome{Reply: n}
	if m.Version != 0 && current != nil && string(current.Document) == string(row.Draft) {
		if other, taken := c.names[doc.Name]; taken && other != m.ID {
			return Outcome{Err: refusal(CodeConflict, "name", "there is now another cadence named "+doc.Name)}
		}
		out.fact(&event.CadenceDrafted{ID: m.ID, Name: doc.Name, Document: text, At: now})
	}
	out.fact(&event.CadencePublished{ID: m.ID, Version: n, Document: text, At: now})
	return out
}

func (c *Core) lintErrors(v *state.View, doc *cadence.Document) []cadence.Problem {
	return cadence.Lint(doc, c.known(v), func(name string) (*cadence.Document, bool) {
		row := v.Cadence(c.names[name])
		if row == nil {
			return nil, false
		}
		d, _ := cadence.Parse(row.Draft)
		return d, d != nil
	})
}

func errorsOnly(all []cadence.Problem) []cadence.Problem {
	var bad []cadence.Problem
	for _, p := range all {
		if p.Severity == cadence.SeverityError {
			bad = append(bad, p)
		}
	}
	return bad
}

func (c *Core) cadenceRow(v *state.View, id cadence.ID) (*state.Cadence, error) {
	row := v.Cadence(id)
	if row == nil {
		return nil, refusal(CodeNotFound, "id", "there is no such cadence")
	}
	if row.Status == event.Archived {
		return nil, refusal(CodeConflict, "status", "the cadence is archived")
	}
	return row, nil
}

// switchCadence activates, deactivates or archives. Leaving active cancels
// what is queued or ringing, in the same turn: after its answer no intent of
// the cadence is written.
func (c *Core) switchCadence(now int64, v *state.View, m *SwitchCadence) Outcome {
	row := v.Cadence(m.ID)
	switch {
	case row == nil:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such cadence")}
	case m.Unarchive:
		return c.unarchive(now, v, row)
	case row.Status == m.To:
		return Outcome{}
	case m.To == event.Active && row.Version == 0:
		return Outcome{Err: refusal(CodeConflict, "status", "publish the cadence before activating it")}
	case m.To == event.Active && row.Status == event.Archived:
		return Outcome{Err: refusal(CodeConflict, "status", "the cadence is archived; bring it back first, or duplicate it")}
	case m.To == event.Inactive && row.Status != event.Active:
		return Outcome{Err: refusal(CodeConflict, "status", "only an active cadence can be deactivated")}
	case m.To == event.Archived && v.Stats(m.ID).Active > 0:
		return Outcome{Err: refusal(CodeConflict, "status", "leads are still enrolled; un-enroll them first")}
	case m.To == event.Draft:
		return Outcome{Err: refusal(CodeInvalid, "status", "a cadence cannot go back to draft")}
	}
	return c.decreed(v, &event.CadenceSwitched{ID: m.ID, Status: m.To, At: now})
}

// unarchive brings a cadence back as one that does not dial.
func (c *Core) unarchive(now int64, v *state.View, row *state.Cadence) Outcome {
	if row.Status != event.Archived {
		return Outcome{}
	}
	to := event.Inactive
	if row.Version == 0 {
		to = event.Draft
	}
	return c.decreed(v, &event.CadenceSwitched{ID: row.ID, Status: to, At: now})
}

func (c *Core) halt(now int64, v *state.View, m *HaltCadence) Outcome {
	row, refused := c.cadenceRow(v, m.ID)
	if refused != nil {
		return Outcome{Err: refused}
	}
	if row.Halted == m.Halted {
		return Outcome{}
	}
	return c.decreed(v, &event.CadenceHalted{ID: m.ID, Halted: m.Halted, At: now})
}

func (c *Core) deleteCadence(now int64, v *state.View, m *DeleteCadence) Outcome {
	switch row := v.Cadence(m.ID); {
	case row == nil:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such cadence")}
	case v.Stats(m.ID).Enrolled > 0, c.rules.Homes.several() && row.Version > 0: // another shard may know somebody
		return Outcome{Err: refusal(CodeConflict, "id", "leads were enrolled; archive the cadence instead, its history stays")}
	case row.Status == event.Active:
		return Outcome{Err: refusal(CodeConflict, "status", "deactivate the cadence first")}
	}
	return Outcome{Facts: []event.Fact{&event.CadenceDeleted{ID: m.ID, At: now}}}
}
