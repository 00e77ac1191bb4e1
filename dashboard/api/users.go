package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type roleItem struct {
	Role   access.Role    `json:"role"`
	Grants []access.Grant `json:"grants"`
}

type grantItem struct {
	Grant access.Grant `json:"grant"`
	Means string       `json:"means"`
}

// listRoles tells what there is to be given.
func (a *API) listRoles(*request) (answer, error) {
	roles, grants := []roleItem{}, []grantItem{}
	for _, r := range access.Roles() {
		set, _ := access.Of(r, nil)
		roles = append(roles, roleItem{r, set.List()})
	}
	for _, g := range access.Grants() {
		grants = append(grants, grantItem{g.Grant, g.Means})
	}
	return ok(map[string]any{"roles": roles, "grants": grants})
}

type userItem struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Email      string         `json:"email"`
	Role       string         `json:"role"`
	Grants     []access.Grant `json:"grants"`
	Disabled   bool           `json:"disabled"`
	Invited    bool           `json:"invited"` // has no password yet
	LinkUntil  *string        `json:"link_until"`
	CreatedAt  string         `json:"created_at"`
	SignedInAt *string        `json:"signed_in_at"`
}

func (a *API) userOf(u *state.User) userItem {
	link := maybe(u.InviteUntil)
	if u.InviteUntil <= a.gate.Now().UnixMilli() {
		link = nil
	}
	return userItem{
		ID: u.ID.Text(cadence.KindUser), Name: u.Name, Email: u.Email, Role: u.Role, Grants: signin.GrantsOf(access.Role(u.Role), u.Grants).List(),
		Disabled: u.Disabled, Invited: u.Password == "", LinkUntil: link, CreatedAt: at(u.CreatedAt), SignedInAt: maybe(u.SignedInAt),
	}
}

// listUsers lists all users by name; there are at most dialer.MaxUsers.
func (a *API) listUsers(*request) (answer, error) {
	out := page[userItem]{Items: []userItem{}}
	err := a.op.Rows().Users(func(u *state.User) bool { out.Items = append(out.Items, a.userOf(u)); return true })
	if err != nil {
		return answer{}, err
	}
	slices.SortStableFunc(out.Items, func(x, y userItem) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return ok(out)
}

type inviteRequest struct {
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	Role   string   `json:"role"`
	Grants []string `json:"grants"`
}

// given checks a role and grants that somebody wants to give: nobody gives what
// they do not hold.
func given(w *Caller, role string, grants []string) error {
	set, known := access.Of(access.Role(role), nil)
	switch {
	case !known:
		return invalid("role", "role must be owner, manager, agent, ops, viewer or custom")
	case role != string(access.Custom) && len(grants) > 0:
		return invalid("grants", "grants are chosen for the role custom only")
	case role == string(access.Custom):
		if err := knownGrants(grants); err != nil {
			return err
		}
		set = signin.GrantsOf(access.Custom, grants)
	}
	if !w.Grants.Covers(set) {
		return NewFault(codeForbidden, "role", "nobody can give grants that they do not hold themselves")
	}
	return nil
}

func knownGrants(grants []string) error {
	if len(grants) == 0 {
		return invalid("grants", "choose at least one grant")
	}
	for i, g := range grants {
		if !access.Known(access.Grant(g)) || slices.Contains(grants[:i], g) {
			return invalid("grants", "grants: "+g+" is no grant, or comes twice")
		}
	}
	return nil
}

type linkAnswer struct {
	User  userItem `json:"user"`
	Token string   `json:"token"`
	Path  string   `json:"path"`
}

// linkFor shows a link's token, this once. It stands behind the # of the page's
// address, which no browser sends to a server.
func (a *API) linkFor(status int, id cadence.ID, token string) (answer, error) {
	u, err := a.op.Rows().User(id)
	if err != nil {
		return answer{}, err
	}
	return answer{status: status, body: linkAnswer{a.userOf(u), token, "/welcome#token=" + token}}, nil
}

// inviteUser adds a user, who sets a password by a link.
func (a *API) inviteUser(ctx context.Context, r *request) (answer, error) {
	var in inviteRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	name, email, err := person(in.Name, in.Email)
	if err != nil {
		return answer{}, err
	}
	w := r.caller()
	if err := given(w, in.Role, in.Grants); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	token, id, err := a.gate.Invite(ctx, name, email, access.Role(in.Role), in.Grants, w.Author())
	if err != nil {
		return answer{}, err
	}
	return a.linkFor(http.StatusCreated, id, token)
}

// mayChange is a user whom the caller may change: one who holds no more than
// they do.
func (a *API) mayChange(r *request) (*state.User, error) {
	id, err := r.id(cadence.KindUser)
	if err != nil {
		return nil, err
	}
	u, err := a.op.Rows().User(id)
	switch {
	case err != nil:
		return nil, err
	case u == nil:
		return nil, notFound("user")
	case !r.caller().Grants.Covers(signin.GrantsOf(access.Role(u.Role), u.Grants)):
		return nil, NewFault(codeForbidden, "id", "this user holds grants that you do not hold; somebody who does has to do this")
	}
	return u, nil
}

type userPatch struct {
	Name     *string  `json:"name"`
	Role     *string  `json:"role"`
	Grants   []string `json:"grants"`
	Disabled *bool    `json:"disabled"`
}

func (a *API) patchUser(ctx context.Context, r *request) (answer, error) {
	var in userPatch
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	u, err := a.mayChange(r)
	if err != nil {
		return answer{}, err
	}
	w := r.caller()
	m := &dialer.ChangeUser{ID: u.ID, Disabled: in.Disabled, At: a.gate.Now().UnixMilli(), By: w.Author()}
	switch {
	case in.Name == nil && in.Role == nil && in.Disabled == nil:
		return answer{}, invalid("", "there is nothing to change; send name, role or disabled")
	case in.Role == nil && in.Grants != nil:
		return answer{}, invalid("grants", "grants come with the role custom")
	}
	if in.Name != nil {
		name, _, err := person(*in.Name, u.Email)
		if err != nil {
			return answer{}, err
		}
		m.Name = &name
	}
	if in.Role != nil {
		if err := given(w, *in.Role, in.Grants); err != nil {
			return answer{}, err
		}
		m.Role, m.Grants = in.Role, in.Grants
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	if u, err = a.op.Rows().User(u.ID); err != nil {
		return answer{}, err
	}
	return ok(a.userOf(u))
}

// linkUser makes a new link for a user, with which to set a password.
func (a *API) linkUser(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	u, err := a.mayChange(r)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	token, err := a.gate.Link(ctx, u.ID, r.caller().Author())
	if err != nil {
		return answer{}, err
	}
	return a.linkFor(http.StatusOK, u.ID, token)
}

// signOutUser ends all sessions of a user.
func (a *API) signOutUser(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	u, err := a.mayChange(r)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, a.command(ctx, &dialer.CloseSessions{User: u.ID, By: r.caller().Author()})
}
