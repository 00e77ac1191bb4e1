package pack

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of pack files. A set is small; beyond these it is a mistake.
const (
	MaxFileBytes = 256 << 10
	MaxFiles     = 64
	MaxRules     = 2000 // of a set
	maxDepth     = 8
)

// decoder fills the model from a YAML tree, strictly: unknown keys, wrong
// types, anchors and aliases are problems with their line. The parser refuses
// keys that are written twice.
type decoder struct {
	file     string
	problems Problems
}

// decode reads one file. The file is nil when nothing of it could be read.
func decode(path string, data []byte) (*File, Problems) {
	d := &decoder{file: path}
	if len(data) > MaxFileBytes {
		d.wrong(1, "", fmt.Sprintf("the file has %d bytes", len(data)), fmt.Sprintf("at most %d are read: split it", MaxFileBytes))
		return nil, d.problems
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		line, said := yamlError(err)
		d.wrong(line, "", "this is not YAML: "+said, "mend the line")
		return nil, d.problems
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		d.wrong(1, "", "the file holds no pack, or several", "write one document")
		return nil, d.problems
	}
	f := &File{Path: path}
	d.fill(tree.Docs[0].Body, reflect.ValueOf(f).Elem(), "", 0)
	return f, d.problems
}

var yamlPosition = regexp.MustCompile(`^\[(\d+):\d+\] ?`)

// yamlError takes the line and the first line of text out of a parser's error.
func yamlError(err error) (line int, said string) {
	said, _, _ = strings.Cut(err.Error(), "\n")
	if at := yamlPosition.FindStringSubmatch(said); at != nil {
		line, _ = strconv.Atoi(at[1]) // the expression matched digits
		said = said[len(at[0]):]
	}
	return max(line, 1), said
}

func (d *decoder) wrong(line int, field, message, remedy string) {
	d.problems = append(d.problems, Problem{d.file, line, field, message, remedy})
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// under names a field within another.
func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (d *decoder) fill(n ast.Node, into reflect.Value, path string, depth int) {
	if depth > maxDepth {
		d.wrong(lineOf(n), path, "nested too deeply", "")
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		d.mapping(n, into, path, depth)
	case reflect.Slice:
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			d.wrong(lineOf(n), path, "this is no list", "write it in [brackets]")
			return
		}
		if len(list.Values) == 0 {
			d.wrong(lineOf(n), path, "the list is empty", "leave the field out")
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
		for i, v := range list.Values {
			d.fill(v, into.Index(i), fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
	case reflect.Map:
		d.spans(n, into, path, depth)
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.fill(n, into.Elem(), path, depth+1)
	default:
		d.scalar(n, into, path)
	}
}

// entries are the keys and values of a mapping, in order.
func entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func (d *decoder) mapping(n ast.Node, into reflect.Value, path string, depth int) {
	pairs, ok := entries(n)
	if !ok {
		d.wrong(lineOf(n), path, "this is no mapping", "write key: value")
		return
	}
	at := lines{"": lineOf(n)}
	if len(pairs) > 0 {
		at[""] = lineOf(pairs[0].Key)
	}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, lineOf(pair.Key)
		field, known := fieldNamed(into, key)
		if !known {
			d.wrong(line, under(path, key), "there is no such field", "known are "+strings.Join(fieldNames(into.Type()), ", "))
			continue
		}
		at[key] = line
		d.fill(pair.Value, field, under(path, key), depth+1)
	}
	into.FieldByName("At").Set(reflect.ValueOf(at))
}

func fieldNamed(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("yaml"); name != "" && name == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func fieldNames(t reflect.Type) (names []string) {
	for field := range t.Fields() {
		if name := field.Tag.Get("yaml"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// spans reads the one map there is: weekdays to spans.
func (d *decoder) spans(n ast.Node, into reflect.Value, path string, depth int) {
	pairs, ok := entries(n)
	if !ok {
		d.wrong(lineOf(n), path, "this is no mapping", `write {mon-fri: ["09:00-17:00"]}`)
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, pair := range pairs {
		key := reflect.ValueOf(pair.Key.GetToken().Value)
		value := reflect.New(into.Type().Elem()).Elem()
		d.fill(pair.Value, value, under(path, key.String()), depth+1)
		into.SetMapIndex(key, value)
	}
}

func (d *decoder) scalar(n ast.Node, into reflect.Value, path string) {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.LiteralNode:
	default:
		d.wrong(lineOf(n), path, "this is no plain value", "write a text or a number; anchors, aliases, tags and null are not read")
		return
	}
	text := n.GetToken().Value
	if s, ok := n.(*ast.LiteralNode); ok {
		text = s.Value.Value
	}
	var err error
	switch into.Kind() {
	case reflect.String:
		into.SetString(text)
	case reflect.Int:
		var v int
		v, err = strconv.Atoi(text)
		into.SetInt(int64(v))
	case reflect.Float64:
		var v float64
		v, err = strconv.ParseFloat(text, 64)
		into.SetFloat(v)
	case reflect.Bool:
		into.SetBool(text == "true")
		if text != "true" && text != "false" {
			err = strconv.ErrSyntax
		}
	default:
		panic("BUG: pack: the model holds a " + into.Kind().String())
	}
	if err != nil {
		d.wrong(lineOf(n), path, fmt.Sprintf("%q is no %s", text, into.Kind()), "")
	}
}
