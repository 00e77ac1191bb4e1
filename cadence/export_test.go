package cadence_test

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestExportImportExportIsByteIdentical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := documents.Draw(t, "document")
		before := cadence.Export(doc)
		parsed, problems := cadence.Parse(before)
		if len(problems) > 0 {
			t.Fatalf("exported document does not parse: %v\n%s", problems, before)
		}
		if want := cadence.Normalize(doc); !reflect.DeepEqual(parsed, want) {
			t.Fatalf("import changed the document:\n%#v\n%#v", parsed, want)
		}
		if after := cadence.Export(parsed); !bytes.Equal(before, after) {
			t.Fatalf("export differs after import:\n%s\n%s", before, after)
		}
		edit(t, parsed)
		edited := cadence.Export(parsed)
		again, problems := cadence.Parse(edited)
		if len(problems) > 0 || !bytes.Equal(edited, cadence.Export(again)) {
			t.Fatalf("export differs after an edit: %v\n%s", problems, edited)
		}
	})
}

// edit changes a document as an editor might, leaving defaults written out.
func edit(t *rapid.T, doc *cadence.Document) {
	doc.Description = phrase.Draw(t, "edited description")
	doc.ReEntry, doc.Runs.Then, doc.Runs.TransitionTo = "never", "idle", ""
	doc.TimeRestrictions = &cadence.TimeRestrictions{Zone: "lead", Windows: []cadence.Window{}}
	s := &doc.Steps[rapid.IntRange(0, len(doc.Steps)-1).Draw(t, "edited step")]
	s.DelayAfter = span().Draw(t, "edited delay")
	s.Routes = append(s.Routes, cadence.Route{On: "EDITED", Do: cadence.DoNext, Delay: &cadence.Span{Unit: "h"}})
	s.Advanced = cadence.Advanced{Variables: map[string]string{}, AI: &cadence.AI{}}
	doc.Steps = append(doc.Steps, cadence.Step{Key: "edited", Kind: cadence.StepCall, Anchor: cadence.AnchorPrevious, PlacedBy: "dialer"})
}

func TestExportLeavesTheDocumentAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := documents.Draw(t, "document")
		copied := cadence.Normalize(doc)
		cadence.Export(doc)
		copied.Steps[0].Routes = append(copied.Steps[0].Routes, cadence.Route{})
		if again := cadence.Normalize(doc); len(again.Steps[0].Routes) == len(copied.Steps[0].Routes) {
			t.Fatal("a normalised copy shares its routes with the original")
		}
	})
}

func TestExportLeavesDefaultsOut(t *testing.T) {
	doc := plain()
	doc.ReEntry, doc.Runs.Then = "never", cadence.ThenIdle
	doc.TimeRestrictions = &cadence.TimeRestrictions{Zone: "lead"}
	doc.Steps = doc.Steps[:1]
	doc.Steps[0] = cadence.Step{
		Key: "one", Kind: cadence.StepCall, PlacedBy: "dialer", Anchor: cadence.AnchorPrevious,
		CallerID: cadence.CallerID{Strategy: cadence.StrategyRandom, Pool: "default"},
		RingFor:  cadence.DefaultRing, Routes: []cadence.Route{},
		Detection: cadence.Detection{Mode: cadence.DetectSync, Timeout: cadence.DefaultDetection},
	}
	const want = `{
  "format": "carillon.cadence/v1",
  "name": "Plain",
  "audience": {
    "type": "manual"
  },
  "connect": [
    {
      "to": "number",
      "number": "+13035550100"
    }
  ],
  "runs": {
    "max": 1
  },
  "steps": [
    {
      "key": "one",
      "kind": "call"
    }
  ]
}
`
	if got := string(cadence.Export(doc)); got != want {
		t.Errorf("export:\n%s\nwant:\n%s", got, want)
	}
	doc.Steps = nil
	if _, problems := cadence.Parse(cadence.Export(doc)); len(problems) > 0 {
		t.Errorf("a draft without steps does not come back: %v", problems)
	}
}

func template(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../configs/templates/five-touches.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBuiltInTemplate(t *testing.T) {
	data := template(t)
	known := instance()
	doc, problems := cadence.Check(data, known, func(string) (*cadence.Document, bool) { return nil, false })
	// Its voicemails name no number, so the one that calls is said behind them.
	problems = slices.DeleteFunc(problems, func(p cadence.Problem) bool { return p.Code == "opt_out_number_added" })
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	if problems := cadence.Publishable(doc, known); len(problems) > 0 {
		t.Errorf("cannot be published: %v", problems)
	}
	if got := cadence.Export(doc); !bytes.Equal(got, data) {
		t.Errorf("is not canonical:\n%s", got)
	}
	want := []struct {
		delay     string
		strategy  cadence.Strategy
		voicemail bool
	}{
		{"4h", "", false},
		{"24h", "", false},
		{"48h", "", true},
		{"72h", cadence.StrategyRotating, false},
		{"0s", cadence.StrategyRotating, true},
	}
	if len(doc.Steps) != len(want) {
		t.Fatalf("%d steps", len(doc.Steps))
	}
	for i, w := range want {
		s := doc.Steps[i]
		if s.DelayAfter.String() != w.delay || s.CallerID.Strategy != w.strategy || s.Voicemail.Leave != w.voicemail {
			t.Errorf("step %d: delay after %s, strategy %q, voicemail %v; want %v", i+1, s.DelayAfter, s.CallerID.Strategy, s.Voicemail.Leave, w)
		}
	}
}
