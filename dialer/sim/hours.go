package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// hours re-derives lawful hours the slow way (I2): from its own table of area
// codes, the tz database as Go finds it, the cadence's published text and its
// own calendar of holidays. It shares no code with the engine's windows.
type hours struct {
	versions map[string]*plainHours
	zones    map[string]*time.Location
}

// plainHours are the time restrictions of one published version.
type plainHours struct {
	Restrictions struct {
		Zone    string `json:"zone"`
		Windows []struct {
			Days     []string `json:"days"`
			From, To string
		} `json:"windows"`
		Holidays bool `json:"holidays"`
	} `json:"time_restrictions"`
}

// areaZones are the zones of the area codes that worlds are made of, from the
// numbering plan's assignments.
var areaZones = map[string][]string{
	"206": {"America/Los_Angeles"},
	"212": {"America/New_York"},
	"303": {"America/Denver"},
	"312": {"America/Chicago"},
	"415": {"America/Los_Angeles"},
	"423": {"America/New_York", "America/Chicago"},
	"602": {"America/Phoenix"},
	"808": {"Pacific/Honolulu"},
	"850": {"America/New_York", "America/Chicago"},
	"907": {"America/Anchorage", "America/Juneau", "America/Adak"},
}

// stateZones are those of the states operators move leads to.
var stateZones = map[string][]string{"FL": {"America/New_York", "America/Chicago"}}

func newHours() *hours {
	return &hours{versions: map[string]*plainHours{}, zones: map[string]*time.Location{}}
}

func versionKey(id cadence.ID, n uint32) string { return fmt.Sprint(id.Bare(), " ", n) }

// learn reads a published version.
func (h *hours) learn(f *event.CadencePublished) error {
	p := new(plainHours)
	if err := json.Unmarshal(f.Document, p); err != nil {
		return fmt.Errorf("read the hours of a cadence: %w", err)
	}
	h.versions[versionKey(f.ID, f.Version)] = p
	return nil
}

func (h *hours) zone(name string) (*time.Location, error) {
	if z := h.zones[name]; z != nil {
		return z, nil
	}
	z, err := time.LoadLocation(name)
	if err == nil {
		h.zones[name] = z
	}
	return z, err
}

// refuse says why a call at an instant is not lawful, "" when it is.
func (h *hours) refuse(at time.Time, to cadence.Number, lead *cadence.Lead, id cadence.ID, version uint32) string {
	names := slices.Clone(areaZones[string(to[2:5])])
	if len(names) == 0 {
		return "no zone is known of " + to.Masked()
	}
	if lead != nil && lead.Zone != "" {
		names = append(names, lead.Zone)
	}
	if lead != nil {
		names = append(names, stateZones[lead.State]...)
	}
	p := h.versions[versionKey(id, version)]
	if p == nil {
		return "a version that nobody published"
	}
	for _, name := range names {
		zone, err := h.zone(name)
		if err != nil {
			return err.Error()
		}
		local := at.In(zone)
		if why := p.refuse(local); why != "" {
			return why + " in " + name + ", where it is " + local.Format("Mon 2006-01-02 15:04:05")
		}
	}
	return ""
}

// refuse judges one local time: 16 CFR 310.4(c) first, then the cadence.
func (p *plainHours) refuse(local time.Time) string {
	minute := local.Hour()*60 + local.Minute()
	if minute < 8*60 || minute >= 21*60 {
		return "outside 8:00 to 21:00"
	}
	r := &p.Restrictions
	if r.Holidays && federalHoliday(local) {
		return "a federal holiday"
	}
	if len(r.Windows) == 0 {
		return ""
	}
	day := strings.ToLower(local.Format("Mon"))
	for _, w := range r.Windows {
		if (len(w.Days) == 0 || slices.Contains(w.Days, day)) && minute >= clockMinute(w.From) && minute < clockMinute(w.To) {
			return ""
		}
	}
	return "outside the cadence's hours"
}

func clockMinute(s string) int {
	h, m, _ := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if err1 != nil || err2 != nil {
		return -1
	}
	return hour*60 + minute
}

// federalHoliday says whether a day is one of 5 U.S.C. 6103, or the weekday on
// which one that falls on a weekend is observed.
func federalHoliday(day time.Time) bool {
	if holidayOn(day) {
		return true
	}
	switch day.Weekday() {
	case time.Monday:
		return fixedHoliday(day.AddDate(0, 0, -1)) // on Sunday
	case time.Friday:
		return fixedHoliday(day.AddDate(0, 0, 1)) // on Saturday
	case time.Sunday, time.Tuesday, time.Wednesday, time.Thursday, time.Saturday:
	}
	return false
}

func fixedHoliday(day time.Time) bool {
	switch [2]int{int(day.Month()), day.Day()} {
	case [2]int{1, 1}, [2]int{6, 19}, [2]int{7, 4}, [2]int{11, 11}, [2]int{12, 25}:
		return true
	}
	return false
}

func holidayOn(day time.Time) bool {
	if fixedHoliday(day) {
		return true
	}
	nth, last := (day.Day()-1)/7+1, day.AddDate(0, 0, 7).Month() != day.Month()
	monday := day.Weekday() == time.Monday
	switch day.Month() {
	case time.January, time.February:
		return monday && nth == 3
	case time.May:
		return monday && last
	case time.September:
		return monday && nth == 1
	case time.October:
		return monday && nth == 2
	case time.November:
		return day.Weekday() == time.Thursday && nth == 4
	case time.March, time.April, time.June, time.July, time.August, time.December:
	}
	return false
}
