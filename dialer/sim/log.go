package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// Log is what a world's carrier saw and what people and operators did, for a
// judge outside who knows nothing of the engine.
type Log struct {
	Calls []LoggedCall
	Deeds []LoggedDeed
}

// LoggedCall is a call that the carrier took, at its own time. Whose it is, by
// which campaign, and when it was decided, is read from its intent, which was
// durable before the carrier heard of it.
type LoggedCall struct {
	At       time.Time
	To, From cadence.Number
	Ring     time.Duration
	// Of a call that a person answered: when it asked what to do, when somebody
	// was on the line or a message began, and when it was over. Zero is never.
	Heard, PutThrough, Told, Over time.Time
	Lead                          cadence.ID
	Campaign                      string
	Decided                       time.Time
}

// LoggedDeed is something somebody did. Done is when the engine acknowledged
// it, zero when it never did: then nobody can know whether it counts. All times
// are the carrier's.
type LoggedDeed struct {
	What        string         // the deed: mark, stop, halt, switch, leave, enroll, digits, dispose, talk, list, listed
	On          bool           // of a mark and of what stops something
	Number      cadence.Number // whom it is about
	About       string         // a scope, a key that was pressed, a disposition, an imported list
	AsOf        time.Time      // of an edition of a list: its date
	Asked, Done time.Time
}

// logCall writes a call into the log, where one is kept.
func (w *World) logCall(k *call, d telephony.Dial, i *event.Intended) {
	if w.o.Log == nil {
		return
	}
	c := LoggedCall{At: w.trueTime(), To: d.To, From: d.From, Ring: d.Ring}
	if i != nil {
		c.Lead, c.Campaign, c.Decided = i.Lead, i.Campaign, time.UnixMilli(i.At).UTC()
	}
	k.logged = len(w.o.Log.Calls)
	w.o.Log.Calls = append(w.o.Log.Calls, c)
}

// logOf is the line of a call that a person answered; another one, which nobody
// reads, for every other.
func (w *World) logOf(k *call) *LoggedCall {
	person := k.by == telephony.ByHuman || k.by == telephony.ByUnknown
	if w.o.Log == nil || !person || !k.Outbound {
		return &LoggedCall{}
	}
	return &w.o.Log.Calls[k.logged]
}

// logOnce notes when something happened first.
func (w *World) logOnce(at *time.Time) {
	if at.IsZero() {
		*at = w.trueTime()
	}
}

func (w *World) logHeard(k *call)      { w.logOnce(&w.logOf(k).Heard) }
func (w *World) logPutThrough(k *call) { w.logOnce(&w.logOf(k).PutThrough) }
func (w *World) logTold(k *call)       { w.logOnce(&w.logOf(k).Told) }
func (w *World) logOver(k *call)       { w.logOnce(&w.logOf(k).Over) }

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

// logEdition writes that a list came, how old it was, and who is on it: from now
// on that has to be heeded.
func (w *World) logEdition(e *Edition, asOf int64) {
	l := w.o.Log
	if l == nil {
		return
	}
	now := w.trueTime()
	l.Deeds = append(l.Deeds, LoggedDeed{What: "list", On: true, About: e.List, AsOf: time.UnixMilli(asOf).UTC(), Asked: now, Done: now})
	for _, n := range e.Numbers {
		l.Deeds = append(l.Deeds, LoggedDeed{What: "listed", On: true, Number: n, About: e.List, Asked: now, Done: now})
	}
}
