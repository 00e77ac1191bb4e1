package configs

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

// OptOut is how people are told to say no by key, and what they hear then. A
// cadence's message that gives a key for it itself is left as it is.
type OptOut struct {
	Key   string `yaml:"key"`
	Offer string `yaml:"offer"` // {key} is the key
	Call  string `yaml:"call"`  // {number} is the number to call
	Done  string `yaml:"done"`
}

// Owner is somebody who owns leads, by the name in the lead's owner.
type Owner struct {
	Name   string `yaml:"name"`
	Number string `yaml:"number"`
}

// ReturnCalls is what people hear who call one of the caller IDs, and who is
// called for whose leads.
type ReturnCalls struct {
	Greeting string  `yaml:"greeting"`
	Nobody   string  `yaml:"nobody"`
	Unknown  string  `yaml:"unknown"`
	Withheld string  `yaml:"withheld"`
	Owners   []Owner `yaml:"owners"`
}

// DefaultOptOut is said in English; an operator says it in the callees' language.
var DefaultOptOut = OptOut{
	Key: "9", Offer: "To be taken off our calling list, press {key}.", Call: "To be taken off our calling list, call {number}.",
	Done: "You have been taken off our calling list and will not be called again. Goodbye.",
}

// DefaultReturnCalls names no seller: an operator's own words should.
var DefaultReturnCalls = ReturnCalls{
	Greeting: "Thank you for calling us back.",
	Nobody:   "Nobody can take your call at the moment. We will try to reach you again.",
	Unknown:  "Thank you for calling. This number only makes outgoing calls.",
	Withheld: "Thank you for calling. Your number is withheld, so we cannot tell who you are. " +
		"To be taken off our calling list, call again and let your number be shown. Goodbye.",
}

var oneKey = regexp.MustCompile(`^[0-9*#]$`)

// maxSaid bounds one text; the carrier says at most 4,096 characters.
const maxSaid = 2000

// Bounds of the list of owners.
const (
	maxOwners = 10_000
	maxName   = 200
)

func (v *validation) returnCalls(o *OptOut, r *ReturnCalls) {
	if !oneKey.MatchString(o.Key) {
		v.wrong("opt_out.key", "%q is not one of 0 to 9, * and #", o.Key)
	}
	for _, t := range []struct{ key, text, holds string }{
		{"opt_out.offer", o.Offer, "{key}"},
		{"opt_out.call", o.Call, "{number}"},
		{"opt_out.done", o.Done, ""},
		{"return_calls.greeting", r.Greeting, ""},
		{"return_calls.nobody", r.Nobody, ""},
		{"return_calls.unknown", r.Unknown, ""},
		{"return_calls.withheld", r.Withheld, ""},
	} {
		if t.text == "" || len(t.text) > maxSaid || !strings.Contains(t.text, t.holds) {
			v.wrong(t.key, "wants 1 to %d bytes%s", maxSaid, holding(t.holds))
		}
	}
	if len(r.Owners) > maxOwners {
		v.wrong("return_calls.owners", "has %d entries, at most %d are allowed", len(r.Owners), maxOwners)
	}
	seen := map[string]bool{}
	for i, o := range r.Owners {
		key := fmt.Sprintf("return_calls.owners[%d]", i)
		if o.Name == "" || len(o.Name) > maxName || seen[o.Name] {
			v.wrong(key, "wants a name of at most %d bytes that no other entry has", maxName)
		}
		seen[o.Name] = true
		if n, ext, err := cadence.ParseNumber(o.Number, ""); err != nil || ext != "" || string(n) != o.Number {
			v.wrong(key, "%q is not a number in E.164 form; write it like +13035550100", o.Number)
		}
	}
}

func holding(what string) string {
	if what == "" {
		return ""
	}
	return " that hold " + what
}

// setOwners reads NAME=NUMBER, separated by commas.
func setOwners(c *Config, v string) error {
	c.ReturnCalls.Owners = nil
	for _, one := range list(v) {
		name, number, ok := strings.Cut(one, "=")
		if !ok {
			return fmt.Errorf("%q is not NAME=NUMBER", one)
		}
		c.ReturnCalls.Owners = append(c.ReturnCalls.Owners, Owner{strings.TrimSpace(name), strings.TrimSpace(number)})
	}
	return nil
}
