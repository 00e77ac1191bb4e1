package cadence

// Format is the only document format this package reads and writes.
const Format = "carillon.cadence/v1"

// Document is a cadence as people exchange it. It holds no ids, status or
// version: those belong to the server that runs it.
type Document struct {
	Format           string            `json:"format"`
	Name             string            `json:"name"`
	Description      string            `json:"description,omitempty"`
	Campaign         string            `json:"campaign,omitempty"`
	Purpose          Purpose           `json:"purpose,omitempty"`
	Voice            Voice             `json:"voice,omitempty"`
	Consent          Consent           `json:"consent,omitempty"`
	Seller           string            `json:"seller,omitempty"` // whose goods are offered; empty is the house's own
	TimeRestrictions *TimeRestrictions `json:"time_restrictions,omitempty"`
	Caps             *Caps             `json:"caps,omitempty"`
	Audience         Audience          `json:"audience"`
	Connect          []Connect         `json:"connect,omitempty"`
	Runs             Runs              `json:"runs"`
	ReEntry          ReEntry           `json:"re_entry,omitempty"`
	ExitWhen         []ExitWhen        `json:"exit_when,omitempty"`
	Routes           []Route           `json:"routes,omitempty"`
	Steps            []Step            `json:"steps"`
}

// Purpose is what the calls are for: the law asks. Empty is PurposeSales, the
// strictest.
type Purpose string

// The purposes.
const (
	PurposeSales   Purpose = "sales"
	PurposeCharity Purpose = "charity"
	PurposeDebt    Purpose = "debt_collection"
	PurposeSurvey  Purpose = "survey"
	PurposeInform  Purpose = "informational"
	PurposeCause   Purpose = "nonprofit"
	PurposeHealth  Purpose = "healthcare"
)

// Voice is who speaks to the person who answers. Empty is VoiceLive, except
// where a connect target is a message or an AI: see VoiceOf.
type Voice string

// The voices.
const (
	VoiceLive        Voice = "live"
	VoiceArtificial  Voice = "artificial"  // made by a machine
	VoiceRecorded    Voice = "prerecorded" // a person's, recorded before
	voiceUnspecified Voice = ""
)

// Consent is what the author of a cadence declares of everybody who is
// enrolled. It is evidence only for rules that let a declaration suffice; else
// consent is a ConsentRecord of the number. Empty is nothing.
type Consent string

// The consents, as laws tell them apart.
const (
	ConsentExpress Consent = "express"         // to being called
	ConsentWritten Consent = "express_written" // to being called by machines to sell, signed
	ConsentPrior   Consent = "prior"           // opt-in, as European laws ask for
)

// PurposeOf is the purpose of the cadence's calls.
func (d *Document) PurposeOf() Purpose {
	if d.Purpose == "" {
		return PurposeSales
	}
	return d.Purpose
}

// VoiceOf is the voice of a step's calls: that of the document, but never
// gentler than what its connect targets say.
func (d *Document) VoiceOf(s *Step) Voice {
	chain := d.Connect
	if len(s.Connect) > 0 {
		chain = s.Connect
	}
	said := d.Voice
	if said == voiceUnspecified {
		said = VoiceLive
	}
	for i := range chain {
		if said != VoiceLive {
			break
		}
		switch c := &chain[i]; {
		case c.To == ConnectMessage && c.Audio != "":
			said = VoiceRecorded
		case c.To == ConnectMessage, c.To == ConnectAI:
			said = VoiceArtificial
		}
	}
	return said
}

// CampaignName is the name under which pacing and abandon are counted: the
// campaign if one is set, else the cadence's own name.
func (d *Document) CampaignName() string {
	if d.Campaign != "" {
		return d.Campaign
	}
	return d.Name
}

// StepIndex finds a step by key; -1 when there is none.
func (d *Document) StepIndex(key string) int {
	for i := range d.Steps {
		if d.Steps[i].Key == key {
			return i
		}
	}
	return -1
}

// TimeRestrictions says when calls of this cadence may be placed. Zone is
// "lead" (default: every candidate zone of the called number) or an IANA
// name. No windows means no restriction beyond the law's.
type TimeRestrictions struct {
	Zone     string   `json:"zone,omitempty"`
	Windows  []Window `json:"windows,omitempty"`
	Holidays bool     `json:"holidays,omitempty"` // true: no calls on public holidays
}

// Window is a span of the local day. From is inclusive, To exclusive; "24:00"
// is the end of the day. Days are mon … sun; none means every day.
type Window struct {
	Days []string `json:"days,omitempty"`
	From string   `json:"from"`
	To   string   `json:"to"`
}

// Audience is who gets enrolled. Only "manual" runs; "view" is reserved.
type Audience struct {
	Type string `json:"type"`
	View string `json:"view,omitempty"`
}

// ConnectKind is where an answered call goes.
type ConnectKind string

