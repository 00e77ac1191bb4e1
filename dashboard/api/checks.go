package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// checks finds what is wrong with documents for this instance.
type checks struct {
	known  cadence.Known
	lookup cadence.Lookup
}

func (a *API) checks() (*checks, error) {
	known, err := a.op.Known()
	if err != nil {
		return nil, err
	}
	drafts := map[string][]byte{}
	err = a.op.Rows().Cadences(func(c *state.Cadence) bool { drafts[c.Name] = c.Draft; return true })
	lookup := func(name string) (*cadence.Document, bool) {
		doc := a.docs.Of(drafts[name])
		return doc, doc != nil
	}
	return &checks{known, lookup}, err
}

// of lists every problem of a document's text, each once, with its place:
// first what keeps it from being published, then what only deserves a look.
func (k *checks) of(text []byte) []problem {
	doc, found := cadence.Parse(text)
	if doc == nil {
		return found
	}
	cadence.Resolve(doc, k.known)
	type spot struct{ path, code string }
	seen := map[spot]bool{}
	all := []problem{}
	for _, ps := range [][]problem{cadence.Publishable(doc, k.known), cadence.Validate(doc, k.known), cadence.Lint(doc, k.known, k.lookup)} {
		for _, p := range ps {
			if s := (spot{p.Path, p.Code}); !seen[s] {
				seen[s] = true
				all = append(all, p)
			}
		}
	}
	cadence.Locate(text, all)
	return all
}
