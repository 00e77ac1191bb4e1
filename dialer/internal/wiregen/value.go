package main

import (
	"fmt"
	"strconv"
)

// value writes the statements that append x behind what into holds. some says
// that x is not nil.
func (g *generator) value(into, x string, t typ, some bool) {
	switch t.kind {
	case isBool:
		g.line("b = wire.AppendBool(%s, %s)", into, convert("bool", x, t))
	case isInt:
		g.line("b = wire.AppendInt(%s, %s)", into, convert("int64", x, t))
	case isUint:
		g.line("b = wire.AppendUint(%s, %s)", into, convert("uint64", x, t))
	case isText:
		g.line("b = wire.AppendText(%s, %s)", into, x)
	case isBytes:
		g.line("b = wire.AppendBytes(%s, %s)", into, x)
	case isID:
		g.line("b = wire.AppendID(%s, %s[:])", into, x)
	case isList:
		isNil := x + " == nil"
		if some {
			isNil = "false"
		}
		g.line("b = wire.AppendList(%s, len(%s), %s)", into, x, isNil)
		i := g.index()
		g.line("for %s := range %s {", i, x)
		g.value("b", x+"["+i+"]", t.elem[0], false)
		g.line("}")
		g.depth--
	case isTexts:
		g.line("b = wire.AppendTexts(%s, %s)", into, x)
	case isStruct:
		g.structValue(into, "&"+x, x, t.of)
	case isPointer:
		g.structValue(into, x, x, t.elem[0].of)
	case isCustom:
		g.line("b = append%s(%s, %s)", local(t.of), into, x)
	}
}

func (g *generator) structValue(into, pointer, x string, of *declared) {
	if g.method(of) {
		g.line("b = %s.AppendCBOR(%s)", x, into)
	} else {
		g.line("b = append%s(%s, %s)", local(of), into, pointer)
	}
}

func convert(to, x string, t typ) string {
	if t.name == to {
		return x
	}
	return to + "(" + x + ")"
}

func (g *generator) index() string {
	g.depth++
	return string(rune('i' + g.depth - 1))
}

// reader reads the fields in the order of their numbers.
func (g *generator) reader(fields []field) error {
	g.line("for n, k := r.Map(), -1; n > 0; n-- {\nswitch k = r.Field(k); k {")
	for _, f := range fields {
		g.line("case %d:", f.number)
		if err := g.read("x."+f.name, f.typ); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	g.line("default:\nr.Refuse()\nreturn\n}\n}\n}")
	return nil
}

func (g *generator) read(x string, t typ) error {
	switch t.kind {
	case isBool:
		g.line("%s = %s", x, g.as(t, "bool", "r.Bool()"))
	case isInt:
		g.line("%s = %s", x, g.as(t, "int64", "r.Int("+width(t)+")"))
	case isUint:
		g.line("%s = %s", x, g.as(t, "uint64", "r.Uint("+width(t)+")"))
	case isText:
		g.line("%s = %s", x, g.as(t, "string", "r.Text()"))
	case isBytes:
		g.line("%s = r.Bytes()", x)
	case isID:
		g.line("r.ID(%s[:])", x)
	case isList:
		g.line("if n, some := r.List(); some {\n%s = make([]%s, n)", x, g.spell(t.elem[0]))
		i := g.index()
		g.line("for %s := range %s {", i, x)
		err := g.read(x+"["+i+"]", t.elem[0])
		g.line("}\n}")
		g.depth--
		return err
	case isTexts:
		g.line("%s = wire.Texts[%s, %s](r)", x, g.spell(t.elem[0]), g.spell(t.elem[1]))
	case isStruct:
		g.structRead("&"+x, x, t.of)
	case isPointer:
		g.line("%s = new(%s)", x, g.spell(t.elem[0]))
		g.structRead(x, x, t.elem[0].of)
	case isCustom:
		return fmt.Errorf("%s is read by no generated code", t.of.name)
	}
	return nil
}

func (g *generator) structRead(pointer, x string, of *declared) {
	if g.method(of) {
		g.line("%s.ReadCBOR(r)", x)
	} else {
		g.line("read%s(r, %s)", local(of), pointer)
	}
}

// spell is a type as this package writes it.
func (g *generator) spell(t typ) string {
	if t.of != nil {
		return g.use(t.of)
	}
	return t.name
}

func (g *generator) as(t typ, have, x string) string {
	if to := g.spell(t); to != have {
		return to + "(" + x + ")"
	}
	return x
}

func width(t typ) string {
	if t.bits == 0 {
		return "wire.IntBits"
	}
	return strconv.Itoa(t.bits)
}
