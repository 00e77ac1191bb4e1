package cadence

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a document. Beyond them Validate reports an error.
const (
	MaxSteps       = 100
	MaxNameRunes   = 120
	MaxKeyBytes    = 64
	MaxTextBytes   = 4096
	MaxScriptBytes = 20 << 10
	MaxRuns        = 100
	MaxRetries     = 100
	MaxConnect     = 10
	MaxRoutes      = 100
	MaxListed      = 50 // windows, exits, triggers, boosts, variables, parameters
)

// What stands in placed_by.
const (
	placedByDialer = "dialer"
	placedByRep    = "rep"
)

// What stands in audience.type.
const (
	audienceManual = "manual"
	audienceView   = "view"
)

// ZoneLead is the zone of time restrictions that means the called party's.
const ZoneLead = "lead"

var (
	stepKey    = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	signalName = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)
	codeForm   = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`)
	variable   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	clockTime  = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// Validate reports everything a document must satisfy to be kept as a draft,
// as errors, and what it refers to that the instance lacks, as warnings: a
// draft may wait for those, Publishable does not. Problems have a path and no
// line; see Locate. Aliases of dispositions count as known.
func Validate(doc *Document, known Known) []Problem {
	v := &validator{doc: doc, known: known}
	v.textOf(reflect.ValueOf(doc).Elem(), "")
	v.head()
	v.restrictions()
	v.caps()
	v.connects("connect", doc.Connect)
	v.runs()
	v.exits()
	v.routes("routes", doc.Routes)
	v.steps()
	v.tree()
	for _, ref := range Missing(doc, known) {
		v.warnAt(ref.Path, "missing_"+string(ref.Kind), ref.message(), "add it before publishing")
	}
	// Indented, a text is larger than it may have been: what is kept must be
	// what can be read again.
	if n := len(Export(doc)); n > MaxDocumentBytes {
		v.errorAt("", "too_large", fmt.Sprintf("the document is %d bytes when exported; at most %d are read", n, MaxDocumentBytes), "shorten texts, move routes that steps share to the cadence, or make two cadences of it")
	}
	return v.problems
}

type validator struct {
	findings
	doc   *Document
	known Known
}

// textOf refuses text and delays that no file could have held, so that a
// document built by a program is held to the same rules as a parsed one.
func (v *validator) textOf(from reflect.Value, path string) {
	if from.Type() == spanType {
		if span, _ := reflect.TypeAssert[Span](from); !span.Valid() {
			v.errorAt(path, "span", fmt.Sprintf("%q is no delay", span), "write it as 30m, 4h, 2d, 1w, 3bd or 1mo, at most five years")
		}
		return
	}
	switch from.Kind() { //nolint:exhaustive // other kinds hold no text
	case reflect.String:
		if s := from.String(); !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			v.errorAt(path, "encoding", "the text is not UTF-8 or holds NUL", "")
		}
	case reflect.Pointer:
		if !from.IsNil() {
			v.textOf(from.Elem(), path)
		}
	case reflect.Slice:
		for i := range from.Len() {
			v.textOf(from.Index(i), at(path, i))
		}
	case reflect.Map:
		for _, key := range from.MapKeys() {
			v.textOf(key, under(path, key.String()))
			v.textOf(from.MapIndex(key), under(path, key.String()))
		}
	case reflect.Struct:
		for i := range from.NumField() {
			name, _, _ := strings.Cut(from.Type().Field(i).Tag.Get("json"), ",")
			if name == "" { // the list inside a number policy
				name = "next_on"
			}
			v.textOf(from.Field(i), under(path, name))
		}
	}
}

func (v *validator) head() {
	if v.doc.Format != Format {
		v.errorAt("format", "format", fmt.Sprintf("format is %q", clip(v.doc.Format)), "write "+Format)
	}
	if v.doc.Name == "" {
		v.required("name", "a cadence needs a name")
	}
	v.name("name", v.doc.Name)
	v.name("campaign", v.doc.Campaign)
	v.size("description", v.doc.Description, MaxTextBytes)
	v.lawful()
	switch v.doc.Audience.Type {
	case audienceManual:
		if v.doc.Audience.View != "" {
			v.errorAt("audience.view", "not_used", "a manual audience has no view", "remove it")
		}
	case audienceView:
		if v.doc.Audience.View == "" {
			v.required("audience.view", "an audience by view names the view")
		}
		v.name("audience.view", v.doc.Audience.View)
	case "":
		v.required("audience.type", "who is enrolled is not said")
	default:
		v.oneOf("audience.type", v.doc.Audience.Type, audienceManual, audienceView)
	}
}

// lawful checks what the law asks about the calls.
func (v *validator) lawful() {
	v.size("seller", v.doc.Seller, MaxConsentSeller)
	if s := v.doc.Seller; strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) {
		v.errorAt("seller", "form", "a name is one line without blanks around it", "")
	}
	switch v.doc.Purpose {
	case "", PurposeSales, PurposeCharity, PurposeDebt, PurposeSurvey, PurposeInform, PurposeCause, PurposeHealth:
	default:
		v.oneOf("purpose", string(v.doc.Purpose), string(PurposeSales), string(PurposeCharity), string(PurposeDebt), string(PurposeSurvey),
			string(PurposeInform), string(PurposeCause), string(PurposeHealth))
	}
	switch v.doc.Voice {
	case voiceUnspecified, VoiceLive, VoiceArtificial, VoiceRecorded:
	default:
		v.oneOf("voice", string(v.doc.Voice), string(VoiceLive), string(VoiceArtificial), string(VoiceRecorded))
	}
	switch v.doc.Consent {
	case "", ConsentExpress, ConsentWritten, ConsentPrior:
	default:
		v.oneOf("consent", string(v.doc.Consent), string(ConsentExpress), string(ConsentWritten), string(ConsentPrior))
	}
}

func (v *validator) runs() {
	r := v.doc.Runs
	if r.Max < 1 || r.Max > MaxRuns {
		v.errorAt("runs.max", "range", fmt.Sprintf("runs.max is %d", r.Max), fmt.Sprintf("give 1 to %d", MaxRuns))
	}
	if r.Max > 1 && r.Gap.IsZero() {
		v.errorAt("runs.gap", "required", "more than one run needs a pause between runs", `for example "gap": "7d"`)
	}
	switch r.Then {
	case "", ThenIdle, ThenRestart, ThenReenroll:
		if r.TransitionTo != "" {
			v.errorAt("runs.transition_to", "not_used", "transition_to is used only when then is transition", "remove it")
		}
	case ThenTransition:
		if r.TransitionTo == "" {
			v.required("runs.transition_to", "a transition names the cadence to go to")
		}
		v.name("runs.transition_to", r.TransitionTo)
	default:
		v.oneOf("runs.then", r.Then, ThenIdle, ThenRestart, ThenTransition, ThenReenroll)
	}
	if _, _, err := v.doc.ReEntry.Parse(); err != nil {
		v.errorAt("re_entry", "re_entry", err.Error(), `write never, always or "after 30d"`)
	}
}

func (v *validator) exits() {
	if !v.count("exit_when", len(v.doc.ExitWhen), MaxListed) {
		return
	}
	for i, exit := range v.doc.ExitWhen {
		path := at("exit_when", i)
		switch {
		case (exit.Signal == "") == (exit.If == ""):
			v.errorAt(path, "one_of", "an exit has either a signal or an if", "give exactly one of them")
		case exit.Signal != "":
			v.form(path+".signal", exit.Signal, signalName, "lower-case letters, digits and _, at most 64")
		default:
			v.condition(path+".if", exit.If)
		}
	}
}

func (v *validator) condition(path, source string) {
	if _, err := CompileCondition(source); err != nil {
		v.errorAt(path, expressionCode(err), err.Error(), "compare fields of lead, attempt and now, for example lead.status == 'Qualified' or number(lead.score) > 50")
	}
}

func (v *validator) required(path, message string) {
	v.errorAt(path, "required", message, "")
}

func (v *validator) oneOf(path, have string, allowed ...string) {
	v.errorAt(path, "one_of", fmt.Sprintf("%q is not one of the choices", clip(have)), "choose "+strings.Join(allowed, ", "))
}

// count reports whether a list is short enough to be looked at further, so
// that checking any document takes time in proportion to its size.
func (v *validator) count(path string, n, most int) bool {
	if n > most {
		v.errorAt(path, "too_many", fmt.Sprintf("%d entries; at most %d", n, most), "")
	}
	return n <= most
}

func (v *validator) size(path, text string, most int) {
	if len(text) > most {
		v.errorAt(path, "too_long", fmt.Sprintf("%d bytes; at most %d", len(text), most), "")
	}
}

func (v *validator) form(path, text string, want *regexp.Regexp, remedy string) {
	if !want.MatchString(text) {
		v.errorAt(path, "form", fmt.Sprintf("%q is not of the right form", clip(text)), remedy)
	}
}

// name checks a name that people read: one trimmed line.
func (v *validator) name(path, name string) {
	if utf8.RuneCountInString(name) > MaxNameRunes {
		v.errorAt(path, "too_long", fmt.Sprintf("more than %d characters", MaxNameRunes), "")
	}
	if strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl) {
		v.errorAt(path, "form", "a name is one line without blanks around it", "")
	}
}

// script checks text that may hold merge fields.
func (v *validator) script(path, text string, most int) {
	v.size(path, text, most)
	if _, err := MergeFields(text); err != nil {
		v.errorAt(path, "merge_field", err.Error(), "write {{ lead.first_name }} or {{ vars.offer }}")
	}
}

// exact checks a span that must be of seconds, minutes or hours, in a range.
func (v *validator) exact(path string, s Span, least, most time.Duration) {
	if d, ok := s.Exact(); !ok || d < least || d > most {
		v.errorAt(path, "range", fmt.Sprintf("%s is out of range", s), fmt.Sprintf("give %s to %s", least, most))
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
