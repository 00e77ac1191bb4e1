package signin

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// LinkFor is how long a link to set a password works.
const LinkFor = 7 * 24 * time.Hour

// MaxEmail bounds an e-mail address, in bytes.
const MaxEmail = 254

// Email brings an address into the one form under which it is known; ok is
// false for what is none.
func Email(text string) (_ string, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	a, err := mail.ParseAddress(text)
	return text, err == nil && a.Address == text && len(text) <= MaxEmail
}

// Visitor is where somebody comes from who wants to sign in.
type Visitor struct {
	From, Agent string
	Replaces    cadence.ID // the session they came with
}

// SignIn checks a password and opens a session. Whether there is such a user
// shows neither in the answer nor in the time it takes. The error is ErrWrong,
// *Throttled, ErrBusy or the engine's.
func (g *Gate) SignIn(ctx context.Context, email, password string, v Visitor) (token string, _ *state.User, err error) {
	email, _ = Email(email)
	limits := limitsOf(email, v.From)
	entered := g.o.Real.Mono()
	if err := g.throttle.enter(entered, limits); err != nil {
		return "", nil, err
	}
	u, err := g.byEmail(email)
	if err != nil {
		g.throttle.unchecked(limits, entered)
		return "", nil, err
	}
	kept := ""
	if u != nil && !u.Disabled {
		kept = u.Password
	}
	ok, err := g.hasher.check(ctx, kept, password)
	if err != nil {
		g.throttle.unchecked(limits, entered)
		return "", nil, err
	}
	if !ok {
		g.refused(ctx, email, v.From)
		return "", nil, ErrWrong
	}
	g.throttle.ok(limits)
	token, err = g.open(ctx, u.ID, kept, v)
	return token, u, err
}

func (g *Gate) byEmail(email string) (found *state.User, err error) {
	err = g.o.Engine.Rows().Users(func(u *state.User) bool {
		if u.Email == email {
			found = u
		}
		return true // also when it is found: the time must not tell
	})
	return found, err
}

// refused audits a sign-in that failed, one a second at most: the log must not
// be somebody else's to fill.
func (g *Gate) refused(ctx context.Context, email, from string) {
	now := g.o.Real.Mono()
	g.mu.Lock()
	due := g.told == 0 || now-g.told >= time.Second
	if due {
		g.told = now
	}
	g.mu.Unlock()
	if due {
		_, _ = g.o.Engine.Do(ctx, &dialer.Audit{What: "session.refused", Detail: email, By: dialer.Author{From: from}})
	}
}

// open makes a session with a token that nobody else can have given.
func (g *Gate) open(ctx context.Context, user cadence.ID, kept string, v Visitor) (string, error) {
	token := secret()
	_, err := g.o.Engine.Do(ctx, &dialer.OpenSession{
		ID: sessionID(token), User: user, Password: kept, Replaces: v.Replaces, At: g.now(), From: v.From, Agent: v.Agent,
	})
	return token, err
}

// NeedsOwner reports whether nobody is there yet who could sign in.
func (g *Gate) NeedsOwner() (bool, error) {
	empty := true
	err := g.o.Engine.Rows().Users(func(*state.User) bool { empty = false; return false })
	return empty && !g.o.Open, err
}

// SetupToken is what the first owner has to know: it is drawn at each start
// and printed where only whoever started the server sees it.
func (g *Gate) SetupToken() string { return g.setup }

// CreateOwner makes the first user and signs them in.
func (g *Gate) CreateOwner(ctx context.Context, token, name, email, password string, v Visitor) (string, *state.User, error) {
	limits := limitsOf("setup", v.From)
	if err := g.throttle.enter(g.o.Real.Mono(), limits); err != nil {
		return "", nil, err
	}
	if !sameText(token, g.setup) {
		return "", nil, ErrSetup
	}
	g.throttle.ok(limits)
	hash, err := g.hasher.hash(ctx, password)
	if err != nil {
		return "", nil, err
	}
	id := newID()
	_, err = g.o.Engine.Do(ctx, &dialer.CreateUser{
		User:     event.UserSaved{ID: id, Name: name, Email: email, Role: string(access.Owner), At: g.now()},
		Password: hash, First: true, By: dialer.Author{Who: id.Text(cadence.KindUser), Name: name, From: v.From},
	})
	if err != nil {
		return "", nil, err
	}
	return g.enter(ctx, id, hash, v)
}

