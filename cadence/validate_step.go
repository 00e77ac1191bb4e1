package cadence

import (
	"fmt"
	"strings"
	"time"
)

// Bounds of the time that detection of answering machines may take: what
// carriers allow.
const (
	MinDetection = 3 * time.Second
	MaxDetection = 59 * time.Second
)

// MaxAISeconds bounds a conversation with an AI caller: four hours.
const MaxAISeconds = 4 * 60 * 60

func (v *validator) steps() {
	if len(v.doc.Steps) == 0 {
		v.required("steps", "a cadence needs at least one step")
	}
	if !v.count("steps", len(v.doc.Steps), MaxSteps) {
		return
	}
	seen := map[string]int{}
	for i := range v.doc.Steps {
		s, path := &v.doc.Steps[i], at("steps", i)
		v.form(path+".key", s.Key, stepKey, "a key is lower-case letters, digits and -, at most 64")
		if first, twice := seen[s.Key]; twice {
			v.errorAt(path+".key", "duplicate", fmt.Sprintf("step %d has the key %q too", first+1, clip(s.Key)), "give every step its own key")
		} else {
			seen[s.Key] = i
		}
		v.step(path, s)
	}
}

func (v *validator) step(path string, s *Step) {
	switch s.Kind {
	case StepCall:
		v.call(path, s)
	case StepEmail:
		if s.Email == nil || s.Email.Template == "" {
			v.required(path+".email.template", "an email step names its template")
		}
		v.onlyForCalls(path, s)
	case StepTask:
		if s.Task == nil || s.Task.Subject == "" {
			v.required(path+".task.subject", "a task step has a subject")
		}
		v.onlyForCalls(path, s)
	case "":
		v.required(path+".kind", "a step says its kind")
	default:
		v.oneOf(path+".kind", string(s.Kind), "call", "email", "task")
	}
	if s.Email != nil && s.Kind != StepEmail {
		v.errorAt(path+".email", "not_used", "only an email step has email", "remove it")
	}
	if s.Task != nil && s.Kind != StepTask {
		v.errorAt(path+".task", "not_used", "only a task step has task", "remove it")
	}
	v.name(path+".name", s.Name)
	v.script(path+".script", s.Script, MaxScriptBytes)
	if s.Anchor != "" && s.Anchor != AnchorPrevious && s.Anchor != AnchorEnrollment {
		v.oneOf(path+".anchor", string(s.Anchor), string(AnchorPrevious), string(AnchorEnrollment))
	}
	v.routes(path+".routes", s.Routes)
	v.advanced(path+".advanced", &s.Advanced)
	v.boosts(path+".boosts", s.Boosts)
}

func (v *validator) call(path string, s *Step) {
	switch s.PlacedBy {
	case "", placedByDialer, placedByRep:
	default:
		v.oneOf(path+".placed_by", s.PlacedBy, placedByDialer, placedByRep)
	}
	if s.Rep != nil && s.PlacedBy != placedByRep {
		v.errorAt(path+".rep", "not_used", "rep is used only when placed_by is rep", "remove it or set placed_by")
	}
	v.callerID(path+".caller_id", s.CallerID)
	v.numbers(path+".numbers", s.Numbers)
	v.detection(path, s)
	v.voicemail(path+".voicemail", s.Voicemail)
	if !s.RingFor.IsZero() {
		v.exact(path+".ring_timeout", s.RingFor, MinRing, MaxRing)
	}
	v.connects(path+".connect", s.Connect)
}

func (v *validator) numbers(path string, p NumberPolicy) {
	if p.InOrder && len(p.NextOn) > 0 {
		v.errorAt(path, "one_of", "numbers are tried in_order or by next_on", "choose one")
	}
	path += ".next_on"
	if !v.count(path, len(p.NextOn), MaxListed) {
		return
	}
	seen := map[DispositionCode]bool{}
	for i, code := range p.NextOn {
		v.code(at(path, i), code)
		code = v.known.canonical(code) // documents are stored resolved: see Resolve
		if seen[code] {
			v.errorAt(at(path, i), "duplicate", fmt.Sprintf("%s is listed twice", code), "keep one")
		}
		seen[code] = true
	}
}

