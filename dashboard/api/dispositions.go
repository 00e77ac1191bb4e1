package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

type knownDisposition struct {
	Code    cadence.DispositionCode `json:"code"`
	Label   string                  `json:"label"`
	Aliases []string                `json:"aliases"`
	Scope   routing.Scope           `json:"scope"`
	Flags   []string                `json:"flags"`
	Route   cadence.Route           `json:"route"`
}

func (a *API) listDispositions(*request) (answer, error) {
	out := page[knownDisposition]{Items: []knownDisposition{}}
	for _, d := range a.op.Dispositions().All() {
		k := knownDisposition{d.Code, d.Label, d.Aliases, d.Scope, []string{}, d.Route}
		if k.Aliases == nil {
			k.Aliases = []string{}
		}
		for _, f := range []struct {
			name string
			on   bool
		}{
			{"contact", d.Contact},
			{"conversion", d.Conversion},
			{"dnc", d.DNC},
			{"refusal", d.Refusal},
			{"callback", d.Callback},
			{"final", d.Final},
			{"retryable", d.Retryable},
			{"machine", d.Machine},
			{"system", d.System},
		} {
			if f.on {
				k.Flags = append(k.Flags, f.name)
			}
		}
		out.Items = append(out.Items, k)
	}
	return ok(out)
}
