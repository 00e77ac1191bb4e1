package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

type kind int

const (
	isBool kind = iota
	isInt
	isUint
	isText
	isBytes  // []byte
	isID     // [n]byte
	isList   // slice of elem
	isTexts  // map of text to text
	isStruct // of
	isPointer
	isCustom // of, with a hand-written append function
)

// typ is a type as the encoding sees it.
type typ struct {
	kind kind
	name string // in the package that uses it; "" when it is no named type
	bits int    // of numbers, 0 for the machine's; bytes of ids
	elem []typ  // of lists, maps (key, value) and pointers
	of   *declared
}

var basic = map[string]typ{
	"bool": {kind: isBool}, "string": {kind: isText},
	"int": {kind: isInt}, "int8": {kind: isInt, bits: 8}, "int16": {kind: isInt, bits: 16}, "int32": {kind: isInt, bits: 32}, "int64": {kind: isInt, bits: 64},
	"uint": {kind: isUint}, "uint8": {kind: isUint, bits: 8}, "uint16": {kind: isUint, bits: 16}, "uint32": {kind: isUint, bits: 32}, "uint64": {kind: isUint, bits: 64},
	"byte": {kind: isUint, bits: 8},
}

// resolve tells how an expression, standing where d is declared, is encoded.
// Named types are followed to what they are made of.
func (l *library) resolve(d *declared, e ast.Expr) (typ, error) {
	switch e := e.(type) {
	case *ast.Ident:
		if t, ok := basic[e.Name]; ok {
			t.name = e.Name
			return t, nil
		}
		return l.named(d.pack, e.Name)
	case *ast.SelectorExpr:
		pkg, _ := e.X.(*ast.Ident)
		dir, ours := d.imports[pkg.Name]
		if !ours {
			return typ{}, fmt.Errorf("%s.%s is not one of ours", pkg.Name, e.Sel.Name)
		}
		p, err := l.load(dir)
		if err != nil {
			return typ{}, err
		}
		return l.named(p, e.Sel.Name)
	case *ast.StarExpr:
		elem, err := l.resolve(d, e.X)
		if err == nil && elem.kind != isStruct {
			err = fmt.Errorf("a pointer to %s is not supported", elem.name)
		}
		return typ{kind: isPointer, elem: []typ{elem}}, err
	case *ast.ArrayType:
		return l.array(d, e)
	case *ast.MapType:
		key, err := l.resolve(d, e.Key)
		if err != nil {
			return typ{}, err
		}
		value, err := l.resolve(d, e.Value)
		if err == nil && (key.kind != isText || value.kind != isText) {
			err = fmt.Errorf("a map of %s to %s is not supported", key.name, value.name)
		}
		return typ{kind: isTexts, elem: []typ{key, value}}, err
	}
	return typ{}, fmt.Errorf("a %T is not supported", e)
}

func (l *library) array(d *declared, e *ast.ArrayType) (typ, error) {
	elem, err := l.resolve(d, e.Elt)
	if err != nil {
		return typ{}, err
	}
	oneByte := elem.kind == isUint && elem.bits == 8
	switch n, ok := e.Len.(*ast.BasicLit); {
	case e.Len == nil && oneByte:
		return typ{kind: isBytes}, nil
	case e.Len == nil:
		return typ{kind: isList, elem: []typ{elem}}, nil
	case ok && n.Kind == token.INT && oneByte:
		size, err := strconv.Atoi(n.Value)
		return typ{kind: isID, bits: size}, err
	}
	return typ{}, fmt.Errorf("an array of %s is not supported", elem.name)
}

// named follows a declared type. Its name is given without the package when
// that is the one generated for; see generator.use.
func (l *library) named(p *pack, name string) (typ, error) {
	d := p.types[name]
	if d == nil {
		return typ{}, fmt.Errorf("%s does not declare %s", p.dir, name)
	}
	if p.custom[name] {
		return typ{kind: isCustom, of: d}, nil
	}
	if _, ok := d.expr.(*ast.StructType); ok {
		return typ{kind: isStruct, of: d}, nil
	}
	t, err := l.resolve(d, d.expr)
	t.name, t.of = "", d
	return t, err
}
