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
