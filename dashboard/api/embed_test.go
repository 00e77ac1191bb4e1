package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/carillon-dialer/carillon/dashboard/api"
)

func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Spec())
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	return doc
}

// operations calls f for each operation of the contract.
func operations(t *testing.T, f func(t *testing.T, path, method string, op *openapi3.Operation)) {
	t.Helper()
	for path, item := range load(t).Paths.Map() {
		for method, op := range item.Operations() {
			t.Run(method+" "+path, func(t *testing.T) { f(t, path, method, op) })
		}
	}
}

func TestContractIsValid(t *testing.T) {
	if err := load(t).Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestSpecIsACopy(t *testing.T) {
	api.Spec()[0] = '!'
	if api.Spec()[0] == '!' {
		t.Fatal("a caller changed the contract")
	}
}

func TestEveryOperationDeclaresItsErrors(t *testing.T) {
	operations(t, func(t *testing.T, path, _ string, op *openapi3.Operation) {
		want := []string{"5XX"}
		if strings.HasPrefix(path, "/v1/") {
			want = append(want, "4XX")
		}
		for _, status := range want {
			r := op.Responses.Value(status)
			if r == nil || r.Ref != "#/components/responses/Error" {
				t.Errorf("%s is not the one error shape", status)
			}
		}
	})
}

func TestEveryWriteTakesAnIdempotencyKey(t *testing.T) {
	operations(t, func(t *testing.T, _, method string, op *openapi3.Operation) {
		have := op.Parameters.GetByInAndName("header", "Idempotency-Key") != nil
		if want := method != http.MethodGet; have != want {
			t.Errorf("takes an Idempotency-Key: %v, want %v", have, want)
		}
	})
}

// A misspelt field must be refused, not dropped. Documents are the exception:
// their own rules refuse unknown fields with path, line and remedy.
func TestRequestsAreClosed(t *testing.T) {
	operations(t, func(t *testing.T, _, _ string, op *openapi3.Operation) {
		if op.RequestBody == nil || op.RequestBody.Ref == "#/components/requestBodies/CadenceDocument" {
			return
		}
		m := op.RequestBody.Value.Content.Get("application/json")
		if m == nil {
			return // a stream of rows
		}
		if a := m.Schema.Value.AdditionalProperties.Has; a == nil || *a {
			t.Error("the request's object takes unknown fields")
		}
	})
}

func TestPagesHaveItemsAndNext(t *testing.T) {
	for name, s := range load(t).Components.Schemas {
		if !strings.HasSuffix(name, "Page") {
			continue
		}
		for _, field := range []string{"items", "next"} {
			if s.Value.Properties[field] == nil {
				t.Errorf("%s has no %s", name, field)
			}
		}
	}
}

func TestOperationNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	operations(t, func(t *testing.T, path, method string, op *openapi3.Operation) {
		if !regexp.MustCompile(`^[a-z][A-Za-z]+$`).MatchString(op.OperationID) {
			t.Errorf("operation name %q", op.OperationID)
		}
		if other := seen[op.OperationID]; other != "" {
			t.Errorf("%s is also %s", op.OperationID, other)
		}
		seen[op.OperationID] = method + " " + path
	})
}

func TestSchemasJudgeValues(t *testing.T) {
	id := strings.Repeat("a", 26)
	cases := []struct {
		schema, value string
		ok            bool
	}{
		{"Rate", `null`, true},
		{"Rate", `0.5`, true},
		{"Rate", `1.5`, false},
		{"MaybeTime", `null`, true},
		{"MaybeTime", `"2026-01-06T14:55:00Z"`, true},
		{"Time", `null`, false},
		{"MaybeVirtual", `null`, true},
		{"MaybeVirtual", `{"now":"2026-01-06T14:55:00Z","speed":60,"zone":"America/New_York"}`, true},
		{"MaybeVirtual", `{"now":"2026-01-06T14:55:00Z"}`, false},
		{"CadenceId", `"cd_` + id + `"`, true},
		{"CadenceId", `"ld_` + id + `"`, false},
		{"Span", `"3bd"`, true},
		{"Span", `"3 days"`, false},
		{"Number", `"+13035550142"`, true},
		{"Number", `"303 555-0142"`, false},
		{"EnrollRequest", `{"cadence":"Five touches","lead_ids":["ld_` + id + `"]}`, true},
		{"EnrollRequest", `{"cadence":"Five touches","leads":[]}`, false},
		{"EnrollRequest", `{"lead_ids":["ld_` + id + `"]}`, false},
		{"LeadPatch", `{"fields":{"plan":null}}`, true},
		{"LeadPatch", `{}`, false},
		{"DispositionRequest", `{"code":"SALE","callback_at":"2026-01-06T14:55:00Z"}`, true},
		{"DispositionRequest", `{"code":"SALE","who":"me"}`, false},
		{"ErrorBody", `{"error":{"code":"invalid","message":"m","field":"","details":[]}}`, true},
		{"ErrorBody", `{"error":{"code":"teapot","message":"m","field":"","details":[]}}`, false},
	}
	doc := load(t)
	for _, c := range cases {
		t.Run(c.schema+" "+c.value, func(t *testing.T) {
			var v any
			if err := json.Unmarshal([]byte(c.value), &v); err != nil {
				t.Fatal(err)
			}
			err := doc.Components.Schemas[c.schema].Value.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation())
			if (err == nil) != c.ok {
				t.Errorf("accepted %v, want %v: %v", err == nil, c.ok, err)
			}
		})
	}
}
