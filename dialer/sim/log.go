package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Log is what a world's carrier saw and what people and operators did, for a
// judge outside who knows nothing of the engine.
type Log struct {
	Calls []LoggedCall
	Deeds []LoggedDeed
}

// LoggedCall is a call that the carrier took, at its own time.
type LoggedCall struct {
	At       time.Time
	To, From cadence.Number
	Ring     time.Duration
}

// LoggedDeed is something somebody did. Done is when the engine acknowledged
// it, zero when it never did: then nobody can know whether it counts. All times
// are the carrier's.
type LoggedDeed struct {
	What        string         // the deed: mark, stop, halt, switch, leave, enroll, digits, dispose
	On          bool           // of a mark and of what stops something
	Number      cadence.Number // whom it is about
	About       string         // a scope, a key that was pressed, a disposition
	Asked, Done time.Time
}

// logCall writes a call into the log, where one is kept.
func (w *World) logCall(d telephony.Dial) {
	if w.o.Log != nil {
		w.o.Log.Calls = append(w.o.Log.Calls, LoggedCall{At: w.trueTime(), To: d.To, From: d.From, Ring: d.Ring})
	}
}

// logDeed writes that somebody begins to do something. Whoever hears that it is
// done calls the function it returns.
func (w *World) logDeed(what string, on bool, n cadence.Number, about string) (done func()) {
	l := w.o.Log
	if l == nil {
		return func() {}
	}
	i := len(l.Deeds)
	l.Deeds = append(l.Deeds, LoggedDeed{What: what, On: on, Number: n, About: about, Asked: w.trueTime()})
	return func() { l.Deeds[i].Done = w.trueTime() }
}

// both is one function of two.
func both(a, b func()) func() { return func() { a(); b() } }
