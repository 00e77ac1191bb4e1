package access

// Role is a named set of grants.
type Role string

// The roles. Custom holds exactly the grants that were chosen for a user.
const (
	Owner   Role = "owner"
	Manager Role = "manager"
	Agent   Role = "agent"
	Ops     Role = "ops"
	Viewer  Role = "viewer"
	Custom  Role = "custom"
)

// bundles are the grants of each role. Ops keeps the machine going and sees no
// people; only who may stop for good reason may also start again. Whoever
// manages users gives no grant that they do not hold themselves.
var bundles = map[Role][]Grant{
	Manager: {
		FiguresRead, CadencesRead, CadencesManage, LeadsRead, LeadsManage, LeadsImport, Enroll, Unenroll, AttemptsRead, Dispose,
		DNCRead, DNCAdd, DNCRemove, DNCImport, ConsentManage, MediaRead, MediaManage, NumbersRead, NumbersManage, ViewsShare, StaffManage, Rehearse,
		DialStop, DialResume, AuditRead,
	},
	Agent:  {FiguresRead, CadencesRead, Dispose, DNCAdd},
	Ops:    {FiguresRead, CadencesRead, NumbersRead, DialStop, OpsRead, OpsManage, AuditRead},
	Viewer: {FiguresRead, CadencesRead},
}

// Roles are all roles but Custom, the mightiest first.
func Roles() []Role { return []Role{Owner, Manager, Agent, Ops, Viewer} }

// Of is what a role holds: all for an owner, the chosen grants for Custom.
// ok is false for a role there is not.
func Of(r Role, chosen []Grant) (_ Set, ok bool) {
	if r == Owner {
		return All(), true
	}
	if r == Custom {
		return SetOf(chosen...), true
	}
	grants, ok := bundles[r]
	return SetOf(grants...), ok
}
