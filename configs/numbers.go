package configs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// CallerID is a number we call from, in a pool. One that stands in several
// pools has the same further fields in each.
type CallerID struct {
	Number string `yaml:"number"`
	Pool   string `yaml:"pool"`
	// Region is where the number is from, as US-CO; empty is its area code's.
	Region string `yaml:"region,omitempty"`
	// Capabilities are what the account may do with it; empty is voice.
	// Without voice it is never called from.
	Capabilities []string `yaml:"capabilities,omitempty"`
	// DailyCap is how many calls a day may be placed from it; 0 is
	// pacing.caller_id_cap.
	DailyCap int `yaml:"daily_cap,omitempty"`
	// Answered is the operator's word that calls to a number of another account
	// are taken by its owner, who hears a no and passes it on.
	Answered bool `yaml:"answered,omitempty"`
}

// DefaultPool is the pool of a caller ID that names none.
const DefaultPool = "default"

// The capabilities of a number.
const (
	CapabilityVoice = "voice"
	CapabilitySMS   = "sms"
	CapabilityMMS   = "mms"
	CapabilityFax   = "fax"
)

// Can is what the account may do with the number.
func (c *CallerID) Can() []string {
	if len(c.Capabilities) == 0 {
		return []string{CapabilityVoice}
	}
	return c.Capabilities
}

// Voice reports whether calls may be placed from the number.
func (c *CallerID) Voice() bool { return slices.Contains(c.Can(), CapabilityVoice) }

// From is where the number is from: its region, else its area code's, ""
// where that says nothing.
func (c *CallerID) From() string {
	if c.Region != "" {
		return c.Region
	}
	if country, code := window.AreaState(c.Number); code != "" {
		return country + "-" + code
	}
	return ""
}

// UnmarshalYAML takes a number alone or a whole entry.
func (c *CallerID) UnmarshalYAML(unmarshal func(any) error) error {
	var number string
	if unmarshal(&number) == nil {
		c.Number, c.Pool = number, DefaultPool
		return nil
	}
	type whole CallerID // without this method
	w := whole{Pool: DefaultPool}
	if err := unmarshal(&w); err != nil {
		return err
	}
	*c = CallerID(w)
	return nil
}

func setCallerIDs(c *Config, v string) error {
	c.CallerIDs = nil
	for _, one := range list(v) {
		number, pool, named := strings.Cut(one, "@")
		if !named {
			pool = DefaultPool
		}
		c.CallerIDs = append(c.CallerIDs, CallerID{Number: number, Pool: pool})
	}
	return nil
}

// MaxDailyCap is more than one number can ring in a day: a cap for machines
// that call machines.
const MaxDailyCap = 1_000_000

func (v *validation) callerIDs(ids []CallerID) {
	if len(ids) == 0 {
		v.wrong("caller_ids", "needs at least one number to call from")
	}
	seen, first, voice := map[string]bool{}, map[string]*CallerID{}, false
	for i := range ids {
		id, key := &ids[i], fmt.Sprintf("caller_ids[%d]", i)
		v.callerID(key, id)
		if place := id.Number + "@" + id.Pool; seen[place] {
			v.wrong(key, "stands twice in pool %q", id.Pool)
		} else {
			seen[place] = true
		}
		if other := first[id.Number]; other == nil {
			first[id.Number] = id
		} else if other.Region != id.Region || other.DailyCap != id.DailyCap || other.Answered != id.Answered || !slices.Equal(other.Capabilities, id.Capabilities) {
			v.wrong(key, "says something else about the number than another pool does; repeat region, capabilities, daily_cap and answered")
		}
		voice = voice || id.Voice()
	}
	if len(ids) > 0 && !voice {
		v.wrong("caller_ids", "none has the capability voice")
	}
}

