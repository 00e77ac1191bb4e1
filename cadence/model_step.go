package cadence

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
