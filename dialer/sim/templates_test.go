package sim_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/sim"
)

// Every shipped template is published as it is, and a calm world of leads goes
// through it to its end with every invariant held.
func TestShippedTemplatesRun(t *testing.T) {
	files, err := filepath.Glob("../../configs/templates/*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, problems := cadence.Parse(text)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if !bytes.Equal(cadence.Export(doc), text) {
				t.Errorf("it is not in canonical form:\n%s", cadence.Export(doc))
			}
			lint := cadence.Lint(doc, cadence.Known{}, nil)
			// Whoever uses a template has numbers of their own: theirs is said behind the message.
			lint = slices.DeleteFunc(lint, func(p cadence.Problem) bool { return p.Code == "opt_out_number_added" })
			if len(lint) > 0 {
				t.Errorf("it has warnings: %v", lint)
			}
			o := world(t, "week", 1)
			o.Document, o.Also, o.Faults, o.Leads, o.Waves, o.Shards = text, nil, sim.Faults{}, 40, 1, 1
			o.Faulty, o.Limit = time.Hour, 400*24*time.Hour
			r, err := sim.Run(o)
			switch {
			case err != nil:
				t.Fatal(err)
			case r.Broken != nil:
				t.Fatal(r.Broken)
			case r.Calls < 40 || r.Contacts == 0:
				t.Errorf("40 leads: %d calls, %d contacts", r.Calls, r.Contacts)
			}
			t.Logf("%d calls, %d contacts in %.0f days", r.Calls, r.Contacts, r.Span.Hours()/24)
		})
	}
}
