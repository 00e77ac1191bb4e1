package api

import (
	"slices"
	"strings"
)

// Parameters that come together.
var (
	aPage   = []string{"limit", "cursor"}
	aPeriod = []string{"from", "to", "tz"}
	aReport = append([]string{"cadence", "last"}, aPeriod...)
	aFile   = []string{"cadence", "on_duplicate", "region", "mapping", "name", "source", "lead_type"}
)

// parameters are what the query of a route may name, as openapi.yaml says it. A
// route that is not here takes none: a name with a slip in it would be passed
// over without a word, and POST /v1/resume?cadance=… resume everything.
var parameters = map[string][]string{
	"GET /v1/cadences":                  slices.Concat([]string{"status", "type", "audience", "channel", "q"}, aPage),
	"GET /v1/cadences/:id/versions":     aPage,
	"GET /v1/cadences/:id/diff":         {"from", "to"},
	"GET /v1/cadences/:id/blockers":     {"look"},
	"GET /v1/cadences/:id/export":       {"closure"},
	"GET /v1/views":                     {"page"},
	"GET /v1/leads":                     slices.Concat([]string{"q", "number", "external_id", "list", "sort", "called"}, aPage),
	"POST /v1/leads/import":             aFile,
	"POST /v1/leads/import/preview":     aFile,
	"GET /v1/leads/:id/forecast":        {"assume", "limit"},
	"GET /v1/imports/:id/errors":        aPage,
	"GET /v1/dnc/imports/:id/errors":    aPage,
	"GET /v1/lists":                     aPage,
	"GET /v1/enrollments":               slices.Concat([]string{"lead", "cadence", "state", "rule"}, aPage),
	"GET /v1/attempts":                  slices.Concat([]string{"lead", "cadence", "type", "campaign", "cadence_status", "disposition", "state", "counts", "step", "run", "weekday", "hour", "caller_id"}, aPeriod, aPage),
	"GET /v1/return-calls":              slices.Concat([]string{"lead"}, aPage),
	"POST /v1/media":                    {"name"},
	"GET /v1/dnc":                       slices.Concat([]string{"number"}, aPage),
	"DELETE /v1/dnc":                    {"number", "reason", "scope", "by"},
	"GET /v1/dnc/history":               {"number"},
	"POST /v1/dnc/imports":              {"list", "as_of", "region", "max_rejects", "by"},
	"GET /v1/dossier":                   slices.Concat([]string{"number", "format"}, aPeriod),
	"GET /v1/caller-ids":                slices.Concat([]string{"pool", "state"}, aPage),
	"GET /v1/rehearsals":                aPage,
	"GET /v1/overview":                  slices.Concat([]string{"last"}, aPeriod),
	"GET /v1/reports/calls":             aReport,
	"GET /v1/reports/calls/export":      slices.Concat([]string{"part"}, aReport),
	"GET /v1/reports/caller-ids":        aReport,
	"GET /v1/reports/caller-ids/export": aReport,
	"POST /v1/stop":                     {"cadence"},
	"POST /v1/resume":                   {"cadence"},
	"GET /v1/audit":                     slices.Concat([]string{"who", "what", "target"}, aPeriod, aPage),
	"GET /v1/audit/export":              slices.Concat([]string{"who", "what", "target"}, aPeriod),
}

// unknownParameter is the refusal of a parameter that the route does not have.
func unknownParameter(key string, takes []string) error {
	if len(key) > 200 {
		key = key[:200]
	}
	said := "it takes none"
	if len(takes) > 0 {
		said = "it takes " + strings.Join(takes, ", ")
	}
	return invalid(key, key+" is not a parameter of this request; "+said)
}
