// Package access says who may do what: the grants there are, the roles that
// bundle them, and for each route of the server the grant it wants. The guards,
// the table in ACCESS.md and the test that walks every role over every route
// are all made from what stands here. It imports nothing of ours.
package access

import "slices"

// Grant is the right to do one kind of thing.
type Grant string

// The grants. A name, once given, stays: keys and users keep it.
const (
	// Open is wanted by what needs no sign-in; nobody has to hold it.
	Open Grant = ""
	// Self is wanted by what everybody may do who is signed in, about
	// themselves.
	Self Grant = "self"

	FiguresRead    Grant = "figures.read"
	CadencesRead   Grant = "cadences.read"
	CadencesManage Grant = "cadences.manage"
	LeadsRead      Grant = "leads.read"
	LeadsManage    Grant = "leads.manage"
	LeadsImport    Grant = "leads.import"
	Enroll         Grant = "enroll"
	Unenroll       Grant = "unenroll"
	AttemptsRead   Grant = "attempts.read"
	Dispose        Grant = "attempts.dispose"
	DNCRead        Grant = "dnc.read"
	DNCAdd         Grant = "dnc.add"
	DNCRemove      Grant = "dnc.remove"
	DNCImport      Grant = "dnc.import"
	ConsentManage  Grant = "consent.manage"
	MediaRead      Grant = "media.read"
	MediaManage    Grant = "media.manage"
	NumbersRead    Grant = "numbers.read"
	NumbersManage  Grant = "numbers.manage"
	ViewsShare     Grant = "views.share"
	StaffManage    Grant = "staff.manage"
	Rehearse       Grant = "rehearse"
	DialStop       Grant = "dialing.stop"
	DialResume     Grant = "dialing.resume"
	OpsRead        Grant = "ops.read"
	OpsManage      Grant = "ops.manage"
	AuditRead      Grant = "audit.read"
	UsersManage    Grant = "users.manage"
	KeysManage     Grant = "keys.manage"
)

// Described is a grant in words.
type Described struct {
	Grant Grant
	Means string
}

// described are all grants that can be given, in the order they are shown in.
var described = []Described{
	{FiguresRead, "See figures, the live board and the dispositions"},
	{CadencesRead, "See cadences and what blocks them"},
	{CadencesManage, "Create, edit, import, publish, activate, archive and delete cadences"},
	{LeadsRead, "See leads, lists and enrollments, with names and numbers"},
	{LeadsManage, "Change leads and lists, and tell of signals"},
	{LeadsImport, "Import leads, and see what became of it"},
	{Enroll, "Enroll leads in cadences"},
	{Unenroll, "Take leads out of cadences"},
	{AttemptsRead, "See calls, with names and numbers"},
	{Dispose, "Give a call its disposition"},
	{DNCRead, "See the do-not-call lists"},
	{DNCAdd, "Put a number on the do-not-call list"},
	{DNCRemove, "Let a number be called again"},
	{DNCImport, "Import lists of numbers that are not to be called"},
	{ConsentManage, "Record and withdraw consents"},
	{MediaRead, "See and hear recordings"},
	{MediaManage, "Store and delete recordings"},
	{NumbersRead, "See the numbers we call from and their figures"},
	{NumbersManage, "Rest and release the numbers we call from"},
	{ViewsShare, "Share saved views of lists with everybody, and change shared ones"},
	{StaffManage, "Add, verify and remove the numbers of our own people that steps are rehearsed to"},
	{Rehearse, "Call a verified number of our own people with a step, and see such calls"},
	{DialStop, "Stop dialing"},
	{DialResume, "Start dialing again after a stop"},
	{OpsRead, "See metrics and the state of the machine"},
	{OpsManage, "Accept the clock, and what else keeps the machine going"},
	{AuditRead, "See who did what"},
	{UsersManage, "Invite, change and disable users"},
	{KeysManage, "Create and revoke API keys"},
}

// Grants are all grants that can be given, in the order they are shown in. The
// caller owns the slice.
func Grants() []Described { return slices.Clone(described) }

// Known reports whether there is such a grant to be given.
func Known(g Grant) bool {
	return slices.ContainsFunc(described, func(d Described) bool { return d.Grant == g })
}

// Set is what somebody holds. The zero Set holds nothing.
type Set struct{ held map[Grant]bool }

// SetOf is the set of these grants; unknown ones are dropped, so that a grant
// that a later release takes away gives nothing.
func SetOf(grants ...Grant) Set {
	s := Set{held: make(map[Grant]bool, len(grants))}
	for _, g := range grants {
		if Known(g) {
			s.held[g] = true
		}
	}
	return s
}

// All holds every grant.
func All() Set {
	s := Set{held: make(map[Grant]bool, len(described))}
	for _, d := range described {
		s.held[d.Grant] = true
	}
	return s
}

// Has reports whether the set allows what wants g.
func (s Set) Has(g Grant) bool { return g == Open || g == Self && s.held != nil || s.held[g] }

// Covers reports whether every grant of other is in the set: nobody gives what
// they do not hold.
func (s Set) Covers(other Set) bool {
	for g := range other.held {
		if !s.held[g] {
			return false
		}
	}
	return true
}

// List is the set in the order grants are shown in, never nil.
func (s Set) List() []Grant {
	out := []Grant{}
	for _, d := range described {
		if s.held[d.Grant] {
			out = append(out, d.Grant)
		}
	}
	return out
}
