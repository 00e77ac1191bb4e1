package cadence_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	source, err := jsonschema.UnmarshalJSON(bytes.NewReader(cadence.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:carillon:cadence:v1", source); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:carillon:cadence:v1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func accepts(t interface{ Fatal(...any) }, s *jsonschema.Schema, data []byte) error {
	generic, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(generic)
}

func TestSchemaAcceptsWhatIsValid(t *testing.T) {
	s := compiled(t)
	if err := accepts(t, s, template(t)); err != nil {
		t.Errorf("built-in template: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := documents.Draw(t, "document")
		canonical := cadence.Export(doc)
		if err := accepts(t, s, canonical); err != nil {
			t.Fatalf("%v\n%s", err, canonical)
		}
	})
}

// beyondSchema are the faults that a schema cannot know or that would take
// more rules than they are worth; the others it must refuse.
var beyondSchema = []string{
	"name form", "seller form", "description encoding", "campaign form", "audience.view not_used", "time_restrictions.zone zone",
	"time_restrictions.windows[0].to empty_window", "runs.transition_to not_used", "exit_when[0].if expression",
	"steps[1].key duplicate", "steps[0].email not_used", "steps[0].task not_used", "steps[0].voicemail not_used",
	"steps[0].rep not_used", "steps[0].caller_id.number not_used", "steps[0].voicemail one_of",
	"steps[0].voicemail.only_after_beep not_used", "steps[0].detection.mode no_detection",
	"steps[0].detection.timeout not_used", "steps[0].detection.timeout range", "steps[0].detection not_used",
	"steps[0].voicemail.text merge_field", "steps[0].script merge_field", "steps[0].ring_timeout range",
	"steps[0].parent missing_step", "steps[0].parent cycle", "steps[0].when not_used", "steps[0].delay not_used",
	"steps[0].advanced.condition expression", "steps[0].advanced.condition expression_budget",
	"steps[0].advanced.variables.a merge_field", "steps[0].boosts[0].step missing_step", "connect[0].sip not_used",
	"connect[0].sip form", "connect[0].ring_timeout range", "connect[0].disposition_wait range",
	"connect[0].ring_timeout not_used", "steps[0].routes[0].delay required", "steps[0].routes[0].max not_used",
	"steps[0].routes[0].to missing_step", "steps[0].routes[0].to not_used", "steps[0].routes[1].on duplicate",
	"steps[0].numbers.next_on[2] duplicate",
}

func TestSchemaRefusesFaultsOfForm(t *testing.T) {
	s := compiled(t)
	for _, fault := range faults {
		doc := plain()
		fault.hurt(doc)
		name := fault.path + " " + fault.code
		if passes := accepts(t, s, cadence.Export(doc)) == nil; passes != slices.Contains(beyondSchema, name) {
			t.Errorf("%s: passes the schema is %v", name, passes)
		}
	}
	for name, change := range map[string][2]string{
		"unknown field":     {`"kind"`, `"colour": 1, "kind"`},
		"number as text":    {`"max": 1`, `"max": "1"`},
		"null":              {`"kind": "call"`, `"kind": "call", "routes": null`},
		"wrong delay":       {`"kind": "call"`, `"kind": "call", "delay_after": "4 hours"`},
		"delay of a number": {`"kind": "call"`, `"kind": "call", "delay_after": 4`},
		"retry and exit":    {`"kind": "call"`, `"kind": "call", "routes": [{"on": "BUSY", "do": ["retry"]}]`},
		"no message":        {`"kind": "call"`, `"kind": "call", "voicemail": {"leave": true}`},
		"no steps":          {`{"key": "one", "kind": "call"}`, ""},
		"number policy":     {`"kind": "call"`, `"kind": "call", "numbers": {"next_on": []}`},
	} {
		text := strings.Replace(small, change[0], change[1], 1)
		if accepts(t, s, []byte(text)) == nil {
			t.Errorf("%s passes the schema", name)
		}
		if _, problems := cadence.Check([]byte(text), instance(), nil); len(problems) == 0 {
			t.Errorf("%s passes Check", name)
		}
	}
}

// The schema and the model name the same fields, everywhere.
func TestSchemaNamesTheFieldsOfTheModel(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(cadence.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	defs, _ := root["$defs"].(map[string]any)
	var compare func(path string, of reflect.Type, schema map[string]any)
	resolve := func(schema map[string]any) map[string]any {
		if ref, ok := schema["$ref"].(string); ok {
			schema, _ = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		return schema
	}
	seen := 0
	compare = func(path string, of reflect.Type, schema map[string]any) {
		schema = resolve(schema)
		switch {
		case of == reflect.TypeFor[cadence.Span](), of == reflect.TypeFor[cadence.NumberPolicy]():
			return
		case of.Kind() == reflect.Pointer:
			compare(path, of.Elem(), schema)
		case of.Kind() == reflect.Slice:
			items, ok := schema["items"].(map[string]any)
			if !ok {
				t.Fatalf("%s: no items in the schema", path)
			}
			compare(path+"[]", of.Elem(), items)
		case of.Kind() == reflect.Struct:
			properties, _ := schema["properties"].(map[string]any)
			names := map[string]bool{}
			for f := range of.Fields() {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				names[name] = true
				property, ok := properties[name].(map[string]any)
				if !ok {
					t.Errorf("%s.%s is not in the schema", path, name)
					continue
				}
				compare(path+"."+name, f.Type, property)
			}
			for name := range maps.Keys(properties) {
				if !names[name] {
					t.Errorf("%s.%s is only in the schema", path, name)
				}
			}
			if schema["additionalProperties"] != false {
				t.Errorf("%s allows other fields", path)
			}
			seen++
		}
	}
	compare("", reflect.TypeFor[cadence.Document](), root)
	if seen < 15 {
		t.Errorf("only %d objects were compared", seen)
	}
}

func TestSchemaIsACopy(t *testing.T) {
	first := cadence.Schema()
	first[0] = 'x'
	if cadence.Schema()[0] != '{' {
		t.Error("a caller can change the schema")
	}
}
