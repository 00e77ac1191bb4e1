package sim

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// historyLines is how many facts a failure shows.
const historyLines = 40

// remember looks up the last facts about those a failure concerns.
func (t *witness) remember() error {
	if t.failure == nil {
		return nil
	}
	a := t.failure.about
	if i := t.intents[a.attempt]; i != nil {
		a.enrollment, a.token = i.Enrollment, i.Token
	}
	for _, n := range t.w.nodes {
		if n.crashed {
			continue
		}
		if err := t.recall(n, a); err != nil {
			return fmt.Errorf("look up the history of a failure: %w", err)
		}
	}
	slices.Sort(t.failure.History)
	if extra := len(t.failure.History) - historyLines; extra > 0 {
		t.failure.History = t.failure.History[extra:]
	}
	return nil
}

func (t *witness) recall(n *node, a about) error {
	var failed error
	err := n.tenure.Records(0, func(r ledger.Record) bool {
		facts, err := event.Decode(r.Body)
		failed = err
		for i, f := range facts {
			if text, ours := a.tell(f); ours {
				at := time.UnixMilli(r.At).UTC().Format("2006-01-02T15:04:05.000")
				t.failure.History = append(t.failure.History, fmt.Sprintf("%s %d#%06d.%03d %s", at, n.index, r.Pos, i, text))
			}
		}
		return err == nil
	})
	return errors.Join(err, failed)
}

// tell writes a fact's fields that are set, and says whether it is about any
// of those concerned.
func (a about) tell(f event.Fact) (text string, ours bool) {
	v := reflect.ValueOf(f).Elem()
	var b strings.Builder
	b.WriteString(v.Type().Name())
	for i := range v.NumField() {
		field := v.Field(i)
		if field.IsZero() || v.Type().Field(i).Name == "Verdict" || v.Type().Field(i).Name == "Document" || v.Type().Field(i).Name == "Text" {
			continue
		}
		shown := fmt.Sprint(field.Interface())
		switch x := field.Interface().(type) {
		case cadence.ID:
			ours = ours || x == a.attempt || x == a.enrollment || x == a.lead
			shown = x.Bare()
		case event.Token:
			ours = ours || x == a.token
			shown = fmt.Sprintf("%x", x[:4])
		case int64:
			if x > 1_000_000_000_000 {
				shown = time.UnixMilli(x).UTC().Format("01-02T15:04:05.000")
			}
		}
		fmt.Fprintf(&b, " %s=%s", v.Type().Field(i).Name, shown)
	}
	return b.String(), ours
}
