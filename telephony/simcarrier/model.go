package simcarrier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Kind is how a call goes.
type Kind string

// The kinds of outcome. Invalid is a number out of service (SIP 404), Failed
// a network that would not carry the call (SIP 503). A Refused call is never
// accepted: the API answers with Plan.Code.
const (
	Human   Kind = "human"
	Beep    Kind = "machine_beep"    // a machine whose greeting ends in a beep
	Silence Kind = "machine_silence" // a machine whose greeting just ends
	Fax     Kind = "fax"
	Busy    Kind = "busy"
	NoReply Kind = "no_answer"
	Failed  Kind = "failed"
	Invalid Kind = "invalid"
	Refused Kind = "refused"
)

var kinds = []Kind{Human, NoReply, Beep, Silence, Busy, Failed, Invalid, Fax}

// Plan forces how one call goes. Whatever is left out is drawn. In JSON it is
// the kind alone, "busy", or an object. Times are milliseconds on the
// carrier's clock.
type Plan struct {
	Kind       Kind   `json:"kind"`
	SetupMS    *int   `json:"setup_ms,omitempty"`    // from dialing to ringing
	RingMS     *int   `json:"ring_ms,omitempty"`     // from ringing to the answer
	GreetingMS *int   `json:"greeting_ms,omitempty"` // of a machine, until the beep
	AMDMS      *int   `json:"amd_ms,omitempty"`      // detection of a person or a fax
	TalkMS     *int   `json:"talk_ms,omitempty"`     // a bridged conversation
	PatienceMS *int   `json:"patience_ms,omitempty"` // the person hangs up if not bridged by then; 0 = never
	KeepsMS    *int   `json:"keeps_ms,omitempty"`    // a machine records for so long behind its greeting, then cuts off
	Digits     string `json:"digits,omitempty"`      // pressed at the Gathers, in order; "none" = no key
	Verdict    string `json:"verdict,omitempty"`     // what detection says instead of the truth
	SIP        int    `json:"sip,omitempty"`         // final SIP code of busy, no_answer, failed, invalid
	Code       int    `json:"code,omitempty"`        // of refused; 21214 when left out
}

// Model says how calls go. Its zero value is a plausible mix; the fields
// outside Numbers and Default are what every drawn or forced outcome starts
// from.
type Model struct {
	// Default holds for every number not in Numbers.
	Default Plan `json:"default,omitzero"`
	// Numbers forces the calls to a number: the first call takes the first
	// plan, and so on; the last one repeats. It holds for dialed legs too.
	Numbers map[string][]Plan `json:"numbers,omitempty"`
	// Mix is the weight of each kind where nothing is forced; DefaultMix when
	// empty. The shares of human, machine and no_answer shift with the local
	// hour and with each further attempt unless Flat is set.
	Mix  map[Kind]float64 `json:"mix,omitempty"`
	Flat bool             `json:"flat,omitempty"`
	// Press is the probability of each key at a Gather, "1" and "9" at first.
	Press map[string]float64 `json:"press,omitempty"`

	SetupMS    *int `json:"setup_ms,omitempty"`
	RingMS     *int `json:"ring_ms,omitempty"`
	GreetingMS *int `json:"greeting_ms,omitempty"`
	AMDMS      *int `json:"amd_ms,omitempty"`
	TalkMS     *int `json:"talk_ms,omitempty"`
	PatienceMS *int `json:"patience_ms,omitempty"`
	KeepsMS    *int `json:"keeps_ms,omitempty"`
}

// DefaultMix is what happens to calls of a fresh list of mobile and home
// numbers in working hours: an assumption for demos, not a measurement.
func DefaultMix() map[Kind]float64 {
	return map[Kind]float64{Human: 0.30, NoReply: 0.27, Beep: 0.21, Silence: 0.07, Busy: 0.08, Failed: 0.03, Invalid: 0.025, Fax: 0.015}
}

// DefaultPress is how often a person presses a key at a Gather.
func DefaultPress() map[string]float64 { return map[string]float64{"1": 0.18, "9": 0.06} }

// ParseModel reads the JSON form of a Model. Unknown fields are errors.
func ParseModel(raw []byte) (Model, error) {
	var m Model
	if err := strictJSON(raw, &m); err != nil {
		return Model{}, fmt.Errorf("model: %w", err)
	}
	return m, m.Validate()
}

