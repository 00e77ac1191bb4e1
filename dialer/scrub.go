package dialer

import (
	"fmt"
	"regexp"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// MaxScrubLists is how many imported lists there may be.
	MaxScrubLists = 64
	// ListInternal is the name of the list that is not imported.
	ListInternal = "internal"
	// scrubAhead is how far in the future the date of an edition may lie.
	scrubAhead = 24 * time.Hour
)

var scrubName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// listNumbers tells a shard which of its numbers are in an edition of a list.
type listNumbers struct {
	Shard   uint16 `cbor:"1,keyasint"`
	List    uint32 `cbor:"2,keyasint"`
	Edition uint32 `cbor:"3,keyasint"`
	Tokens  []byte `cbor:"4,keyasint"`
}

func (*listNumbers) message()          {}
func (*listNumbers) kind() uint8       { return 20 }
func (m *listNumbers) to(Homes) uint16 { return m.Shard }

// openScrub begins an edition, or finds the import that has its file already.
func (c *Core) openScrub(now int64, v *state.View, m *OpenScrub) Outcome {
	switch {
	case !scrubName.MatchString(m.Name) || m.Name == ListInternal:
		return Outcome{Err: refusal(CodeInvalid, "list", "the list must be lower-case letters, digits and _, beginning with a letter, at most 64; internal is the list kept here")}
	case m.Job.AsOf <= 0 || m.Job.AsOf > now+ms(scrubAhead):
		return Outcome{Err: refusal(CodeInvalid, "as_of", "as_of must be the date of the list, not in the future")}
	case m.Job.MaxRejects < 0:
		return Outcome{Err: refusal(CodeInvalid, "max_rejects", "max_rejects must not be negative")}
	}
	list, s := namedScrub(v, m.Name)
	switch {
	case s == nil && list > MaxScrubLists:
		return Outcome{Err: refusal(CodeConflict, "list", fmt.Sprintf("there are %d lists already, which is as many as there may be", MaxScrubLists))}
	case s == nil:
		s = &state.ScrubList{}
	case s.Next != 0:
		job := v.Import(s.NextImport)
		if job != nil && string(job.Job.Digest) == string(m.Job.Digest) && s.NextAsOf == m.Job.AsOf {
			return Outcome{Reply: OpenedScrub{s.NextImport, true}}
		}
		return Outcome{Err: refusal(CodeConflict, "list", "another edition of "+m.Name+" is being imported; wait for its end")}
	case s.Edition != 0 && s.AsOf == m.Job.AsOf && string(s.Digest) == string(m.Job.Digest):
		return Outcome{Reply: OpenedScrub{s.Import, true}}
	case m.Job.AsOf < s.AsOf:
		return Outcome{Err: refusal(CodeConflict, "as_of", "the edition in force is younger: as of "+atMs(s.AsOf).UTC().Format(time.DateOnly))}
	}
	job := m.Job
	job.Scrub, job.Edition, job.At, job.By = list, s.Last+1, now, clip(job.By)
	return Outcome{
		Facts: []event.Fact{&job, &event.ScrubOpened{List: list, Name: m.Name, Edition: job.Edition, Import: job.ID, AsOf: job.AsOf, At: now}},
		Reply: OpenedScrub{Import: job.ID},
	}
}

// namedScrub finds a list by its name; for a new one, the number it gets.
func namedScrub(v *state.View, name string) (uint32, *state.ScrubList) {
	for n := uint32(1); n <= v.ScrubLists(); n++ {
		if s := v.ScrubList(n); s != nil && s.Name == name {
			return n, s
		}
	}
	return v.ScrubLists() + 1, nil
}

// scrubRows takes lines of a file. What they did and how far the file is read
// are one turn. Which of the numbers are new is known for those at home here;
// others count as new.
func (c *Core) scrubRows(now int64, v *state.View, m *ScrubRows) Outcome {
	imp := v.Import(m.Import)
	if imp == nil || imp.State != "running" || imp.Job.Scrub == 0 || m.Line <= imp.Line {
		return Outcome{}
	}
	var out Outcome
	did := &event.ImportAdvanced{ID: m.Import, Line: m.Line, Rows: int64(len(m.Tokens) + len(m.Rejects)), Rejected: int64(len(m.Rejects)), At: now}
	for i := range m.Rejects {
		m.Rejects[i].Import = m.Import
		out.fact(&m.Rejects[i])
	}
	away := map[uint16][]byte{}
	var here []event.Token
	for _, t := range m.Tokens {
		did.Sum += state.TokenSum(t)
		if h := c.rules.Homes; h.here(t.Slot()) {
			here = append(here, t)
		} else {
			away[h.Of(t.Slot())] = append(away[h.Of(t.Slot())], t[:]...)
			did.Accepted++
		}
	}
	fresh := c.list(now, v, &out, imp.Job.Scrub, imp.Job.Edition, here)
	did.Accepted += int64(fresh)
	did.Skipped = int64(len(here) - fresh)
	out.fact(did)
	for shard := range c.rules.Homes.Shards {
		if tokens := away[shard]; len(tokens) > 0 {
			out.send(&listNumbers{Shard: shard, List: imp.Job.Scrub, Edition: imp.Job.Edition, Tokens: tokens})
		}
	}
	return out
}

