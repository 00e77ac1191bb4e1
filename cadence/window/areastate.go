package window

import (
	_ "embed" // the table of area codes by state
	"strings"
	"sync"
)

// npaStateTable has a line per area code of the United States and Canada that
// lies in one state or province, or mostly so: code, country, state. It is
// made from the place names of the phonenumbers library, the commonest over a
// sample of exchanges. TestAreaStateTable makes it again.
//
//go:embed npa_states.tsv
var npaStateTable string

type areaState struct{ country, code string }

var areaStates = sync.OnceValue(func() *[1000]areaState {
	var table [1000]areaState
	for line := range strings.Lines(npaStateTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != 3 || len(cols[0]) != 3 {
			panic("BUG: window: table of area codes by state: line " + line)
		}
		table[areaIndex(cols[0])] = areaState{cols[1], cols[2]}
	}
	return &table
})

// areaIndex is the number that three digits write.
func areaIndex(digits string) int {
	return int(digits[0]-'0')*100 + int(digits[1]-'0')*10 + int(digits[2]-'0')
}

// AreaState is the state or province that a North American number's area code
// stands for, as ISO 3166 country and code; both "" when it stands for none or
// the number is of another plan. It says where a number is from, not where its
// owner lives.
func AreaState(e164 string) (country, code string) {
	if a, _ := areaOf(e164); a == nil {
		return "", ""
	}
	s := areaStates()[areaIndex(e164[2:5])]
	return s.country, s.code
}
