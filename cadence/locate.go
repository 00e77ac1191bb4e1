package cadence

import (
	"cmp"
	"slices"
	"strings"
)

// Locate fills in the line and column of problems that have only a path, from
// the text the document was read from. A problem about something that is not
// there is placed at the nearest thing around it that is.
func Locate(data []byte, problems []Problem) {
	r := newReader(data)
	root := r.read()
	if root == nil {
		return
	}
	places := map[string]int{}
	root.note("", places)
	for i := range problems {
		p := &problems[i]
		if p.Line == 0 {
			p.Line, p.Column = r.place(nearest(p.Path, places))
		}
	}
}

// note writes down where every path of the tree is.
func (v *value) note(path string, places map[string]int) {
	places[path] = v.offset
	for _, m := range v.members {
		m.value.note(under(path, m.name), places)
	}
	for i, item := range v.items {
		item.note(at(path, i), places)
	}
}

// nearest is the offset of a path or of the closest one around it.
func nearest(path string, places map[string]int) int {
	for {
		if offset, ok := places[path]; ok {
			return offset
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return places[""]
		}
		path = path[:cut]
	}
}

// inOrder sorts problems by their place; those without one come last.
func inOrder(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Check is all that can be said about the text of a document: what Parse,
// Validate and Lint find, each thing once, with its place. The document is nil
// unless the text could be read without a problem.
func Check(data []byte, known Known, lookup Lookup) (*Document, []Problem) {
	doc, root, problems := parse(data)
	if root == nil {
		return nil, problems
	}
	if len(problems) == 0 {
		problems = append(Validate(doc, known), Lint(doc, known, lookup)...)
		Locate(data, problems)
		inOrder(problems)
		return doc, problems
	}
	// What could not be read would now be called missing or wrong again.
	var broken []string
	for _, p := range problems {
		switch {
		case p.Code == "syntax", p.Code == "too_deep", p.Code == "type" && p.Path == "":
			return nil, problems
		case p.Path != "":
			broken = append(broken, p.Path)
		}
	}
	for _, p := range Validate(doc, known) {
		if !touches(p.Path, broken) {
			problems = append(problems, p)
		}
	}
	Locate(data, problems)
	inOrder(problems)
	return nil, problems
}

// touches reports whether path is one of the others, holds one, or lies in one.
func touches(path string, others []string) bool {
	for _, other := range others {
		if path == "" || path == other || within(path, other) || within(other, path) {
			return true
		}
	}
	return false
}

// within reports whether path lies in outer: steps[1].key in steps[1], and
// steps[10].key not.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}
