package dialer

import (
	"maps"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Enrollments refused, as reasons of "skipped".
const (
	skipNoLead      = "no_such_lead"
	skipEnrolled    = "already_enrolled"
	skipReEntry     = "re_entry"
	skipNoNumber    = "no_number"
	skipNoStep      = "no_such_step"
	skipUnpublished = "not_published"
	skipArchived    = "archived"
)

// leftBlocked is how a stay ends that a rule stands in the way of.
const leftBlocked = "blocked"

// EnrollResult is the reply to an Enroll: the enrollment, or why there is none.
type EnrollResult struct {
	Enrollment cadence.ID
	Skipped    string
}

// enroll puts a lead into a cadence.
func (c *Core) enroll(now int64, v *state.View, m *Enroll) Outcome {
	var out Outcome
	l := v.Lead(m.Lead)
	if m.Due > now+ms(cadence.MaxSpan) && !m.Trusted {
		out.Err = refusal(CodeInvalid, "due", "the time is more than five years ahead")
		return out
	}
	if l == nil {
		out.Reply = EnrollResult{Skipped: skipNoLead}
		return out
	}
	out.Reply = c.enter(now, v, &out, l, m)
	return out
}

// enter writes the facts of an enrollment, or says why there is none.
func (c *Core) enter(now int64, v *state.View, out *Outcome, l *state.Lead, m *Enroll) EnrollResult {
	row := v.Cadence(m.Cadence)
	switch {
	case row == nil || row.Version == 0:
		return EnrollResult{Skipped: skipUnpublished}
	case row.Status == event.Archived:
		return EnrollResult{Skipped: skipArchived}
	case len(l.Tokens) == 0:
		return EnrollResult{Skipped: skipNoNumber}
	}
	p := c.plan(v, m.Cadence, row.Version)
	step := 0
	if m.StartStep != "" {
		if step = p.Doc.StepIndex(m.StartStep); step < 0 {
			return EnrollResult{Skipped: skipNoStep}
		}
	}
	if why := mayEnter(now, v, p, l, m); why != "" {
		return EnrollResult{Skipped: why}
	}
	// Of the list, too: an import that was undone and comes again makes the same
	// leads, and a number's home remembers what the former stay asked it.
	id := derive(m.Lead.Slot(), "enrollment", uint64(len(l.Stays)), m.Lead, m.Cadence, l.List)
	e := &state.Enrollment{
		Lead: m.Lead, Cadence: m.Cadence, Version: row.Version, List: l.List, Numbers: l.Tokens, ZoneSets: zoneTexts(&l.Lead),
		Run: 1, RunStarted: now,
	}
	out.fact(&event.Enrolled{
		ID: id, Lead: m.Lead, Cadence: m.Cadence, Version: row.Version, List: l.List, Campaign: p.Doc.CampaignName(),
		Numbers: e.Numbers, ZoneSets: e.ZoneSets, State: l.Lead.State, Country: l.Lead.Country, At: now, Several: calledBeyond(v, l, e.Numbers),
		Alone: len(l.Stays) == 0, Beside: aloneUntilNow(v, l),
	})
	move := routing.Start(p.Doc, step, routing.Numbers{Count: len(l.Tokens)}, atMs(max(now, m.Due)))
	f := c.armed(now, v, out, p, id, e, event.Fresh, ceilMs(move.Due))
	f.Step, f.StepKey, f.Run, f.RunStarted = move.StepIndex, p.Doc.Steps[move.StepIndex].Key, 1, now
	f.NumberIdx, f.Why = move.NumberIndex, "enrolled"
	c.place(v, p, e, f)
	out.fact(f)
	return EnrollResult{Enrollment: id}
}

// aloneUntilNow is the stay that knows itself to be the lead's only one, zero
// when there is none.
func aloneUntilNow(v *state.View, l *state.Lead) cadence.ID {
	if len(l.Stays) == 1 {
		if e := v.Enrollment(l.Stays[0].Enrollment); e != nil && e.Alone {
			return l.Stays[0].Enrollment
		}
	}
	return cadence.ID{}
}

// mayEnter applies the re-entry rule to the lead's former stays. One in which
// a rule stood in the way before any call does not count: what was missing may
// be there now.
func mayEnter(now int64, v *state.View, p *Plan, l *state.Lead, m *Enroll) string {
	for i := range l.Stays {
		s := &l.Stays[i]
		if s.Cadence != m.Cadence {
			continue
		}
		if s.LeftAt == 0 {
			return skipEnrolled
		}
		if !m.Trusted && !routing.ReEntryAllowed(p.Doc.ReEntry, atMs(s.LeftAt), atMs(now)) {
			if e := v.Enrollment(s.Enrollment); e != nil && e.Left == leftBlocked && e.Attempts == 0 {
				continue
			}
			return skipReEntry
		}
	}
	return ""
}

func zoneTexts(l *cadence.Lead) []string {
	out := make([]string, len(l.Numbers))
	for i, n := range l.Numbers {
		out[i] = zoneText(l, n.Number)
	}
	return out
}

// leave ends one enrollment.
func (c *Core) leave(now int64, v *state.View, m *Leave) Outcome {
	e := v.Enrollment(m.Enrollment)
	if e == nil {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such enrollment")}
	}
	var out Outcome
	if e.LeftAt == 0 {
		c.quit(now, &out, m.Enrollment, e, m.Status, clip(m.Reason))
	}
	return out
}

// signal keeps a signal and ends the stays it is an exit for.
func (c *Core) signal(now int64, v *state.View, m *Signal) Outcome {
	l := v.Lead(m.Lead)
	if l == nil {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such lead")}
	}
	if len(m.Name) > maxWords {
		return Outcome{Err: refusal(CodeInvalid, "signal", "the name of the signal is too long")}
	}
	at := m.At
	if at == 0 {
		at = now
	}
	out := Outcome{Facts: []event.Fact{&event.SignalNoted{Lead: m.Lead, Signal: m.Name, At: at}}}
	left := 0
	c.eachStay(v, l, func(id cadence.ID, e *state.Enrollment, p *Plan) {
		if p.Signals[m.Name] {
			c.quit(now, &out, id, e, string(routing.FinalExited), "signal: "+m.Name)
			left++
		}
	})
	out.Reply = left
	return out
}

func (c *Core) eachStay(v *state.View, l *state.Lead, fn func(cadence.ID, *state.Enrollment, *Plan)) {
	for i := range l.Stays {
		if l.Stays[i].LeftAt != 0 {
			continue
		}
		if e := v.Enrollment(l.Stays[i].Enrollment); e != nil && e.LeftAt == 0 {
			fn(l.Stays[i].Enrollment, e, c.plan(v, e.Cadence, e.Version))
		}
	}
}

// patch changes a lead, refreshes what its stays copy from it, and evaluates
// exit_when in the same turn.
func (c *Core) patch(now int64, v *state.View, m *PatchLead) Outcome {
	l := v.Lead(m.Lead)
	if l == nil {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such lead")}
	}
	lead := m.Patch.apply(l.Lead)
	if bad := c.fits(v, &lead); bad != nil {
		return Outcome{Err: refusal(CodeInvalid, bad.column, bad.message)}
	}
	var out Outcome
	tokens := c.saveLead(now, v, &out, &lead, l.List)
	c.refresh(now, v, &out, l, &lead, tokens)
	return out
}

// refresh copies a changed lead into its stays and ends those whose exit_when
// holds now.
func (c *Core) refresh(now int64, v *state.View, out *Outcome, l *state.Lead, lead *cadence.Lead, tokens []event.Token) {
	zones := zoneTexts(lead)
	c.eachStay(v, l, func(id cadence.ID, e *state.Enrollment, p *Plan) {
		if why, exits := c.exits(now, p, e, &state.Lead{Lead: *lead}); exits {
			c.quit(now, out, id, e, string(routing.FinalExited), why)
			return
		}
		if slices.Equal(tokens, e.Numbers) && slices.Equal(zones, e.ZoneSets) && lead.State == e.State && lead.Country == e.Country {
			return
		}
		f := migrated(id, e, lead, tokens, zones)
		if f == nil {
			c.quit(now, out, id, e, string(routing.FinalUnreachable), noNumberLeft)
			return
		}
		out.fact(f)
		if e.Touch.State == state.Dialing { // was judged for where they were, or by a number they no longer have
			out.send(&withdraw{Attempt: e.Touch.Attempt, Reason: reasonLeadChanged, Unsent: true})
		}
	})
}

// noNumberLeft is why a stay ends whose lead cannot be called any more.
const noNumberLeft = "the lead has no number any more"

// reasonLeadChanged is why an order is taken back that has not left.
const reasonLeadChanged = "lead_changed"

// migrated follows a changed lead in an open stay; nil when no number is left
// to call. A call that has left keeps the number it was made for: when the lead
// has it no more it stands behind the others, retired.
func migrated(id cadence.ID, e *state.Enrollment, lead *cadence.Lead, tokens []event.Token, zones []string) *event.LeadMigrated {
	f := &event.LeadMigrated{ID: id, Numbers: tokens, ZoneSets: zones, State: lead.State, Country: lead.Country}
	f.Several = slices.ContainsFunc(e.Numbers, func(t event.Token) bool { return !slices.Contains(tokens, t) })
	for i, t := range tokens {
		if was := slices.Index(e.Numbers, t); was >= 0 && e.Retired>>was&1 == 1 {
			f.Retired |= 1 << i
		}
	}
	if len(tokens) == 0 {
		return nil
	}
	at := e.Touch.NumberIdx
	f.NumberIdx = slices.Index(tokens, e.Numbers[at])
	switch {
	case f.NumberIdx >= 0:
		return f
	case e.Touch.State == state.Waiting:
		f.NumberIdx = routing.Numbers{Count: len(tokens), Retired: f.Retired}.First()
	default:
		f.NumberIdx = len(tokens)
		f.Numbers, f.ZoneSets = append(slices.Clip(tokens), e.Numbers[at]), append(slices.Clip(zones), e.ZoneSets[at])
		f.Retired |= 1 << f.NumberIdx
	}
	if f.NumberIdx < 0 {
		return nil
	}
	return f
}

// saveLead writes a lead and claims its numbers and external id.
func (c *Core) saveLead(now int64, v *state.View, out *Outcome, lead *cadence.Lead, list cadence.ID) []event.Token {
	tokens := make([]event.Token, len(lead.Numbers))
	for i, n := range lead.Numbers {
		tokens[i] = c.Token(n.Number)
		c.bindNumber(v, out, &claimNumber{Token: tokens[i], Number: n.Number, Lead: lead.ID})
	}
	if lead.ExternalID != "" {
		c.bindExternal(v, out, &claimExternal{Key: externalKey(lead.ExternalID), Lead: lead.ID})
	}
	out.fact(&event.LeadSaved{Lead: *lead, Tokens: tokens, List: list, At: now})
	return tokens
}

func (p *LeadPatch) apply(l cadence.Lead) cadence.Lead {
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	set(&l.Name, p.Name)
	set(&l.FirstName, p.FirstName)
	set(&l.LastName, p.LastName)
	set(&l.Email, p.Email)
	set(&l.Status, p.Status)
	set(&l.Owner, p.Owner)
	set(&l.Zone, p.Zone)
	set(&l.PostalCode, p.PostalCode)
	set(&l.State, p.State)
	set(&l.Country, p.Country)
	if p.Numbers != nil {
		l.Numbers = p.Numbers
	}
	if len(p.Fields) > 0 {
		l.Fields = maps.Clone(l.Fields)
		if l.Fields == nil {
			l.Fields = map[string]string{}
		}
		for k, val := range p.Fields {
			if val == "" {
				delete(l.Fields, k)
			} else {
				l.Fields[k] = val
			}
		}
	}
	return l
}
