package permit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// Digest names a pack by its content.
type Digest [16]byte

// Pack is the compiled hours and holidays one cadence version is called under.
// It is immutable and shared.
type Pack struct {
	Digest  Digest
	Windows []*window.Rule // the law's first, then the cadence's
}

// NewPack joins the law's rules, of which there must be at least one, with a
// cadence's time restrictions (nil: none beyond the law's). It fails on a zone
// or window that does not parse.
func NewPack(law []*window.Rule, tr *cadence.TimeRestrictions) (*Pack, error) {
	if len(law) == 0 {
		return nil, errors.New("permit: a pack without the law's hours")
	}
	p := &Pack{Windows: slices.Clone(law)}
	if tr != nil {
		rules, err := restrictions(tr)
		if err != nil {
			return nil, fmt.Errorf("permit: time restrictions: %w", err)
		}
		p.Windows = append(p.Windows, rules...)
	}
	p.Digest = digest(p.Windows)
	return p, nil
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

// digest covers the tz database, every rule's id, zone and minutes. Holidays
// are code or a named list: the id stands for them.
func digest(rules []*window.Rule) (d Digest) {
	h := sha256.New()
	fmt.Fprintf(h, "tz %s\n", window.TZVersion())
	var minutes [24 * 60]byte
	for _, r := range rules {
		fmt.Fprintf(h, "%q %q %v\n", r.ID, zoneName(r.Zone), r.Holidays != nil)
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
