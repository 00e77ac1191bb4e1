package cadence_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

// small is a valid document in which tests put one thing wrong.
const small = `{
  "format": "carillon.cadence/v1",
  "name": "Small",
  "audience": {"type": "manual"},
  "runs": {"max": 1},
  "steps": [
    {"key": "one", "kind": "call"}
  ]
}`

// told is a problem as path, code and line, the parts that tests look at.
func told(problems []cadence.Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, fmt.Sprintf("%s %s %d", p.Path, p.Code, p.Line))
	}
	return list
}

func TestParseReportsEveryProblemWithItsPlace(t *testing.T) {
	const text = `{
  "format": "carillon.cadence/v1",
  "name": 5,
  "name": "Twice",
  "colour": "red",
  "runs": {"max": 1.5, "gap": "1 day", "then": null},
  "steps": [
    {"key": "one", "kind": "call",
     "numbers": {"next_on": [], "first": 1},
     "routes": [{"on": "BUSY", "do": "retry", "delay": 30,
                 "max": 99999999999}]},
    "two"
  ],
  "time_restrictions": {"holidays": "yes"},
  "connect": {"to": "number"}
} {}`
	doc, problems := cadence.Parse([]byte(text))
	if doc != nil {
		t.Error("a faulty document was returned")
	}
	want := []string{
		"name type 3", "name duplicate_key 4", "colour unknown_field 5",
		"runs.max type 6", "runs.gap span 6", "runs.then type 6", "steps[0].numbers numbers 9",
		"steps[0].numbers.first unknown_field 9", "steps[0].routes[0].delay type 10", "steps[0].routes[0].max type 11",
		"steps[1] type 12", "time_restrictions.holidays type 14", "connect type 15", " trailing_data 16",
	}
	if got := told(problems); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, p := range problems {
		if p.Path == "runs.gap" && p.Column != 31 {
			t.Errorf("column of %v: want 31", p)
		}
	}
}

func TestParseRefusesHostileText(t *testing.T) {
	deep := func(open, shut string, n int) string {
		return strings.Replace(small, `"manual"`, strings.Repeat(open, n)+"1"+strings.Repeat(shut, n), 1)
	}
	for name, c := range map[string]struct{ text, code string }{
		"byte order mark":     {"\ufeff" + small, "byte_order_mark"},
		"UTF-16":              {"\xff\xfe{\x00}\x00", "nul"},
		"Windows-1252":        {strings.Replace(small, "Small", "Caf\xe9", 1), "encoding"},
		"NUL byte":            {small + "\x00", "nul"},
		"NUL in text":         {strings.Replace(small, "Small", `Sm\u0000all`, 1), "nul"},
		"NUL in a key":        {strings.Replace(small, `"kind": "call"`, `"kind": "call", "advanced": {"variables": {"a\u0000": "b"}}`, 1), "nul"},
		"half a pair":         {strings.Replace(small, "Small", `Sm\ud83dall`, 1), "encoding"},
		"deep lists":          {deep("[", "]", 40), "too_deep"},
		"very deep lists":     {strings.Repeat("[", 300_000), "too_deep"},
		"deep objects":        {deep(`{"a":`, "}", 40), "too_deep"},
		"too large":           {strings.Replace(small, "Small", strings.Repeat("x", 1<<20), 1), "too_large"},
		"empty":               {" \n", "empty"},
		"nothing":             {"", "empty"},
		"a list":              {"[]", "type"},
		"null":                {"null", "type"},
		"cut short":           {small[:len(small)-3], "syntax"},
		"cut in text":         {small[:30], "syntax"},
		"comment":             {"// hello\n" + small, "syntax"},
		"trailing comma":      {strings.Replace(small, `"call"}`, `"call",}`, 1), "syntax"},
		"missing comma":       {strings.Replace(small, `"one", `, `"one" `, 1), "syntax"},
		"two documents":       {small + small, "trailing_data"},
		"rubbish behind":      {small + "\n}", "trailing_data"},
		"a duplicate step":    {strings.Replace(small, `"key": "one"`, `"key": "one", "key": "one"`, 1), "duplicate_key"},
		"an escaped name":     {strings.Replace(small, `"key": "one"`, `"key": "one", "\u006bey": "one"`, 1), "duplicate_key"},
		"a name in capitals":  {strings.Replace(small, `"key"`, `"Key"`, 1), "unknown_field"},
		"infinite number":     {strings.Replace(small, `"max": 1`, `"max": 1e999`, 1), "type"},
		"number as text":      {strings.Replace(small, `"max": 1`, `"max": "1"`, 1), "type"},
		"null for a list":     {strings.Replace(small, `"kind": "call"`, `"kind": "call", "routes": null`, 1), "type"},
		"wrong number policy": {strings.Replace(small, `"kind": "call"`, `"kind": "call", "numbers": "all"`, 1), "numbers"},
		"empty number policy": {strings.Replace(small, `"kind": "call"`, `"kind": "call", "numbers": {}`, 1), "numbers"},
		"list number policy":  {strings.Replace(small, `"kind": "call"`, `"kind": "call", "numbers": ["BUSY"]`, 1), "type"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, problems := cadence.Parse([]byte(c.text))
			if doc != nil || len(problems) == 0 {
				t.Fatalf("accepted: %v", doc)
			}
			if !slices.ContainsFunc(problems, func(p cadence.Problem) bool {
				return p.Code == c.code && p.Line > 0 && p.Column > 0 && p.Severity == cadence.SeverityError
			}) {
				t.Errorf("problems %v; want %s", problems, c.code)
			}
		})
	}
	if _, problems := cadence.Parse([]byte(small)); len(problems) > 0 {
		t.Fatalf("the text all this is made of is itself faulty: %v", problems)
	}
}

