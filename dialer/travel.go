package dialer

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Where a row of an import is on its way.
const (
	atExternal   uint8 = iota // where its external id is at home
	atSameID                  // at the lead that has claimed that external id
	atNumber                  // where its next number is at home
	atSameNumber              // at a lead that has claimed that number
	atLead                    // at home
)

// intake is a row of an import on its way to the lead it is about: from the
// home of its external id to the homes of its numbers, asking at the leads
// that have claimed them, and last to the lead's own. Lead.ID is chosen
// beforehand; it is given up for an existing lead, or for one that another row
// is about to create under the same external id or number.
type intake struct {
	Import      cadence.ID   `cbor:"1,keyasint"`
	Line        int64        `cbor:"2,keyasint"`
	List        cadence.ID   `cbor:"3,keyasint,omitzero"`
	Cadence     cadence.ID   `cbor:"4,keyasint,omitzero"`
	OnDuplicate string       `cbor:"5,keyasint,omitempty"`
	Lead        cadence.Lead `cbor:"6,keyasint"`
	Stage       uint8        `cbor:"7,keyasint,omitempty"`
	Number      int          `cbor:"8,keyasint,omitempty"`  // which number is asked about
	Token       event.Token  `cbor:"9,keyasint,omitzero"`   // of that number
	Leads       []cadence.ID `cbor:"10,keyasint,omitempty"` // that have claimed it and were not asked yet
	By          string       `cbor:"11,keyasint,omitempty"` // what an existing lead is known by
	Shared      bool         `cbor:"12,keyasint,omitempty"` // a number has as many leads as it may

	Consent *cadence.ConsentRecord `cbor:"13,keyasint,omitempty"`
}

// imported tells the office what became of a row.
type imported struct {
	Did event.ImportAdvanced `cbor:"1,keyasint"`
	Why *event.RowRejected   `cbor:"2,keyasint,omitempty"`
}

func (*intake) message()   {}
func (*imported) message() {}

func (*intake) kind() uint8   { return 12 }
func (*imported) kind() uint8 { return 13 }

func (m *intake) to(h Homes) uint16   { return h.Of(m.slot()) }
func (m *imported) to(h Homes) uint16 { return h.Of(m.Did.ID.Slot()) }

func (m *intake) slot() uint16 {
	switch m.Stage {
	case atExternal:
		return externalKey(m.Lead.ExternalID).Slot()
	case atNumber:
		return m.Token.Slot()
	case atSameID, atSameNumber:
		return m.Leads[0].Slot()
	}
	return m.Lead.ID.Slot()
}

// travel takes a row as far as it can go at this shard, and sends it on. It
// claims what it passes when it leaves: the next row with the same external id
// or number then asks for the same lead.
func (c *Core) travel(now int64, v *state.View, out *Outcome, m *intake) {
	if m.Stage == atNumber && m.Token == (event.Token{}) {
		m.Token = c.Token(m.Lead.Numbers[0].Number)
	}
	var claims []event.Fact
	for {
		if !c.rules.Homes.here(m.slot()) {
			if bad := bounded(&m.Lead); bad != nil {
				c.refuseRow(now, out, m, bad)
				return
			}
			out.fact(claims...)
			out.send(m)
			return
		}
		switch m.Stage {
		case atExternal:
			claims = c.passExternal(v, m, claims)
		case atSameID:
			if l := v.Lead(m.Leads[0]); l != nil {
				m.By = "external_id"
				c.arrive(now, v, out, m, l)
				return
			}
			m.Lead.ID, m.By = m.Leads[0], "external_id"
			c.nextNumber(m, 0)
		case atNumber:
			claims = c.passNumber(v, m, claims)
		case atSameNumber:
			if l := v.Lead(m.Leads[0]); l != nil && m.isAbout(l) {
				m.By = "number"
				c.arrive(now, v, out, m, l)
				return
			} else if l == nil && m.Lead.ExternalID == "" && m.By == "row" {
				m.Lead.ID, m.By = m.Leads[0], "number"
			}
			if m.Leads = m.Leads[1:]; len(m.Leads) == 0 {
				c.nextNumber(m, m.Number+1)
			}
		default:
			c.arrive(now, v, out, m, v.Lead(m.Lead.ID))
			return
		}
	}
}

func (c *Core) passExternal(v *state.View, m *intake, claims []event.Fact) []event.Fact {
	key := externalKey(m.Lead.ExternalID)
	switch by := v.External(key); by {
	case m.Lead.ID:
	case cadence.ID{}:
		claims = append(claims, &event.ExternalClaimed{Key: key, Lead: m.Lead.ID})
	default:
		m.Stage, m.Leads = atSameID, []cadence.ID{by}
		return claims
	}
	c.nextNumber(m, 0)
	return claims
}

func (c *Core) passNumber(v *state.View, m *intake, claims []event.Fact) []event.Fact {
	row := v.Number(m.Token)
	if row != nil && len(row.Leads) > 0 {
		m.Shared = m.Shared || len(row.Leads) >= MaxLeadsOfNumber && !slices.Contains(row.Leads, m.Lead.ID)
		m.Leads = slices.DeleteFunc(slices.Clone(row.Leads), func(id cadence.ID) bool { return id == m.Lead.ID })
		if len(m.Leads) > 0 {
			m.Stage = atSameNumber
			return claims
		}
	} else {
		n := m.Lead.Numbers[m.Number].Number
		claims = append(claims, &event.NumberClaimed{Token: m.Token, Number: n, Lead: m.Lead.ID, Region: window.Region(string(n))})
	}
	c.nextNumber(m, m.Number+1)
	return claims
}

func (c *Core) nextNumber(m *intake, i int) {
	m.Stage, m.Number, m.Leads = atNumber, i, nil
	if i >= len(m.Lead.Numbers) {
		m.Stage, m.Number, m.Token = atLead, 0, event.Token{}
		return
	}
	m.Token = c.Token(m.Lead.Numbers[i].Number)
}

// isAbout reports whether a lead that has claimed the row's number is the
// row's: it still has the number, and no other external id.
func (m *intake) isAbout(l *state.Lead) bool {
	return slices.Contains(l.Tokens, m.Token) &&
		(m.Lead.ExternalID == "" || l.Lead.ExternalID == "" || l.Lead.ExternalID == m.Lead.ExternalID)
}
