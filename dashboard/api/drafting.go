package api

import "github.com/cloudwego/hertz/pkg/route"

// registerDrafting adds the routes of the editor and of templates.
func (a *API) registerDrafting(r route.IRoutes) {
	for path, h := range map[string]reader{
		"/v1/cadences/:id/versions":    a.listVersions,
		"/v1/cadences/:id/versions/:n": a.getVersion,
		"/v1/cadences/:id/diff":        a.diffCadence,
		"/v1/templates":                a.listTemplates,
		"/v1/templates/:id":            a.getTemplate,
	} {
		r.GET(path, a.read(h))
	}
	for path, h := range map[string]writer{
		"/v1/cadences/import/preview":          a.previewImport,
		"/v1/cadences/preview":                 a.previewCadence,
		"/v1/cadences/:id/versions/:n/restore": a.restoreVersion,
		"/v1/cadences/:id/migrate":             a.migrateCadence,
		"/v1/templates":                        a.createTemplate,
	} {
		r.POST(path, a.write(h))
	}
	r.PATCH("/v1/templates/:id", a.write(a.patchTemplate))
	r.DELETE("/v1/templates/:id", a.write(a.deleteTemplate))
}