// The connect kinds. Agents and AI are held by the model and refused at
// publish until they run.
const (
	ConnectNumber  ConnectKind = "number"
	ConnectSIP     ConnectKind = "sip"
	ConnectMessage ConnectKind = "message"
	ConnectAgents  ConnectKind = "agents"
	ConnectAI      ConnectKind = "ai"
)

// Connect is one target of the fallback chain: the first is tried first.
type Connect struct {
	To              ConnectKind                `json:"to"`
	Number          Number                     `json:"number,omitempty"`
	SIP             string                     `json:"sip,omitempty"`
	Text            string                     `json:"text,omitempty"`
	Audio           string                     `json:"audio,omitempty"`
	Gather          map[string]DispositionCode `json:"gather,omitempty"`
	RingTimeout     Span                       `json:"ring_timeout,omitzero"`
	DispositionWait Span                       `json:"disposition_wait,omitzero"`
	Queue           string                     `json:"queue,omitempty"`
	Skills          []string                   `json:"skills,omitempty"`
	StreamURL       string                     `json:"stream_url,omitempty"`
	RelayURL        string                     `json:"conversation_relay_url,omitempty"`
	Parameters      map[string]string          `json:"parameters,omitempty"`
}

// Runs says how often a lead passes through the steps and what follows. Gap
// is the pause before a further run and is required when Max > 1.
type Runs struct {
	Max          int    `json:"max"`
	Gap          Span   `json:"gap,omitzero"`
	Then         string `json:"then,omitempty"` // idle (default) | restart | transition | reenroll
	TransitionTo string `json:"transition_to,omitempty"`
}

// What happens after the last run.
const (
	ThenIdle       = "idle"
	ThenRestart    = "restart"
	ThenTransition = "transition"
	ThenReenroll   = "reenroll"
)

// ReEntry says whether a lead that left the cadence may enter it again:
// "never" (default, also ""), "always", or "after 30d".
type ReEntry string

// ExitWhen ends an enrollment: on a signal, or when an expression over the
// lead becomes true. Exactly one of the two is set.
type ExitWhen struct {
	Signal string `json:"signal,omitempty"`
	If     string `json:"if,omitempty"`
}

// StepKind is the channel of a step.
type StepKind string

// The step kinds. Email and task are held by the model and refused at publish
// until they run.
const (
	StepCall  StepKind = "call"
	StepEmail StepKind = "email"
	StepTask  StepKind = "task"
)

// Anchor says what a step's delay counts from.
type Anchor string

// The anchors: the previous step's final disposition (default), or the
// enrollment's (run's) start.
const (
	AnchorPrevious   Anchor = "previous"
	AnchorEnrollment Anchor = "enrollment"
)

// Step is one touch to make. DelayAfter is the default delay of the step's
// outgoing edges and counts from the step's final disposition, unless the
// next step is anchored at the enrollment: then the *next* step starts at
// enrollment + that delay.
type Step struct {
	Key        string        `json:"key"`
	Kind       StepKind      `json:"kind"`
	PlacedBy   string        `json:"placed_by,omitempty"` // dialer (default) | rep
	Rep        *RepCall      `json:"rep,omitempty"`
	Name       string        `json:"name,omitempty"`
	Script     string        `json:"script,omitempty"`
	CallerID   CallerID      `json:"caller_id,omitzero"`
	Numbers    NumberPolicy  `json:"numbers,omitzero"`
	Detection  Detection     `json:"detection,omitzero"`
	Voicemail  Voicemail     `json:"voicemail,omitzero"`
	RingFor    Span          `json:"ring_timeout,omitzero"` // default 25s, 15s…60s
	Connect    []Connect     `json:"connect,omitempty"`     // overrides the cadence's
	Anchor     Anchor        `json:"anchor,omitempty"`
	DelayAfter Span          `json:"delay_after,omitzero"`
	Parent     string        `json:"parent,omitempty"`
	When       []Trigger     `json:"when,omitempty"`
	Delay      Span          `json:"delay,omitzero"` // of a step with a parent
	Routes     []Route       `json:"routes,omitempty"`
	Advanced   Advanced      `json:"advanced,omitzero"`
	Boosts     []Boost       `json:"boosts,omitempty"`
	Email      *EmailDetails `json:"email,omitempty"`
	Task       *TaskDetails  `json:"task,omitempty"`
}

// RepCall describes a call that a person places.
type RepCall struct {
	Owner     string `json:"owner,omitempty"`
	StartTime string `json:"start_time,omitempty"`
	Purpose   string `json:"purpose,omitempty"`
	Agenda    string `json:"agenda,omitempty"`
	Subject   string `json:"subject,omitempty"`
	Reminder  Span   `json:"reminder,omitzero"`
}

