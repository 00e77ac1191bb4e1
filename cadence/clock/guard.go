package clock

import "time"

// What the guard tolerates.
const (
	// MaxStep is how far (wall − monotonic) may move before it counts as a
	// changed clock.
	MaxStep = 2 * time.Second
	// MaxDateError is how far the wall may lie from the carrier's Date.
	MaxDateError = 5 * time.Second
	// SteadyFor is how long (wall − monotonic) must stand still after a change
	// before the guard trusts it again.
	SteadyFor = 30 * time.Second

	// steadyWithin is the noise allowed while standing still: wall and
	// monotonic reading are not read at the same instant.
	steadyWithin = 250 * time.Millisecond
	// dateStep is the resolution of an HTTP Date: the true time lies up to
	// this much after it.
	dateStep = time.Second
)

// Why the guard refuses. The texts are stable: they are metric labels.
const (
	ReasonBehindRecord = "clock.behind_record"
	ReasonStepped      = "clock.stepped"
	ReasonCarrierDate  = "clock.carrier_date"
	ReasonUnconfirmed  = "clock.unconfirmed"
)

// Guard decides whether the wall can be trusted to judge windows. It is pure
// and has no lock: its owner calls it with readings of the *real* clocks, also
// where the engine runs on virtual time.
//
// It refuses while the wall lies behind the last record, after (wall −
// monotonic) moved by more than MaxStep, and while the wall differs from the
// carrier's Date by more than MaxDateError; told to Distrust, also before the
// first Date. After a move it trusts again by
// itself once the difference has stood still for SteadyFor and a Date seen
// since agrees; otherwise an operator has to accept the clock.
type Guard struct {
	seen    bool
	base    time.Duration // the trusted (wall − mono)
	stepped bool

	steady      time.Duration // the (wall − mono) that now stands still
	steadySince time.Duration // on the monotonic reading

	dated    bool // a Date was seen since the last change
	date     time.Time
	dateMono time.Duration

	wall       time.Time // last reading
	record     time.Time // last record
	acceptedTo time.Time // records up to here may lie ahead of the wall

	unconfirmed bool // nobody else has told the time yet
}

// Distrust makes the guard refuse until a first Date agrees: a clock that was
// wrong before the process began shows no step. Call it first, and only where
// somebody tells a Date.
func (g *Guard) Distrust() { g.unconfirmed = true }

// Observe takes a reading and says whether the wall can be trusted, and if not
// why (one of the Reason constants). lastRecord is the time of the ledger's
// last record, zero when there is none. Call it at least once a second while
// dialing, and before a turn that writes intents.
func (g *Guard) Observe(wall time.Time, mono time.Duration, lastRecord time.Time) (ok bool, reason string) {
	g.read(wall, mono)
	g.record = lastRecord
	switch {
	case wall.Before(lastRecord) && lastRecord.After(g.acceptedTo):
		return false, ReasonBehindRecord
	case g.stepped:
		return false, ReasonStepped
	case g.dated && !g.dateAgrees(wall, mono):
		return false, ReasonCarrierDate
	case g.unconfirmed:
		return false, ReasonUnconfirmed
	}
	return true, ""
}

// CarrierDate takes the Date header of a carrier's answer, with the readings
// at the moment it arrived.
func (g *Guard) CarrierDate(date, wall time.Time, mono time.Duration) {
	g.read(wall, mono)
	g.dated, g.date, g.dateMono = true, date, mono
	if g.dateAgrees(wall, mono) {
		g.unconfirmed = false
	}
	g.rebase(wall, mono)
}

// Accept is an operator's word that the wall as last observed is right. It
// forgets earlier evidence; a later Date that disagrees is believed again.
func (g *Guard) Accept() {
	g.base, g.stepped, g.dated, g.unconfirmed = g.steady, false, false, false
	if g.record.After(g.wall) {
		g.acceptedTo = g.record
	}
}

// read folds one pair of readings into the guard.
func (g *Guard) read(wall time.Time, mono time.Duration) {
	offset := time.Duration(wall.UnixNano()) - mono
	g.wall = wall
	if !g.seen {
		g.seen, g.base, g.steady, g.steadySince = true, offset, offset, mono
		return
	}
	if (offset - g.steady).Abs() > MaxStep {
		// What the Date said before a change says nothing about the wall
		// after it, because the monotonic reading may be what was wrong: it
		// stands still while a machine is suspended.
		g.dated = false
	}
	if (offset - g.steady).Abs() > steadyWithin {
		g.steady, g.steadySince = offset, mono
	}
	if (offset - g.base).Abs() > MaxStep {
		g.stepped = true
	}
	g.rebase(wall, mono)
}

// rebase trusts an offset that has proved itself.
func (g *Guard) rebase(wall time.Time, mono time.Duration) {
	if mono-g.steadySince >= SteadyFor && g.dated && g.dateAgrees(wall, mono) {
		g.base, g.stepped = g.steady, false
	}
}

// dateAgrees compares the wall with the last Date carried forward by the
// monotonic reading.
func (g *Guard) dateAgrees(wall time.Time, mono time.Duration) bool {
	ahead := wall.Sub(g.date.Add(mono - g.dateMono))
	return ahead >= -MaxDateError && ahead <= MaxDateError+dateStep
}
