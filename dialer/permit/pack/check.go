package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// overrides is the folder of what an operator adds for a time.
const overrides = "overrides/"

var (
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)+$`)
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	stateForm   = regexp.MustCompile(`^[A-Z]{2}$`)
	seriesForm  = regexp.MustCompile(`^[0-9]{1,9}$`)
	npaForm     = regexp.MustCompile(`^[2-9][0-9]{2}$`)
)

// checker looks for what is wrong within files.
type checker struct {
	problems  Problems
	calendars map[string]bool
	file      *File
}

func (c *checker) wrong(line int, field, message, remedy string) {
	c.problems = append(c.problems, Problem{c.file.Path, line, field, message, remedy})
}

func (c *checker) check(f *File) {
	c.file = f
	if f.Schema != Schema {
		c.wrong(f.At.of("schema"), "schema", fmt.Sprintf("schema %d is not read", f.Schema), fmt.Sprintf("write schema: %d", Schema))
	}
	if !nameForm.MatchString(f.Pack) {
		c.wrong(f.At.of("pack"), "pack", fmt.Sprintf("%q is no name of a pack", f.Pack), "write small letters, digits and dashes")
	}
	c.date(f.At, "", "review_by", f.ReviewBy)
	c.applies("applies", &f.Applies)
	for i := range f.Calendars {
		c.calendar(fmt.Sprintf("calendars[%d]", i), &f.Calendars[i])
	}
	for i := range f.Rules {
		c.rule(fmt.Sprintf("rules[%d]", i), &f.Rules[i])
	}
}

func (c *checker) date(at lines, path, key, text string) window.Day {
	if text == "" {
		return 0
	}
	day, err := dayOf(text)
	if err != nil {
		c.wrong(at.of(key), under(path, key), err.Error(), "")
	}
	return day
}

func (c *checker) calendar(path string, cal *Calendar) {
	if !nameForm.MatchString(cal.ID) {
		c.wrong(cal.At.of("id"), path+".id", fmt.Sprintf("%q is no name of a calendar", cal.ID), "write small letters, digits and dashes")
	}
	c.sourced(cal.At, path, cal.Source, cal.Confidence)
	c.date(cal.At, path, "review_by", cal.ReviewBy)
	if len(cal.Days) == 0 {
		c.wrong(cal.At.of("days"), path+".days", "a calendar without days", "list its holidays")
	}
	for i := range cal.Days {
		if why := cal.Days[i].wrong(); why != "" {
			c.wrong(cal.Days[i].At.of(""), fmt.Sprintf("%s.days[%d]", path, i), why, "")
		}
	}
}

func (c *checker) sourced(at lines, path, source, confidence string) {
	if source == "" {
		c.wrong(at.of("source"), path+".source", "the source is missing", "name the statute or who decided it")
	}
	if !slices.Contains([]string{"V", "S", "M"}, confidence) {
		c.wrong(at.of("confidence"), path+".confidence", fmt.Sprintf("%q is no confidence", confidence), "write V (verified), S (one secondary source) or M (from memory)")
	}
}

func (c *checker) rule(path string, r *Rule) {
	if !idForm.MatchString(r.ID) || len(r.ID) > 64 {
		c.wrong(r.At.of("id"), path+".id", fmt.Sprintf("%q is no id of a rule", r.ID), "write it like us.tsr.hours")
	}
	if r.Title == "" || len(r.Title) > 200 {
		c.wrong(r.At.of("title"), path+".title", "want a title of 1 to 200 bytes: it is what people read when the rule refuses", "")
	}
	c.sourced(r.At, path, r.Source, r.Confidence)
	c.applies(path+".applies", &r.Applies)
	c.oneOf(r.At, path, "waived_by", r.WaivedBy, evidence)
	if r.Declared && r.Kind != Consent && len(r.WaivedBy) == 0 {
		c.wrong(r.At.of("declared"), path+".declared", "the rule asks for no evidence", "remove it, or say in waived_by what takes the rule away")
	}
	c.toSeller(path, r)
	c.period(path, r)
	k, known := kinds[r.Kind]
	if !known {
		c.wrong(r.At.of("kind"), path+".kind", fmt.Sprintf("%q is no kind of rule", r.Kind), "known are "+strings.Join(kindNames(), ", "))
		return
	}
	c.taken(path, r, k)
	c.params(path+".params", r, &r.Params)
}

// toSeller checks that there is evidence which a seller could have been given.
func (c *checker) toSeller(path string, r *Rule) {
	switch {
	case r.ToSeller && r.Kind != Consent && len(r.WaivedBy) == 0:
		c.wrong(r.At.of("to_seller"), path+".to_seller", "the rule asks for no evidence", "remove it, or say in waived_by what takes the rule away")
	case r.ToSeller && r.Declared:
		c.wrong(r.At.of("to_seller"), path+".to_seller", "what the cadence's author declares was given to nobody", "remove it, or declared")
	}
}

// period checks when a rule is in force.
func (c *checker) period(path string, r *Rule) {
	r.since, r.until = c.date(r.At, path, "effective_from", r.From), c.date(r.At, path, "effective_to", r.To)
	c.date(r.At, path, "review_by", r.ReviewBy)
	if r.since != 0 && r.until != 0 && r.until < r.since {
		c.wrong(r.At.of("effective_to"), path+".effective_to", fmt.Sprintf("the rule ends on %s, before it begins on %s", r.To, r.From), "exchange them")
	}
	over := strings.HasPrefix(c.file.Path, overrides)
	if r.To == "" && (over || r.Kind == Emergency) {
		c.wrong(r.At.of("effective_to"), path+".effective_to", "a rule that an operator adds, and an emergency, end on a day", "write the last day on which it is in force")
	}
	if r.From == "" && r.Kind == Emergency {
		c.wrong(r.At.of("effective_from"), path+".effective_from", "an emergency begins on a day", "write the first day on which it is in force")
	}
}

// taken holds the params against those of the kind.
func (c *checker) taken(path string, r *Rule, k params) {
	for _, key := range k.needs {
		if !r.Params.At.has(key) {
			c.wrong(max(r.Params.At.of(""), r.At.of("params")), path+".params."+key, fmt.Sprintf("a rule of kind %s needs it", r.Kind), "")
		}
	}
	for key, line := range r.Params.At {
		if key != "" && !slices.Contains(k.needs, key) && !slices.Contains(k.may, key) {
			c.wrong(line, path+".params."+key, fmt.Sprintf("a rule of kind %s does not take it", r.Kind), "remove it")
		}
	}
}

func (c *checker) applies(path string, a *Applies) {
	c.form(a.At, path, "country", a.Country, countryForm, "ISO 3166 codes such as US")
	c.form(a.At, path, "state", a.State, stateForm, "codes such as FL")
	for _, s := range a.State {
		if _, _, ok := window.State("", s); !ok {
			c.wrong(a.At.of("state"), path+".state", fmt.Sprintf("%q is no state of the United States and no province of Canada", s), "write its code")
		}
	}
	c.oneOf(a.At, path, "purpose", a.Purpose, purposes)
	c.oneOf(a.At, path, "line", a.Line, lineKinds)
	c.oneOf(a.At, path, "voice", a.Voice, voices)
}

func (c *checker) form(at lines, path, key string, values []string, form *regexp.Regexp, want string) {
	for _, v := range values {
		if !form.MatchString(v) {
			c.wrong(at.of(key), under(path, key), fmt.Sprintf("%q is not understood", v), "write "+want)
		}
	}
}

func (c *checker) oneOf(at lines, path, key string, values, known []string) {
	for _, v := range values {
		if !slices.Contains(known, v) {
			c.wrong(at.of(key), under(path, key), fmt.Sprintf("%q is not known", v), "known are "+strings.Join(known, ", "))
		}
	}
}

// params checks the values that a rule gives.
func (c *checker) params(path string, r *Rule, p *Params) {
	bad := func(key string, err error, remedy string) {
		if err != nil {
			c.wrong(p.At.of(key), under(path, key), err.Error(), remedy)
		}
	}
	if p.At.has("days") {
		week, err := weekOf(p.Days)
		if err == nil && week.Empty() {
			err = fmt.Errorf("the window is empty")
		}
		bad("days", err, "give it hours, or use a rule of kind emergency")
	}
	if p.Zone != "" {
		_, err := window.LeadZone(p.Zone)
		bad("zone", err, "write a name of the IANA database")
	}
	_, err := openOf(p.Open)
	bad("open", err, "")
	c.holiday(path, r, p)
	if p.At.has("max") && (p.Max < 1 || p.Max > 1000) {
		bad("max", fmt.Errorf("%d is not between 1 and 1000", p.Max), "")
	}
	c.durations(r, p, bad)
	if p.At.has("need") {
		c.oneOf(p.At, path, "need", []string{p.Need}, evidence)
	}
	if p.At.has("after") {
		c.oneOf(p.At, path, "after", []string{p.After}, []string{afterAttempt, afterConversation, afterRefusal})
	}
	if r.Kind == DNC && p.List != "internal" {
		bad("list", fmt.Errorf("%q is not known", p.List), "the list we keep ourselves is internal; others are scrubbed")
	}
	c.oneOf(p.At, path, "key", p.Key, []string{"person", "lead", "number", "subject", "seller", "debt", "campaign", "telemarketer", keyCadence})
	c.perCadence(path, r, p)
	c.oneOf(p.At, path, "what", p.What, recordNames())
	c.series(path, r, p)
	c.places(path, p)
}

// perCadence checks a cap on all calls of a cadence, which are counted by the
// house's day.
func (c *checker) perCadence(path string, r *Rule, p *Params) {
	switch {
	case !slices.Contains(p.Key, keyCadence):
	case r.Kind != Cap:
		c.wrong(p.At.of("key"), path+".key", "only caps count the calls of a cadence", "remove cadence")
	case len(p.Key) > 1:
		c.wrong(p.At.of("key"), path+".key", "a cap on all calls of a cadence counts nobody's in particular", "let cadence stand alone, or write a rule of its own")
	case p.Per != perDay:
		c.wrong(p.At.of("per"), path+".per", fmt.Sprintf("%q: the calls of a cadence are counted per day", p.Per), "write day")
	}
}

// series checks the beginnings of numbers that may be shown: of which country's
// they are has to be said.
func (c *checker) series(path string, r *Rule, p *Params) {
	c.form(p.At, path, "series", p.Series, seriesForm, "the first digits of national numbers, such as \"140\"")
	for _, country := range c.file.Applies.over(r.Applies).Country {
		if len(p.Series) > 0 && callingCode(country) == "" {
			c.wrong(p.At.of("series"), path+".series", fmt.Sprintf("the calling code of %s is not known", country), "correct the country")
		}
	}
	if len(p.Series) > 0 && len(c.file.Applies.over(r.Applies).Country) == 0 {
		c.wrong(p.At.of("series"), path+".series", "a series is of one country's numbers", "name it in applies.country")
	}
}

func (c *checker) holiday(path string, r *Rule, p *Params) {
	if r.Kind == Holiday && (p.Calendar == "") == (len(p.Dates) == 0) {
		c.wrong(p.At.of(""), path, "a holiday rule names a calendar, or dates", "write one of them")
	}
	if p.Calendar != "" && !c.calendars[p.Calendar] {
		c.wrong(p.At.of("calendar"), path+".calendar", fmt.Sprintf("there is no calendar %q", p.Calendar), "add it, or correct the name")
	}
	for i, text := range p.Dates {
		if _, err := dayOf(text); err != nil {
			c.wrong(p.At.of("dates"), fmt.Sprintf("%s.dates[%d]", path, i), err.Error(), "")
		}
	}
}

func (c *checker) durations(r *Rule, p *Params, bad func(string, error, string)) {
	if p.At.has("per") {
		_, _, err := periodOf(p.Per)
		bad("per", err, "")
	}
	for key, text := range map[string]string{
		"for": p.For, "min_ring": p.MinRing, "honour_within": p.HonourWithin, "max_age": p.MaxAge, "connect_within": p.ConnectWithin, "keep": p.Keep,
	} {
		if text == "" {
			continue
		}
		d, err := durationOf(text)
		if err == nil && key == "for" && d > longest {
			err = fmt.Errorf("%q is longer than 92d", text)
		}
		bad(key, err, "")
	}
	if r.Kind == Abandon && (p.MaxPercent <= 0 || p.MaxPercent > 100) {
		bad("max_percent", fmt.Errorf("%v is no share between 0 and 100", p.MaxPercent), "")
	}
	if span, _, err := periodOf(p.Per); r.Kind == Abandon && err == nil && span > longestShare {
		bad("per", fmt.Errorf("%q is longer than 31d", p.Per), "")
	}
}

// places checks a correction of zones.
func (c *checker) places(path string, p *Params) {
	c.form(p.At, path, "npa", p.NPA, npaForm, "area codes such as \"423\"")
	for i, name := range p.Zones {
		if _, err := window.LeadZone(name); err != nil {
			c.wrong(p.At.of("zones"), fmt.Sprintf("%s.zones[%d]", path, i), err.Error(), "write a name of the IANA database")
		}
	}
}
