package cadence

import "strings"

// LawNote is what a rule of law says of a document that its author should know
// of before anybody is called.
type LawNote struct{ Path, Code, Message, Remedy string }

func (l *linter) lawful() {
	if l.known.Law == nil {
		return
	}
	for _, n := range l.known.Law(l.doc) {
		l.warnAt(n.Path, n.Code, n.Message, n.Remedy)
	}
}

// SameSeller reports whether two names are of one seller: case and blanks do
// not tell sellers apart. Nobody is nobody's seller.
func SameSeller(a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	return a != "" && strings.EqualFold(a, b)
}
