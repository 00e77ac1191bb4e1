package statute

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// hours is one law about when calls may be made. An empty purpose, voice or
// waiver is any or none; times are the local ones of every clock of the ground,
// unless the law has a clock of its own.
type hours struct {
	name, place     string
	purpose, voice  string
	open            string // "mon-sat 08:00-20:00, sun 12:00-20:00"
	holidays        string // a calendar
	openOnHolidays  string // "13:00-21:00"; "" is nothing
	clock, waivedBy string
}

const machine = "artificial prerecorded"

// hoursOf are the laws about hours. Sources: the house; 16 CFR 310.4(c), 47 CFR
// 64.1200(c)(1); the codes of the states; Ofcom and house; CRTC Unsolicited
// Telecommunications Rules; Telemarketing and Research Industry Standard 2017;
// Code de la consommation D. 223-9; TRAI TCCCPR 2018.
var hoursOf = []hours{
	{name: "house.hours", open: "mon-sun 08:00-21:00"},
	{name: "us.hours", place: "US", purpose: "sales charity debt_collection", open: "mon-sun 08:00-21:00"},

	{name: "al.hours", place: "US-AL", purpose: "sales", open: "mon-sat 08:00-20:00", holidays: "al"},
	{name: "ct.hours", place: "US-CT", purpose: "sales", open: "mon-sun 09:00-20:00"},
	{name: "fl.hours", place: "US-FL", purpose: "sales", open: "mon-sun 08:00-20:00"},
	{name: "il.hours", place: "US-IL", purpose: "sales", voice: machine, open: "mon-sun 09:00-21:00"},
	{name: "in.hours", place: "US-IN", purpose: "sales", voice: machine, open: "mon-sun 09:00-20:00"},
	{name: "ky.hours", place: "US-KY", purpose: "sales", open: "mon-sun 10:00-21:00"},
	{name: "la.hours", place: "US-LA", purpose: "sales", open: "mon-sat 08:00-20:00", holidays: "la"},
	{name: "ma.hours", place: "US-MA", purpose: "sales", open: "mon-sun 08:00-20:00"},
	{name: "md.hours", place: "US-MD", purpose: "sales", open: "mon-sun 08:00-20:00"},
	{name: "me.hours", place: "US-ME", purpose: "sales", voice: machine, open: "mon-fri 09:00-17:00"},
	{name: "mi.hours", place: "US-MI", purpose: "sales", open: "mon-sun 09:00-21:00"},
	{name: "mn.hours", place: "US-MN", purpose: "sales", open: "mon-sun 09:00-21:00"},
	{name: "ms.hours", place: "US-MS", purpose: "sales", open: "mon-sat 08:00-20:00", clock: central},
	{name: "ne.hours", place: "US-NE", purpose: "sales", voice: machine, open: "mon-sat 08:00-21:00, sun 13:00-21:00", holidays: "federal", openOnHolidays: "13:00-21:00"},
	{name: "nv.hours", place: "US-NV", purpose: "sales", open: "mon-sun 09:00-20:00"},
	{name: "nj.hours", place: "US-NJ", purpose: "sales", open: "mon-sun 08:00-21:00"},
	{name: "nm.hours", place: "US-NM", purpose: "sales", open: "mon-sun 09:00-21:00"},
	{name: "ny.hours", place: "US-NY", purpose: "sales", open: "mon-sun 08:00-21:00"},
	{name: "ok.hours", place: "US-OK", purpose: "sales", open: "mon-sun 08:00-20:00"},
	{name: "or.hours", place: "US-OR", purpose: "sales", open: "mon-sun 08:00-20:00"},
	{name: "pa.hours", place: "US-PA", purpose: "sales", open: "mon-sun 08:00-21:00", holidays: "pa"},
	{name: "ri.hours", place: "US-RI", purpose: "sales", open: "mon-fri 09:00-18:00, sat 10:00-17:00", holidays: "ri"},
	{name: "sd.hours", place: "US-SD", purpose: "sales", open: "mon-sat 09:00-21:00"},
	{name: "sd.weekdays", place: "US-SD", purpose: "sales", voice: machine, open: "mon-fri 09:00-21:00"},
	{name: "tx.hours", place: "US-TX", purpose: "sales", open: "mon-sat 09:00-21:00, sun 12:00-21:00"},
	{name: "ut.hours", place: "US-UT", purpose: "sales", open: "mon-sat 08:00-21:00", holidays: "ut", waivedBy: "express express_written"},
	{name: "va.hours", place: "US-VA", purpose: "sales", open: "mon-sun 08:00-21:00"},
	{name: "wa.hours", place: "US-WA", purpose: "sales", open: "mon-sun 08:00-20:00"},

	{name: "gb.hours", place: "GB", open: "mon-sun 08:00-21:00"},
	{name: "ca.hours", place: "CA", open: "mon-fri 09:00-21:30, sat-sun 10:00-18:00"},
	{name: "au.hours", place: "AU", purpose: "sales charity debt_collection informational nonprofit healthcare", open: "mon-fri 09:00-20:00, sat 09:00-17:00", holidays: "au"},
	{name: "au.research", place: "AU", purpose: "survey", open: "mon-fri 09:00-20:30, sat-sun 09:00-17:00", holidays: "au"},
	{name: "de.hours", place: "DE", open: "mon-sat 09:00-20:00"},
	{name: "fr.hours", place: "FR", open: "mon-fri 10:00-13:00, mon-fri 14:00-20:00", holidays: "fr"},
	{name: "in.hours", place: "IN", open: "mon-sun 10:00-21:00"},
}