func (v *validator) callerID(path string, id CallerID) {
	v.name(path+".pool", id.Pool)
	switch id.Strategy {
	case StrategyFixed:
		v.form(path+".number", string(id.Number), e164, "the fixed strategy needs a number such as +13035550100")
		if id.Pool != "" {
			v.errorAt(path+".pool", "not_used", "the fixed strategy uses no pool", "remove it")
		}
		return
	case "", StrategyRandom, StrategyRotating, StrategySticky, StrategyLocal, StrategyLeast:
	default:
		v.oneOf(path+".strategy", string(id.Strategy), "fixed", "random", "rotating_pool", "sticky", "local_presence", "least_used_today")
	}
	if id.Number != "" {
		v.errorAt(path+".number", "not_used", "only the fixed strategy has a number", "remove it or choose fixed")
	}
}

func (v *validator) detection(step string, s *Step) {
	path := step + ".detection"
	switch s.Detection.Mode {
	case "", DetectSync, DetectAsync:
		if !s.Detection.Timeout.IsZero() {
			v.exact(path+".timeout", s.Detection.Timeout, MinDetection, MaxDetection)
		}
	case DetectOff:
		if !s.Detection.Timeout.IsZero() {
			v.errorAt(path+".timeout", "not_used", "nothing is detected", "remove it or choose sync or async")
		}
		if s.Voicemail.Leave {
			v.errorAt(path+".mode", "no_detection", "a voicemail is to be left, and nothing would tell a machine from a person", "choose sync or async, or set voicemail.leave to false")
		}
	default:
		v.oneOf(path+".mode", string(s.Detection.Mode), string(DetectSync), string(DetectAsync), string(DetectOff))
	}
}

func (v *validator) voicemail(path string, m Voicemail) {
	switch {
	case m.Text != "" && m.Audio != "":
		v.errorAt(path, "one_of", "a voicemail is text or audio", "give one of them")
	case m.Leave && m.Text == "" && m.Audio == "":
		v.errorAt(path, "voicemail_message", "there is no message to leave", "give text or audio, or set leave to false")
	case m.OnlyAfterBeep && !m.Leave:
		v.errorAt(path+".only_after_beep", "not_used", "no message is left", "remove it or set leave to true")
	}
	v.script(path+".text", m.Text, MaxTextBytes)
	v.audio(path+".audio", m.Audio)
}

// onlyForCalls refuses what only a call has on a step of another kind.
func (v *validator) onlyForCalls(path string, s *Step) {
	given := []struct {
		name string
		set  bool
	}{
		{"placed_by", s.PlacedBy != ""},
		{"rep", s.Rep != nil},
		{"caller_id", s.CallerID != CallerID{}},
		{"numbers", !s.Numbers.IsZero()},
		{"detection", s.Detection != Detection{}},
		{"voicemail", s.Voicemail != Voicemail{}},
		{"ring_timeout", !s.RingFor.IsZero()},
		{"connect", len(s.Connect) > 0},
	}
	for _, field := range given {
		if field.set {
			v.errorAt(path+"."+field.name, "not_used", "only a call step has "+field.name, "remove it")
		}
	}
}

func (v *validator) advanced(path string, a *Advanced) {
	if a.Condition != "" {
		v.condition(path+".condition", a.Condition)
	}
	names := sortedKeys(a.Variables)
	if !v.count(path+".variables", len(names), MaxListed) {
		names = nil
	}
	for _, name := range names {
		inner := under(path+".variables", name)
		v.form(inner, name, variable, "a variable is a lower-case letter, then letters, digits and _, at most 64")
		v.script(inner, a.Variables[name], MaxTextBytes)
		if strings.Contains(a.Variables[name], "{{") {
			v.errorAt(inner, "merge_field", "a variable's value holds no merge fields", "put them into the script")
		}
	}
	if a.AI == nil {
		return
	}
	v.script(path+".ai.instructions", a.AI.Instructions, MaxScriptBytes)
	v.count(path+".ai.hand_over_when", len(a.AI.HandOverWhen), MaxListed)
	if a.AI.MaxSeconds < 0 || a.AI.MaxSeconds > MaxAISeconds {
		v.errorAt(path+".ai.max_seconds", "range", fmt.Sprintf("%d seconds", a.AI.MaxSeconds), fmt.Sprintf("give at most %d", MaxAISeconds))
	}
}

func (v *validator) boosts(path string, list []Boost) {
	if !v.count(path, len(list), MaxListed) {
		return
	}
	for i, boost := range list {
		v.form(at(path, i)+".signal", boost.Signal, signalName, "lower-case letters, digits and _, at most 64")
		v.stepRef(at(path, i)+".step", boost.Step)
	}
}

func (v *validator) stepRef(path, key string) {
	if v.doc.StepIndex(key) < 0 {
		v.errorAt(path, "missing_step", fmt.Sprintf("there is no step %q", clip(key)), "name the key of a step of this cadence")
	}
}
