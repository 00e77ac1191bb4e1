package cadence

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a problem stops a document or only deserves a look.
type Severity string

// The severities. An error keeps a document from being published.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is one thing wrong with a document. Path is its JSON path, for
// example steps[2].routes[0].delay, and empty for the document itself. Line
// and Column count from 1, Column in bytes; both are 0 where only the path is
// known (see Locate). Code is stable, Message and Remedy are for people.
type Problem struct {
	Path     string   `json:"path"`
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy,omitempty"`
}

// String is the problem as one line for a terminal.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	fmt.Fprintf(&b, "%s: ", p.Severity)
	if p.Path != "" {
		fmt.Fprintf(&b, "%s: ", p.Path)
	}
	fmt.Fprintf(&b, "%s (%s)", p.Message, p.Code)
	if p.Remedy != "" {
		fmt.Fprintf(&b, "; %s", p.Remedy)
	}
	return b.String()
}

// HasErrors reports whether any of the problems is an error.
func HasErrors(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == SeverityError })
}

// MaxProblems is how many problems are listed; past that a document is not
// worth reading further, and one last problem says so.
const MaxProblems = 500

// findings gathers problems up to MaxProblems.
type findings struct{ problems []Problem }

func (f *findings) add(p Problem) {
	switch {
	case len(f.problems) < MaxProblems:
		f.problems = append(f.problems, p)
	case len(f.problems) == MaxProblems:
		f.problems = append(f.problems, Problem{
			Severity: SeverityError, Code: "too_many_problems",
			Message: fmt.Sprintf("more than %d problems; the rest is not listed", MaxProblems),
		})
	}
}

func (f *findings) errorAt(path, code, message, remedy string) {
	f.add(Problem{Path: path, Severity: SeverityError, Code: code, Message: message, Remedy: remedy})
}

func (f *findings) warnAt(path, code, message, remedy string) {
	f.add(Problem{Path: path, Severity: SeverityWarning, Code: code, Message: message, Remedy: remedy})
}

// under joins a JSON path and a member name.
func under(path, name string) string {
	if !plainName(name) {
		return fmt.Sprintf("%s[%q]", path, clip(name))
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// at joins a JSON path and an array index.
func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// plainName reports whether a member name can stand in a path unquoted.
func plainName(name string) bool {
	if name == "" || len(name) > 60 {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9' || i == 0) {
			return false
		}
	}
	return true
}
