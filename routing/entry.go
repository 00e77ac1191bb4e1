package routing

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/carillon-dialer/carillon/cadence"
)

var (
	codeForm  = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,39}$`)
	aliasForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9_]{0,39}$`)
)

// disposition checks one entry and gives it its final form.
func (e *entryShape) disposition() (Disposition, error) {
	d := Disposition{
		Code: cadence.DispositionCode(e.Code), Label: e.Label, Aliases: e.Aliases, Scope: e.Scope,
		Live: e.Live, Contact: e.Contact, Conversion: e.Conversion, Completed: e.Completed,
		DNC: e.DNC, Refusal: e.Refusal, Callback: e.Callback, Final: e.Final, Retryable: e.Retryable,
		Machine: e.Machine, System: e.System, Ours: e.Ours,
		Route: cadence.Route{On: cadence.DispositionCode(e.Code), Do: e.Route.Do, Max: e.Route.Max},
	}
	if !codeForm.MatchString(e.Code) {
		return d, errors.New("a code is 2 to 40 of A-Z, 0-9 and _, beginning with a letter")
	}
	if e.Label == "" {
		return d, errors.New("label is missing")
	}
	for _, a := range e.Aliases {
		if !aliasForm.MatchString(a) {
			return d, fmt.Errorf("alias %q: want 1 to 40 of A-Z, 0-9 and _", a)
		}
	}
	if e.Route.Delay != "" {
		span, err := cadence.ParseSpan(e.Route.Delay)
		if err != nil {
			return d, fmt.Errorf("route delay: %w", err)
		}
		d.Route.Delay = &span
	}
	return d, errors.Join(d.flags(), d.route())
}

// flags refuses combinations that contradict each other.
func (d *Disposition) flags() error {
	switch {
	case d.Scope != ScopeLead && d.Scope != ScopeNumber:
		return fmt.Errorf("scope %q, want lead or number", d.Scope)
	case d.Contact && !d.Live:
		return errors.New("contact without live: nobody to have contact with")
	case d.Conversion && !d.Contact:
		return errors.New("conversion without contact: rates would pass 1")
	case d.Live && d.Machine:
		return errors.New("live and machine exclude each other")
	case d.Live && !d.Completed:
		return errors.New("live without completed: an answered call ran to an outcome")
	case d.DNC && !d.Final:
		return errors.New("dnc without final: a person who said no leaves")
	case d.Final && d.Retryable:
		return errors.New("final and retryable exclude each other")
	case d.Scope == ScopeNumber && d.Retryable:
		return errors.New("retryable with scope number: a retired number is not called again")
	case d.Ours && !d.System:
		return errors.New("ours without system: nobody else can say it")
	}
	return nil
}

// route checks the default route against the flags.
func (d *Disposition) route() error {
	r := d.Route
	if r.Max < 0 || r.Max > MaxRetries {
		return fmt.Errorf("route max %d, want 0 to %d", r.Max, MaxRetries)
	}
	if r.Max > 0 && r.Do != cadence.DoRetry {
		return fmt.Errorf("route max belongs to retry, not to %s", r.Do)
	}
	if d.Final != (r.Do == cadence.DoExit) {
		return errors.New("final and route exit go together")
	}
	switch r.Do {
	case cadence.DoRetry:
		if !d.Retryable || r.Delay == nil || (r.Max == 0 && !d.Ours) {
			return errors.New("a retry needs retryable, a delay and a max")
		}
		if r.Max == 0 && r.Delay.IsZero() {
			return errors.New("a retry without a max needs a delay above 0: it would call again and again at once")
		}
	case cadence.DoCallback:
		if !d.Callback || r.Delay == nil || r.Delay.IsZero() {
			return errors.New("a callback needs the callback flag and a delay above 0 for when no time was agreed")
		}
	case DoNextNumber:
		if d.Scope != ScopeNumber {
			return errors.New("next_number needs scope number")
		}
	case cadence.DoNext, cadence.DoExit:
	case cadence.DoGoto, cadence.DoTransition:
		return fmt.Errorf("route %s names a place in one cadence and cannot be a default", r.Do)
	default:
		return fmt.Errorf("route do %q, want next, retry, exit, callback or next_number", r.Do)
	}
	return nil
}
