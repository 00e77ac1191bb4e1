package dialer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Bounds of what is kept. A ledger refuses rows and commits beyond its limits,
// and a refused commit ends the process: nothing that comes in may get there.
const (
	// MaxLeadBytes is how much text one lead holds.
	MaxLeadBytes = 64 << 10
	// MaxLeadsOfNumber is how many leads may share one number.
	MaxLeadsOfNumber = 100
	// maxDocumentBytes is the largest cadence, in its canonical form.
	maxDocumentBytes = 512 << 10
	// maxNoteBytes is the note and variables of one disposition.
	maxNoteBytes = 16 << 10
	// maxRevisions is how often one attempt's disposition is changed.
	maxRevisions = 100
	// maxAnswerBytes is the largest kept answer to a request.
	maxAnswerBytes = 900 << 10
	// maxJobBytes is the largest description of an import.
	maxJobBytes = 128 << 10
	// maxWords is the longest reason, name of a signal, or message that is
	// kept.
	maxWords = 500
)

// clip keeps the beginning of a text that somebody else wrote.
func clip(s string) string {
	if len(s) <= maxWords {
		return s
	}
	return strings.ToValidUTF8(s[:maxWords], "") + "…"
}

// misfit is why a lead cannot be kept.
type misfit struct{ column, code, message string }

// fits checks a lead against the bounds; nil when it fits.
func (c *Core) fits(v *state.View, lead *cadence.Lead) *misfit {
	if bad := bounded(lead); bad != nil {
		return bad
	}
	for _, n := range lead.Numbers {
		t := c.Token(n.Number)
		if !c.rules.Homes.here(t.Slot()) {
			continue // its home sees to it
		}
		row := v.Number(t)
		if row != nil && len(row.Leads) >= MaxLeadsOfNumber && !slices.Contains(row.Leads, lead.ID) {
			return tooShared(len(row.Leads))
		}
	}
	return nil
}

func tooShared(n int) *misfit {
	return &misfit{"number", "number_shared", fmt.Sprintf("%d other leads have the same number", n)}
}

// bounded checks what can be told from the lead alone.
func bounded(lead *cadence.Lead) *misfit {
	switch {
	case len(lead.Numbers) > cadence.MaxLeadNumbers:
		return &misfit{"numbers", "too_many_numbers", fmt.Sprintf("a lead has at most %d numbers", cadence.MaxLeadNumbers)}
	case len(lead.Fields) > cadence.MaxLeadFields:
		return &misfit{"fields", "too_many_fields", fmt.Sprintf("a lead has at most %d extra fields", cadence.MaxLeadFields)}
	case state.WeighLead(lead) > MaxLeadBytes:
		return &misfit{"fields", "lead_too_large", fmt.Sprintf("a lead holds at most %d KiB of text", MaxLeadBytes>>10)}
	}
	return nil
}
