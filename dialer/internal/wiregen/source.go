package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// library is the packages read so far, by directory from the root.
type library struct {
	root     string
	packages map[string]*pack
}

// pack is what a package declares.
type pack struct {
	dir, name string
	types     map[string]*declared
	custom    map[string]bool // types that say themselves how they are encoded
}

// declared is one type, and what the imports of its file are called.
type declared struct {
	pack    *pack
	name    string
	expr    ast.Expr
	imports map[string]string // name to directory, ours only
}

func (l *library) load(dir string) (*pack, error) {
	if p := l.packages[dir]; p != nil {
		return p, nil
	}
	files, err := fs.Glob(os.DirFS(filepath.Join(l.root, dir)), "*.go")
	if err != nil {
		return nil, err
	}
	p := &pack{dir: dir, types: map[string]*declared{}, custom: map[string]bool{}}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == generated {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(l.root, dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.name = file.Name.Name
		if err := p.declare(file); err != nil {
			return nil, err
		}
	}
	l.packages[dir] = p
	return p, nil
}

func (p *pack) declare(file *ast.File) error {
	imports := map[string]string{}
	for _, im := range file.Imports {
		name, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			return err
		}
		if dir, ours := strings.CutPrefix(name, module); ours {
			imports[path.Base(dir)] = dir
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil && d.Name.Name == "MarshalCBOR" {
				p.custom[receiver(d)] = true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok {
					p.types[s.Name.Name] = &declared{pack: p, name: s.Name.Name, expr: s.Type, imports: imports}
				}
			}
		}
	}
	return nil
}

func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// tagged lists a package's structs with field numbers, by name.
func (p *pack) tagged() []*declared {
	var all []*declared
	for _, d := range p.types {
		if s, ok := d.expr.(*ast.StructType); ok && slices.ContainsFunc(s.Fields.List, numbered) {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b *declared) int { return strings.Compare(a.name, b.name) })
	return all
}

func numbered(f *ast.Field) bool {
	return f.Tag != nil && strings.Contains(f.Tag.Value, `cbor:"`) && strings.Contains(f.Tag.Value, "keyasint")
}

// field is one numbered field of a struct.
type field struct {
	name      string
	number    int
	typ       typ
	omitEmpty bool
	omitZero  bool
}

// fields lists the fields of a struct, those of embedded structs among them,
// in the order of their numbers.
func (l *library) fields(d *declared) ([]field, error) {
	s, ok := d.expr.(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("%s is no struct", d.name)
	}
	var all []field
	for _, f := range s.Fields.List {
		some, err := l.field(d, f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b field) int { return a.number - b.number })
	for i := range all {
		if i > 0 && all[i].number == all[i-1].number {
			return nil, fmt.Errorf("%s: %s and %s share number %d", d.name, all[i-1].name, all[i].name, all[i].number)
		}
	}
	return all, nil
}

func (l *library) field(d *declared, f *ast.Field) ([]field, error) {
	tag := ""
	if f.Tag != nil {
		text, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			return nil, err
		}
		tag = reflect.StructTag(text).Get("cbor")
	}
	switch {
	case tag == "-":
		return nil, nil
	case len(f.Names) == 0 && tag == "":
		t, err := l.resolve(d, f.Type)
		if err != nil {
			return nil, err
		}
		return l.fields(t.of)
	case len(f.Names) != 1 || tag == "":
		return nil, errors.New("a field has no number: give each its own line and tag")
	}
	t, err := l.resolve(d, f.Type)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Names[0].Name, err)
	}
	out := field{name: f.Names[0].Name, typ: t}
	if err := out.parse(tag); err != nil {
		return nil, fmt.Errorf("%s: %w", out.name, err)
	}
	return []field{out}, nil
}

func (f *field) parse(tag string) (err error) {
	number, options, _ := strings.Cut(tag, ",")
	if f.number, err = strconv.Atoi(number); err != nil || f.number < 0 || f.number > 255 {
		return fmt.Errorf("tag %q: the number must be 0 to 255", tag)
	}
	asInt := false
	for o := range strings.SplitSeq(options, ",") {
		switch o {
		case "keyasint":
			asInt = true
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitZero = true
		default:
			return fmt.Errorf("tag %q: option %q is not supported", tag, o)
		}
	}
	if !asInt || f.omitEmpty && f.omitZero {
		return fmt.Errorf("tag %q: want keyasint and at most one of omitempty and omitzero", tag)
	}
	return nil
}
