package access

import (
	"fmt"
	"strings"
)

// Markdown is the table of access for people to read: what ACCESS.md holds.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nMade from dashboard/access by `go test ./dashboard/access -update`; edit that instead.\n\n## Roles\n\n| grant | means |")
	for _, r := range Roles() {
		fmt.Fprintf(&b, " %s |", r)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(Roles())) + "\n")
	for _, d := range described {
		fmt.Fprintf(&b, "| `%s` | %s |", d.Grant, d.Means)
		for _, r := range Roles() {
			set, _ := Of(r, nil)
			b.WriteString(" " + tick(set.Has(d.Grant)) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Routes\n\n| route | wants | kept in the audit log as |\n|---|---|---|\n")
	for i := range table {
		fmt.Fprintf(&b, "| %s %s | %s | %s |\n", table[i].Method, table[i].Path, table[i].wants(), table[i].What)
	}
	return b.String()
}

func tick(yes bool) string {
	if yes {
		return "✓"
	}
	return "–"
}

func (r *Rule) wants() string {
	said := "`" + string(r.Grant) + "`"
	switch r.Grant {
	case Open:
		said = "nothing"
	case Self:
		said = "a sign-in"
	default:
	}
	said += r.Whose().said()
	if r.Local {
		said += ", or to come from this computer"
	}
	return said
}
