package routing_test

import (
	"os"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

const shipped = "../configs/dispositions.yaml"

// shippedSet is the set the binary ships with.
func shippedSet(t testing.TB) *routing.Set {
	t.Helper()
	data, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	set, err := routing.ParseDispositions(data)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestShippedDispositionsAreCanonical(t *testing.T) {
	set := shippedSet(t)
	want := strings.Fields(`NEW NO_ANSWER BUSY ANSWERING_MACHINE VOICEMAIL_LEFT FAX DISCONNECTED CONGESTION
		ABANDONED CONNECTED CALLBACK SALE NOT_INTERESTED WRONG_NUMBER DNC TRANSFER MAX_ATTEMPTS ERROR
		INTERESTED UNCONFIRMED CANCELLED BLOCKED RETURN_CALL`)
	for _, code := range want {
		d, ok := set.Resolve(cadence.DispositionCode(code))
		if !ok || string(d.Code) != code {
			t.Errorf("code %s is not in the set as itself", code)
		}
	}
	if got := len(set.Codes()); got != len(want) {
		t.Errorf("%d dispositions, want %d", got, len(want))
	}
}

func TestResolveAliases(t *testing.T) {
	set := shippedSet(t)
	for alias, want := range map[cadence.DispositionCode]cadence.DispositionCode{
		"NA": "NO_ANSWER", "N": "NO_ANSWER", "NOANSWER": "NO_ANSWER", "AB": "BUSY", "callable_busy": "BUSY",
		"AA": "ANSWERING_MACHINE", "CXONE-1": "ANSWERING_MACHINE", "AM": "VOICEMAIL_LEFT", "CXONE_33": "VOICEMAIL_LEFT",
		"AFAX": "FAX", "ADC": "DISCONNECTED", "INTERCEPT": "DISCONNECTED", "ADCT": "CONGESTION",
		"DROP": "ABANDONED", "INCALL": "CONNECTED", "CALLBK": "CALLBACK", "Call Back Later": "CALLBACK",
		"cxone_105": "SALE", "NI": "NOT_INTERESTED", "DNCL": "DNC", "DO_NOT_CALL": "DNC", "XFER": "TRANSFER",
		"MAX_DIAL_LIMIT": "MAX_ATTEMPTS", "ERI": "ERROR", " canceled ": "CANCELLED",
	} {
		d, ok := set.Resolve(alias)
		if !ok || d.Code != want {
			t.Errorf("alias %q: got %+v, want %s", alias, d, want)
		}
	}
	if d, ok := set.Resolve("1"); ok {
		t.Errorf("a bare digit resolved to %s: keys and codes would be mixed up", d.Code)
	}
	if set.Known("") || set.Known("NO SUCH CODE") {
		t.Error("unknown codes are known")
	}
}

func TestParseRefuses(t *testing.T) {
	data, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":          {"label: Busy", "label: Busy\n    colour: red", "line "},
		"repeated key":         {"label: Busy", "label: Busy\n    label: Engaged", "line "},
		"not a flag":           {"machine: true", "machine: often", "line "},
		"newer schema":         {"schema: 1", "schema: 2", "schema 2"},
		"repeated code":        {"code: BUSY", "code: NO_ANSWER", "line 39: disposition \"NO_ANSWER\""},
		"alias taken":          {`"AB", "B"`, `"AB", "NA"`, "names two dispositions"},
		"lower case":           {"code: BUSY", "code: busy", "a code is"},
		"missing engine code":  {"code: UNCONFIRMED", "code: UNSURE", `"UNCONFIRMED" is missing`},
		"no label":             {"label: Busy", "label: ''", "label is missing"},
		"bad alias":            {`"AB", "B"`, `"AB", "b!"`, "alias"},
		"bad scope":            {"scope: number", "scope: house", `scope "house"`},
		"bad delay":            {"delay: 30m", "delay: soon", "route delay"},
		"retry without max":    {", delay: 30m, max: 2", ", delay: 30m", "needs retryable"},
		"retry without delay":  {", delay: 30m, max: 2", ", max: 2", "needs retryable"},
		"callback at once":     {"do: callback, delay: 24h", "do: callback, delay: 0s", "delay above 0"},
		"ours again at once":   {"route: {do: retry, delay: 15m}", "route: {do: retry, delay: 0s}", "delay above 0"},
		"goto as default":      {"route: {do: retry, delay: 30m, max: 2}", "route: {do: goto}", "cannot be a default"},
		"unknown action":       {"route: {do: retry, delay: 30m, max: 2}", "route: {do: dance}", `"dance"`},
		"negative max":         {"max: 2", "max: -1", "route max -1"},
		"second document":      {"schema: 1", "schema: 1\n---\nschema: 1", ""},
		"conversion, no touch": {"conversion: true", "conversion: true\n    machine: true", "exclude each other"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, c.from, c.to, 1)
			if bad == good {
				t.Fatalf("the file no longer holds %q", c.from)
			}
			set, err := routing.ParseDispositions([]byte(bad))
			if err == nil {
				t.Fatalf("accepted: %v", set.Codes())
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %q does not say %q", err, c.want)
			}
		})
	}
}

func TestParseReportsAllErrors(t *testing.T) {
	_, err := routing.ParseDispositions([]byte("schema: 1\ndispositions:\n  - code: x\n  - code: y\n"))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"line 3:", "line 4:", `"BUSY" is missing`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %q:\n%v", want, err)
		}
	}
}

func FuzzParseDispositions(f *testing.F) {
	data, err := os.ReadFile(shipped)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("schema: 1\ndispositions: []\n"))
	f.Add([]byte("schema: 1\ndispositions: [{code: &a BUSY, aliases: [*a]}]\n"))
	f.Add([]byte("\x00"))
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, in []byte) {
		set, err := routing.ParseDispositions(in)
		if err != nil {
			return
		}
		for _, d := range set.All() {
			for _, a := range append(d.Aliases, string(d.Code)) {
				if got, ok := set.Resolve(cadence.DispositionCode(a)); !ok || got.Code != d.Code {
					t.Fatalf("%q does not lead to %s", a, d.Code)
				}
			}
		}
	})
}
