package cadence_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func environment() cadence.Env {
	return cadence.Env{
		Lead: &cadence.Lead{
			Name: "Lead 00001", FirstName: "Lead", Status: "Qualified", State: "CO",
			Numbers: []cadence.LeadNumber{{Number: "+13035550142"}},
			Fields:  map[string]string{"score": "51.5", "Company Name": "Acme", "empty": ""},
		},
		Attempt: cadence.Attempts{Count: 3, Step: 2, Run: 1},
		Now:     time.Date(2026, 3, 10, 9, 55, 0, 0, time.UTC), // a Tuesday
	}
}

func TestConditions(t *testing.T) {
	for source, want := range map[string]bool{
		`lead.status == "Qualified"`:                       true,
		`lead.status == 'qualified'`:                       false,
		`lower(lead.status) == "qualified"`:                true,
		`lead.nothing == ""`:                               true,
		`lead["Company Name"] startsWith "Ac"`:             true,
		`lead.state in ["CA", "CO"]`:                       true,
		`lead.state not in ["CA", "CO"]`:                   false,
		`number(lead.score) > 50`:                          true,
		`number(lead.nothing) > 50`:                        false,
		`number(lead.nothing) <= 50`:                       false,
		`number(lead.name) == number(lead.name)`:           false,
		`attempt.count >= 3 and attempt.step == 2`:         true,
		`attempt.run > 1 or attempt.count % 2 == 0`:        false,
		`now.weekday == "tue" && now.hour < 10`:            true,
		`now.weekday in ["sat", "sun"]`:                    false,
		`now.year == 2026 and now.month == 3`:              true,
		`now.day == 10 and now.minute == 55`:               true,
		`now.unix == 1773136500`:                           true,
		`lead.number startsWith "+1303"`:                   true,
		`len(lead.first_name) > 3 ? true : false`:          true,
		`not (lead.status == "Qualified")`:                 false,
		`hasSuffix(trim(lead.name), "1")`:                  true,
		`max(attempt.count, 10) == 10`:                     true,
		`lead.score == "51.5" and lead.score contains "."`: true,
		`true`: true,
	} {
		c, err := cadence.CompileCondition(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		for range 2 { // the second time with a used machine
			if got, err := c.Eval(environment()); err != nil || got != want {
				t.Errorf("%s: %v, %v; want %v", source, got, err, want)
			}
		}
		if c.String() != source {
			t.Errorf("%s is printed as %s", source, c)
		}
	}
}

func TestConditionsRefuseWhatCouldRunLongOrAsk(t *testing.T) {
	for _, source := range []string{
		"", "  ", "lead", "lead ==", "lead.status", "attempt.count", "1", "nil", "true; false",
		`lead == lead`, `lead[lead.name] == ""`, `lead?.name == ""`, `lead.name.x == ""`, `lead[""] == ""`, `lead[0] == ""`,
		`attempt["co" + "unt"] == 1`, `attempt.total == 1`, `now.second == 1`, `lead.name == 1`, `lead.score > 50`,
		`all([1], # > 0)`, `any(1..9, # > 0)`, `len(1..1000000000) > 0`, `1 in 1..1000000000`, `filter([1], true) == []`, `count([1], true) == 1`,
		`len(map([1], #)) == 1`, `reduce([1], #acc) == 1`, `sum([1]) == 1`, `sortBy([1], #) == []`, `len(keys(lead)) > 0`, `len(toPairs(lead)) > 0`,
		`now() > now()`, `date("2026-01-01").Year() > 0`, `duration("1h").Hours() > 0`, `timezone("UTC") != nil`,
		`repeat("a", 1000000000) == ""`, `replace(lead.name, "", "aaaa") == ""`, `join(["a"], "b") == ""`, `len(split(lead.name, "")) > 0`,
		`toJSON(lead.name) == ""`, `fromJSON("[]") == nil`, `lead.name matches "(a+)+$"`, `2 ** 100 > 1`, `2 ^ 100 > 1`,
		`let x = lead.name; x == ""`, `{"a": 1} == nil`, `[1][0] == 1`, `lead.name[0:1] == ""`, `$env == nil`, `$env["lead"] == nil`,
		`lead.name | upper() == ""  | len`, `get(lead, "name") == ""`, `type(lead.name) == "string"`, `number(1) == 1`, `number() > 1`, `number("1", "2") > 1`,
		`inputs.Lead == nil`, `attempt.String() == ""`, `unknown(1)`, "lead.\x00 == ''", `b"abc" == b"abc"`,
	} {
		if c, err := cadence.CompileCondition(source); err == nil {
			t.Errorf("%s: compiled to %v", source, c)
		}
	}
}

func TestConditionsKeepABudget(t *testing.T) {
	chain := func(n int) string { return "lead.a == 'b'" + strings.Repeat(" or lead.a == 'b'", n-1) }
	if _, err := cadence.CompileCondition(chain(33)); err != nil {
		t.Errorf("33 alternatives: %v", err)
	}
	nested := func(n int) string { return strings.Repeat("not (true and ", n) + "true" + strings.Repeat(")", n) }
	if _, err := cadence.CompileCondition(nested(9)); err != nil {
		t.Errorf("nested 18 deep: %v", err)
	}
	for name, source := range map[string]string{
		"parts":    chain(34),
		"many":     chain(200),
		"depth":    nested(11),
		"bytes":    "lead.a == '" + strings.Repeat("b", 4096) + "'",
		"brackets": strings.Repeat("(", 5000) + "true" + strings.Repeat(")", 5000),
	} {
		if _, err := cadence.CompileCondition(source); !errors.Is(err, cadence.ErrBudget) {
			t.Errorf("%s: %v; want ErrBudget", name, err)
		}
	}
	if _, err := cadence.CompileCondition(strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000)); err != nil {
		t.Errorf("brackets alone are no depth: %v", err)
	}
}

