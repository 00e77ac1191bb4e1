package dashboard_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/carillon-dialer/carillon/dashboard/api"
)

// contract holds what the server says it does, and which of it was exercised.
type contract struct {
	doc  *openapi3.T
	ops  map[string]*openapi3.Operation // method and path template
	form map[string]*regexp.Regexp
	used map[string]bool // operations answered with success
}

func newContract(t *testing.T) *contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Spec())
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{doc, map[string]*openapi3.Operation{}, map[string]*regexp.Regexp{}, map[string]bool{}}
	for path, item := range doc.Paths.Map() {
		pattern := regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)
		for method, op := range item.Operations() {
			c.ops[method+" "+path] = op
			c.form[method+" "+path] = regexp.MustCompile("^" + method + " " + pattern + "$")
		}
	}
	return c
}

// find is the operation of a request; a literal path goes before a template.
func (c *contract) find(method, path string) *openapi3.Operation {
	if op := c.ops[method+" "+path]; op != nil {
		return op
	}
	for key, form := range c.form {
		if form.MatchString(method + " " + path) {
			return c.ops[key]
		}
	}
	return nil
}

// check holds one exchange against the contract.
func (c *contract) check(t *testing.T, method, target, sent string, p *reply) {
	t.Helper()
	path, _, _ := strings.Cut(target, "?")
	op := c.find(method, path)
	if op == nil {
		t.Errorf("%s %s is not in the contract", method, path)
		return
	}
	if p.status < 300 {
		c.used[op.OperationID] = true
		if op.RequestBody != nil && sent != "" {
			if m := op.RequestBody.Value.Content.Get("application/json"); m != nil {
				judge(t, op.OperationID+": request", m.Schema, []byte(sent))
			}
		}
	}
	r := op.Responses.Value(strconv.Itoa(p.status))
	if r == nil {
		r = op.Responses.Value(strconv.Itoa(p.status/100) + "XX")
	}
	if r == nil {
		t.Errorf("%s: %d is not in the contract", op.OperationID, p.status)
		return
	}
	kind, _, _ := strings.Cut(p.header.Get("Content-Type"), ";")
	if len(r.Value.Content) == 0 {
		if len(p.body) != 0 {
			t.Errorf("%s: a body where none is described: %s", op.OperationID, p.body)
		}
		return
	}
	m := r.Value.Content.Get(kind)
	if m == nil {
		t.Errorf("%s: content type %q is not in the contract", op.OperationID, kind)
		return
	}
	if kind == "application/json" {
		judge(t, op.OperationID+": answer", m.Schema, p.body)
	}
}

func judge(t *testing.T, what string, s *openapi3.SchemaRef, raw []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Errorf("%s: %v: %s", what, err, raw)
		return
	}
	if err := s.Value.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation()); err != nil {
		t.Errorf("%s: %v\n%s", what, err, raw)
	}
}
