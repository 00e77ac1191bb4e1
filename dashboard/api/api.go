package api

import (
	"context"
	"sync"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/route"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

// Demo says that nobody is really called, and what time the engine lives in.
type Demo struct {
	Speed func() float64 // virtual seconds per real second
	Zone  string         // IANA zone in which the page shows the time
}

// Options are what the API is made of. All but Demo are required.
type Options struct {
	Operator Operator
	Real     clock.Clock // paces what is not the engine's own time
	Log      *zap.Logger
	Gate     *signin.Gate
	Demo     *Demo
	// Templates are the shipped ones, in the order of the gallery.
	Templates []Shipped
	// Settings are told as they are; Account asks the carrier. Both are optional.
	Settings []Setting
	Account  AccountCheck
}

// API answers /v1. It keeps no state of its own but caches.
type API struct {
	op    Operator
	real  clock.Clock
	log   *zap.Logger
	demo  *Demo
	gate  *signin.Gate
	meter *projection.Meter
	docs  *projection.Documents
	edits sync.Mutex // a draft's revision is checked and the draft replaced as one step
	keys  inFlight
	swept sweep

	started  time.Time // real
	settings []Setting
	account  AccountCheck
	asking   sync.Mutex // the carrier about the account

	shipped []Shipped // templates

	listening sync.Mutex    // one recording is decoded at a time
	trying    chan struct{} // has room for the files of leads that are held in memory
	staffing  sync.Mutex    // staff numbers are counted and one is added as one step
}

// New makes the handlers.
func New(o Options) *API {
	return &API{op: o.Operator, real: o.Real, started: o.Real.Now(), settings: o.Settings, account: o.Account, log: o.Log.Named("api"), demo: o.Demo, gate: o.Gate, shipped: o.Templates, meter: &projection.Meter{}, docs: &projection.Documents{}, trying: make(chan struct{}, triedAtOnce)}
}

const (
	// MaxBody bounds the body of a request, but for files of leads and
	// recordings.
	MaxBody = 1 << 20
	// doFor is how long a request waits for its turn to be durable.
	doFor = 10 * time.Second
	// bulkFor is the same for requests about many leads.
	bulkFor = 10 * time.Minute
)

// Register adds every route of the contract but /v1/live and those of the
// server itself.
func (a *API) Register(r route.IRoutes) {
	for path, h := range map[string]reader{
		"/v1/cadences":                  a.listCadences,
		"/v1/cadences/:id":              a.getCadence,
		"/v1/cadences/:id/export":       a.exportCadence,
		"/v1/cadences/:id/blockers":     a.cadenceBlockers,
		"/v1/leads":                     a.listLeads,
		"/v1/leads/:id":                 a.getLead,
		"/v1/leads/:id/explain":         a.explainLead,
		"/v1/leads/:id/consents":        a.listConsents,
		"/v1/leads/:id/forecast":        a.forecastLead,
		"/v1/imports/:id":               a.getImport,
		"/v1/imports/:id/errors":        a.listImportErrors,
		"/v1/lists":                     a.listLists,
		"/v1/lists/:id":                 a.getList,
		"/v1/enrollments":               a.listEnrollments,
		"/v1/attempts":                  a.listAttempts,
		"/v1/attempts/:id":              a.getAttempt,
		"/v1/return-calls":              a.listReturns,
		"/v1/attempts/:id/log":          a.getAttemptLog,
		"/v1/dispositions":              a.listDispositions,
		"/v1/media":                     a.listMedia,
		"/v1/media/:hash":               a.getMedia,
		"/v1/media/:hash/audio":         a.getAudio,
		"/v1/dnc":                       a.listDNC,
		"/v1/dnc/history":               a.dncHistory,
		"/v1/dnc/lists":                 a.listScrubs,
		"/v1/dnc/imports/:id":           a.getScrub,
		"/v1/dnc/imports/:id/errors":    a.listScrubErrors,
		"/v1/dossier":                   a.getDossier,
		"/v1/caller-ids":                a.listCallerIDs,
		"/v1/caller-ids/:number":        a.getCallerID,
		"/v1/overview":                  a.getOverview,
		"/v1/abandon":                   a.listAbandon,
		"/v1/ops":                       a.getMachine,
		"/v1/settings":                  a.getSettings,
		"/v1/compliance/packs":          a.getPacks,
		"/v1/openapi.yaml":              a.getContract,
		"/v1/me":                        a.getMe,
		"/v1/me/sessions":               a.listSessions,
		"/v1/roles":                     a.listRoles,
		"/v1/users":                     a.listUsers,
		"/v1/keys":                      a.listKeys,
		"/v1/audit":                     a.listAudit,
		"/v1/audit/export":              a.exportAudit,
		"/v1/recommendations":           a.listAdvice,
		"/v1/views":                     a.listViews,
		"/v1/reports/calls":             a.getReport,
		"/v1/reports/calls/export":      a.exportReport,
		"/v1/reports/caller-ids":        a.getCallerReport,
		"/v1/reports/caller-ids/export": a.exportCallerReport,
	} {
		r.GET(path, a.read(h))
	}
	for path, h := range map[string]writer{
		"/v1/cadences":                  a.createCadence,
		"/v1/cadences/validate":         a.validateDocument,
		"/v1/cadences/import":           a.importCadences,
		"/v1/cadences/:id/validate":     a.validateCadence,
		"/v1/cadences/:id/publish":      a.publishCadence,
		"/v1/cadences/:id/activate":     a.activateCadence,
		"/v1/cadences/:id/deactivate":   a.deactivateCadence,
		"/v1/cadences/:id/duplicate":    a.duplicateCadence,
		"/v1/cadences/:id/archive":      a.archiveCadence,
		"/v1/cadences/:id/unarchive":    a.unarchiveCadence,
		"/v1/imports/:id/undo":          a.undoImport,
		"/v1/leads/:id/erase":           a.eraseLead,
		"/v1/leads/:id/signals":         a.signalLead,
		"/v1/enrollments":               a.enroll,
		"/v1/enrollments/remove":        a.unenrollMany,
		"/v1/enrollments/:id/pause":     a.pauseEnrollment,
		"/v1/enrollments/:id/resume":    a.resumeEnrollment,
		"/v1/attempts/:id/disposition":  a.disposeAttempt,
		"/v1/dnc":                       a.addDNC,
		"/v1/caller-ids/:number/rest":   a.restCallerID,
		"/v1/caller-ids/:number/unrest": a.unrestCallerID,
		"/v1/recommendations/:id/hide":  a.hideAdvice,
		"/v1/recommendations/:id/show":  a.showAdvice,
		"/v1/stop":                      a.stop,
		"/v1/resume":                    a.resume,
		"/v1/clock/accept":              a.acceptClock,
		"/v1/views":                     a.createView,
		"/v1/views/:id/share":           a.shareView,
		"/v1/views/:id/unshare":         a.unshareView,
	} {
		r.POST(path, a.write(h))
	}
	a.registerDrafting(r)
	for path, h := range map[string]writer{
		"/v1/session":     a.signIn,
		"/v1/setup":       a.setUp,
		"/v1/welcome":     a.acceptLink,
		"/v1/me/password": a.changePassword,
	} {
		r.POST(path, a.private(h))
	}
	r.POST("/v1/compliance/verdict", a.private(a.supposeCall)) // it changes nothing: a repeat asks again
	r.POST("/v1/account/check", a.private(a.checkAccount))
	r.POST("/v1/users", a.shownOnce(a.inviteUser))
	r.POST("/v1/users/:id/link", a.shownOnce(a.linkUser))
	r.POST("/v1/keys", a.shownOnce(a.createKey))
	r.DELETE("/v1/session", a.private(a.signOut))
	r.DELETE("/v1/me/sessions/:id", a.write(a.revokeSession))
	r.PATCH("/v1/users/:id", a.write(a.patchUser))
	r.DELETE("/v1/users/:id/sessions", a.write(a.signOutUser))
	r.DELETE("/v1/keys/:id", a.write(a.revokeKey))
	r.POST("/v1/leads/:id/consents", a.write(a.addConsent))
	r.POST("/v1/leads/:id/consents/revoke", a.write(a.revokeConsents))
	r.POST("/v1/leads/:id/consents/:consent/revoke", a.write(a.revokeConsent))
	r.PUT("/v1/views/default", a.write(a.preferView))
	r.PATCH("/v1/views/:id", a.write(a.patchView))
	r.DELETE("/v1/views/:id", a.write(a.deleteView))
	r.PUT("/v1/cadences/:id", a.write(a.updateDraft))
	r.PATCH("/v1/leads/:id", a.write(a.patchLead))
	r.PATCH("/v1/lists/:id", a.write(a.patchList))
	r.DELETE("/v1/cadences/:id", a.write(a.deleteCadence))
	r.DELETE("/v1/enrollments/:id", a.write(a.unenroll))
	r.DELETE("/v1/dnc", a.write(a.removeDNC))
	r.GET("/v1/staff-numbers", a.read(a.listStaff))
	r.POST("/v1/staff-numbers", a.write(a.addStaff))
	r.POST("/v1/staff-numbers/:number/call", a.write(a.callStaff))
	r.POST("/v1/staff-numbers/:number/confirm", a.write(a.confirmStaff))
	r.DELETE("/v1/staff-numbers/:number", a.write(a.removeStaff))
	r.POST("/v1/rehearsals", a.write(a.rehearse))
	r.GET("/v1/rehearsals", a.read(a.listRehearsals))
	r.GET("/v1/rehearsals/:id", a.read(a.getRehearsal))
	r.DELETE("/v1/media/:hash", a.write(a.deleteMedia))
	r.POST("/v1/media", func(ctx context.Context, c *app.RequestContext) { a.storeMedia(ctx, c) })
	r.POST("/v1/leads/import", func(ctx context.Context, c *app.RequestContext) { a.importLeads(ctx, c) })
	r.POST("/v1/leads/import/preview", func(ctx context.Context, c *app.RequestContext) { a.dryRun(ctx, c) })
	r.POST("/v1/dnc/imports", func(ctx context.Context, c *app.RequestContext) { a.importDNC(ctx, c) })
}
