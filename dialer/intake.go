package dialer

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What an import does with a row about a lead that exists.
const (
	OnDuplicateUpdate = "update"
	OnDuplicateSkip   = "skip"
	OnDuplicateReject = "reject"
)

func (c *Core) openImport(now int64, v *state.View, m *OpenImport) Outcome {
	if !m.Job.Cadence.IsZero() {
		row := v.Cadence(m.Job.Cadence)
		switch {
		case row == nil:
			return Outcome{Err: refusal(CodeNotFound, "cadence", "there is no such cadence")}
		case row.Version == 0:
			return Outcome{Err: refusal(CodeConflict, "cadence", "publish the cadence before enrolling leads in it")}
		case row.Status == event.Archived:
			return Outcome{Err: refusal(CodeConflict, "cadence", "the cadence is archived")}
		}
	}
	if m.weight() > maxJobBytes {
		return Outcome{Err: refusal(CodeInvalid, "mapping", "the import's name, source and mapping are longer than 128 KiB")}
	}
	job, list := m.Job, m.List
	job.At, list.At = now, now
	return Outcome{Facts: []event.Fact{&list, &job}}
}

func (m *OpenImport) weight() int {
	n := len(m.List.Name) + len(m.List.Source) + len(m.List.LeadType) + len(m.Job.Region) + len(m.Job.Format)
	for k, val := range m.Job.Mapping {
		n += len(k) + len(val)
	}
	return n
}

func (c *Core) endImport(now int64, v *state.View, m *EndImport) Outcome {
	i := v.Import(m.Import)
	if i == nil || i.State != "running" {
		return Outcome{}
	}
	end := "done"
	if m.Error != "" {
		end = "failed"
	}
	return Outcome{Facts: []event.Fact{&event.ImportEnded{ID: m.Import, State: end, Error: clip(m.Error), At: now}}}
}

// importRow applies one row. What it did and how far the file is read are one
// turn, so that a crash neither loses a row nor applies it twice. A row that
// has to travel is owed in that turn, and what it did is added when it is told.
func (c *Core) importRow(now int64, v *state.View, m *ImportRow) Outcome {
	imp := v.Import(m.Import)
	if imp == nil || imp.State != "running" || m.Line <= imp.Line {
		return Outcome{}
	}
	row := &intake{Import: m.Import, Line: m.Line, List: imp.Job.List, Cadence: imp.Job.Cadence, OnDuplicate: imp.Job.OnDuplicate, By: "row"}
	var out Outcome
	switch {
	case m.Reject != nil:
		c.refuseRow(now, &out, row, &misfit{clip(m.Reject.Column), m.Reject.Code, clip(m.Reject.Message)})
		return out
	case len(m.Lead.Numbers) == 0:
		c.refuseRow(now, &out, row, noNumber)
		return out
	case m.Consent != nil:
		if why := consentMisfit(m.Consent, now); why != nil {
			c.refuseRow(now, &out, row, why)
			return out
		}
	}
	row.Consent = m.Consent
	row.Lead = m.Lead
	row.Lead.ID = c.newLead(v, c.Token(m.Lead.Numbers[0].Number).Slot(), imp.Job.Digest, m.Line)
	if m.Lead.ExternalID == "" {
		row.Stage = atNumber
	}
	c.travel(now, v, &out, row)
	if c.rules.Homes.several() && !told(&out) {
		out.fact(&event.ImportAdvanced{ID: m.Import, Line: m.Line, At: now})
	}
	return out
}

var noNumber = &misfit{"", "no_number", "the row has no number"}

// told reports whether it is said already what became of a row.
func told(out *Outcome) bool {
	for _, f := range out.Facts {
		if _, ok := f.(*event.ImportAdvanced); ok {
			return true
		}
	}
	return false
}

// arrive applies a row at the home of the lead it is about: existing, or nil
// when it makes a new one.
func (c *Core) arrive(now int64, v *state.View, out *Outcome, m *intake, existing *state.Lead) {
	lead := m.Lead
	if existing != nil {
		lead = mergeLead(existing.Lead, lead)
	}
	did := &event.ImportAdvanced{ID: m.Import, Line: m.Line, Rows: 1, At: now}
	kept := existing == nil || m.OnDuplicate != OnDuplicateSkip && m.OnDuplicate != OnDuplicateReject
	bad := c.fits(v, &lead)
	if existing == nil && bad == nil && m.Shared {
		bad = tooShared(MaxLeadsOfNumber)
	}
	switch {
	case bad != nil && kept:
		c.refuseRow(now, out, m, bad)
		return
	case existing == nil:
		tokens := c.saveLead(now, v, out, &lead, m.List)
		c.agreed(out, m)
		did.Accepted = 1
		c.intakeEnroll(now, v, out, m.Cadence, &state.Lead{Lead: lead, Tokens: tokens, List: m.List}, did)
	case m.OnDuplicate == OnDuplicateReject:
		c.refuseRow(now, out, m, &misfit{m.By, "duplicate", "the lead exists already (same " + m.By + "); import with on_duplicate=update or skip"})
		return
	case m.OnDuplicate == OnDuplicateSkip:
		did.Skipped = 1
	default:
		did.Updated = 1
		if existing.List == m.List {
			did.Repeated = 1
		}
		list, stays, heard := existing.List, existing.Stays, existing.Heard
		tokens := c.saveLead(now, v, out, &lead, list)
		c.agreed(out, m)
		c.refresh(now, v, out, existing, &lead, tokens)
		c.intakeEnroll(now, v, out, m.Cadence, &state.Lead{Lead: lead, Tokens: tokens, List: list, Stays: stays, Heard: heard}, did)
	}
	c.tellOffice(out, did, nil)
}

