package cadence

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
