package cadence

import (
	"fmt"
	"strings"
)

// callBack finds the caller IDs of call steps whose calls do not come to us:
// who calls one back could not say no by key.
func (l *linter) callBack() {
	if l.known.Astray == nil {
		return
	}
	for i := range l.doc.Steps {
		s := &l.doc.Steps[i]
		if s.Kind != StepCall {
			continue
		}
		path := at("steps", i) + ".caller_id"
		elsewhere, notOwned := l.known.Astray(s.CallerID)
		if len(elsewhere) > 0 {
			l.errorAt(path, "caller_id_elsewhere", fmt.Sprintf("calls to %s do not come here: nobody who calls back could say no", spelled(elsewhere)),
				"run `carillon doctor --twilio --fix`, or take the number out of the pool")
		}
		if len(notOwned) > 0 {
			l.warnAt(path, "caller_id_not_owned", fmt.Sprintf("calls to %s go to whoever owns the number, and not here", spelled(notOwned)),
				"call from a number of the account, or make sure that people can say no there")
		}
	}
}

func spelled(numbers []Number) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = string(n)
	}
	return strings.Join(texts, ", ")
}
