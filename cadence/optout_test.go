package cadence_test

import (
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestNamesNumber(t *testing.T) {
	for text, want := range map[string]bool{
		"Call us on 303 555 0100.":          true,
		"Call +1 (303) 555-0100":            true,
		"Call 555 0100":                     true,
		"3 0 3 5 5 5 0":                     true,
		"Please call us back.":              false,
		"Offer 2026 ends on 31 12, press 9": false,
		"12 people, 34 chairs, 567 tables":  false,
		"":                                  false,
	} {
		if got := cadence.NamesNumber(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestFreeKey(t *testing.T) {
	all := map[string]cadence.DispositionCode{}
	for _, key := range []string{"9", "0", "*", "#", "1", "2", "3", "4", "5", "6", "7", "8"} {
		if got := cadence.FreeKey(&cadence.Connect{Gather: all}, "9"); got == "" || all[got] != "" {
			t.Errorf("%d keys used: %q", len(all), got)
		}
		all[key] = "INTERESTED"
	}
	if got := cadence.FreeKey(&cadence.Connect{Gather: all}, "9"); got != "" {
		t.Errorf("a key %q of none", got)
	}
}

// What is said besides a document's own words is told, and a message that leaves
// no key for a no is not published.
func TestLintTellsWhatIsAddedForANo(t *testing.T) {
	keys := map[string]cadence.DispositionCode{}
	for _, key := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"} {
		keys[key] = "SALE"
	}
	for name, c := range map[string]struct {
		message   cadence.Connect
		voicemail cadence.Voicemail
		want      []string
		refused   bool
	}{
		"its own key":       {cadence.Connect{Text: "Press 7 for no.", Gather: map[string]cadence.DispositionCode{"7": "DNC"}}, cadence.Voicemail{}, nil, false},
		"an untold key":     {cadence.Connect{Text: "Hello.", Gather: map[string]cadence.DispositionCode{"7": "DNC"}}, cadence.Voicemail{}, []string{"opt_out_key_untold"}, false},
		"no key":            {cadence.Connect{Text: "Hello."}, cadence.Voicemail{}, []string{"opt_out_key_added"}, false},
		"no key left":       {cadence.Connect{Text: "Hello.", Gather: keys}, cadence.Voicemail{}, []string{"opt_out_key_added"}, true},
		"a number":          {cadence.Connect{}, cadence.Voicemail{Leave: true, Text: "Call 303 555 0100."}, nil, false},
		"no number":         {cadence.Connect{}, cadence.Voicemail{Leave: true, Text: "Call us."}, []string{"opt_out_number_added"}, false},
		"a recording":       {cadence.Connect{}, cadence.Voicemail{Leave: true, Audio: "https://example.com/a.mp3"}, []string{"opt_out_number_added"}, false},
		"not left, no word": {cadence.Connect{}, cadence.Voicemail{Text: "Call us."}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := plain()
			if c.message.Text != "" {
				c.message.To = cadence.ConnectMessage
				d.Connect = []cadence.Connect{c.message}
			}
			d.Steps[0].Voicemail = c.voicemail
			var got []string
			for _, p := range cadence.Lint(d, instance(), nil) {
				if len(p.Code) > 7 && p.Code[:7] == "opt_out" {
					got = append(got, p.Code)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("told %v, want %v", got, c.want)
			}
			refused := slices.ContainsFunc(cadence.Publishable(d, instance()), func(p cadence.Problem) bool { return p.Code == "no_opt_out_key" })
			if refused != c.refused {
				t.Errorf("refused: %v", refused)
			}
		})
	}
}