func (c *Core) listNumbers(now int64, v *state.View, m *listNumbers) Outcome {
	var out Outcome
	var tokens []event.Token
	event.EachToken(m.Tokens, func(t event.Token) { tokens = append(tokens, t) })
	c.list(now, v, &out, m.List, m.Edition, tokens)
	return out
}

// list puts numbers that are at home here on an edition, says how many were
// not in it yet, and takes back the calls under way to those that were not on
// the list at all.
func (c *Core) list(now int64, v *state.View, out *Outcome, list, edition uint32, tokens []event.Token) (fresh int) {
	s := v.ScrubList(list)
	seen, newly := make(map[event.Token]bool, len(tokens)), map[event.Token]bool{}
	f := &event.NumbersListed{List: list, Edition: edition, At: now}
	for _, t := range tokens {
		l := v.Listed(t)
		if seen[t] || l.In(list, edition) {
			continue
		}
		seen[t] = true
		f.Tokens = append(f.Tokens, t[:]...)
		fresh++
		if _, on := l.Of(list, s); !on {
			newly[t] = true
		}
	}
	if fresh == 0 {
		return 0
	}
	out.fact(f)
	c.withdrawAll(v, out, "dnc", func(o *state.Open) bool { return newly[o.I.Token] })
	return fresh
}

// endScrub puts an edition in force when the ledger holds what its import
// counted, number by number; else the edition before stays.
func (c *Core) endScrub(now int64, v *state.View, m *EndScrub) Outcome {
	imp := v.Import(m.Import)
	if imp == nil || imp.State != "running" || imp.Job.Scrub == 0 {
		return Outcome{}
	}
	s := v.ScrubList(imp.Job.Scrub)
	why := m.Error
	if why == "" && !c.rules.Homes.several() && (m.Count != s.NextCount || m.Sum != s.NextSum) {
		why = fmt.Sprintf("the ledger holds %d numbers of the edition, sum %016x; %d were taken in, sum %016x", m.Count, m.Sum, s.NextCount, s.NextSum)
	}
	end := &event.ImportEnded{ID: m.Import, State: "done", At: now}
	f := &event.ScrubEnded{List: imp.Job.Scrub, Edition: imp.Job.Edition, AsOf: imp.Job.AsOf, At: now}
	if why != "" {
		end.State, end.Error, f.Failed = "failed", clip(why), clip(why)
	} else {
		f.Count, f.Sum, f.Digest = m.Count, m.Sum, imp.Job.Digest
	}
	return Outcome{Facts: []event.Fact{end, f}}
}

// lists are the imported lists as the permit sees them for a number.
func lists(v *state.View, t event.Token) []permit.List {
	n := v.ScrubLists()
	if n == 0 {
		return nil
	}
	all, l := make([]permit.List, 0, n), v.Listed(t)
	for i := uint32(1); i <= n; i++ {
		if s := v.ScrubList(i); s != nil {
			all = append(all, listOf(i, s, l))
		}
	}
	return all
}

func listOf(n uint32, s *state.ScrubList, l *state.Listed) permit.List {
	out := permit.List{Name: s.Name, AsOf: s.AsOf}
	if on, here := l.Of(n, s); here {
		out.On, out.Since = true, on.Since*1000
	}
	return out
}

// listsOf is lists for queries.
func listsOf(rows state.Rows, t event.Token) (all []permit.List, err error) {
	l, err := rows.Listed(t)
	if err != nil {
		return nil, err
	}
	err = rows.ScrubLists(func(n uint32, s *state.ScrubList) bool {
		all = append(all, listOf(n, s, l))
		return true
	})
	return all, err
}

// ListsOf are the imported lists with what they say of a number.
func (e *Engine) ListsOf(n cadence.Number) ([]permit.List, error) {
	return listsOf(e.Rows(), e.Token(n))
}
