package statute

import (
	"slices"
	"strings"
	"time"
)

// limit is one law that counts calls, or wants silence behind something.
type limit struct {
	name, place, purpose, voice, waivedBy string
	max                                   int // of a cap
	per                                   time.Duration
	person                                bool // counted over all numbers of a person
	after                                 Kind // of a silence
	from                                  string
}

const day = 24 * time.Hour

// caps count calls in a span that rolls. Sources: Fla. Stat. 501.616(6)(b); 15
// O.S. 775C.4; Md. Code, Com. Law 14-4502; Oregon HB 3865; 12 CFR
// 1006.14(b)(2)(i); 47 CFR 64.1200(a)(3); 10 M.R.S. 1498; D. 223-9.
var caps = []limit{
	{name: "fl.cap", place: "US-FL", purpose: "sales", max: 3, per: day, person: true},
	{name: "ok.cap", place: "US-OK", purpose: "sales", max: 3, per: day, person: true},
	{name: "md.cap", place: "US-MD", purpose: "sales", max: 3, per: day, person: true},
	{name: "or.cap", place: "US-OR", purpose: "sales", max: 3, per: day, person: true, from: "2026-01-01"},
	{name: "me.cap", place: "US-ME", purpose: "sales", voice: machine, max: 1, per: 8 * time.Hour},
	{name: "us.7in7", place: "US", purpose: "debt_collection", max: 7, per: 7 * day, person: true},
	{name: "us.hipaa.day", place: "US", purpose: "healthcare", voice: machine, max: 1, per: day},
	{name: "us.hipaa.week", place: "US", purpose: "healthcare", voice: machine, max: 3, per: 7 * day},
	{name: "us.3in30", place: "US", purpose: "informational nonprofit survey", voice: machine, max: 3, per: 30 * day, waivedBy: "express express_written"},
	{name: "fr.cap", place: "FR", purpose: "sales", max: 4, per: 30 * day, person: true},
}

// silences follow a talk or a refusal. Sources: 12 CFR 1006.14(b)(2)(i)(B); D.
// 223-9.
var silences = []limit{
	{name: "us.talked", place: "US", purpose: "debt_collection", per: 7 * day, person: true, after: Talked},
	{name: "fr.refused", place: "FR", purpose: "sales", per: 60 * day, person: true, after: Refused},
}

// consents are needed before the first call. Sources: Conn. Gen. Stat. 42-288a;
// Fla. Stat. 501.059(8)(a); 15 O.S. 775C.3; Md. Code, Com. Law 14-4503; 47 CFR
// 64.1200(a) with FCC 24-17; PECR reg. 19; UWG 7; Code de la consommation L.
// 223-1 as of 2026-08-11; CRTC rules, part IV.
var consents = []struct{ name, place, purpose, voice, need, from string }{
	{"ct.consent", "US-CT", "sales", "", "express_written", ""},
	{"fl.consent", "US-FL", "sales", "", "express_written", ""},
	{"ok.consent", "US-OK", "sales", "", "express_written", ""},
	{"md.consent", "US-MD", "sales", "", "express_written", ""},
	{"us.machine.sales", "US", "sales", machine, "express_written", ""},
	{"us.machine", "US", "charity debt_collection informational nonprofit survey healthcare", machine, "express", ""},
	{"gb.machine", "GB", "", machine, "express", ""},
	{"ca.machine", "CA", "sales", machine, "express", ""},
	{"de.consent", "DE", "sales", "", "express", ""},
	{"fr.consent", "FR", "sales", "", "express", "2026-08-11"},
}

// series are what the numbers that are shown begin with. Source: TRAI TCCCPR
// 2018, as amended in 2025.
var series = []struct{ name, place, purpose, begin string }{
	{"in.series", "IN", "sales charity survey", "+91140"},
	{"in.series.service", "IN", "debt_collection informational nonprofit healthcare", "+911600"},
}

// rings are the least times a call rings before it is given up. Sources: 16 CFR
// 310.4(b)(4)(ii); Ofcom 2010; the house.
var rings = []struct {
	name, place, purpose string
	least                time.Duration
}{
	{"us.ring", "US", "sales charity", 15 * time.Second},
	{"gb.ring", "GB", "", 15 * time.Second},
	{"house.ring", "", "informational nonprofit survey healthcare debt_collection", 10 * time.Second},
}

// lists are the registers that calls are checked against, with the age they may
// have. One that was never imported is the house's own affair. Sources: 16 CFR
// 310.4(b)(3)(iv); 47 CFR 64.1200(m); PECR reg. 21; CRTC rules, part II; Do Not
// Call Register Act 2006; TRAI TCCCPR 2018.
var lists = []struct {
	name, place, purpose, waivedBy string
	age                            time.Duration
}{
	{"us_national_dnc", "US", "sales", "express_written", 31 * day},
	{"us_reassigned_numbers", "US", "", "", 31 * day},
	{"tps", "GB", "sales", "", 28 * day},
	{"ca_dncl", "CA", "sales", "", 31 * day},
	{"au_dncr", "AU", "sales", "", 30 * day},
	{"in_dnd", "IN", "sales", "", day},
}

