package cadence

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Limits of a condition. They bound how long it can run: there are no loops,
// so each of its parts runs at most once, over texts of at most this size.
const (
	MaxConditionBytes = 4 << 10
	MaxConditionNodes = 200
	MaxConditionDepth = 20
	MaxConditionInput = 4 << 10 // of one field of the lead
)

// ErrBudget is wrapped by errors of CompileCondition about a condition that is
// too large or too deep.
var ErrBudget = errors.New("over the budget of a condition")

// Attempts is what a condition knows of the calls made so far: Count attempts
// in this enrollment, the Step (1 for the first) and the Run (1 for the first)
// it is evaluated in.
type Attempts struct {
	Count int `expr:"count"`
	Step  int `expr:"step"`
	Run   int `expr:"run"`
}

// Env is what a condition is evaluated over. Now must be in the lead's zone.
type Env struct {
	Lead    *Lead
	Attempt Attempts
	Now     time.Time
}

// moment is the time as conditions see it: variables, no clock.
type moment struct {
	Unix    int    `expr:"unix"`
	Year    int    `expr:"year"`
	Month   int    `expr:"month"`
	Day     int    `expr:"day"`
	Hour    int    `expr:"hour"`
	Minute  int    `expr:"minute"`
	Weekday string `expr:"weekday"` // mon … sun
}

// inputs is what a compiled condition reads. Lead holds the values of exactly
// the fields it names, in the order of its field list.
type inputs struct {
	Lead    []string `expr:"lead"`
	Attempt Attempts `expr:"attempt"`
	Now     moment   `expr:"now"`
}

// Condition is a compiled expression over a lead that yields true or false.
// It is safe for concurrent use.
type Condition struct {
	source  string
	program *vm.Program
	fields  []string // of the lead, by the index that the program reads
	nodes   int
	depth   int
	others  bool // reads attempt or now
	idle    sync.Pool
}

// machine is what one evaluation needs, kept between evaluations.
type machine struct {
	vm     vm.VM
	inputs inputs
}

// CompileCondition reads an expression such as
//
//	lead.status == "Qualified" and number(lead.score) > 50 and now.hour < 12
//
// over lead.FIELD (text; "" when the lead lacks it), attempt.count, .step and
// .run, and now.unix, .year, .month, .day, .hour, .minute and .weekday
// ("mon" … "sun"). The error says what is not allowed and wraps ErrBudget when
// the expression is too large.
func CompileCondition(source string) (*Condition, error) {
	checked, err := inspect(source)
	if err != nil {
		return nil, fmt.Errorf("condition: %w", err)
	}
	fields := &leadFields{}
	program, err := expr.Compile(source,
		expr.Env(&inputs{}), expr.AsBool(), expr.MaxNodes(2*MaxConditionNodes),
		expr.Function("number", numberOf, new(func(string) float64)),
		expr.Patch(fields),
	)
	if err != nil {
		return nil, fmt.Errorf("condition: %w", err)
	}
	c := &Condition{
		source: source, program: program, fields: fields.names,
		nodes: checked.nodes, depth: checked.depth, others: checked.others,
	}
	c.idle.New = func() any { return &machine{inputs: inputs{Lead: make([]string, len(c.fields))}} }
	return c, nil
}

// String is the source of the condition.
func (c *Condition) String() string { return c.source }

// reads reports whether the condition looks at anything that can vary.
func (c *Condition) reads() bool { return c.others || len(c.fields) > 0 }

// Eval evaluates the condition. It fails when a field it reads is longer than
// MaxConditionInput, and on arithmetic that has no result, such as a remainder
// by zero.
func (c *Condition) Eval(env Env) (bool, error) {
	m, _ := c.idle.Get().(*machine)
	defer c.release(m)
	for i, name := range c.fields {
		text := env.Lead.Field(name)
		if len(text) > MaxConditionInput {
			return false, fmt.Errorf("evaluate %q: field %q is %d bytes; a condition reads at most %d", clip(c.source), clip(name), len(text), MaxConditionInput)
		}
		m.inputs.Lead[i] = text
	}
	m.inputs.Attempt = env.Attempt
	m.inputs.Now = momentOf(env.Now)
	result, err := m.vm.Run(c.program, &m.inputs)
	if err != nil {
		return false, fmt.Errorf("evaluate %q: %w", clip(c.source), err)
	}
	verdict, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("evaluate %q: the result is %T, not true or false", clip(c.source), result)
	}
	return verdict, nil
}

// release keeps the machine for the next evaluation, without the lead's data.
func (c *Condition) release(m *machine) {
	clear(m.inputs.Lead)
	c.idle.Put(m)
}

func momentOf(t time.Time) moment {
	year, month, day := t.Date()
	return moment{
		Unix: int(t.Unix()), Year: year, Month: int(month), Day: day,
		Hour: t.Hour(), Minute: t.Minute(), Weekday: weekdays[(int(t.Weekday())+6)%7],
	}
}

// leadFields rewrites lead.FIELD to an index, so that an evaluation looks up
// just the fields the condition names and a lead can not be listed.
type leadFields struct{ names []string }

// Visit is called for every node, children first.
func (l *leadFields) Visit(node *ast.Node) {
	name, ok := leadField(*node)
	if !ok {
		return
	}
	index := -1
	for i, known := range l.names {
		if known == name {
			index = i
		}
	}
	if index < 0 {
		index = len(l.names)
		l.names = append(l.names, name)
	}
	ast.Patch(node, &ast.MemberNode{
		Node:     &ast.IdentifierNode{Value: "lead"},
		Property: &ast.IntegerNode{Value: index},
	})
}

// leadField is the field that a node lead.FIELD or lead["FIELD"] names.
func leadField(node ast.Node) (string, bool) {
	member, ok := node.(*ast.MemberNode)
	if !ok {
		return "", false
	}
	base, ok := member.Node.(*ast.IdentifierNode)
	if !ok || base.Value != "lead" {
		return "", false
	}
	name, ok := member.Property.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return name.Value, true
}
