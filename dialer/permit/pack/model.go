package pack

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Schema is the only form of pack files that is read.
const Schema = 1

// Kind is what a rule is about.
type Kind string

// The kinds. All but DNC, Recording and Retention are judged by the permit;
// those are duties that other parts of the house keep or that people do.
const (
	Window    Kind = "window"
	Holiday   Kind = "holiday"
	Emergency Kind = "emergency"
	Cap       Kind = "cap"
	Wait      Kind = "wait"
	Consent   Kind = "consent"
	Ring      Kind = "ring"
	TZ        Kind = "tz"
	Scrub     Kind = "scrub"
	Abandon   Kind = "abandon"
	DNC       Kind = "dnc"
	CallerID  Kind = "callerid"
	Recording Kind = "recording"
	Retention Kind = "retention"
)

// Duty reports whether rules of the kind are told and not judged.
func (k Kind) Duty() bool {
	switch k {
	case DNC, Recording, Retention:
		return true
	case Window, Holiday, Emergency, Cap, Wait, Consent, Ring, TZ, Scrub, Abandon, CallerID:
	}
	return false
}

// File is one pack: a file of rules and calendars.
type File struct {
	Path      string     `json:"path"`
	Schema    int        `json:"schema" yaml:"schema"`
	Pack      string     `json:"pack" yaml:"pack"`
	ReviewBy  string     `json:"review_by,omitempty" yaml:"review_by"`
	Applies   Applies    `json:"applies,omitzero" yaml:"applies"`
	Calendars []Calendar `json:"calendars,omitempty" yaml:"calendars"`
	Rules     []Rule     `json:"rules,omitempty" yaml:"rules"`
	At        lines      `json:"-"`
}

// lines are where the keys of a mapping stand, "" for itself.
type lines map[string]int

// of is the line of a key, or of the whole where it has none.
func (l lines) of(key string) int {
	if n, ok := l[key]; ok {
		return n
	}
	return l[""]
}

// has reports whether the key is written.
func (l lines) has(key string) bool { _, ok := l[key]; return ok }

// Rule is one rule of law or of the house.
type Rule struct {
	ID       string   `json:"id" yaml:"id"`
	Kind     Kind     `json:"kind" yaml:"kind"`
	Title    string   `json:"title" yaml:"title"`
	Applies  Applies  `json:"applies,omitzero" yaml:"applies"`
	Params   Params   `json:"params,omitzero" yaml:"params"`
	WaivedBy []string `json:"waived_by,omitempty" yaml:"waived_by"`
	// Declared lets the word of the cadence's author stand for a record of the
	// person's own consent. No rule of law that is shipped does.
	Declared bool `json:"declared,omitempty" yaml:"declared"`
	// ToSeller counts only evidence that was given to the seller of the calls, by
	// name.
	ToSeller   bool   `json:"to_seller,omitempty" yaml:"to_seller"`
	Source     string `json:"source" yaml:"source"`
	Confidence string `json:"confidence" yaml:"confidence"` // V verified, S one secondary source, M from memory
	From       string `json:"effective_from,omitempty" yaml:"effective_from"`
	To         string `json:"effective_to,omitempty" yaml:"effective_to"`
	ReviewBy   string `json:"review_by,omitempty" yaml:"review_by"`
	At         lines  `json:"-"`

	since, until window.Day
}

// Applies says which calls a rule is about; an empty list is all of them. What
// is not known about a call does not keep a rule from applying.
type Applies struct {
	Country []string `json:"country,omitempty" yaml:"country"` // ISO 3166, the number's or the address's
	State   []string `json:"state,omitempty" yaml:"state"`     // the area code's or the address's
	Purpose []string `json:"purpose,omitempty" yaml:"purpose"`
	Line    []string `json:"line,omitempty" yaml:"line"`
	Voice   []string `json:"voice,omitempty" yaml:"voice"`
	At      lines    `json:"-"`
}

