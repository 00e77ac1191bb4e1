package window

import (
	_ "embed" // the table of area codes
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// npaTable has a line per area code of the North American Numbering Plan that
// is in use: code, region (ISO 3166), zones or "-" for none, states of the
// United States and provinces of Canada or "-". It is made from
// the metadata of the phonenumbers library, as the union over all exchanges of
// the code, because that library's answer for an exchange it does not list is
// often wrong; and from npa_extra.tsv. TestAreaCodeTable makes it again.
//
//go:embed npa.tsv
var npaTable string

// area is what is known of an area code.
type area struct {
	region string
	zones  []*time.Location // none: not tied to a place
	states []string         // codes of states.tsv
}

// areas finds an area code's entry; nil when it is not in use.
var areas = sync.OnceValue(func() *[1000]*area {
	var table [1000]*area
	for line := range strings.Lines(npaTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		npa, a, err := parseArea(strings.TrimSuffix(line, "\n"))
		if err != nil {
			panic("BUG: window: table of area codes: " + err.Error())
		}
		table[npa] = a
	}
	return &table
})

func parseArea(line string) (int, *area, error) {
	cols := strings.Split(line, "\t")
	if len(cols) != 4 {
		return 0, nil, fmt.Errorf("line %q: want four columns", line)
	}
	npa, err := strconv.Atoi(cols[0])
	if err != nil || npa < 200 || npa > 999 {
		return 0, nil, fmt.Errorf("line %q: want an area code", line)
	}
	a := &area{region: cols[1]}
	if cols[2] != "-" {
		a.zones = zonesNamed(strings.Split(cols[2], ","))
	}
	if cols[3] != "-" {
		a.states = strings.Split(cols[3], ",")
	}
	return npa, a, nil
}

// areaOf is the entry of a number of the North American plan. known is false
// for a number of another plan; the entry is nil when the area code is not in
// use.
func areaOf(e164 string) (a *area, known bool) {
	if len(e164) < 2 || e164[:2] != "+1" {
		return nil, false
	}
	if len(e164) != len("+12025550100") {
		return nil, true
	}
	npa := 0
	for i, c := range []byte(e164[2:]) {
		if c < '0' || c > '9' {
			return nil, true
		}
		if i < 3 {
			npa = npa*10 + int(c-'0')
		}
	}
	return areas()[npa], true
}

// AreaStates are the states of the United States or the provinces of Canada
// that an E.164 number's area code lies in, by code; none for other numbers.
// The slice is shared: it must not be changed.
func AreaStates(e164 string) []string {
	if a, _ := areaOf(e164); a != nil {
		return a.states
	}
	return nil
}