// enter opens a session for somebody whose password was just set.
func (g *Gate) enter(ctx context.Context, id cadence.ID, hash string, v Visitor) (string, *state.User, error) {
	session, err := g.open(ctx, id, hash, v)
	if err != nil {
		return "", nil, err
	}
	u, err := g.o.Engine.Rows().User(id)
	return session, u, err
}

// Invite adds a user; the link's token is told this once.
func (g *Gate) Invite(ctx context.Context, name, email string, role access.Role, grants []string, by dialer.Author) (token string, id cadence.ID, err error) {
	id = newID()
	s := secret()
	_, err = g.o.Engine.Do(ctx, &dialer.CreateUser{
		User:   event.UserSaved{ID: id, Name: name, Email: email, Role: string(role), Grants: grants, At: g.now()},
		Invite: hashOf(s), Until: g.linkUntil(), By: by,
	})
	return compose(linkPrefix, id, s), id, err
}

// Link makes a new link for a user; one before is of no use any more.
func (g *Gate) Link(ctx context.Context, id cadence.ID, by dialer.Author) (token string, err error) {
	s := secret()
	_, err = g.o.Engine.Do(ctx, &dialer.InviteUser{ID: id, Hash: hashOf(s), Until: g.linkUntil(), By: by})
	return compose(linkPrefix, id, s), err
}

func (g *Gate) linkUntil() int64 { return g.o.Real.Now().Add(LinkFor).UnixMilli() }

// LinkOf is the user whose link this is. It is ErrLink for any that does not
// work.
func (g *Gate) LinkOf(token, from string) (*state.User, error) {
	id, s, ok := split(linkPrefix, token)
	if !ok {
		return nil, ErrLink
	}
	limits := limitsOf("link "+id.Bare(), from)
	entered := g.o.Real.Mono()
	if err := g.throttle.enter(entered, limits); err != nil {
		return nil, err
	}
	u, err := g.o.Engine.Rows().User(id)
	if err != nil {
		g.throttle.unchecked(limits, entered)
		return nil, err
	}
	if u == nil || u.Disabled || len(u.Invite) == 0 || !sameBytes(u.Invite, hashOf(s)) || g.now() >= u.InviteUntil {
		return nil, ErrLink
	}
	g.throttle.ok(limits)
	return u, nil
}

// Accept sets the password of a link's user and signs them in.
func (g *Gate) Accept(ctx context.Context, u *state.User, password string, v Visitor) (string, *state.User, error) {
	hash, err := g.hasher.hash(ctx, password)
	if err != nil {
		return "", nil, err
	}
	by := dialer.Author{Who: u.ID.Text(cadence.KindUser), Name: u.Name, From: v.From}
	if _, err := g.o.Engine.Do(ctx, &dialer.SetPassword{User: u.ID, Hash: hash, Invite: u.Invite, At: g.now(), By: by}); err != nil {
		return "", nil, err
	}
	return g.enter(ctx, u.ID, hash, v)
}

// ChangePassword replaces a user's own password, ends all their sessions and
// opens a new one.
func (g *Gate) ChangePassword(ctx context.Context, id cadence.ID, current, password string, v Visitor) (string, error) {
	u, err := g.o.Engine.Rows().User(id)
	if err != nil {
		return "", err
	}
	if u == nil {
		return "", ErrNotUser
	}
	limits := limitsOf(u.Email, v.From)
	entered := g.o.Real.Mono()
	if err := g.throttle.enter(entered, limits); err != nil {
		return "", err
	}
	ok, err := g.hasher.check(ctx, u.Password, current)
	if err != nil {
		g.throttle.unchecked(limits, entered)
		return "", err
	}
	if !ok {
		return "", ErrWrong
	}
	g.throttle.ok(limits)
	hash, err := g.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	by := dialer.Author{Who: id.Text(cadence.KindUser), Name: u.Name, From: v.From}
	if _, err := g.o.Engine.Do(ctx, &dialer.SetPassword{User: id, Hash: hash, Old: u.Password, At: g.now(), By: by}); err != nil {
		return "", err
	}
	return g.open(ctx, id, hash, v)
}

// CreateKey makes an API key; its token is told this once. A zero until does
// not expire.
func (g *Gate) CreateKey(ctx context.Context, name string, grants []string, until int64, by dialer.Author) (token string, id cadence.ID, err error) {
	id = newID()
	s := secret()
	_, err = g.o.Engine.Do(ctx, &dialer.CreateKey{
		Key: event.KeyCreated{ID: id, Name: name, Hash: hashOf(s), Grants: grants, Until: until, By: by.Who, At: g.now()}, By: by,
	})
	return compose(keyPrefix, id, s), id, err
}
