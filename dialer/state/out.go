package state

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// RuleNo is the rule under which leads count who said no: the house's own
// do-not-call list.
const RuleNo = "dnc.internal"

// OutBy is the rule that put a lead out of a cadence, by how the stay ended and
// why; "" when none did.
func OutBy(status, reason string) string {
	switch status {
	case "blocked":
		return BlockedBy(reason)
	case "dnc":
		return RuleNo
	}
	return ""
}

// OutBy is the rule that ended the stay, "" when none did.
func (e *Enrollment) OutBy() string { return OutBy(e.Left, e.Reason) }

// putOut counts n more leads that a rule has put out of a cadence, by the name
// of the rule.
func (s *Stats) putOut(rule string, n int64) {
	i, found := slices.BinarySearchFunc(s.Out, rule, func(c RuleCount, rule string) int { return cmp.Compare(c.Rule, rule) })
	s.Out = slices.Clone(s.Out)
	if !found {
		s.Out = slices.Insert(s.Out, i, RuleCount{Rule: rule})
	}
	if s.Out[i].N += n; s.Out[i].N == 0 {
		s.Out = slices.Delete(s.Out, i, i+1)
	}
}

// lastStay is a lead's last stay in a cadence: a lead counts as put out by how
// that one ended.
func (l *Lead) lastStay(in cadence.ID) (id cadence.ID) {
	for i := range l.Stays {
		if l.Stays[i].Cadence == in {
			id = l.Stays[i].Enrollment
		}
	}
	return id
}

// notOut no longer counts a lead as put out of a cadence: it is there again, or
// is no more.
func (v *View) notOut(l *Lead, of cadence.ID) {
	last := l.lastStay(of)
	if last.IsZero() {
		return
	}
	e := v.enrollments.get(last)
	if e == nil || e.OutBy() == "" {
		return
	}
	s := v.stats.edit(of)
	s.putOut(e.OutBy(), -1)
	v.stats.put(of, s)
}

// gone no longer counts a lead anywhere as put out.
func (v *View) gone(l *Lead) {
	for i := range l.Stays {
		if s := &l.Stays[i]; l.lastStay(s.Cadence) == s.Enrollment {
			v.notOut(l, s.Cadence)
		}
	}
}

// NoteFormer are the rows that tell leads of earlier releases which numbers they
// had before, by the rows of at most n numbers above after. last is the last
// number looked at, zero when there are no more.
func NoteFormer(r ledger.Reader, after cadence.ID, n int) (writes []ledger.Write, last cadence.ID, err error) {
	rows, looked, more := Rows{r}, 0, false
	changed := map[cadence.ID]*Lead{}
	var failed error
	err = eachRow(r, tabNumber, behind(tabNumber, after), func(k []byte, number *Number) bool {
		if more = looked == n; more {
			return false
		}
		looked, last = looked+1, cadence.ID(k[1:])
		for _, id := range number.Leads {
			l := changed[id]
			if l == nil {
				if l, failed = rows.Lead(id); failed != nil {
					return false
				}
			}
			t := event.TokenOfID(last)
			if l == nil || slices.Contains(l.Tokens, t) || slices.Contains(l.Former, t) {
				continue
			}
			l.Former = append(l.Former, t)
			slices.SortFunc(l.Former, func(a, b event.Token) int { return bytes.Compare(a[:], b[:]) })
			changed[id] = l
		}
		return true
	})
	if !more {
		last = cadence.ID{}
	}
	for id, l := range changed {
		writes = append(writes, ledger.Write{Key: idKey(tabLead, id), Value: Encode(l)})
	}
	slices.SortFunc(writes, func(a, b ledger.Write) int { return bytes.Compare(a.Key, b.Key) })
	return writes, last, cmp.Or(err, failed)
}

// CountOut are the rows that count whom rules had put out of cadences in earlier
// releases, by at most n enrollments above after. last is the last one looked
// at, zero when there are no more.
func CountOut(r ledger.Reader, after cadence.ID, n int) (writes []ledger.Write, last cadence.ID, err error) {
	rows, looked, more := Rows{r}, 0, false
	changed := map[cadence.ID]*Stats{}
	var failed error
	err = rows.Enrollments(after, func(id cadence.ID, e *Enrollment) bool {
		if more = looked == n; more {
			return false
		}
		looked, last = looked+1, id
		if e.OutBy() == "" {
			return true
		}
		var l *Lead
		if l, failed = rows.Lead(e.Lead); failed != nil || l == nil || l.lastStay(e.Cadence) != id {
			return failed == nil
		}
		s := changed[e.Cadence]
		if s == nil {
			var now Stats
			now, failed = rows.Stats(e.Cadence)
			s = &now
		}
		s.putOut(e.OutBy(), 1)
		changed[e.Cadence] = s
		return failed == nil
	})
	if !more {
		last = cadence.ID{}
	}
	for id, s := range changed {
		writes = append(writes, ledger.Write{Key: idKey(tabStats, id), Value: Encode(s)})
	}
	slices.SortFunc(writes, func(a, b ledger.Write) int { return bytes.Compare(a.Key, b.Key) })
	return writes, last, cmp.Or(err, failed)
}
