package dialer

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// EraseLead takes a person out of the ledger. Kept answers that name them are
// found by Engine.Erase and told here.
type EraseLead struct {
	Lead    cadence.ID
	Answers []string
	By      string
	Reason  string
}

func (*EraseLead) message() {}

// eraseAttempts is how many attempts one erasure removes words from. The reply
// says when there are more.
const eraseAttempts = 1000

// eraseLead ends the lead's stays, takes back what is under way, and removes
// the person, in one turn.
func (c *Core) eraseLead(now int64, v *state.View, m *EraseLead) Outcome {
	l, was := v.Lead(m.Lead), v.Erased(m.Lead)
	switch {
	case c.rules.Homes.several():
		return Outcome{Err: refusal(CodeRefused, "", "a person is erased with one shard only")}
	case l == nil && was == nil:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such lead")}
	}
	var out Outcome
	f := &event.LeadErased{Lead: m.Lead, Answers: m.Answers, By: clip(m.By), Reason: clip(m.Reason), At: now}
	var tokens []event.Token
	if l != nil {
		if key := externalKey(l.Lead.ExternalID); l.Lead.ExternalID != "" && v.External(key) == m.Lead {
			f.External = key
		}
		tokens = slices.Concat(l.Tokens, l.Former)
		c.eachStay(v, l, func(id cadence.ID, e *state.Enrollment, _ *Plan) {
			tokens = append(tokens, e.Numbers...)
			c.quit(now, &out, id, e, leftRemoved, leftErased)
		})
	} else {
		f.By, f.Reason = was.By, was.Reason
		tokens = namedAgain(v, was)
	}
	for _, t := range tokens {
		if n := v.Number(t); n != nil && !slices.Contains(f.Tokens, t) {
			f.Tokens = append(f.Tokens, t)
			if !slices.ContainsFunc(n.Leads, func(id cadence.ID) bool { return id != m.Lead }) {
				f.Forgotten = append(f.Forgotten, t)
			}
		}
	}
	all := v.AttemptsOf(m.Lead, maxErased)
	for _, id := range all {
		if a := v.Attempt(id); len(f.Attempts) < eraseAttempts && a != nil && wordy(v, id, a) {
			f.Attempts = append(f.Attempts, id)
		}
	}
	if l != nil || len(f.Tokens)+len(f.Attempts)+len(f.Answers) > 0 {
		out.fact(f)
	}
	out.Reply = len(f.Attempts) == eraseAttempts
	return out
}

// namedAgain are the numbers of an erased lead that nobody has and whose E.164
// is in their rows all the same: written there since, by hand or by a release
// that entered found calls with it.
func namedAgain(v *state.View, was *state.Erased) (tokens []event.Token) {
	for _, t := range was.Tokens {
		if n := v.Number(t); n != nil && n.Number != "" && len(n.Leads) == 0 {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// maxErased bounds the calls of one person that are looked at.
const maxErased = 100_000

// wordy reports whether a closed attempt holds words or digits of people.
func wordy(v *state.View, id cadence.ID, a *state.Attempt) bool {
	return a.Note != "" || a.Digits != "" || v.Worded(id, a)
}

// How a stay ends whose lead is erased.
const (
	leftRemoved = "removed"
	leftErased  = "erased"
)

// Erasure is what became of an erased person.
type Erasure struct {
	Lead      cadence.ID
	At        time.Time // of the last erasure
	By        string
	Reason    string
	Forgotten int // numbers of the lead whose E.164 is gone
	Shared    int // numbers that stay, because other leads have them
	Stays     int // enrollments there ever were
	Open      int // calls under way: their rows name the number until they end
	// LogUntil is when the last record of the log that may name the person is
	// trimmed at the latest, Storage aside (see ARCHITECTURE.md).
	LogUntil time.Time
}

// Erase takes a person out of the ledger and says what is left. Erasing again
// removes what was noted since, and answers the same. It returns a *Refusal when
// there never was such a lead.
func (e *Engine) Erase(ctx context.Context, lead cadence.ID, by, reason string) (*Erasure, error) {
	m := &EraseLead{Lead: lead, By: by, Reason: reason}
	rows := e.Rows()
	l, err := rows.Lead(lead)
	if err != nil {
		return nil, err
	}
	named := [][]byte{[]byte(lead.Text(cadence.KindLead))}
	if l != nil {
		for _, n := range l.Lead.Numbers {
			named = append(named, []byte(n.Number))
		}
	}
	err = rows.Answers(func(key string, a *state.Answer) bool {
		if slices.ContainsFunc(named, func(s []byte) bool { return bytes.Contains(a.Body, s) }) {
			m.Answers = append(m.Answers, key)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	for more := true; more; {
		reply, err := e.Do(ctx, m)
		if err != nil {
			return nil, err
		}
		more = reply == true
	}
	return e.Erased(lead)
}

// Erased says what became of an erased person; a *Refusal when none was.
func (e *Engine) Erased(lead cadence.ID) (*Erasure, error) {
	rows := e.Rows()
	row, err := rows.Erased(lead)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, refusal(CodeNotFound, "id", "no such lead was erased")
	}
	x := &Erasure{
		Lead: lead, At: atMs(row.At), By: row.By, Reason: row.Reason, Stays: len(row.Stays), LogUntil: atMs(row.At).Add(LogKeep + trimEvery),
	}
	for _, t := range row.Tokens {
		n, err := rows.Number(t)
		if err != nil {
			return nil, err
		}
		if n != nil && n.Number != "" {
			x.Shared++
		} else {
			x.Forgotten++
		}
	}
	return x, rows.Opens(func(o *state.Open) bool {
		if o.I.Lead == lead {
			x.Open++
		}
		return true
	})
}
