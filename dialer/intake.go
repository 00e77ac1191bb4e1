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
// turn, so that a crash neither loses a row nor applies it twice.
func (c *Core) importRow(now int64, v *state.View, m *ImportRow) Outcome {
	imp := v.Import(m.Import)
	line := m.Line
	if imp == nil || imp.State != "running" || line <= imp.Line {
		return Outcome{}
	}
	var out Outcome
	did := &event.ImportAdvanced{ID: m.Import, Line: line, Rows: 1, At: now}
	reject := func(column, code, message string) Outcome {
		did.Rejected = 1
		out.fact(&event.RowRejected{Import: m.Import, Line: line, Column: column, Code: code, Message: message}, did)
		return out
	}
	if r := m.Reject; r != nil {
		return reject(clip(r.Column), r.Code, clip(r.Message))
	}
	lead := m.Lead
	if len(lead.Numbers) == 0 {
		return reject("", "no_number", "the row has no number")
	}
	lead.ID = rowID(c.Token(lead.Numbers[0].Number).Slot(), imp.Job.Digest, line)
	existing, by := c.existing(v, &lead)
	if existing != nil {
		lead = mergeLead(existing.Lead, lead)
	}
	kept := existing == nil || imp.Job.OnDuplicate != OnDuplicateSkip && imp.Job.OnDuplicate != OnDuplicateReject
	if bad := c.fits(v, &lead); bad != nil && kept {
		return reject(bad.column, bad.code, bad.message)
	}
	switch {
	case existing == nil:
		c.intakeNew(now, v, &out, imp, &lead, did)
	case imp.Job.OnDuplicate == OnDuplicateReject:
		return reject(by, "duplicate", "the lead exists already (same "+by+"); import with on_duplicate=update or skip")
	case imp.Job.OnDuplicate == OnDuplicateSkip:
		did.Skipped = 1
	default:
		did.Updated = 1
		tokens := c.saveLead(now, v, &out, &lead, existing.List)
		c.refresh(now, v, &out, existing, &lead, tokens)
		c.intakeEnroll(now, v, &out, imp, &state.Lead{Lead: lead, Tokens: tokens, List: existing.List, Stays: existing.Stays}, did)
	}
	out.fact(did)
	return out
}

func (c *Core) intakeNew(now int64, v *state.View, out *Outcome, imp *state.Import, lead *cadence.Lead, did *event.ImportAdvanced) {
	tokens := c.saveLead(now, v, out, lead, imp.Job.List)
	did.Accepted = 1
	c.intakeEnroll(now, v, out, imp, &state.Lead{Lead: *lead, Tokens: tokens, List: imp.Job.List}, did)
}

func (c *Core) intakeEnroll(now int64, v *state.View, out *Outcome, imp *state.Import, l *state.Lead, did *event.ImportAdvanced) {
	if imp.Job.Cadence.IsZero() {
		return
	}
	if r := c.enter(now, v, out, l, &Enroll{Lead: l.Lead.ID, Cadence: imp.Job.Cadence}); r.Skipped == "" {
		did.Enrolled = 1
	}
}

// existing finds the lead a row is about: by external id, else by any of the
// numbers it has now, else the one this very row made before.
func (c *Core) existing(v *state.View, lead *cadence.Lead) (*state.Lead, string) {
	if lead.ExternalID != "" {
		if id := v.External(externalKey(lead.ExternalID)); !id.IsZero() {
			if l := v.Lead(id); l != nil {
				return l, "external_id"
			}
		}
	}
	for _, n := range lead.Numbers {
		token := c.Token(n.Number)
		row := v.Number(token)
		if row == nil {
			continue
		}
		for _, id := range row.Leads {
			l := v.Lead(id)
			if l != nil && slices.Contains(l.Tokens, token) && (lead.ExternalID == "" || l.Lead.ExternalID == "" || l.Lead.ExternalID == lead.ExternalID) {
				return l, "number"
			}
		}
	}
	if l := v.Lead(lead.ID); l != nil {
		return l, "row"
	}
	return nil, ""
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
