package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Author is who did something, for the audit log: an id, a name that people
// know, and the address the request came from.
type Author struct{ Who, Name, From string }

// Ownership is the role of which there is always one who can sign in.
const Ownership = "owner"

// What one server keeps at most: lists of these are read whole.
const (
	MaxUsers      = 1000
	MaxKeys       = 1000
	MaxSessionsOf = 20
)

// When a session ends by itself: after its last use, as far as that is kept,
// and after its sign-in.
const (
	SessionIdle = 30 * time.Minute
	SessionEnds = 12 * time.Hour
)

// Expired reports whether a session has ended by itself at an instant, real
// Unix ms.
func Expired(s *state.Session, at int64) bool {
	return at-s.SeenAt > SessionIdle.Milliseconds() || at-s.At > SessionEnds.Milliseconds()
}

// CreateUser adds a user: with an invitation, or with a password. First is
// refused once there is anybody. The instants of all messages about access are
// real Unix ms.
type CreateUser struct {
	User     event.UserSaved
	Invite   []byte
	Until    int64
	Password string
	First    bool
	By       Author
}

// ChangeUser changes a user; nil stays as it is. A change of what they may do
// ends their sessions.
type ChangeUser struct {
	ID         cadence.ID
	Name, Role *string
	Grants     []string
	Disabled   *bool
	At         int64
	By         Author
}

// InviteUser gives a user a new link with which to set a password.
type InviteUser struct {
	ID    cadence.ID
	Hash  []byte
	Until int64
	By    Author
}

// SetPassword replaces a password and ends all sessions of the user. Either
// Invite is the SHA-256 of the link that allows it, or Old the hash it replaces.
type SetPassword struct {
	User      cadence.ID
	Hash, Old string
	Invite    []byte
	At        int64
	By        Author
}

// OpenSession signs a user in, who proved that they are who they say against
// Password, the hash that was checked. The session Replaces, if any, ends.
type OpenSession struct {
	ID, User    cadence.ID
	Replaces    cadence.ID
	Password    string
	At          int64
	From, Agent string
}

// SeeSession and SeeKey say that one was in use.
type SeeSession struct {
	ID cadence.ID
	At int64
}

// SeeKey is SeeSession for an API key.
type SeeKey SeeSession

// CloseSessions ends one session of a user, or all when Only is zero.
type CloseSessions struct {
	User, Only cadence.ID
	By         Author
}

// CreateKey adds an API key.
type CreateKey struct {
	Key event.KeyCreated
	By  Author
}

// RevokeKey ends an API key.
type RevokeKey struct {
	ID cadence.ID
	At int64
	By Author
}

func (*CreateUser) message()    {}
func (*ChangeUser) message()    {}
func (*InviteUser) message()    {}
func (*SetPassword) message()   {}
func (*OpenSession) message()   {}
func (*SeeSession) message()    {}
func (*SeeKey) message()        {}
func (*CloseSessions) message() {}
func (*CreateKey) message()     {}
func (*RevokeKey) message()     {}
