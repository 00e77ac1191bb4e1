package statute

import "time"

// Call is one line of the carrier's log: a call it took, by its own clock.
type Call struct {
	At       time.Time
	To, From string        // E.164
	Ring     time.Duration // after which it would have given up
	// Of a call that a person answered: when it asked what to do, when somebody
	// was on the line or a message began, and when it was over; zero is never.
	Heard, PutThrough, Told, Over time.Time
}

// Person is one line of the list as it was imported.
type Person struct {
	Name    string
	Numbers []string // E.164
	Country string   // ISO 3166 alpha-2; "" is not said
	State   string   // its code
	Postal  string
	Zone    string // an IANA name
}

// Kind is what somebody did.
type Kind string

// What people and operators do.
const (
	No      Kind = "no"      // Who is a number: not to be called
	Yes     Kind = "yes"     // … and again to be called
	Stop    Kind = "stop"    // the house stops dialing
	Resume  Kind = "resume"  // … and dials again
	Left    Kind = "left"    // Who is a person's name: taken out of the cadence
	Entered Kind = "entered" // … and put in again
	Refused Kind = "refused" // Who is a number: not interested in the offer
	Talked  Kind = "talked"  // Who is a number: a person was spoken to
	List    Kind = "list"    // About is a list of numbers that came in, AsOf its date
	Listed  Kind = "listed"  // Who is a number: it stands on the list About that came in with it
)

// Act is one thing done. It is about Who, and where there are several of a
// kind (scopes of a no, ways to stop) about About. Between Asked and Done nobody
// can know whether it already counts; the zero Done was never confirmed.
type Act struct {
	Kind        Kind
	Who, About  string
	Asked, Done time.Time
	AsOf        time.Time
}

// House is what the house says about its calls.
type House struct {
	Purpose string // sales, informational, debt_collection …
	Voice   string // live, artificial, prerecorded
	Consent string // "", express or express_written: what everybody has given

	PerNumber int // calls to a number in any 24 hours; 0 is no cap
	PerCaller int // calls from a number on a UTC day; 0 is no cap
	// Spread is how long a person's no, or the end of a stay, may take to reach
	// their other numbers; 0 is what a house with one shard promises.
	Spread time.Duration

	// Began is when the campaign was published; zero leaves abandoned calls alone.
	Began time.Time
	// Hears is how long after a call's end the house may not know of it.
	Hears time.Duration
	// Strict counts calls that are put through too late as abandoned.
	Strict bool
}

// Objection is one call that should not have been made.
type Objection struct {
	Call Call
	Law  string // a short name, as fl.hours
	Why  string
}