// EmailDetails belong to a step of kind email.
type EmailDetails struct {
	Template string `json:"template"`
	ToField  string `json:"to_field,omitempty"`
	From     string `json:"from,omitempty"`
	ReplyTo  string `json:"reply_to,omitempty"`
}

// TaskDetails belong to a step of kind task.
type TaskDetails struct {
	Subject  string `json:"subject"`
	Owner    string `json:"owner,omitempty"`
	Due      Span   `json:"due,omitzero"`
	Priority string `json:"priority,omitempty"`
	Reminder Span   `json:"reminder,omitzero"`
}

// Strategy chooses the caller ID of a call.
type Strategy string

// The caller-ID strategies: one number, any of the pool, the least recently
// used, always the same for a lead, one of the lead's area code or state, and
// the one with the fewest calls today.
const (
	StrategyFixed    Strategy = "fixed"
	StrategyRandom   Strategy = "random"
	StrategyRotating Strategy = "rotating_pool"
	StrategySticky   Strategy = "sticky"
	StrategyLocal    Strategy = "local_presence"
	StrategyLeast    Strategy = "least_used_today"
)

// CallerID is the strategy and the pool it chooses from ("" = "default"), or
// the one number of the fixed strategy.
type CallerID struct {
	Strategy Strategy `json:"strategy,omitempty"` // default random
	Pool     string   `json:"pool,omitempty"`
	Number   Number   `json:"number,omitempty"`
}

// NumberPolicy says which of a lead's numbers a step calls: "primary"
// (default), "in_order" (each further try takes the next number), or
// next_on: the listed dispositions move on to the next number.
// JSON: "primary" | "in_order" | {"next_on": ["BUSY", …]}.
type NumberPolicy struct {
	InOrder bool
	NextOn  []DispositionCode
}

// DetectionMode is when an answering machine is told from a person.
type DetectionMode string

// The modes of detection. DetectSync (the default) judges before anything is
// said: a person hears nothing for the seconds that takes. DetectAsync connects
// at once and judges meanwhile: a machine hears the beginning of what was meant
// for a person. DetectOff takes everything for a person.
const (
	DetectSync  DetectionMode = "sync"
	DetectAsync DetectionMode = "async"
	DetectOff   DetectionMode = "off"
)

// Detection tells answering machines from people. What has not been judged
// after Timeout (default 30s, 3s…59s) counts as a person.
type Detection struct {
	Mode    DetectionMode `json:"mode,omitempty"`
	Timeout Span          `json:"timeout,omitzero"`
}

// Voicemail says what to do when a machine answers: leave the message (text
// to speech, or audio) after the greeting, or hang up. A message is never
// spoken over a greeting. Where the greeting ended and no beep was heard, the
// message is left after a second's pause, unless OnlyAfterBeep.
type Voicemail struct {
	Leave         bool   `json:"leave,omitempty"`
	Text          string `json:"text,omitempty"`
	Audio         string `json:"audio,omitempty"`
	OnlyAfterBeep bool   `json:"only_after_beep,omitempty"`
}

// Action is what a route does.
type Action string

// The actions of a route.
const (
	DoRetry      Action = "retry"
	DoNext       Action = "next"
	DoGoto       Action = "goto"
	DoExit       Action = "exit"
	DoCallback   Action = "callback"
	DoTransition Action = "transition"
)

// Route maps a disposition to what happens next. Delay is the wait of this
// edge (for retry, required unless the disposition has a default). Max counts
// retries of this route per step and run; after it the step's default edge
// (next) is taken. To names the step of goto or the cadence of transition.
type Route struct {
	On    DispositionCode `json:"on"`
	Do    Action          `json:"do"`
	Delay *Span           `json:"delay,omitempty"`
	Max   int             `json:"max,omitempty"`
	To    string          `json:"to,omitempty"`
	// OtherPart prefers another part of the local day (until noon, until
	// 17:00, after) than that of the call that has just ended.
	OtherPart bool `json:"other_day_part,omitempty"`
}

// Trigger is the outcome of a parent step that starts a step of a tree.
type Trigger struct {
	On    string `json:"on"`
	Delay Span   `json:"delay,omitzero"`
}

// Advanced holds the conditional and AI parts of a step. Condition is an
// expression over the lead; when false the step is skipped.
type Advanced struct {
	Condition string            `json:"condition,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
	AI        *AI               `json:"ai,omitempty"`
}

// AI instructs an AI caller; where it is reached stands in connect.
type AI struct {
	Instructions string   `json:"instructions,omitempty"`
	Voice        string   `json:"voice,omitempty"`
	Language     string   `json:"language,omitempty"`
	MaxSeconds   int      `json:"max_seconds,omitempty"`
	HandOverWhen []string `json:"hand_over_when,omitempty"`
}

// Boost is an extra touch started by a signal beside the main path.
type Boost struct {
	Signal string `json:"signal"`
	Step   string `json:"step"`
	Delay  Span   `json:"delay,omitzero"`
}