func (v *validation) callerID(key string, id *CallerID) {
	n, ext, err := cadence.ParseNumber(id.Number, "")
	switch {
	case err != nil:
		v.wrong(key, "%v; write it like +13035550100", err)
	case ext != "" || string(n) != id.Number:
		v.wrong(key, "is not in E.164 form; write it like +13035550100")
	}
	if id.Pool == "" {
		v.wrong(key, "its pool has no name")
	}
	if country, code, cut := strings.Cut(id.Region, "-"); id.Region != "" {
		if in, known, ok := window.State(country, code); !cut || !ok || in != country || known != code {
			v.wrong(key, "region %q is no state or province; write it like US-CO", id.Region)
		}
	}
	for _, one := range id.Capabilities {
		v.oneOf(key, one, CapabilityVoice, CapabilitySMS, CapabilityMMS, CapabilityFax)
	}
	if id.DailyCap < 0 || id.DailyCap > MaxDailyCap {
		v.wrong(key, "daily_cap %d is not between 0 and %d", id.DailyCap, MaxDailyCap)
	}
}

// CallerHealth says when a number of a pool rests because of its own figures.
// All comparisons are of Wilson intervals at Confidence, so that chance alone
// rests nobody: it rests when it is answered less often than the rest of its
// pool, by more than Margin; when more than ShortRatio of those who answer hang
// up within six seconds, and more than in the rest of its pool, by more than
// Margin; when more than NeighbourRatio of its calls go to its own exchange.
type CallerHealth struct {
	Window         int           `yaml:"window"`          // days that are looked at, today the last
	MinCalls       int           `yaml:"min_calls"`       // fewer calls, of the number or of the rest, say nothing
	MinAnswered    int           `yaml:"min_answered"`    // the same of answered calls, for the short ones
	Confidence     float64       `yaml:"confidence"`      // of the intervals
	Margin         float64       `yaml:"margin"`          // between two intervals, as a share
	ShortRatio     float64       `yaml:"short_ratio"`     // of the answered calls; 0 judges no short calls
	NeighbourRatio float64       `yaml:"neighbour_ratio"` // of the calls; 0 judges no neighbours
	Rest           time.Duration `yaml:"rest"`            // 0: figures are shown, nothing rests by itself
}

// DefaultCallerHealth is what rests a number unless the operator says
// otherwise. A week evens out the days; 100 calls are two days of a number
// that is used with care; 99 % because every number is looked at many times;
// two points are worth a rest; a week is as long as what it is judged by. Where
// more than half of those who answer hang up at once the number is known for
// something; more than half of the calls to one exchange are no accident: a
// number that calls its own area code at random meets its own exchange once in
// some hundred calls.
var DefaultCallerHealth = CallerHealth{
	Window: 7, MinCalls: 100, MinAnswered: 50, Confidence: 0.99, Margin: 0.02, ShortRatio: 0.5, NeighbourRatio: 0.5, Rest: 7 * 24 * time.Hour,
}

// maxHealthDays is how many days of figures are kept.
const maxHealthDays = 14

func (v *validation) callerHealth(h *CallerHealth) {
	if h.Window < 1 || h.Window > maxHealthDays {
		v.wrong("caller_health.window", "%d is not between 1 and %d days", h.Window, maxHealthDays)
	}
	if h.MinCalls < 10 || h.MinCalls > MaxDailyCap {
		v.wrong("caller_health.min_calls", "%d is not between 10 and %d", h.MinCalls, MaxDailyCap)
	}
	if h.MinAnswered < 10 || h.MinAnswered > MaxDailyCap {
		v.wrong("caller_health.min_answered", "%d is not between 10 and %d", h.MinAnswered, MaxDailyCap)
	}
	if !(h.ShortRatio >= 0 && h.ShortRatio <= 1) {
		v.wrong("caller_health.short_ratio", "%v is not between 0 and 1", h.ShortRatio)
	}
	if !(h.NeighbourRatio >= 0 && h.NeighbourRatio <= 1) {
		v.wrong("caller_health.neighbour_ratio", "%v is not between 0 and 1", h.NeighbourRatio)
	}
	if !(h.Confidence >= 0.5 && h.Confidence <= 0.9999) {
		v.wrong("caller_health.confidence", "%v is not between 0.5 and 0.9999", h.Confidence)
	}
	if !(h.Margin >= 0 && h.Margin <= 1) {
		v.wrong("caller_health.margin", "%v is not between 0 and 1", h.Margin)
	}
	if h.Rest != 0 && (h.Rest < time.Minute || h.Rest > 365*24*time.Hour) {
		v.wrong("caller_health.rest", "%s is neither 0 nor between 1m and 365 days", h.Rest)
	}
}

