package access

import "slices"

// Rule is what one route of the main listener wants. Every route has one: the
// server answers no route without, and a test names it.
type Rule struct {
	Method, Path string // as the router has them
	Grant        Grant
	// What names the deed in the audit log; "" keeps none: nothing is changed,
	// or what is changed keeps its author and its history itself.
	What string
	// Local lets a program on this computer in without a grant.
	Local bool
}

// table is the one list of who may do what. To add a route: give it a line
// here, run `go test ./dashboard/access -update`, and look at the difference in
// ACCESS.md.
var table = []Rule{
	{"GET", "/healthz", Open, "", false},
	{"GET", "/readyz", Open, "", false},
	{"GET", "/metrics", OpsRead, "", true},
	{"GET", "/v1/openapi.yaml", Open, "", false},

	{"GET", "/v1/me", Open, "", false},
	{"POST", "/v1/session", Open, "", false}, // these keep their own entries, in the turn of the deed
	{"POST", "/v1/setup", Open, "", false},
	{"POST", "/v1/welcome", Open, "", false},
	{"DELETE", "/v1/session", Self, "", false},
	{"POST", "/v1/me/password", Self, "", false},
	{"GET", "/v1/me/sessions", Self, "", false},
	{"DELETE", "/v1/me/sessions/:id", Self, "", false},
	{"GET", "/v1/roles", Self, "", false},
	{"GET", "/v1/users", UsersManage, "", false},
	{"POST", "/v1/users", UsersManage, "", false},
	{"PATCH", "/v1/users/:id", UsersManage, "", false},
	{"POST", "/v1/users/:id/link", UsersManage, "", false},
	{"DELETE", "/v1/users/:id/sessions", UsersManage, "", false},
	{"GET", "/v1/keys", KeysManage, "", false},
	{"POST", "/v1/keys", KeysManage, "", false},
	{"DELETE", "/v1/keys/:id", KeysManage, "", false},
	{"GET", "/v1/audit", AuditRead, "", false},
	{"GET", "/v1/audit/export", AuditRead, "", false},

	{"GET", "/v1/views", Self, "", false}, // of a page, wants what it takes to see the page
	{"POST", "/v1/views", Self, "view.created", false},
	{"PUT", "/v1/views/default", Self, "", false},
	{"PATCH", "/v1/views/:id", Self, "view.changed", false}, // of a shared one, views.share
	{"DELETE", "/v1/views/:id", Self, "view.deleted", false},
	{"POST", "/v1/views/:id/share", ViewsShare, "view.shared", false},
	{"POST", "/v1/views/:id/unshare", ViewsShare, "view.unshared", false},

	{"GET", "/v1/overview", FiguresRead, "", false},
	{"GET", "/v1/abandon", FiguresRead, "", false},
	{"GET", "/v1/live", FiguresRead, "", false},
	{"GET", "/v1/recommendations", FiguresRead, "", false},
	{"POST", "/v1/recommendations/:id/hide", CadencesManage, "recommendation.hidden", false},
	{"POST", "/v1/recommendations/:id/show", CadencesManage, "recommendation.shown", false},
	{"GET", "/v1/reports/calls", FiguresRead, "", false},
	{"GET", "/v1/reports/calls/export", FiguresRead, "", false},
	{"GET", "/v1/reports/caller-ids", NumbersRead, "", false},
	{"GET", "/v1/reports/caller-ids/export", NumbersRead, "", false},
	{"GET", "/v1/dispositions", FiguresRead, "", false},

	{"GET", "/v1/cadences", CadencesRead, "", false},
	{"GET", "/v1/cadences/:id", CadencesRead, "", false},
	{"GET", "/v1/cadences/:id/export", CadencesRead, "", false},
	{"GET", "/v1/cadences/:id/blockers", CadencesRead, "", false},
	{"POST", "/v1/cadences", CadencesManage, "cadence.created", false},
	{"POST", "/v1/cadences/validate", CadencesManage, "", false},
	{"POST", "/v1/cadences/import", CadencesManage, "cadences.imported", false},
	{"PUT", "/v1/cadences/:id", CadencesManage, "cadence.edited", false},
	{"DELETE", "/v1/cadences/:id", CadencesManage, "cadence.deleted", false},
	{"POST", "/v1/cadences/:id/validate", CadencesManage, "", false},
	{"POST", "/v1/cadences/:id/publish", CadencesManage, "cadence.published", false},
	{"POST", "/v1/cadences/:id/activate", CadencesManage, "cadence.activated", false},
	{"POST", "/v1/cadences/:id/deactivate", CadencesManage, "cadence.deactivated", false},
	{"POST", "/v1/cadences/:id/duplicate", CadencesManage, "cadence.duplicated", false},
	{"POST", "/v1/cadences/:id/archive", CadencesManage, "cadence.archived", false},
	{"POST", "/v1/cadences/:id/unarchive", CadencesManage, "cadence.unarchived", false},
	{"GET", "/v1/cadences/:id/versions", CadencesRead, "", false},
	{"GET", "/v1/cadences/:id/versions/:n", CadencesRead, "", false},
	{"GET", "/v1/cadences/:id/diff", CadencesRead, "", false},
	{"POST", "/v1/cadences/preview", CadencesManage, "", false},
	{"POST", "/v1/cadences/import/preview", CadencesManage, "", false},
	{"POST", "/v1/cadences/:id/versions/:n/restore", CadencesManage, "cadence.restored", false},
	{"POST", "/v1/cadences/:id/migrate", CadencesManage, "cadence.migrated", false},

	{"GET", "/v1/templates", CadencesRead, "", false},
	{"GET", "/v1/templates/:id", CadencesRead, "", false},
	{"POST", "/v1/templates", CadencesManage, "template.created", false},
	{"PATCH", "/v1/templates/:id", CadencesManage, "template.renamed", false},
	{"DELETE", "/v1/templates/:id", CadencesManage, "template.deleted", false},

	{"GET", "/v1/leads", LeadsRead, "", false},
	{"GET", "/v1/leads/:id", LeadsRead, "", false},
	{"GET", "/v1/leads/:id/explain", LeadsRead, "", false},
	{"GET", "/v1/leads/:id/consents", LeadsRead, "", false},
	{"POST", "/v1/leads/:id/consents", ConsentManage, "consent.recorded", false},
	{"POST", "/v1/leads/:id/consents/revoke", ConsentManage, "consents.revoked", false},
	{"POST", "/v1/leads/:id/consents/:consent/revoke", ConsentManage, "consent.revoked", false},
	{"GET", "/v1/leads/:id/forecast", LeadsRead, "", false},
	{"PATCH", "/v1/leads/:id", LeadsManage, "lead.edited", false},
	{"POST", "/v1/leads/:id/erase", LeadsManage, "lead.erased", false},
	{"POST", "/v1/leads/:id/signals", LeadsManage, "", false}, // the lead's row keeps its signals
	{"GET", "/v1/lists", LeadsRead, "", false},
	{"GET", "/v1/lists/:id", LeadsRead, "", false},
	{"PATCH", "/v1/lists/:id", LeadsManage, "list.changed", false},
	{"POST", "/v1/leads/import", LeadsImport, "leads.imported", false},
	{"POST", "/v1/leads/import/preview", LeadsImport, "", false},
	{"GET", "/v1/imports/:id", LeadsImport, "", false},
	{"GET", "/v1/imports/:id/errors", LeadsImport, "", false},
	{"POST", "/v1/imports/:id/undo", LeadsManage, "import.undone", false},

	{"GET", "/v1/enrollments", LeadsRead, "", false},
	{"POST", "/v1/enrollments", Enroll, "leads.enrolled", false},
	{"DELETE", "/v1/enrollments/:id", Unenroll, "lead.unenrolled", false},
	{"POST", "/v1/enrollments/:id/pause", Unenroll, "enrollment.paused", false},
	{"POST", "/v1/enrollments/:id/resume", Enroll, "enrollment.resumed", false},
	{"POST", "/v1/enrollments/remove", Unenroll, "leads.unenrolled", false},

	{"GET", "/v1/attempts", AttemptsRead, "", false},
	{"GET", "/v1/attempts/:id", AttemptsRead, "", false},
	{"GET", "/v1/attempts/:id/log", AttemptsRead, "", false},
	{"GET", "/v1/return-calls", AttemptsRead, "", false},
	{"POST", "/v1/attempts/:id/disposition", Dispose, "", false}, // the attempt's revisions keep their authors

	{"GET", "/v1/dnc", DNCRead, "", false},
	{"GET", "/v1/dnc/history", DNCRead, "", false},
	{"GET", "/v1/dnc/lists", DNCRead, "", false},
	{"POST", "/v1/dnc", DNCAdd, "dnc.added", false},
	{"DELETE", "/v1/dnc", DNCRemove, "dnc.removed", false},
	{"POST", "/v1/dnc/imports", DNCImport, "dnc.imported", false},
	{"GET", "/v1/dnc/imports/:id", DNCRead, "", false},
	{"GET", "/v1/dnc/imports/:id/errors", DNCRead, "", false},

	{"GET", "/v1/media", MediaRead, "", false},
	{"GET", "/v1/media/:hash", MediaRead, "", false},
	{"GET", "/v1/media/:hash/audio", MediaRead, "", false},
	{"POST", "/v1/media", MediaManage, "media.stored", false},
	{"DELETE", "/v1/media/:hash", MediaManage, "media.deleted", false},

	{"GET", "/v1/dossier", AttemptsRead, "", false},

	{"GET", "/v1/caller-ids", NumbersRead, "", false},
	{"GET", "/v1/caller-ids/:number", NumbersRead, "", false},
	{"POST", "/v1/caller-ids/:number/rest", NumbersManage, "", false}, // the engine audits rests, with their author
	{"POST", "/v1/caller-ids/:number/unrest", NumbersManage, "", false},

	{"GET", "/v1/staff-numbers", Rehearse, "", false},
	{"POST", "/v1/staff-numbers", StaffManage, "staff_number.added", false},
	{"POST", "/v1/staff-numbers/:number/call", StaffManage, "staff_number.called", false},
	{"POST", "/v1/staff-numbers/:number/confirm", StaffManage, "staff_number.verified", false},
	{"DELETE", "/v1/staff-numbers/:number", StaffManage, "staff_number.removed", false},
	{"GET", "/v1/rehearsals", Rehearse, "", false},
	{"GET", "/v1/rehearsals/:id", Rehearse, "", false},
	{"POST", "/v1/rehearsals", Rehearse, "step.rehearsed", false},

	{"GET", "/v1/compliance/packs", CadencesRead, "", false},
	{"POST", "/v1/compliance/verdict", LeadsRead, "", false}, // judges, and changes nothing

	{"GET", "/v1/ops", OpsRead, "", false},
	{"GET", "/v1/settings", OpsRead, "", false},
	{"POST", "/v1/account/check", OpsManage, "", false}, // asks, and changes nothing
	{"POST", "/v1/stop", DialStop, "dialing.stopped", false},
	{"POST", "/v1/resume", DialResume, "dialing.resumed", false},
	{"POST", "/v1/clock/accept", OpsManage, "clock.accepted", false},
}

var byRoute = index()

func index() map[string]*Rule {
	out := make(map[string]*Rule, len(table))
	for i := range table {
		key := table[i].Method + " " + table[i].Path
		if out[key] != nil {
			panic("BUG: " + key + " stands twice in the table of access")
		}
		out[key] = &table[i]
	}
	return out
}

// Find is the rule of a route, nil when it has none.
func Find(method, path string) *Rule { return byRoute[method+" "+path] }

// Table is every rule in its order. The caller owns the slice.
func Table() []Rule { return slices.Clone(table) }
