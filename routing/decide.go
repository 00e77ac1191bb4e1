package routing

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Input is all a decision depends on. Doc has passed validation. Zone is the
// lead's (nil counts calendar delays in UTC); Holiday tells public holidays by
// local day for business-day delays and may be nil.
type Input struct {
	Set         *Set
	Doc         *cadence.Document
	StepIndex   int
	Run         int                             // from 1
	Retries     map[cadence.DispositionCode]int // retries used in this step and run, by Move.RouteOn
	Disposition cadence.DispositionCode         // code or alias
	Numbers     Numbers
	At          time.Time // of the final disposition
	RunStarted  time.Time
	Zone        *time.Location
	Holiday     func(local time.Time) bool
	CallbackAt  time.Time // as agreed; zero when no time was
}

// decision is one Decide under way.
type decision struct {
	Input
	step  *cadence.Step
	disp  *Disposition
	route cadence.Route
	why   string
	move  Move
}

// Decide maps a final disposition to the next move. The step's routes come
// before the cadence's, those before the disposition's own. A person who asked
// not to be called leaves, whatever the routes say. A disposition about the
// number retires it first.
func Decide(in Input) Move {
	d := newDecision(in)
	if d.disp.DNC {
		return d.exit(FinalDNC, ReasonDNC)
	}
	if d.move.RetireNumber {
		d.Numbers = d.Numbers.retire(d.Numbers.Index)
	} else if i := d.Numbers.after(); i >= 0 && d.nextOn() {
		return d.nextNumber(i, in.At, ReasonNextOn)
	}
	switch d.route.Do {
	case cadence.DoRetry:
		return d.retry()
	case cadence.DoGoto:
		return d.jump()
	case cadence.DoCallback:
		return d.callback()
	case cadence.DoTransition:
		return d.transition(d.route.To, d.why)
	case cadence.DoExit:
		if d.disp.Conversion {
			return d.exit(FinalConverted, d.why)
		}
		return d.exit(FinalExited, d.why)
	case DoNextNumber:
		return d.otherNumber()
	case cadence.DoNext:
	}
	return d.next(d.routeDelay(), d.why)
}

// Skip is the move past a step whose condition did not hold at in.At. The
// step's own delay still counts, so that the rhythm stays. in.Set and
// in.Disposition are not read.
func Skip(in Input) Move {
	d := &decision{Input: in, step: &in.Doc.Steps[in.StepIndex], move: Move{Run: in.Run}}
	return d.next(d.step.DelayAfter, ReasonSkipped)
}

// Start is the move that begins a stay at a step (see Resume), due at once.
func Start(doc *cadence.Document, step int, n Numbers, at time.Time) Move {
	d := &decision{Input: Input{Doc: doc, StepIndex: step, Numbers: n, At: at, Run: 1}, move: Move{Run: 1}}
	return d.enter(KindNextStep, step, at, ReasonStart)
}

func newDecision(in Input) *decision {
	d := &decision{Input: in, step: &in.Doc.Steps[in.StepIndex]}
	disp, known := in.Set.Resolve(in.Disposition)
	if !known {
		disp = &Disposition{Code: in.Disposition, Scope: ScopeLead, Route: cadence.Route{Do: cadence.DoNext}}
	}
	d.disp = disp
	d.route, d.why = d.pick()
	if !known && d.why == ReasonDefaultRoute {
		d.why = ReasonUnknown
	}
	d.move = Move{Run: in.Run, RouteOn: disp.Code, RetireNumber: disp.RetiresNumber(), OtherPart: d.route.OtherPart}
	return d
}

// pick finds the route in force. Within one list the first match counts;
// validation refuses a second.
func (d *decision) pick() (cadence.Route, string) {
	if i := slices.IndexFunc(d.step.Routes, d.matches); i >= 0 {
		return d.step.Routes[i], ReasonStepRoute
	}
	if i := slices.IndexFunc(d.Doc.Routes, d.matches); i >= 0 {
		return d.Doc.Routes[i], ReasonCadenceRoute
	}
	return d.disp.Route, ReasonDefaultRoute
}

func (d *decision) matches(r cadence.Route) bool { return d.same(r.On) }

func (d *decision) same(code cadence.DispositionCode) bool {
	if code == d.disp.Code {
		return true
	}
	other, ok := d.Set.Resolve(code)
	return ok && other.Code == d.disp.Code
}

// nextOn reports whether the step's number policy moves on after this
// disposition.
func (d *decision) nextOn() bool { return slices.ContainsFunc(d.step.Numbers.NextOn, d.same) }

func (d *decision) retry() Move {
	if !d.disp.Ours || d.route.Max > 0 {
		if d.Retries[d.disp.Code] >= d.maxRetries() {
			return d.next(d.step.DelayAfter, ReasonRetriesUsed)
		}
		d.move.ConsumesRetry = true
	}
	i := d.retryNumber()
	if i < 0 {
		d.move.ConsumesRetry = false
		return d.exit(FinalUnreachable, ReasonNumbersRetired)
	}
	d.move.NumberIndex = i
	return d.finish(KindRetry, d.StepIndex, d.after(d.routeDelay()), d.why)
}

// maxRetries is the route's own limit, else the disposition's, else one.
func (d *decision) maxRetries() int {
	switch {
	case d.route.Max > 0:
		return d.route.Max
	case d.disp.Route.Do == cadence.DoRetry && d.disp.Route.Max > 0:
		return d.disp.Route.Max
	}
	return 1
}

// retryNumber is the number of a further try: the next in order where the
// step says so, the first again after next_on has gone through all, else the
// same. A call we ended ourselves is made again to the same number.
func (d *decision) retryNumber() int {
	switch {
	case d.disp.Ours && d.Numbers.usable(d.Numbers.Index):
		return d.Numbers.Index
	case d.step.Numbers.InOrder:
		return d.Numbers.around()
	case d.nextOn():
		return d.Numbers.First()
	case d.Numbers.usable(d.Numbers.Index):
		return d.Numbers.Index
	}
	return d.Numbers.around()
}

func (d *decision) jump() Move {
	to := d.Doc.StepIndex(d.route.To)
	if to < 0 {
		return d.next(d.step.DelayAfter, ReasonNoSuchStep)
	}
	return d.enter(KindGoto, to, d.anchored(to, d.routeDelay()), d.why)
}

func (d *decision) callback() Move {
	due, why := d.CallbackAt, ReasonCallbackAgreed
	if due.IsZero() {
		due, why = d.after(d.routeDelay()), ReasonCallbackDefault
	}
	i := d.Numbers.Index
	if !d.Numbers.usable(i) {
		if i = d.Numbers.First(); i < 0 {
			return d.exit(FinalUnreachable, ReasonNumbersRetired)
		}
	}
	d.move.NumberIndex = i
	return d.finish(KindCallback, d.StepIndex, due, why)
}

// otherNumber follows the retirement of a number.
func (d *decision) otherNumber() Move {
	if i := d.Numbers.after(); i >= 0 {
		due := d.At
		if d.route.Delay != nil {
			due = d.after(*d.route.Delay)
		}
		return d.nextNumber(i, due, d.why)
	}
	if d.Numbers.First() < 0 {
		return d.exit(FinalUnreachable, ReasonNumbersRetired)
	}
	return d.next(d.step.DelayAfter, ReasonNumbersCalled)
}

func (d *decision) nextNumber(i int, due time.Time, why string) Move {
	d.move.NumberIndex = i
	return d.finish(KindNextNumber, d.StepIndex, due, why)
}