// about reports whether a law of a place, purpose and voice is about the
// house's calls to a ground.
func (h *House) about(g *ground, place, purpose, voice, waivedBy string) bool {
	any := func(list, have string) bool { return list == "" || slices.Contains(strings.Fields(list), have) }
	return (place == "" || slices.Contains(g.places, place)) && any(purpose, h.Purpose) && any(voice, h.Voice) &&
		(h.Consent == "" || waivedBy == "" || !slices.Contains(strings.Fields(waivedBy), h.Consent))
}

// hours judges the instant of a call by every law and every clock.
func (j *judge) hours(c Call, g *ground) {
	for i := range hoursOf {
		law := &hoursOf[i]
		if !j.house.about(g, law.place, law.purpose, law.voice, law.waivedBy) {
			continue
		}
		zones := g.zones
		if law.clock != "" {
			zones = []string{law.clock}
		}
		for _, zone := range zones {
			local := c.At.In(clock(zone))
			if !law.allows(local) {
				j.object(c, law.name, "it was %s in %s", local.Format("Mon 2006-01-02 15:04:05"), zone)
			}
		}
	}
}

func (law *hours) allows(local time.Time) bool {
	if law.holidays != "" && closed(law.holidays, local) {
		return law.openOnHolidays != "" && within(law.openOnHolidays, local)
	}
	for part := range strings.SplitSeq(law.open, ", ") {
		days, span, _ := strings.Cut(part, " ")
		if onDay(days, local.Weekday()) && within(span, local) {
			return true
		}
	}
	return false
}

const week = "montuewedthufrisatsun"

func onDay(days string, day time.Weekday) bool {
	from, to, ranged := strings.Cut(days, "-")
	if !ranged {
		to = from
	}
	at := (int(day) + 6) % 7 * 3
	return at >= strings.Index(week, from) && at <= strings.Index(week, to)
}

// within reports whether a time of day lies in a span as 08:00-20:00, its end
// left out.
func within(span string, local time.Time) bool {
	var h1, m1, h2, m2 int
	if _, err := fmt.Sscanf(span, "%d:%d-%d:%d", &h1, &m1, &h2, &m2); err != nil {
		panic("statute: " + span)
	}
	minute := local.Hour()*60 + local.Minute()
	return minute >= h1*60+m1 && minute < h2*60+m2
}
