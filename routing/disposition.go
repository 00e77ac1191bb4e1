package routing

import (
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

// Scope says what a disposition speaks about.
type Scope string

// The scopes. A disposition about the number retires it; the lead goes on with
// its other numbers.
const (
	ScopeLead   Scope = "lead"
	ScopeNumber Scope = "number"
)

// DoNextNumber is the one default action a document's route cannot name: the
// lead's next number at once; the next step when the others were called
// already; exit when no number is left.
const DoNextNumber cadence.Action = "next_number"

// The codes the engine itself gives. Classify returns only these, without the
// last two: who called us back, and who said no by a key that we offer.
const (
	NoAnswer         cadence.DispositionCode = "NO_ANSWER"
	Busy             cadence.DispositionCode = "BUSY"
	AnsweringMachine cadence.DispositionCode = "ANSWERING_MACHINE"
	VoicemailLeft    cadence.DispositionCode = "VOICEMAIL_LEFT"
	Fax              cadence.DispositionCode = "FAX"
	Disconnected     cadence.DispositionCode = "DISCONNECTED"
	Congestion       cadence.DispositionCode = "CONGESTION"
	Blocked          cadence.DispositionCode = "BLOCKED"
	Abandoned        cadence.DispositionCode = "ABANDONED"
	Connected        cadence.DispositionCode = "CONNECTED"
	Failed           cadence.DispositionCode = "ERROR"
	Unconfirmed      cadence.DispositionCode = "UNCONFIRMED"
	Cancelled        cadence.DispositionCode = "CANCELLED"
	Returned         cadence.DispositionCode = "RETURN_CALL"
	DoNotCall        cadence.DispositionCode = "DNC"
)

// Disposition is one way a touch can end, and its default route.
type Disposition struct {
	Code    cadence.DispositionCode
	Label   string
	Aliases []string // codes of other dialers, upper case
	Scope   Scope

	Live       bool // a live person answered
	Contact    bool // … and was connected, or heard the message or the AI
	Conversion bool // the aim of the call was reached
	Completed  bool // the call ran to an outcome (not failed, cancelled, unknown)
	DNC        bool // the person asked not to be called: ends the stay, whatever the routes say
	Refusal    bool // the person refused the offer, and may be asked again after the silence that a law wants
	Callback   bool // may carry an agreed time
	Final      bool // by default the lead leaves the cadence
	Retryable  bool // the same number may be tried again
	Machine    bool // a machine picked up
	System     bool // given by the engine only: nobody can post it
	Ours       bool // we ended the call: a retry of it consumes no retry

	Route cadence.Route // the default; On is Code
}

// Refuses reports whether an offer was refused: a no to all calls is one too.
func (d *Disposition) Refuses() bool { return d.Refusal || d.DNC }

// RetiresNumber reports whether the called number must not be called again
// for this lead.
func (d *Disposition) RetiresNumber() bool { return d.Scope == ScopeNumber }

// Set is the closed set of dispositions in force. It is immutable and safe for
// concurrent use. ParseDispositions makes one.
type Set struct {
	list  []Disposition
	index map[string]int // codes and aliases → list
}

// All returns the dispositions in the order of the file. The slice is a copy;
// the alias slices inside are shared and must not be changed.
func (s *Set) All() []Disposition { return append([]Disposition(nil), s.list...) }

// Codes returns the canonical codes in the order of the file.
func (s *Set) Codes() []cadence.DispositionCode {
	out := make([]cadence.DispositionCode, len(s.list))
	for i := range s.list {
		out[i] = s.list[i].Code
	}
	return out
}

// Resolve finds a disposition by its code or by an alias of another dialer.
// Case, surrounding spaces, and "-" or " " for "_" make no difference. The
// result belongs to the set and must not be changed.
func (s *Set) Resolve(code cadence.DispositionCode) (*Disposition, bool) {
	i, ok := s.index[string(code)]
	if !ok {
		i, ok = s.index[normal(string(code))]
	}
	if !ok {
		return nil, false
	}
	return &s.list[i], true
}

// ForDocuments is what validating a document asks of dispositions; pools,
// media, cadences and countries are left to the caller.
func (s *Set) ForDocuments() cadence.Known {
	return cadence.Known{
		Disposition: func(code cadence.DispositionCode) (cadence.DispositionCode, bool) {
			d, ok := s.Resolve(code)
			if !ok {
				return "", false
			}
			return d.Code, true
		},
		RetryDelay: func(code cadence.DispositionCode) (cadence.Span, bool) {
			d, ok := s.Resolve(code)
			if !ok || d.Route.Do != cadence.DoRetry || d.Route.Delay == nil {
				return cadence.Span{}, false
			}
			return *d.Route.Delay, true
		},
		Callback: func(code cadence.DispositionCode) (cadence.Span, bool) {
			d, ok := s.Resolve(code)
			if !ok || d.Route.Do != cadence.DoCallback || d.Route.Delay == nil {
				return cadence.Span{}, ok && d.Callback
			}
			return *d.Route.Delay, d.Callback
		},
		No:         func(code cadence.DispositionCode) bool { d, ok := s.Resolve(code); return ok && d.DNC },
		EngineOnly: func(code cadence.DispositionCode) bool { d, ok := s.Resolve(code); return ok && d.System },
		Codes:      s.Codes(),
	}
}

// Known reports whether a code or alias is in the set.
func (s *Set) Known(code cadence.DispositionCode) bool {
	_, ok := s.Resolve(code)
	return ok
}

var separators = strings.NewReplacer("-", "_", " ", "_")

func normal(code string) string {
	return separators.Replace(strings.ToUpper(strings.TrimSpace(code)))
}