// agreed enters a row's consent for each of its numbers. It goes ahead of any
// ask for them, on the same way.
func (c *Core) agreed(out *Outcome, m *intake) {
	if m.Consent == nil {
		return
	}
	for _, n := range m.Lead.Numbers {
		out.send(&giveConsent{Token: c.Token(n.Number), Record: *m.Consent, By: byImport})
	}
}

// consentMisfit is why a row's consent cannot be recorded, nil when it can.
func consentMisfit(r *cadence.ConsentRecord, now int64) *misfit {
	bad := CheckConsent(r, now)
	if bad == nil {
		return nil
	}
	return &misfit{consentColumn(bad.Field), "consent." + bad.Field, bad.Message}
}

// consentColumn is the column of a file that a field of a consent comes from.
func consentColumn(field string) string {
	if field == "given_at" {
		return "consent_at"
	}
	return "consent_" + field
}

// refuseRow reports a row that is not taken. What was claimed for it in this
// turn is not.
func (c *Core) refuseRow(now int64, out *Outcome, m *intake, why *misfit) {
	c.tellOffice(out,
		&event.ImportAdvanced{ID: m.Import, Line: m.Line, Rows: 1, Rejected: 1, At: now},
		&event.RowRejected{Import: m.Import, Line: m.Line, Column: why.column, Code: why.code, Message: why.message})
}

// tellOffice reports what became of a row to where its import is kept.
func (c *Core) tellOffice(out *Outcome, did *event.ImportAdvanced, why *event.RowRejected) {
	if !c.rules.Homes.here(did.ID.Slot()) {
		out.send(&imported{Did: *did, Why: why})
		return
	}
	if why != nil {
		out.fact(why)
	}
	out.fact(did)
}

// imported takes the report about a row that travelled.
func (c *Core) imported(v *state.View, m *imported) Outcome {
	var out Outcome
	if v.Import(m.Did.ID) != nil {
		c.tellOffice(&out, &m.Did, m.Why)
	}
	return out
}

func (c *Core) intakeEnroll(now int64, v *state.View, out *Outcome, into cadence.ID, l *state.Lead, did *event.ImportAdvanced) {
	if into.IsZero() {
		return
	}
	if r := c.enter(now, v, out, l, &Enroll{Lead: l.Lead.ID, Cadence: into}); r.Skipped == "" {
		did.Enrolled = 1
	}
}

// mergeLead lays a row over a lead: what the row says wins, what it leaves
// empty stays. New numbers are added behind the old ones.
func mergeLead(old, row cadence.Lead) cadence.Lead {
	over := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	over(&old.ExternalID, row.ExternalID)
	over(&old.Name, row.Name)
	over(&old.FirstName, row.FirstName)
	over(&old.LastName, row.LastName)
	over(&old.Email, row.Email)
	over(&old.Status, row.Status)
	over(&old.Owner, row.Owner)
	over(&old.Zone, row.Zone)
	over(&old.PostalCode, row.PostalCode)
	over(&old.State, row.State)
	over(&old.Country, row.Country)
	for _, n := range row.Numbers {
		known := slices.ContainsFunc(old.Numbers, func(o cadence.LeadNumber) bool { return o.Number == n.Number })
		if !known && len(old.Numbers) < cadence.MaxLeadNumbers {
			old.Numbers = append(slices.Clip(old.Numbers), n)
		}
	}
	if len(row.Fields) > 0 {
		fields := maps.Clone(row.Fields)
		for k, val := range old.Fields {
			if _, ok := fields[k]; !ok {
				fields[k] = val
			}
		}
		old.Fields = fields
	}
	return old
}

// newLead is the id of a row's lead. One that was erased does not come back
// under its id: its stays are still there, and say whose they were.
func (c *Core) newLead(v *state.View, slot uint16, digest []byte, line int64) cadence.ID {
	id := rowID(slot, digest, line)
	for c.rules.Homes.here(slot) && v.Erased(id) != nil {
		id = rowID(slot, id[:], line)
	}
	return id
}

// rowID makes a lead's id from the row's identity: the file's digest and the
// line. Reading the same row again gives the same lead.
func rowID(slot uint16, digest []byte, line int64) cadence.ID {
	h := sha256.New()
	h.Write(digest)
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(line))
	h.Write(b[:])
	var rest [14]byte
	copy(rest[:], h.Sum(nil))
	return cadence.NewID(slot, rest)
}

// externalKey is the claim of an external id: its slot is the first 12 bits
// of its SHA-256.
func externalKey(ext string) cadence.ID {
	h := sha256.Sum256([]byte(ext))
	var rest [14]byte
	copy(rest[:], h[:14])
	return cadence.NewID(uint16(h[0])<<4|uint16(h[1])>>4, rest)
}
