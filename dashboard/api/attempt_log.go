package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// attemptLog is what the log holds about an attempt.
type attemptLog struct {
	AsOf     string        `json:"as_of"`
	Complete bool          `json:"complete"`
	Missing  string        `json:"missing"`
	Items    []loggedEvent `json:"items"`
}

// loggedEvent is one fact: which record it stands in, when it was decided, and
// what it says that the fact before it did not.
type loggedEvent struct {
	Record uint64         `json:"record"`
	At     string         `json:"at"`
	Kind   string         `json:"kind"`
	Detail map[string]any `json:"detail"`
}

// Why a log is not whole, in words for whoever reads it.
const (
	logTrimmed = "the log is kept for 7 days and this call began before its oldest record; what stands in the attempt itself is kept for good"
	logCut     = "too much was written during this call to look through at once; the last facts are not shown"
	logNothing = "the log holds nothing about this call: it was found at the carrier, or the log before it was put away"
)

func (a *API) getAttemptLog(r *request) (answer, error) {
	id, err := r.id(cadence.KindAttempt)
	if err != nil {
		return answer{}, err
	}
	row, err := a.attemptRow(id)
	if err != nil {
		return answer{}, err
	}
	ended := row.EndedAt
	if !row.State.Terminal() {
		ended = 0
	}
	kept, err := a.op.AttemptLog(id, row.At, ended)
	if err != nil {
		return answer{}, err
	}
	lead, err := a.op.Rows().Lead(row.Lead)
	if err != nil {
		return answer{}, err
	}
	out := attemptLog{AsOf: a.asOf(), Complete: true, Items: logged(kept.Facts)}
	if lead == nil && row.Rehearsal.IsZero() {
		forget(out.Items)
	}
	switch {
	case kept.Trimmed:
		out.Complete, out.Missing = false, logTrimmed
	case kept.Cut:
		out.Complete, out.Missing = false, logCut
	case len(kept.Facts) == 0:
		out.Complete, out.Missing = false, logNothing
	}
	return ok(out)
}

// attemptRow reads an attempt, open or closed, in the form of a closed one.
func (a *API) attemptRow(id cadence.ID) (*state.Attempt, error) {
	rows := a.op.Rows()
	open, err := rows.Open(id)
	if err != nil {
		return nil, err
	}
	if open != nil {
		return openAsClosed(open), nil
	}
	row, err := rows.Attempt(id)
	if err == nil && row == nil {
		err = notFound("attempt")
	}
	return row, err
}

// logged shows facts by name. A merged state repeats what was known; only what
// is new in it is shown.
func logged(facts []dialer.Logged) []loggedEvent {
	out := []loggedEvent{}
	known := map[string]any{}
	for _, l := range facts {
		kind, at0, detail := factShown(l.Fact)
		if kind == "" {
			continue
		}
		if at0 == 0 {
			at0 = l.At
		}
		if kind == "call" {
			detail = news(known, detail)
		}
		out = append(out, loggedEvent{l.Pos, at(at0), kind, detail})
	}
	return out
}

// forget leaves out what was written or pressed about a person who was erased;
// the log keeps it until it is trimmed.
func forget(items []loggedEvent) {
	for _, e := range items {
		delete(e.Detail, "note")
		delete(e.Detail, "digits")
	}
}

// news keeps what differs from what is known, and remembers it.
func news(known, said map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range said {
		if was, told := known[k]; !told || was != v {
			out[k], known[k] = v, v
		}
	}
	return out
}

// factShown is a fact's kind in the contract's words, its instant (Unix ms, 0
// when it has none of its own), and its fields without what is empty. The
// called number and merged texts are left out: the lead's page shows the one,
// the recording or document the other.
func factShown(f event.Fact) (kind string, at0 int64, detail map[string]any) {
	switch f := f.(type) {
	case *event.Intended:
		return "intent", f.At, some("due", maybe(f.Due), "from", string(f.From), "step", f.StepKey, "run", f.Run, "try", f.Try,
			"detection", string(f.AMD), "ring_seconds", f.RingMs/1000, "not_after", maybe(f.NotAfter), "policy", f.Policy)
	case *event.CallPlaced:
		return "placed", f.At, some("call_id", f.CallID, "how", f.How)
	case *event.CallChanged:
		return "call", f.At, some("state", f.State.String(), "status", string(f.Status), "answered_by", string(f.AnsweredBy), "sip", f.SIP,
			"seconds", f.DurationMs/1000, "digits", f.Digits, "leg_status", string(f.LegStatus), "leg_seconds", f.LegMs/1000,
			"leg_id", f.LegID, "price", f.Price, "ringing_at", maybe(f.RingingAt), "answered_at", maybe(f.AnsweredAt),
			"ended_at", maybe(f.EndedAt), "played_at", maybe(f.PlayedAt), "looks", f.Polls, "note", f.Note)
	case *event.ScriptServed:
		return "script", f.At, some("script", f.Kind, "target", f.Target, "seconds", f.LengthMs/1000)
	case *event.AttemptUnclear:
		return "unclear", f.At, some("reason", f.Reason)
	case *event.DeadlineSet:
		return "deadline", 0, some("deadline", maybe(f.Deadline), "looks", f.Polls, "note", f.Note)
	case *event.EffectOwed:
		return "owed", f.At, some("effect", string(f.Effect), "reason", f.Reason)
	case *event.EffectDone:
		return "done", f.At, map[string]any{}
	case *event.DispositionPosted:
		return "disposition", f.At, some("disposition", string(f.Code), "by", by(f.Code, f.By), "note", f.Note, "callback_at", maybe(f.CallbackAt))
	case *event.AttemptReturned:
		return "returned", f.At, some("reason", f.Reason)
	case *event.AttemptEnded:
		return "ended", f.At, some("state", f.State.String(), "disposition", string(f.Code), "by", by(f.Code, f.By), "result", string(f.Result), "reason", f.Reason)
	}
	return "", 0, nil
}

// some makes fields of names and values in pairs, without what is empty.
func some(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case *string:
			if v != nil {
				out[pairs[i].(string)] = *v
			}
		case string:
			if v != "" {
				out[pairs[i].(string)] = v
			}
		case int:
			if v != 0 {
				out[pairs[i].(string)] = v
			}
		case int64:
			if v != 0 {
				out[pairs[i].(string)] = v
			}
		case uint64:
			if v != 0 {
				out[pairs[i].(string)] = v
			}
		}
	}
	return out
}