func TestConditionErrors(t *testing.T) {
	env := environment()
	c, err := cadence.CompileCondition("attempt.count % (attempt.run - 1) == 0")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Eval(env); err == nil {
		t.Errorf("remainder by zero: %v", got)
	}
	c, err = cadence.CompileCondition("lead.notes contains 'x'")
	if err != nil {
		t.Fatal(err)
	}
	env.Lead.Fields["notes"] = strings.Repeat("x", cadence.MaxConditionInput)
	if got, err := c.Eval(env); err != nil || !got {
		t.Errorf("largest input: %v, %v", got, err)
	}
	env.Lead.Fields["notes"] += "x"
	if got, err := c.Eval(env); err == nil {
		t.Errorf("too large an input: %v", got)
	}
	if got, err := c.Eval(cadence.Env{Now: env.Now}); err != nil || got {
		t.Errorf("without a lead: %v, %v", got, err)
	}
}

// The dearest conditions that compile, over the largest inputs: each part runs
// once, so they end in far less than the generous bound.
func TestConditionsEndSoon(t *testing.T) {
	env := environment()
	for _, name := range []string{"a", "b"} {
		env.Lead.Fields[name] = strings.Repeat("a", cadence.MaxConditionInput-1) + name
	}
	for name, source := range map[string]string{
		"sum":      "lead.a" + strings.Repeat(" + lead.b", 45) + " contains lead.b + lead.b",
		"contains": "lead.a contains lead.b" + strings.Repeat(" or lead.a contains lead.b", 24),
		"trim":     "trim(upper(lower(upper(lower(upper(lower(trim(lead.a)))))))) == lead.b",
		"numbers":  "number(lead.a) > 1" + strings.Repeat(" or number(lead.b) > 1", 27),
		"list":     "lead.a in [" + strings.Repeat("lead.b,", 50) + "lead.b]",
	} {
		c, err := cadence.CompileCondition(source)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		start := time.Now()
		if _, err := c.Eval(env); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestConditionIsSafeForConcurrentUse(t *testing.T) {
	c, err := cadence.CompileCondition("lead.first_name == lead.last_name and attempt.count > 0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 500 {
				name := fmt.Sprintf("%d-%d", worker, i)
				lead := &cadence.Lead{FirstName: name, LastName: name}
				if got, err := c.Eval(cadence.Env{Lead: lead, Attempt: cadence.Attempts{Count: i % 2}}); err != nil || got != (i%2 == 1) {
					t.Errorf("%s: %v, %v", name, got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestConditionsAreDeterministic(t *testing.T) {
	sources := []string{"lead.a < lead.b", "number(lead.a) < number(lead.b) or lead.a in ['1', lead.b]", "len(lead.a) % 3 == 1 or upper(lead.b) contains lead.a"}
	rapid.Check(t, func(t *rapid.T) {
		c, err := cadence.CompileCondition(rapid.SampledFrom(sources).Draw(t, "source"))
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{"a": rapid.String().Draw(t, "a"), "b": rapid.String().Draw(t, "b")}
		env := cadence.Env{Lead: &cadence.Lead{Fields: fields}}
		first, err1 := c.Eval(env)
		second, err2 := c.Eval(env)
		if first != second || (err1 == nil) != (err2 == nil) {
			t.Fatalf("%v, %v then %v, %v", first, err1, second, err2)
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		`lead.status == "Qualified"`, `number(lead.score) > 50 and now.hour < 12`, `lead.state in ["CA", "CO"]`,
		`attempt.count % attempt.run == 0`, `len(lead.name) > 3 ? true : false`, `1 in 1..9`, `all([1], # > 0)`, `((((true))))`,
	} {
		f.Add(seed, "51")
	}
	f.Fuzz(func(t *testing.T, source, field string) {
		c, err := cadence.CompileCondition(source)
		if err != nil {
			return
		}
		env := environment()
		env.Lead.Fields["score"] = field
		start := time.Now()
		first, err1 := c.Eval(env)
		second, err2 := c.Eval(env)
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("%q took %s", source, took)
		}
		if first != second || (err1 == nil) != (err2 == nil) {
			t.Fatalf("%q: %v, %v then %v, %v", source, first, err1, second, err2)
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	c, err := cadence.CompileCondition(`lead.status == "Qualified" and number(lead.score) > 50 and now.weekday in ["mon", "tue"]`)
	if err != nil {
		b.Fatal(err)
	}
	env := environment()
	b.ReportAllocs()
	for b.Loop() {
		if got, err := c.Eval(env); err != nil || !got {
			b.Fatal(got, err)
		}
	}
}