// Validate reports everything that is wrong with the model.
func (m *Model) Validate() error {
	var errs []error
	errs = append(errs, m.Default.validate("default"))
	for _, number := range slices.Sorted(maps.Keys(m.Numbers)) {
		if len(m.Numbers[number]) == 0 {
			errs = append(errs, fmt.Errorf("model: numbers.%s: no plan", number))
		}
		for i, p := range m.Numbers[number] {
			errs = append(errs, p.validate(fmt.Sprintf("numbers.%s[%d]", number, i)))
		}
	}
	total := 0.0
	for _, k := range slices.Sorted(maps.Keys(m.Mix)) {
		w := m.Mix[k]
		total += w
		if !slices.Contains(kinds, k) || !(w >= 0) || math.IsInf(w, 0) {
			errs = append(errs, fmt.Errorf("model: mix.%s: want a known kind and a weight ≥ 0, have %v", k, w))
		}
	}
	if len(m.Mix) > 0 && total == 0 {
		errs = append(errs, errors.New("model: mix: all weights are 0"))
	}
	pressed := 0.0
	for _, key := range slices.Sorted(maps.Keys(m.Press)) {
		pressed += m.Press[key]
		if !isDigits(key) || !(m.Press[key] >= 0) || pressed > 1 {
			errs = append(errs, fmt.Errorf("model: press.%s: want keys 0-9*# and probabilities that add up to at most 1", key))
		}
	}
	for name, ms := range map[string]*int{"setup_ms": m.SetupMS, "ring_ms": m.RingMS, "greeting_ms": m.GreetingMS, "amd_ms": m.AMDMS, "talk_ms": m.TalkMS, "patience_ms": m.PatienceMS, "keeps_ms": m.KeepsMS} {
		errs = append(errs, checkMS("", name, ms))
	}
	return errors.Join(errs...)
}

func (p *Plan) validate(where string) error {
	var errs []error
	if p.Kind != "" && p.Kind != Refused && !slices.Contains(kinds, p.Kind) {
		errs = append(errs, fmt.Errorf("model: %s: no such kind %q", where, p.Kind))
	}
	if p.Digits != "" && p.Digits != NoDigits && !isDigits(p.Digits) {
		errs = append(errs, fmt.Errorf("model: %s: digits %q: want 0-9*# or %q", where, p.Digits, NoDigits))
	}
	if p.Verdict != "" && !slices.Contains(verdicts, p.Verdict) {
		errs = append(errs, fmt.Errorf("model: %s: no such verdict %q", where, p.Verdict))
	}
	for name, ms := range map[string]*int{"setup_ms": p.SetupMS, "ring_ms": p.RingMS, "greeting_ms": p.GreetingMS, "amd_ms": p.AMDMS, "talk_ms": p.TalkMS, "patience_ms": p.PatienceMS, "keeps_ms": p.KeepsMS} {
		errs = append(errs, checkMS(where+".", name, ms))
	}
	return errors.Join(errs...)
}

// dayMS bounds every time in a model.
const dayMS = 24 * 60 * 60 * 1000

func checkMS(where, name string, ms *int) error {
	if ms != nil && (*ms < 0 || *ms > dayMS) {
		return fmt.Errorf("model: %s%s: want 0 … %d, have %d", where, name, dayMS, *ms)
	}
	return nil
}

func isDigits(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && r != '*' && r != '#' {
			return false
		}
	}
	return s != ""
}

// UnmarshalJSON reads a kind or an object.
func (p *Plan) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'"'}) {
		*p = Plan{}
		return json.Unmarshal(raw, &p.Kind)
	}
	type object Plan
	var o object
	if err := strictJSON(raw, &o); err != nil {
		return err
	}
	*p = Plan(o)
	return nil
}

// MarshalJSON writes the kind alone where nothing else is set.
func (p Plan) MarshalJSON() ([]byte, error) {
	if p == (Plan{Kind: p.Kind}) {
		return json.Marshal(p.Kind)
	}
	type object Plan
	return json.Marshal(object(p))
}

// strictJSON decodes exactly one value and refuses fields it does not know.
func strictJSON(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one JSON value")
	}
	return nil
}
