package web_test

import (
	"io/fs"
	"os"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/web"
)

// The page offers this document to a person who has none yet.
func TestExampleCanBePublished(t *testing.T) {
	data, err := os.ReadFile("src/screens/cadences/example.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := cadence.Check(data, everythingKnown, nil)
	for _, p := range problems {
		if p.Code != "opt_out_number_added" { // its voicemails name no number: the one that calls is said behind them
			t.Error(p)
		}
	}
	if doc == nil || len(doc.Steps) != 5 {
		t.Fatalf("the example does not have its five steps: %+v", doc)
	}
	for _, p := range cadence.Publishable(doc, everythingKnown) {
		t.Error(p)
	}
}

var everythingKnown = cadence.Known{
	Disposition: func(c cadence.DispositionCode) (cadence.DispositionCode, bool) { return c, true },
	Pool:        func(name string) bool { return name == cadence.DefaultPool },
}

// A fresh clone has no built page, and must compile and serve all the same.
func TestPageOpensBuiltOrNot(t *testing.T) {
	if _, err := fs.Stat(web.FS(), ".gitkeep"); err != nil {
		t.Errorf("dist is not embedded: %v", err)
	}
}