func TestParseListsABoundedNumberOfProblems(t *testing.T) {
	text := []byte(`{"steps": [` + strings.Repeat("1,", 40_000) + `1]}`)
	_, problems := cadence.Parse(text)
	if len(problems) != cadence.MaxProblems+1 || problems[cadence.MaxProblems].Code != "too_many_problems" {
		t.Errorf("%d problems, last %v", len(problems), problems[len(problems)-1])
	}
}

func TestCheckDoesNotRepeatWhatCouldNotBeRead(t *testing.T) {
	text := strings.NewReplacer(`"name": "Small"`, `"name": 5`, `"max": 1`, `"max": 0`, `"one"`, `"One"`).Replace(small)
	_, problems := cadence.Check([]byte(text), cadence.Known{}, nil)
	want := []string{"name type 3", "runs.max range 5", "steps[0].key form 7"}
	if got := told(problems); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, problems := cadence.Check([]byte("\ufeff"+strings.Replace(text, "5", `"x"`, 1)), cadence.Known{}, nil); len(problems) != 3 {
		t.Errorf("with a byte order mark: %v", problems)
	}
	if _, problems := cadence.Check([]byte(small[:100]), cadence.Known{}, nil); len(problems) != 1 || problems[0].Code != "syntax" {
		t.Errorf("cut short: %v", problems)
	}
}

// A fault in one step hides nothing in another whose number begins alike.
func TestCheckTellsStepsApart(t *testing.T) {
	steps := make([]string, 12)
	for i := range steps {
		steps[i] = fmt.Sprintf(`{"key": "s%d", "kind": "call"}`, i)
	}
	steps[1], steps[10] = `5`, `{"key": "S 10", "kind": "call"}`
	text := `{"format": "carillon.cadence/v1", "name": "Twelve", "audience": {"type": "manual"}, "runs": {"max": 1}, "steps": [` + strings.Join(steps, ",\n") + `]}`
	_, problems := cadence.Check([]byte(text), cadence.Known{}, nil)
	want := []string{"steps[1] type 2", "steps[10].key form 11"}
	if got := told(problems); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCheckPlacesWhatIsMissingAtWhatIsAroundIt(t *testing.T) {
	text := strings.Replace(small, `"kind": "call"`, `"kind": "call", "routes": [
      {"on": "BUSY", "do": "retry"}]`, 1)
	_, problems := cadence.Check([]byte(text), cadence.Known{}, nil)
	if len(problems) == 0 || problems[0].Path != "steps[0].routes[0].delay" || problems[0].Line != 8 || problems[0].Column != 7 {
		t.Errorf("problems: %v", problems)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("\ufeff{}"))
	f.Add([]byte(`{"steps":[{"numbers":{"next_on":["A"]},"routes":[{"delay":"0h"}]}]}`))
	f.Add([]byte(`{"name":"\ud83d\ude00","steps":[],"connect":[{"gather":{"1":"A"}}]}`))
	f.Add(cadence.Export(documents.Example(1)))
	f.Add(cadence.Export(documents.Example(2)))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, problems := cadence.Parse(data)
		if (doc == nil) != (len(problems) > 0) {
			t.Fatalf("document %v with problems %v", doc, problems)
		}
		cadence.Check(data, instance(), nil)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 {
				t.Fatalf("%v has no place", p)
			}
		}
		if doc == nil {
			return
		}
		cadence.Publishable(doc, instance())
		first := cadence.Export(doc)
		again, problems := cadence.Parse(first)
		if len(problems) > 0 {
			t.Fatalf("export does not parse: %v\n%s", problems, first)
		}
		if second := cadence.Export(again); !bytes.Equal(first, second) {
			t.Fatalf("export differs:\n%s\n%s", first, second)
		}
	})
}

func TestParseNeverPanicsOnMutilatedDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := cadence.Export(documents.Draw(t, "document"))
		at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
		end := rapid.IntRange(at, min(len(data), at+20)).Draw(t, "end")
		hurt := append(append(bytes.Clone(data[:at]), rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "put")...), data[end:]...)
		doc, problems := cadence.Check(hurt, instance(), nil)
		if doc == nil && len(problems) == 0 {
			t.Fatal("refused without a reason")
		}
	})
}
