package pack

import (
	"slices"
	"strings"
	"time"
)

// evidence is what may waive a rule or satisfy a consent rule. The order is
// that of the bits of Held and never changes.
var evidence = []string{
	consentExpress, consentWritten, "consent.prior", "consent.time_specific", "ebr.18m_purchase", "ebr.3m_inquiry",
	"ebr.12m", "contract.running",
}

const (
	consentPrefix  = "consent."
	consentExpress = "consent.express"
	consentWritten = "consent.express_written"
)

// months is how long a business relationship lasts from its last purchase or
// inquiry (16 CFR 310.2(q); 47 CFR 64.1200(f)(5); Pa. 73 P.S. 2242 for 12
// months). A consent ends only when it is taken back.
var months = map[string]int{"ebr.18m_purchase": 18, "ebr.3m_inquiry": 3, "ebr.12m": 12}

// RecordKinds are the kinds of records that may be kept of a person: the names
// of the evidence, without "consent." where it begins so.
func RecordKinds() []string {
	kinds := make([]string, len(evidence))
	for i, name := range evidence {
		kinds[i] = strings.TrimPrefix(name, consentPrefix)
	}
	return kinds
}

// EvidenceOf is the name that rules give to a kind of record, false for no
// kind.
func EvidenceOf(kind string) (string, bool) {
	if slices.Contains(evidence, kind) && !strings.HasPrefix(kind, consentPrefix) {
		return kind, true
	}
	name := consentPrefix + kind
	return name, slices.Contains(evidence, name)
}

// Lapses is the instant from which what was given at an instant counts no
// more, false when it counts until it is taken back. Months are those of the
// calendar, in UTC; where the last one is too short, its last day ends it.
func Lapses(name string, given time.Time) (time.Time, bool) {
	n, ok := months[name]
	if !ok {
		return time.Time{}, false
	}
	given = given.UTC()
	end := given.AddDate(0, n, 0)
	if end.Day() != given.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}
	return end, true
}

// Held is a set of evidence.
type Held uint16

// Add adds an evidence by its name.
func (h *Held) Add(name string) {
	if i := slices.Index(evidence, name); i >= 0 {
		*h |= 1 << i
	}
}

// Names are the evidence in the set; nil for none.
func (h Held) Names() (names []string) {
	for i, name := range evidence {
		if h>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}
