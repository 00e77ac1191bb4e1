package packdiff

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

var epoch = time.Unix(0, 0).UTC()

// Change is one fixture lead whose call is judged differently.
type Change struct {
	Lead    string   `json:"lead"`
	Places  []string `json:"places"`
	Purpose string   `json:"purpose"`
	Voice   string   `json:"voice"`
	Consent []string `json:"consent"`
	Was     Answer   `json:"was"`
	Is      Answer   `json:"is"`
}

// Answer is a verdict, and what the rule that decided says of itself.
type Answer struct {
	Result permit.Result `json:"result"`
	Rule   string        `json:"rule,omitempty"`
	Title  string        `json:"title,omitempty"`
	Until  *time.Time    `json:"until,omitempty"`
}

// String is the answer in a few words.
func (a Answer) String() string {
	switch {
	case a.Until != nil:
		return fmt.Sprintf("%s until %s by %s", a.Result, a.Until.Format(time.RFC3339), a.Rule)
	case a.Rule != "":
		return fmt.Sprintf("%s by %s", a.Result, a.Rule)
	}
	return string(a.Result)
}

// Diff judges every fixture lead at an instant under both sets and returns
// those whose verdicts differ in result, rule or time, in their order.
func Diff(old, set *pack.Set, at time.Time) ([]Change, error) {
	var changes []Change
	fixtures := leads()
	before, after := book{set: old, packs: map[string]*permit.Pack{}}, book{set: set, packs: map[string]*permit.Pack{}}
	for i := range fixtures {
		l := &fixtures[i]
		was, err := before.judge(l, at)
		if err != nil {
			return nil, err
		}
		is, err := after.judge(l, at)
		if err != nil {
			return nil, err
		}
		if same(was, is) {
			continue
		}
		changes = append(changes, Change{
			Lead: l.name, Places: l.facts.Jurisdictions, Purpose: l.facts.Purpose, Voice: l.facts.Voice, Consent: append([]string{}, l.facts.Evidence...),
			Was: was, Is: is,
		})
	}
	return changes, nil
}

func same(a, b Answer) bool {
	if a.Until != nil && b.Until != nil && !a.Until.Equal(*b.Until) {
		return false
	}
	return a.Result == b.Result && a.Rule == b.Rule && (a.Until == nil) == (b.Until == nil)
}

// book compiles the law of a set once for each kind of call.
type book struct {
	set   *pack.Set
	packs map[string]*permit.Pack
}

func (b *book) judge(l *lead, at time.Time) (Answer, error) {
	f := l.facts
	q := f.Query()
	key := q.String() + strings.Join(q.Evidence, " ")
	p, ok := b.packs[key]
	if !ok {
		law := b.set.Law(q)
		if len(law.Windows) == 0 {
			return Answer{}, fmt.Errorf("no window holds for %s: a set needs hours for every call", q)
		}
		var err error
		if p, err = permit.NewPack(law, nil); err != nil {
			return Answer{}, err
		}
		b.packs[key] = p
	}
	f.Pack, f.Zones = p, slices.Clone(f.Zones)
	for _, z := range b.set.AreaZones(l.place.Number) {
		if len(f.Zones) > 0 && !slices.Contains(f.Zones, z) {
			f.Zones = append(f.Zones, z)
		}
	}
	v := permit.Decide(&f, at)
	a := Answer{Result: v.Result, Rule: v.Rule}
	if info, known := permit.Info(b.set, v.Rule); known {
		a.Title = info.Title
	}
	if v.Until != 0 {
		a.Until = new(time.UnixMilli(v.Until).UTC())
	}
	return a, nil
}
