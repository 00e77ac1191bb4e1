package signin

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Engine is where users, sessions and keys are kept; *dialer.Engine is one.
type Engine interface {
	Do(ctx context.Context, m dialer.Message) (any, error)
	Rows() state.Rows
}

// Options are what a Gate is made of.
type Options struct {
	Engine Engine
	Real   clock.Clock // a person signs in by their own clock
	// Open is without sign-in: whoever is at this computer may do everything.
	Open bool
	// OperatorKey lets programs of this computer in that could read its file;
	// "" is none.
	OperatorKey string
}

// Gate tells who a request comes from, and signs people in. It is safe for
// concurrent use.
type Gate struct {
	o        Options
	hasher   *hasher
	throttle *throttle
	setup    string // the one-time token of the first owner

	mu      sync.Mutex
	touched map[cadence.ID]bool // being told to be in use
	told    time.Duration       // when a refused sign-in was last audited
}

// New makes a gate.
func New(o Options) *Gate {
	return &Gate{o: o, hasher: newHasher(), throttle: newThrottle(), setup: secret(), touched: map[cadence.ID]bool{}}
}

// CountChecks has f called for every password that is checked, for whoever
// measures. It is set before the gate is in use.
func (g *Gate) CountChecks(f func()) { g.hasher.counted = f }

// seenEvery is how often it is written down that a session or key is in use.
const seenEvery = 5 * time.Minute

// Errors of the gate. Which of several reasons it was is nobody's business.
var (
	ErrWrong   = errors.New("the e-mail address or the password is wrong")
	ErrToken   = errors.New("this key is not known, has expired or was revoked")
	ErrSetup   = errors.New("this is not the token that the server printed when it started")
	ErrLink    = errors.New("the link was used already, has expired or was replaced; ask for a new one")
	ErrNotUser = errors.New("only a user who is signed in can do this")
)

// Open reports whether there is no sign-in.
func (g *Gate) Open() bool { return g.o.Open }

// now is real time in Unix ms.
func (g *Gate) now() int64 { return g.o.Real.Now().UnixMilli() }

// Now is real time, by which sessions, links and keys expire.
func (g *Gate) Now() time.Time { return g.o.Real.Now() }

// Proof is what a request brings along.
type Proof struct {
	Session string     // the cookie
	Bearer  string     // the Authorization header without its scheme
	From    netip.Addr // where it comes from
	Here    bool       // from a program on this computer, past no proxy
}

// Identify tells who brings a proof; session is theirs, if that is how. A
// proof that says nothing is nobody's; a key that is wrong is ErrToken.
func (g *Gate) Identify(ctx context.Context, p Proof) (who access.Who, session cadence.ID, err error) {
	switch {
	case g.o.Open:
		return access.AtThisComputer(), session, nil
	case strings.HasPrefix(p.Bearer, operatorPrefix):
		if g.o.OperatorKey == "" || !p.Here || !sameText(p.Bearer, g.o.OperatorKey) {
			return who, session, ErrToken
		}
		return access.Who{Kind: access.Operator, ID: string(access.Operator), Name: "operator", Grants: access.All()}, session, nil
	case p.Bearer != "":
		who, err = g.byKey(ctx, p.Bearer)
		return who, session, err
	case p.Session != "":
		return g.bySession(ctx, p.Session)
	}
	return who, session, nil
}

func (g *Gate) byKey(ctx context.Context, token string) (access.Who, error) {
	id, secret, ok := split(keyPrefix, token)
	if !ok {
		return access.Who{}, ErrToken
	}
	k, err := g.o.Engine.Rows().Key(id)
	if err != nil {
		return access.Who{}, err
	}
	now := g.now()
	if k == nil || !sameBytes(k.Hash, hashOf(secret)) || k.RevokedAt != 0 || k.Until != 0 && now >= k.Until {
		return access.Who{}, ErrToken
	}
	if now-k.SeenAt >= seenEvery.Milliseconds() {
		g.touch(ctx, id, &dialer.SeeKey{ID: id, At: now})
	}
	return access.Who{Kind: access.Key, ID: id.Text(cadence.KindKey), Name: k.Name, Grants: GrantsOf(access.Custom, k.Grants)}, nil
}

func (g *Gate) bySession(ctx context.Context, token string) (who access.Who, id cadence.ID, err error) {
	rows := g.o.Engine.Rows()
	s, err := rows.Session(sessionID(token))
	now := g.now()
	if err != nil || s == nil || dialer.Expired(s, now) {
		return who, id, err
	}
	u, err := rows.User(s.User)
	if err != nil || u == nil || u.Disabled {
		return who, id, err
	}
	if now-s.SeenAt >= seenEvery.Milliseconds() {
		g.touch(ctx, s.ID, &dialer.SeeSession{ID: s.ID, At: now})
	}
	return WhoIs(u), s.ID, nil
}

// touch writes down that something is in use. Whoever comes meanwhile need not
// wait for it, and if it cannot be written the next request tries again.
func (g *Gate) touch(ctx context.Context, id cadence.ID, m dialer.Message) {
	g.mu.Lock()
	busy := g.touched[id]
	g.touched[id] = true
	g.mu.Unlock()
	if busy {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, _ = g.o.Engine.Do(ctx, m)
	g.mu.Lock()
	delete(g.touched, id)
	g.mu.Unlock()
}

// Still reports whether a stream may go on that was begun with a proof.
func (g *Gate) Still(p Proof, r *access.Rule) bool {
	if g.o.Open || p.Session == "" && p.Bearer == "" {
		return g.o.Open || r.Grant == access.Open
	}
	who, _, err := g.Identify(context.Background(), p)
	return err == nil && who.May(r)
}

// WhoIs is a user as requests come from them.
func WhoIs(u *state.User) access.Who {
	return access.Who{Kind: access.User, ID: u.ID.Text(cadence.KindUser), Name: u.Name, Grants: GrantsOf(access.Role(u.Role), u.Grants)}
}

// GrantsOf is what a stored role and stored grants hold. A role that a later
// release knows holds nothing here.
func GrantsOf(r access.Role, names []string) access.Set {
	chosen := make([]access.Grant, 0, len(names))
	for _, n := range names {
		chosen = append(chosen, access.Grant(n))
	}
	set, _ := access.Of(r, chosen)
	return set
}
