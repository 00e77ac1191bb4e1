package cadence

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxMergedBytes is the longest text that Merge returns; what is longer is cut.
const MaxMergedBytes = 64 << 10

// maxFieldName is the longest name of a merge field or a condition's field.
const maxFieldName = 128

// Field is a lead's value by the name that scripts and conditions use: the
// fields of the model by their JSON names, number for the first number, and
// otherwise the imported column of that name. Unknown is "".
func (l *Lead) Field(name string) string {
	if l == nil {
		return ""
	}
	switch name {
	case "external_id":
		return l.ExternalID
	case "name":
		return l.Name
	case "first_name":
		return l.FirstName
	case "last_name":
		return l.LastName
	case "email":
		return l.Email
	case "status":
		return l.Status
	case "owner":
		return l.Owner
	case "zone":
		return l.Zone
	case "postal_code":
		return l.PostalCode
	case "state":
		return l.State
	case "country":
		return l.Country
	case "number":
		if len(l.Numbers) == 0 {
			return ""
		}
		return string(l.Numbers[0].Number)
	}
	return l.Fields[name]
}

// Merge fills the merge fields of a text: {{ lead.FIELD }} and {{ vars.NAME }},
// blanks around the name allowed. Unknown fields become empty. What is filled
// in is not searched for fields again, and the result is cut to
// MaxMergedBytes. Text that MergeFields refuses is copied as it stands.
func Merge(text string, lead *Lead, vars map[string]string) string {
	var out strings.Builder
	for out.Len() <= MaxMergedBytes {
		before, field, rest, found := nextField(text)
		out.WriteString(before)
		if !found {
			break
		}
		source, name, _ := strings.Cut(field, ".")
		if source == "vars" {
			out.WriteString(vars[name])
		} else {
			out.WriteString(lead.Field(name))
		}
		text = rest
	}
	return cut(out.String(), MaxMergedBytes)
}

// nextField splits a text at its first well-formed merge field.
func nextField(text string) (before, field, rest string, found bool) {
	for from := 0; ; {
		open := strings.Index(text[from:], "{{")
		if open < 0 {
			return text, "", "", false
		}
		open += from
		inner, after, closed := strings.Cut(text[open+2:], "}}")
		if !closed {
			return text, "", "", false
		}
		if field, err := fieldName(inner); err == nil {
			return text[:open], field, after, true
		}
		from = len(text) - len(after)
	}
}

// MergeFields lists the merge fields of a text, each once, as "lead.FIELD" or
// "vars.NAME". The error names the first that is not well formed.
func MergeFields(text string) ([]string, error) {
	var names []string
	for {
		_, after, found := strings.Cut(text, "{{")
		if !found {
			return names, nil
		}
		inner, rest, closed := strings.Cut(after, "}}")
		if !closed {
			return nil, fmt.Errorf("merge field %q is not closed with }}", clip(after))
		}
		field, err := fieldName(inner)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(names, field) {
			names = append(names, field)
		}
		text = rest
	}
}

// fieldName reads what stands between the braces.
func fieldName(inner string) (string, error) {
	field := strings.TrimSpace(inner)
	source, name, _ := strings.Cut(field, ".")
	switch {
	case source != "lead" && source != "vars":
		return "", fmt.Errorf("merge field %q: want lead.FIELD or vars.NAME", clip(field))
	case name == "" || len(name) > maxFieldName || strings.ContainsAny(name, "{}\n\r"):
		return "", fmt.Errorf("merge field %q has no usable name", clip(field))
	}
	return field, nil
}

// cut shortens a text to at most so many bytes, between characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
