package permit

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Over says that the call's campaign is over the share of abandoned calls that
// a rule allows. Instants are Unix milliseconds.
type Over struct {
	Rule      string `cbor:"1,keyasint"`
	Since     int64  `cbor:"2,keyasint"` // when the period began that it was judged by
	Until     int64  `cbor:"3,keyasint"` // its calls wait until then
	Answered  int64  `cbor:"4,keyasint,omitempty"`
	Abandoned int64  `cbor:"5,keyasint,omitempty"`
	Late      int64  `cbor:"140,keyasint,omitempty"` // … that count too: not put through in time
}

// Abandons are the rules about abandoned calls in force for the call, and the
// least time in which they want an answered one put through; 0 is any.
func (f *Facts) Abandons(now time.Time) (rules []string, within time.Duration) {
	for i := range f.Pack.Law.Abandons {
		l := &f.Pack.Law.Abandons[i]
		if !inForce(f, l, now) {
			continue
		}
		rules = append(rules, l.ID)
		if l.Within > 0 && (within == 0 || l.Within < within) {
			within = l.Within
		}
	}
	return rules, within
}

// checkAbandon has the calls of a campaign wait that abandoned too many of its
// live answers.
func checkAbandon(f *Facts, now time.Time) finding {
	if len(f.Over) == 0 {
		return finding{}
	}
	for i := range f.Pack.Law.Abandons {
		l := &f.Pack.Law.Abandons[i]
		if o := f.over(l, now); o != nil && inForce(f, l, now) {
			return finding{rule: l.ID, result: Defer, until: lapsing(f, l, time.UnixMilli(o.Until))}
		}
	}
	return finding{}
}

// over is what the campaign was found to be under a rule, nil while it is not
// over its share.
func (f *Facts) over(l *pack.Limit, now time.Time) *Over {
	i := slices.IndexFunc(f.Over, func(o Over) bool { return o.Rule == l.ID && now.UnixMilli() < o.Until })
	if i < 0 {
		return nil
	}
	return &f.Over[i]
}

// traceAbandon tells what share of its live answers the campaign abandoned.
func traceAbandon(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Abandons {
		l := &f.Pack.Law.Abandons[i]
		c := Check{Rule: l.ID, Kind: KindAbandon, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			c.Detail = fmt.Sprintf("not over %g %% of the live answers", l.Share)
			if o := f.over(l, now); o != nil {
				c.Result, c.Until = Defer, lapsing(f, l, time.UnixMilli(o.Until))
				c.Detail = fmt.Sprintf("%d of %d live answers since %s abandoned, at most %g %% allowed",
					o.Abandoned+o.Late, o.Answered, time.UnixMilli(o.Since).UTC().Format(time.RFC3339), l.Share)
				if o.Late > 0 {
					c.Detail += fmt.Sprintf("; %d of them were put through later than %s", o.Late, l.Within)
				}
			}
		}
		out = append(out, c)
	}
	return out
}
