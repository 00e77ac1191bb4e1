package dashboard_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every operation takes the parameters that the contract names, and no other: a
// name with a slip in it is not passed over.
func TestParametersAreThoseOfTheContract(t *testing.T) {
	r := newRig(t)
	r.call(200, "POST", "/v1/stop", "")
	braces := regexp.MustCompile(`\{[a-z]+\}`)
	for key, op := range r.contract.ops {
		method, path, _ := strings.Cut(key, " ")
		if !strings.HasPrefix(path, "/v1/") || path == "/v1/live" {
			continue // of the server itself
		}
		item := r.contract.doc.Paths.Find(path)
		path = braces.ReplaceAllString(path, "nothing")
		for _, in := range slices.Concat(item.Parameters, op.Parameters) {
			if in.Value.In != "query" {
				continue
			}
			if p := r.send(method, path+"?"+in.Value.Name+"=x", ""); strings.Contains(string(p.body), "is not a parameter") {
				t.Errorf("%s does not take %s: %s", op.OperationID, in.Value.Name, p.body)
			}
		}
		p := r.send(method, path+"?cadance=x", "")
		if p.status != 400 || p.text(t, "error", "field") != "cadance" {
			t.Errorf("%s takes what it does not know: %d %s", op.OperationID, p.status, p.body)
		}
	}
	if !r.engine.Status().Stopped {
		t.Error("a slip in a name resumed everything")
	}
}
