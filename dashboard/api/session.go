package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// The names of the cookie. A browser takes the first only through TLS, from
// this very host and for all of its paths.
const (
	secureCookie = "__Host-carillon"
	plainCookie  = "carillon"
)

// CookieName is the cookie of a request that came through TLS, or not.
func CookieName(secure bool) string {
	if secure {
		return secureCookie
	}
	return plainCookie
}

// setCookie hands a session to the browser, or takes it back when the token is
// empty. It is sent along by our own pages only.
func setCookie(c *app.RequestContext, token string) {
	secure := CallerOf(c).Secure
	cookie := CookieName(secure) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict"
	if secure {
		cookie += "; Secure"
	}
	if token == "" {
		cookie += "; Max-Age=0"
	}
	c.Response.Header.Add("Set-Cookie", cookie)
}

type meUser struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

type me struct {
	SignIn     string         `json:"sign_in"`
	NeedsOwner bool           `json:"needs_owner"`
	Kind       string         `json:"kind"`
	Name       string         `json:"name"`
	User       *meUser        `json:"user"`
	Grants     []access.Grant `json:"grants"`
	Zone       *string        `json:"zone"`
}

// getMe tells the page who it works for. It is answered to everybody.
func (a *API) getMe(r *request) (answer, error) {
	w := r.caller()
	needs, err := a.gate.NeedsOwner()
	if err != nil {
		return answer{}, err
	}
	var u *state.User
	if id, err := w.user(); err == nil {
		if u, err = a.op.Rows().User(id); err != nil {
			return answer{}, err
		}
	}
	return ok(a.meOf(&w.Who, u, needs))
}

func (a *API) meOf(w *access.Who, u *state.User, needsOwner bool) *me {
	out := &me{SignIn: "required", NeedsOwner: needsOwner, Kind: string(w.Kind), Name: w.Name, Grants: w.Grants.List()}
	if a.gate.Open() {
		out.SignIn = "none"
	}
	if a.demo != nil {
		out.Zone = &a.demo.Zone
	}
	if u != nil {
		out.User = &meUser{u.ID.Text(cadence.KindUser), u.Name, u.Email, u.Role}
	}
	return out
}

func (r *request) visitor() signin.Visitor {
	w := r.caller()
	return signin.Visitor{From: w.From, Agent: r.header("User-Agent"), Replaces: w.Session}
}

// entered signs in whoever a gate let in: the cookie is new each time.
func (a *API) entered(r *request, token string, u *state.User, err error) (answer, error) {
	if err != nil {
		return answer{}, gateFault(r, err)
	}
	setCookie(r.c, token)
	w := signin.WhoIs(u)
	return ok(a.meOf(&w, u, false))
}

// gateFault is the answer to what a gate refused.
func gateFault(r *request, err error) error {
	var wait *signin.Throttled
	switch {
	case errors.As(err, &wait):
		r.c.Response.Header.Set("Retry-After", seconds(wait.Wait))
		return NewFault(codeRateLimited, "", err.Error())
	case errors.Is(err, signin.ErrBusy):
		return NewFault(dialer.CodeUnavailable, "", err.Error())
	case errors.Is(err, signin.ErrWrong):
		return NewFault(codeUnauthorized, "", err.Error())
	case errors.Is(err, signin.ErrSetup), errors.Is(err, signin.ErrLink):
		return NewFault(codeUnauthorized, "token", err.Error())
	case errors.Is(err, signin.ErrNotUser):
		return NewFault(dialer.CodeConflict, "", err.Error())
	}
	return err
}

type signInRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// noSignIn refuses what makes no sense on a server without sign-in.
func (a *API) noSignIn() error {
	if a.gate.Open() {
		return NewFault(dialer.CodeConflict, "", "this server runs without sign-in; start it with sign_in: required")
	}
	return nil
}

func (a *API) signIn(ctx context.Context, r *request) (answer, error) {
	var in signInRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if err := a.noSignIn(); err != nil {
		return answer{}, err
	}
	switch { // nothing of any length is remembered for whoever is nobody yet
	case len(in.Email) > signin.MaxEmail:
		return answer{}, invalid("email", "the e-mail address is too long")
	case len(in.Password) > 4*signin.MaxPassword:
		return answer{}, invalid("password", "the password is too long")
	}
	token, u, err := a.gate.SignIn(ctx, in.Email, in.Password, r.visitor())
	return a.entered(r, token, u, err)
}

func (a *API) signOut(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	w := r.caller()
	id, err := w.user()
	if err != nil {
		return answer{}, err
	}
	setCookie(r.c, "")
	return answer{status: http.StatusNoContent}, a.command(ctx, &dialer.CloseSessions{User: id, Only: w.Session, By: w.Author()})
}

type setupRequest struct {
	Token    string `json:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// setUp makes the first owner.
func (a *API) setUp(ctx context.Context, r *request) (answer, error) {
	var in setupRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if err := a.noSignIn(); err != nil {
		return answer{}, err
	}
	name, email, err := person(in.Name, in.Email)
	if err != nil {
		return answer{}, err
	}
	if weak := signin.Weak(in.Password, name, email); weak != "" {
		return answer{}, invalid("password", weak)
	}
	token, u, err := a.gate.CreateOwner(ctx, in.Token, name, email, in.Password, r.visitor())
	return a.entered(r, token, u, err)
}

// person checks a name and an e-mail address.
func person(name, email string) (string, string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", "", invalid("name", "name is needed: how colleagues know this person")
	case len(name) > 200:
		return "", "", invalid("name", "name is longer than 200 bytes")
	}
	email, valid := signin.Email(email)
	if !valid {
		return "", "", invalid("email", "email must be an address such as name@example.com")
	}
	return name, email, nil
}

type acceptRequest struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

// acceptLink sets the password of whoever was sent a link.
func (a *API) acceptLink(ctx context.Context, r *request) (answer, error) {
	var in acceptRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if err := a.noSignIn(); err != nil {
		return answer{}, err
	}
	v := r.visitor()
	u, err := a.gate.LinkOf(in.Token, v.From)
	if err != nil {
		return answer{}, gateFault(r, err)
	}
	if weak := signin.Weak(in.Password, u.Name, u.Email); weak != "" {
		return answer{}, invalid("password", weak)
	}
	token, u, err := a.gate.Accept(ctx, u, in.Password, v)
	return a.entered(r, token, u, err)
}

type passwordRequest struct {
	Current  string `json:"current"`
	Password string `json:"password"`
}

// changePassword ends all sessions of the user and gives this browser a new
// one.
func (a *API) changePassword(ctx context.Context, r *request) (answer, error) {
	var in passwordRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	w := r.caller()
	id, err := w.user()
	if err != nil {
		return answer{}, err
	}
	if weak := signin.Weak(in.Password, w.Name); weak != "" {
		return answer{}, invalid("password", weak)
	}
	token, err := a.gate.ChangePassword(ctx, id, in.Current, in.Password, r.visitor())
	if errors.Is(err, signin.ErrWrong) {
		return answer{}, invalid("current", "this is not the password you have now")
	}
	if err != nil {
		return answer{}, gateFault(r, err)
	}
	setCookie(r.c, token)
	return answer{status: http.StatusNoContent}, nil
}
