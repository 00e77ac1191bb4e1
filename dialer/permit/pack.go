package permit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Digest names hours by their content.
type Digest [16]byte

// Pack is what one cadence version's calls of one kind are judged by: the law
// and the cadence's own hours. It is immutable and shared.
type Pack struct {
	Digest  Digest // of Windows
	Law     *pack.Law
	Windows []*window.Rule // the law's first, then the cadence's
	joint   []*window.Rule // the same, with what can be joined in one week
	Caps    []pack.Limit   // the cadence's own, per lead
	Daily   []pack.Limit   // on the calls of the cadence in a day: the law's, then its own
}

// NewPack joins the law, which needs at least one window, with a cadence's
// time restrictions (nil: none beyond the law's). It fails on a zone or window
// that does not parse.
func NewPack(law *pack.Law, tr *cadence.TimeRestrictions) (*Pack, error) {
	if len(law.Windows) == 0 {
		return nil, errors.New("permit: a pack without the law's hours")
	}
	p := &Pack{Law: law, Windows: slices.Clone(law.Windows), Daily: law.Daily}
	if tr != nil {
		rules, err := restrictions(tr)
		if err != nil {
			return nil, fmt.Errorf("permit: time restrictions: %w", err)
		}
		p.Windows = append(p.Windows, rules...)
	}
	p.Digest = digest(p.Windows)
	p.joint = join(p.Windows)
	return p, nil
}

// join puts the rules that speak of the same clock on all days into one, so
// that one look judges them all. It says nothing of which of them refuses.
func join(rules []*window.Rule) []*window.Rule {
	one := &window.Rule{ID: "joint", Week: window.Full()}
	var holidays []window.Holidays
	out := []*window.Rule{one}
	for _, r := range rules {
		if r.Zone != nil || r.Since != 0 || r.Until != 0 || r.OnHolidays != nil {
			out = append(out, r)
			continue
		}
		one.Week = window.Intersect(one.Week, r.Week)
		if r.Holidays != nil {
			holidays = append(holidays, r.Holidays)
		}
	}
	if len(holidays) > 0 {
		one.Holidays = func(d window.Date) bool {
			for _, closed := range holidays {
				if closed(d) {
					return true
				}
			}
			return false
		}
	}
	return out
}

func restrictions(tr *cadence.TimeRestrictions) ([]*window.Rule, error) {
	zone, err := restrictedZone(tr.Zone)
	if err != nil {
		return nil, err
	}
	var rules []*window.Rule
	if len(tr.Windows) > 0 {
		spans := make([]window.Span, len(tr.Windows))
		for i, w := range tr.Windows {
			if spans[i], err = window.ParseSpan(w.Days, w.From, w.To); err != nil {
				return nil, err
			}
		}
		rules = append(rules, &window.Rule{ID: RuleCadenceWindow, Week: window.NewWeek(spans...), Zone: zone})
	}
	if tr.Holidays {
		// A holiday is the called party's, whatever clock the windows follow.
		rules = append(rules, &window.Rule{ID: RuleHolidayUS, Week: window.Full(), Holidays: window.USFederal})
	}
	return rules, nil
}

func restrictedZone(name string) (*time.Location, error) {
	if name == "" || name == "lead" {
		return nil, nil // every candidate zone of the called number
	}
	return window.LoadZone(name)
}

// digest covers the tz database, every rule's id, zone, days and minutes.
// Holidays are code or stand in the set of packs: the id stands for them.
func digest(rules []*window.Rule) (d Digest) {
	h := sha256.New()
	fmt.Fprintf(h, "tz %s\n", window.TZVersion())
	var minutes [24 * 60]byte
	for _, r := range rules {
		fmt.Fprintf(h, "%q %q %v\n", r.ID, zoneName(r.Zone), r.Holidays != nil)
		if r.Since != 0 || r.Until != 0 {
			fmt.Fprintf(h, "days %d %d\n", r.Since, r.Until)
		}
		for day := time.Sunday; day <= time.Saturday; day++ {
			for m := range minutes {
				minutes[m] = 0
				if r.Week.Allows(day, m) {
					minutes[m] = 1
				}
			}
			h.Write(minutes[:])
		}
	}
	copy(d[:], h.Sum(nil))
	return d
}

func zoneName(z *time.Location) string {
	if z == nil {
		return ""
	}
	return z.String()
}
