package access

// Kind is how a request says who it comes from.
type Kind string

// The kinds of who.
const (
	Nobody   Kind = ""         // it does not say
	Local    Kind = "local"    // there is no sign-in: whoever is at this computer
	Operator Kind = "operator" // has read the operator's key file
	User     Kind = "user"     // by a session
	Key      Kind = "key"      // by an API key
)

// Who is who a request comes from, and what they may do.
type Who struct {
	Kind   Kind
	ID     string // of the user or the key; the kind itself without one
	Name   string // as people know them
	Grants Set
}

// AtThisComputer is whoever talks to a server without sign-in.
func AtThisComputer() Who {
	return Who{Kind: Local, ID: string(Local), Name: "local", Grants: All()}
}

// May reports whether who may do what the rule is about.
func (w *Who) May(r *Rule) bool {
	return r.Grant == Open || w.Kind != Nobody && w.Grants.Has(r.Grant)
}
