package api

import (
	"encoding/json"
	"testing"
)

// Whatever decode takes, the standard decoder takes too, and reads the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"name":"x"}`, `{"name":null}`, `{"fields":{"a":null}}`, `{"numbers":[{"number":"+1"}]}`, `[`, `{"name":1}`, `{"a":{"a":{}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in, std leadPatch
		if err := decode(body, &in); err != nil {
			if _, known := faultOf(err); !known {
				t.Fatalf("%q: %v is no fault", body, err)
			}
			return
		}
		if err := json.Unmarshal(body, &std); err != nil {
			t.Fatalf("%q was taken: %v", body, err)
		}
		if a, b := must(t, in), must(t, std); a != b {
			t.Fatalf("%s is not %s", a, b)
		}
	})
}

func must(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