// Params are what the kinds need; each kind takes its own.
type Params struct {
	Days map[string][]string `json:"days,omitempty" yaml:"days"` // window: "mon-fri" to spans of the local day
	Zone string              `json:"zone,omitempty" yaml:"zone"` // window: a clock of its own, for all who are called

	Calendar string   `json:"calendar,omitempty" yaml:"calendar"` // holiday
	Dates    []string `json:"dates,omitempty" yaml:"dates"`       // holiday
	Open     []string `json:"open,omitempty" yaml:"open"`         // holiday: spans that stay allowed

	Key   []string `json:"key,omitempty" yaml:"key"`     // cap, wait, abandon: who is counted
	Max   int      `json:"max,omitempty" yaml:"max"`     // cap
	Per   string   `json:"per,omitempty" yaml:"per"`     // cap, abandon: 24h, 30d, day, month
	After string   `json:"after,omitempty" yaml:"after"` // wait: attempt, conversation or refusal
	For   string   `json:"for,omitempty" yaml:"for"`     // wait

	Need    string `json:"need,omitempty" yaml:"need"`         // consent
	MinRing string `json:"min_ring,omitempty" yaml:"min_ring"` // ring

	NPA   []string `json:"npa,omitempty" yaml:"npa"`     // tz: area codes
	Zones []string `json:"zones,omitempty" yaml:"zones"` // tz: zones they also lie in

	List          string   `json:"list,omitempty" yaml:"list"`                     // dnc, scrub
	HonourWithin  string   `json:"honour_within,omitempty" yaml:"honour_within"`   // dnc
	MaxAge        string   `json:"max_age,omitempty" yaml:"max_age"`               // scrub
	Voluntary     bool     `json:"voluntary,omitempty" yaml:"voluntary"`           // scrub: no duty; judged from the first import on
	MaxPercent    float64  `json:"max_percent,omitempty" yaml:"max_percent"`       // abandon, of live answers
	ConnectWithin string   `json:"connect_within,omitempty" yaml:"connect_within"` // abandon
	Message       bool     `json:"message,omitempty" yaml:"message"`               // abandon: who waits longer hears who called
	MustPresent   bool     `json:"must_present,omitempty" yaml:"must_present"`     // callerid
	CallableBack  bool     `json:"callable_back,omitempty" yaml:"callable_back"`   // callerid
	Series        []string `json:"series,omitempty" yaml:"series"`                 // callerid: beginnings of national numbers
	Announce      bool     `json:"announce,omitempty" yaml:"announce"`             // recording
	Keep          string   `json:"keep,omitempty" yaml:"keep"`                     // retention
	What          []string `json:"what,omitempty" yaml:"what"`                     // retention
	At            lines    `json:"-"`
}

// Calendar is a named set of holidays.
type Calendar struct {
	ID         string  `json:"id" yaml:"id"`
	Source     string  `json:"source" yaml:"source"`
	Confidence string  `json:"confidence" yaml:"confidence"`
	ReviewBy   string  `json:"review_by,omitempty" yaml:"review_by"`
	Days       []Feast `json:"days" yaml:"days"`
	At         lines   `json:"-"`
}

// Feast is one holiday of every year, given in one of four ways.
type Feast struct {
	Name     string `json:"name" yaml:"name"`
	Date     string `json:"date,omitempty" yaml:"date"`         // "12-25"
	Weekday  string `json:"weekday,omitempty" yaml:"weekday"`   // with month and nth
	Month    int    `json:"month,omitempty" yaml:"month"`       // 1 … 12
	Nth      int    `json:"nth,omitempty" yaml:"nth"`           // 1 … 5, -1 for the last
	Plus     int    `json:"plus,omitempty" yaml:"plus"`         // days behind the nth weekday
	Easter   *int   `json:"easter,omitempty" yaml:"easter"`     // days behind Easter Sunday
	Every    int    `json:"every,omitempty" yaml:"every"`       // years divisible by it; 0 is all
	Observed bool   `json:"observed,omitempty" yaml:"observed"` // also Friday for a Saturday, Monday for a Sunday
	Monday   bool   `json:"monday,omitempty" yaml:"monday"`     // also Monday for a Saturday or a Sunday
	At       lines  `json:"-"`
}

// The purposes of calls, the strictest first.
var purposes = []string{"sales", "charity", "debt_collection", "survey", "informational", "nonprofit", "healthcare"}

// Purposes are the purposes a call may have; the first is taken where none is
// said.
func Purposes() []string { return slices.Clone(purposes) }

// The voices of calls: a person on the line, or a machine that speaks.
var voices = []string{"live", "artificial", "prerecorded"}

var lineKinds = []string{"residential", "mobile", "business"}