// listed judges the lists that had come in before the call: how old the last of
// a kind was, and whether the number stood on it.
func (j *judge) listed(c Call, g *ground) {
	for _, law := range lists {
		if !j.house.about(g, law.place, law.purpose, "", law.waivedBy) {
			continue
		}
		var came Act
		for _, a := range j.acts {
			if a.Kind == List && a.About == law.name && a.Done.Before(c.At) && !a.Done.Before(came.Done) {
				came = a
			}
		}
		if came.Kind == "" {
			continue
		}
		if age := c.At.Sub(came.AsOf); age > law.age {
			j.object(c, "list."+law.name, "the list was %s old, %s allowed", age, law.age)
		}
		for _, a := range j.acts {
			if a.Kind == Listed && a.About == law.name && a.Who == c.To && a.Done.Equal(came.Done) {
				j.object(c, "list."+law.name, "the number stands on it")
			}
		}
	}
}

// shown judges the number that the called party saw.
func (j *judge) shown(c Call, g *ground) {
	for _, law := range series {
		if j.house.about(g, law.place, law.purpose, "", "") && !strings.HasPrefix(c.From, law.begin) {
			j.object(c, law.name, "%s was shown, not one of %s", c.From, law.begin)
		}
	}
}

// caps counts the calls before this one, and this one, back from it.
func (j *judge) caps(i int, g *ground) {
	c := j.calls[i]
	for k := range caps {
		law := &caps[k]
		if !j.house.about(g, law.place, law.purpose, law.voice, law.waivedBy) || !inForce(law.from, c.At, g) {
			continue
		}
		for _, numbers := range j.counted(c.To, law.person) {
			if n := j.since(i, c.At.Add(-law.per), numbers); n > law.max {
				j.object(c, law.name, "%d calls to %v within %s, %d allowed", n, numbers, law.per, law.max)
			}
		}
	}
	if n := j.since(i, c.At.Add(-day), []string{c.To}); j.house.PerNumber > 0 && n > j.house.PerNumber {
		j.object(c, "house.cap", "%d calls within 24 hours, %d allowed", n, j.house.PerNumber)
	}
	used, midnight := 0, c.At.UTC().Truncate(day)
	for k := i; k >= 0 && !j.calls[k].At.Before(midnight); k-- {
		if j.calls[k].From == c.From {
			used++
		}
	}
	if j.house.PerCaller > 0 && used > j.house.PerCaller {
		j.object(c, "house.caller", "%d calls from %s on a day, %d allowed", used, c.From, j.house.PerCaller)
	}
}

// counted are the sets of numbers whose calls count together.
func (j *judge) counted(number string, person bool) [][]string {
	sets := [][]string{{number}}
	for _, p := range j.holders[number] {
		if person && len(p.Numbers) > 1 {
			sets = append(sets, p.Numbers)
		}
	}
	return sets
}

// since counts the calls after an instant up to call i.
func (j *judge) since(i int, from time.Time, numbers []string) int {
	n := 0
	for k := i; k >= 0 && j.calls[k].At.After(from); k-- {
		if slices.Contains(numbers, j.calls[k].To) {
			n++
		}
	}
	return n
}

// silence judges what was said before the call.
func (j *judge) silence(c Call, g *ground) {
	for k := range silences {
		law := &silences[k]
		if !j.house.about(g, law.place, law.purpose, law.voice, law.waivedBy) {
			continue
		}
		for _, a := range j.acts {
			said := a.Kind == law.after && !a.Done.IsZero() && a.Done.Before(c.At) && c.At.Before(a.Done.Add(law.per))
			if said && (a.Who == c.To || j.together(a.Who, c.To)) {
				j.object(c, law.name, "%s since it was %s", c.At.Sub(a.Done), law.after)
			}
		}
	}
}

// together reports whether one person has both numbers.
func (j *judge) together(a, b string) bool {
	return slices.ContainsFunc(j.holders[a], func(p *Person) bool { return slices.Contains(p.Numbers, b) })
}

func (j *judge) consent(c Call, g *ground) {
	for _, law := range consents {
		enough := j.house.Consent == law.need || j.house.Consent == "express_written"
		if !enough && j.house.about(g, law.place, law.purpose, law.voice, "") && inForce(law.from, c.At, g) {
			j.object(c, law.name, "there is %q and %q is needed", j.house.Consent, law.need)
		}
	}
}

func (j *judge) ring(c Call, g *ground) {
	for _, law := range rings {
		if c.Ring < law.least && j.house.about(g, law.place, law.purpose, "", "") {
			j.object(c, law.name, "it rings for %s", c.Ring)
		}
	}
}

// inForce reports whether a law that begins on a day is in force in any place.
func inForce(from string, at time.Time, g *ground) bool {
	return from == "" || slices.ContainsFunc(g.zones, func(z string) bool { return at.In(clock(z)).Format(time.DateOnly) >= from })
}