// Campaign bounds one campaign within the account. A zero is no limit, and
// weight 1.
type Campaign struct {
	Name     string  `yaml:"name"`
	Weight   float64 `yaml:"weight,omitempty"`   // of its share while several have calls due
	CPS      float64 `yaml:"cps,omitempty"`      // its new calls per second
	Channels int     `yaml:"channels,omitempty"` // its calls open at once
	Seller   string  `yaml:"seller,omitempty"`   // who sells by it, where its cadences name nobody
}

// setCampaigns reads NAME:weight=2:cps=0.5:channels=10:seller=WHO, …. A name
// alone behind a seller may be the rest of one that holds a comma, and is
// refused: consents would not count that name the whole.
func setCampaigns(c *Config, v string) error {
	c.Pacing.Campaigns = nil
	for _, one := range list(v) {
		parts := strings.Split(one, ":")
		campaign := Campaign{Name: parts[0]}
		if n := len(c.Pacing.Campaigns); n > 0 && len(parts) == 1 && c.Pacing.Campaigns[n-1].Seller != "" {
			return fmt.Errorf("%q stands alone behind seller=%s: a seller with a comma goes into the configuration file; for a campaign, give it weight=1", one, c.Pacing.Campaigns[n-1].Seller)
		}
		for _, part := range parts[1:] {
			if err := campaign.set(part); err != nil {
				return err
			}
		}
		c.Pacing.Campaigns = append(c.Pacing.Campaigns, campaign)
	}
	return nil
}

func (c *Campaign) set(part string) (err error) {
	key, value, _ := strings.Cut(part, "=")
	switch key {
	case "weight":
		c.Weight, err = strconv.ParseFloat(value, 64)
	case "cps":
		c.CPS, err = strconv.ParseFloat(value, 64)
	case "channels":
		c.Channels, err = strconv.Atoi(value)
	case "seller":
		c.Seller = value
		return nil
	default:
		return fmt.Errorf("%q is none of weight=, cps=, channels= and seller=", part)
	}
	return numeric(err, value)
}

func (v *validation) campaigns(all []Campaign) {
	seen := map[string]bool{}
	for i := range all {
		c, key := &all[i], fmt.Sprintf("pacing.campaigns[%d]", i)
		switch {
		case c.Name == "":
			v.wrong(key, "has no name; give the cadence's campaign, or its own name when it has none")
		case seen[c.Name]:
			v.wrong(key, "campaign %q stands twice", c.Name)
		}
		seen[c.Name] = true
		if c.Weight != 0 && !(c.Weight >= 1e-6 && c.Weight <= 1e6) {
			v.wrong(key, "weight %v is not between 0.000001 and 1000000", c.Weight)
		}
		if c.CPS != 0 && !(c.CPS >= 0.01 && c.CPS <= 100_000) {
			v.wrong(key, "cps %v is not between 0.01 and 100000", c.CPS)
		}
		if c.Channels < 0 || c.Channels > 1_000_000 {
			v.wrong(key, "channels %d is not between 0 and 1000000", c.Channels)
		}
		v.seller(key+".seller", c.Seller)
	}
}

// seller checks the name of who sells: as long as consents can name it.
func (v *validation) seller(key, name string) {
	if len(name) > cadence.MaxConsentSeller || strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl) {
		v.wrong(key, "want one line of at most %d bytes without blanks around it", cadence.MaxConsentSeller)
	}
}
