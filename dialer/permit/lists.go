package permit

import (
	"slices"
	"time"
)

// listed is the imported list that forbids the call, nil for none: the first
// that the number is on and whose rule is not waived.
func (f *Facts) listed() *List {
	for i := range f.Lists {
		if l := &f.Lists[i]; l.On && !f.exempt(l.Name) {
			return l
		}
	}
	return nil
}

// exempt reports whether the law lets the call be made though the number is on
// a list.
func (f *Facts) exempt(list string) bool {
	return f.Pack != nil && f.Pack.Law != nil && slices.Contains(f.Pack.Law.Exempt, list)
}

// List is what an imported list says of the number; false when there is no
// list of this name. It is what a rule about scrubbing asks.
func (f *Facts) List(name string) (List, bool) {
	for i := range f.Lists {
		if f.Lists[i].Name == name {
			return f.Lists[i], true
		}
	}
	return List{}, false
}

// Age is how old the edition in force is at an instant; false when no edition
// was ever taken in whole.
func (l List) Age(now time.Time) (time.Duration, bool) {
	return now.Sub(time.UnixMilli(l.AsOf)), l.AsOf > 0
}
