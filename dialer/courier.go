package dialer

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/telephony"
)

// watchEvery is how often the gate is looked at when nothing else happens
// (real time), and probeEvery how often the engine reaches for itself.
const (
	watchEvery = 250 * time.Millisecond
	probeEvery = 20 * time.Second
	// judgeEvery is how often campaigns are judged by their abandoned calls at
	// most: it reads the counters of a month. Without any they are judged every
	// judgeLatest, because periods end by themselves.
	judgeEvery  = 5 * time.Second
	judgeLatest = time.Hour
	probeLimit  = 10 * time.Second
	// busyPause is how long somebody waits who found the inbox full.
	busyPause = time.Millisecond
	// effectFor is how long an owed effect is tried again before it waits for its
	// attempt's deadline, and effectPause the first wait between two tries, each
	// further one being twice as long: five tries where the carrier answers.
	effectFor   = 4 * time.Second
	effectPause = 250 * time.Millisecond
)

// sent takes an executor's report to the loop, and what it says about the
// carrier to the gate. Reports are never refused: an attempt whose end got
// lost would hold its number until the next start.
func (e *Engine) sent(s *Sent) {
	e.health.sent(s, e.o.Guard, e.o.Wall.Now(), e.o.Real.Mono())
	e.metrics.sent(s)
	e.observed(s)
	if s.Err == nil && !s.Late {
		e.board.Placed(e.o.Real.Now().Unix())
	}
	if s.Err != nil && s.Err.Class != telephony.Throttled {
		e.log.Info("call not placed", zap.String("attempt_id", s.Attempt.Bare()), zap.String("class", string(s.Err.Class)),
			zap.String("reason", s.Err.Reason), zap.Int("code", s.Err.Code))
	}
	e.must(s)
}

// must puts a message in that may not get lost. The inbox refuses it only when
// the engine has stopped, and then the next start settles the matter.
func (e *Engine) must(m Message) {
	for errors.Is(e.inbox.put(Urgent, Item{Message: m}), ErrBusy) {
		reached, stop := e.o.Real.At(e.o.Real.Now().Add(busyPause))
		<-reached
		stop()
	}
}

// ask sends an inquiry to the carrier. It ends with the engine.
func (e *Engine) ask(l Look) {
	taken := e.looks.add(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, 3*sendTimeout)
		defer cancel()
		said := Inquire(ctx, e.o.Carrier, l, e.o.Wall.Now().UnixMilli())
		crash.Point(crash.LookAnswered)
		e.must(said)
	})
	if !taken {
		e.log.Warn("too many inquiries wait; this one comes again at its attempt's deadline")
	}
}

// act carries out an owed effect, once at a time. One that was begun is ended,
// also while the engine stops.
func (e *Engine) act(o Owed) {
	if _, under := e.acting.LoadOrStore(o.Attempt, true); under {
		return
	}
	taken := e.effects.add(func(ctx context.Context) {
		defer e.acting.Delete(o.Attempt)
		e.must(e.carryOut(ctx, o))
	})
	if !taken {
		e.acting.Delete(o.Attempt)
		e.log.Warn("too many effects wait; this one comes again at its attempt's deadline")
	}
}

// carryOut tries an owed effect again where it fails: a phone that rings in
// spite of a no, or of the switch, is answered before its attempt's deadline.
// It keeps its worker meanwhile, which is what a carrier wants that says it is
// asked too much at once; one that does not answer is not waited for twice, so
// that others get their turn. The end of ctx ends the waits, not a request.
func (e *Engine) carryOut(ctx context.Context, o Owed) *Acted {
	began := e.o.Real.Now()
	for pause := effectPause; ; pause *= 2 {
		did := e.carryOutOnce(ctx, o)
		if did.Err == "" || e.o.Real.Now().Add(pause).Sub(began) > effectFor {
			return did
		}
		reached, stop := e.o.Real.At(e.o.Real.Now().Add(pause))
		select {
		case <-reached:
			stop()
		case <-ctx.Done():
			stop()
			return did
		}
	}
}

func (e *Engine) carryOutOnce(ctx context.Context, o Owed) *Acted {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	crash.Point(crash.EffectBeforeRequest)
	did := CarryOut(ctx, e.o.Carrier, o)
	crash.Point(crash.EffectAfterRequest)
	return did
}

// gate is what stops dialing now, for who is not the loop: of rules and money
// it knows what the last turn said.
func (e *Engine) gate() Doubt {
	if d := e.unfit(); d.Reason != "" {
		return d
	}
	if d := e.status.Load().Doubt; d.Reason == ReasonPacks || d.Reason == ReasonMoney {
		return d
	}
	return Doubt{}
}

// watch looks at the gate's outer conditions: it probes, and wakes the loop
// when dialing became possible or impossible.
func (e *Engine) watch(ctx context.Context) {
	next := e.o.Real.Mono()
	first, _ := trimPace()
	trim, judge := next+first, next
	e.abandoned.Store(true) // whatever happened before this start
	last := Doubt{Reason: ReasonStarting}
	for {
		if e.o.Probe != nil && e.o.Real.Mono() >= next {
			pctx, cancel := context.WithTimeout(ctx, probeLimit)
			err := e.o.Probe(pctx)
			cancel()
			if ctx.Err() != nil {
				return
			}
			e.health.probe(e.o.Real.Mono(), err)
			next = e.o.Real.Mono() + probeEvery
			if err != nil {
				next = e.o.Real.Mono() + probeEvery/10
			}
		}
		e.checkDate(ctx)
		if mono := e.o.Real.Mono(); mono >= judge && e.abandoned.Swap(false) || mono >= judge+judgeLatest {
			e.judgeAbandon(ctx)
			judge = e.o.Real.Mono() + judgeEvery
		}
		if e.o.Real.Mono() >= trim {
			if err := e.trim(ctx); err != nil {
				e.log.Error("the log could not be trimmed", zap.Error(err))
			}
			trim = e.o.Real.Mono() + trimEvery
		}
		switch d := e.gate(); {
		case d.Reason != last.Reason:
			e.log.Info("dialing gate", zap.Bool("open", d.Reason == ""), zap.String("reason", d.Reason), zap.String("detail", d.Detail))
			last = d
			e.wake()
		case d.Reason == ReasonMoney: // a day ends without a turn
			e.wake()
		}
		reached, stop := e.o.Real.At(e.o.Real.Now().Add(watchEvery))
		select {
		case <-ctx.Done():
			stop()
			return
		case <-reached:
		}
	}
}

// checkDate asks the carrier for its time while ours is in doubt: a clock that
// has been put right is trusted again only when somebody else confirms it.
func (e *Engine) checkDate(ctx context.Context) {
	dater, ok := e.o.Carrier.(telephony.Dater)
	if !ok || !e.o.Guard || !e.health.clockDoubted(e.o.Real.Mono()) {
		return
	}
	dctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	date, err := dater.Date(dctx)
	if err != nil {
		e.log.Debug("the carrier's time cannot be asked", zap.Error(err))
		return
	}
	e.health.carrierDate(date, e.o.Wall.Now(), e.o.Real.Mono())
}

func (e *Engine) wake() {
	select {
	case e.poke <- struct{}{}:
	default:
	}
}
