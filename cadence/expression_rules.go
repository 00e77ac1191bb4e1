package cadence

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Functions a condition may call. None loops over more than its own text,
// makes text longer than what it is given, or reads a clock.
var conditionFunctions = []string{
	"abs", "ceil", "floor", "round", "min", "max", "number",
	"len", "lower", "upper", "trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix",
}

var conditionOperators = []string{
	"and", "&&", "or", "||", "not", "!", "==", "!=", "<", "<=", ">", ">=", "in", "not in",
	"contains", "startsWith", "endsWith", "+", "-", "*", "/", "%",
}

// inspection is what is known of an expression that keeps the rules.
type inspection struct {
	nodes  int
	depth  int
	others bool
}

// inspect parses an expression and holds it against the rules: an allow-list
// of node kinds, functions and operators, and the budget.
func inspect(source string) (inspection, error) {
	if len(source) > MaxConditionBytes {
		return inspection{}, fmt.Errorf("%d bytes, at most %d: %w", len(source), MaxConditionBytes, ErrBudget)
	}
	if strings.TrimSpace(source) == "" {
		return inspection{}, errors.New("the expression is empty")
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return inspection{}, err
	}
	i := &inspector{}
	if err := i.node(tree.Node, 1); err != nil {
		return inspection{}, err
	}
	if i.nodes > MaxConditionNodes {
		return inspection{}, fmt.Errorf("%d parts, at most %d: %w", i.nodes, MaxConditionNodes, ErrBudget)
	}
	if i.depth > MaxConditionDepth {
		return inspection{}, fmt.Errorf("nested %d deep, at most %d: %w", i.depth, MaxConditionDepth, ErrBudget)
	}
	return i.inspection, nil
}

type inspector struct{ inspection }

func (i *inspector) node(node ast.Node, depth int) error {
	i.nodes++
	i.depth = max(i.depth, depth)
	switch n := node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
		return nil
	case *ast.UnaryNode:
		return i.operator(n.Operator, depth, n.Node)
	case *ast.BinaryNode:
		return i.binary(n, depth)
	case *ast.MemberNode:
		return i.member(n, depth)
	case *ast.ConditionalNode:
		return i.all(depth, n.Cond, n.Exp1, n.Exp2)
	case *ast.ArrayNode:
		return i.all(depth, n.Nodes...)
	case *ast.BuiltinNode:
		return i.call(n.Name, depth, n.Arguments)
	case *ast.CallNode:
		name, ok := n.Callee.(*ast.IdentifierNode)
		if !ok {
			return errors.New("only functions can be called")
		}
		return i.call(name.Value, depth, n.Arguments)
	case *ast.IdentifierNode:
		return fmt.Errorf("%q is no value; name a field of lead, attempt or now", clip(n.Value))
	default:
		return fmt.Errorf("%s is not allowed in a condition", clip(node.String()))
	}
}

func (i *inspector) all(depth int, nodes ...ast.Node) error {
	for _, node := range nodes {
		if err := i.node(node, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (i *inspector) operator(operator string, depth int, operands ...ast.Node) error {
	if !slices.Contains(conditionOperators, operator) {
		return fmt.Errorf("the operator %s is not allowed in a condition", operator)
	}
	return i.all(depth, operands...)
}

// binary counts a chain of one operator, such as a or b or c, as one level.
func (i *inspector) binary(n *ast.BinaryNode, depth int) error {
	left, chained := n.Left.(*ast.BinaryNode)
	if !chained || left.Operator != n.Operator {
		return i.operator(n.Operator, depth, n.Left, n.Right)
	}
	if err := i.operator(n.Operator, depth, n.Right); err != nil {
		return err
	}
	return i.node(left, depth)
}

// member allows lead.FIELD, attempt.FIELD and now.FIELD. Whether attempt and
// now have the field is known when it is compiled.
func (i *inspector) member(n *ast.MemberNode, depth int) error {
	base, ok := n.Node.(*ast.IdentifierNode)
	name, constant := n.Property.(*ast.StringNode)
	if !ok || !constant || n.Method || n.Optional {
		return fmt.Errorf("%s is not allowed; name a field of lead, attempt or now", clip(n.String()))
	}
	switch base.Value {
	case "lead":
		if name.Value == "" || len(name.Value) > maxFieldName {
			return fmt.Errorf("lead has no field %q", clip(name.Value))
		}
	case "attempt", "now":
		i.others = true
	default:
		return fmt.Errorf("there is no %q; name a field of lead, attempt or now", clip(base.Value))
	}
	i.nodes += 2
	i.depth = max(i.depth, depth+1)
	return nil
}

func (i *inspector) call(name string, depth int, arguments []ast.Node) error {
	if !slices.Contains(conditionFunctions, name) {
		return fmt.Errorf("the function %s is not allowed in a condition", clip(name))
	}
	return i.all(depth, arguments...)
}

// numberOf reads a text field as a number. What is no number is neither equal
// to, nor below, nor above any: a lead without the field meets no such
// condition, but it does meet one with !=.
func numberOf(params ...any) (any, error) {
	text, ok := params[0].(string)
	if !ok {
		return nil, fmt.Errorf("number takes text, not %T", params[0])
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsInf(n, 0) {
		return math.NaN(), nil //nolint:nilerr // documented: not a number is no error
	}
	return n, nil
}

// expressionCode is the problem code of an error of CompileCondition.
func expressionCode(err error) string {
	if errors.Is(err, ErrBudget) {
		return "expression_budget"
	}
	return "expression"
}
