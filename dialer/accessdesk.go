package dialer

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// accessDesk decides about users, sessions and keys; ok is false for other
// messages.
func accessDesk(now int64, v *state.View, m Message) (out Outcome, ok bool) {
	switch m := m.(type) {
	case *CreateUser:
		return createUser(now, v, m), true
	case *ChangeUser:
		return changeUser(now, v, m), true
	case *InviteUser:
		return inviteUser(now, v, m), true
	case *SetPassword:
		return setPassword(now, v, m), true
	case *OpenSession:
		return openSession(now, v, m), true
	case *SeeSession:
		if s := v.Session(m.ID); s != nil && m.At > s.SeenAt {
			out.fact(&event.SessionSeen{ID: m.ID, At: m.At})
		}
		return out, true
	case *CloseSessions:
		return closeSessions(now, v, m), true
	case *CreateKey:
		return createKey(now, v, m), true
	case *SeeKey:
		if k := v.Key(m.ID); k != nil && m.At > k.SeenAt {
			out.fact(&event.KeySeen{ID: m.ID, At: m.At})
		}
		return out, true
	case *RevokeKey:
		return revokeKey(now, v, m), true
	}
	return out, false
}

// audited is the entry of a deed.
func audited(now int64, by Author, what, target, detail string) *event.Audited {
	return &event.Audited{What: clip(what), Detail: clip(detail), At: now, Who: clip(by.Who), Name: clip(by.Name), From: clip(by.From), Target: clip(target)}
}

func userText(id cadence.ID) string { return id.Text(cadence.KindUser) }

func noUser() Outcome {
	return Outcome{Err: refusal(CodeNotFound, "id", "there is no such user")}
}

func createUser(now int64, v *state.View, m *CreateUser) (out Outcome) {
	count, taken := 0, false
	v.EachUser(func(u *state.User) {
		count++
		taken = taken || u.Email == m.User.Email
	})
	switch {
	case m.First && count > 0:
		return Outcome{Err: refusal(CodeConflict, "", "there is an owner already; sign in")}
	case v.User(m.User.ID) != nil || taken:
		return Outcome{Err: refusal(CodeConflict, "email", "there is a user with this e-mail address")}
	case count >= MaxUsers:
		return Outcome{Err: refusal(CodeRefused, "", fmt.Sprintf("there are %d users, which is as many as there may be", MaxUsers))}
	}
	f := m.User
	f.Disabled = false
	out.fact(&f)
	if m.Password != "" {
		out.fact(&event.PasswordSet{User: f.ID, Hash: m.Password, At: f.At})
	} else {
		out.fact(&event.UserInvited{User: f.ID, Hash: m.Invite, Until: m.Until})
	}
	out.fact(audited(now, m.By, "user.created", userText(f.ID), f.Email+", "+f.Role))
	return out
}

// changeUser keeps one owner who can sign in: without one nobody could ever
// change anything again.
func changeUser(now int64, v *state.View, m *ChangeUser) (out Outcome) {
	u := v.User(m.ID)
	if u == nil {
		return noUser()
	}
	f := event.UserSaved{ID: u.ID, Name: u.Name, Email: u.Email, Role: u.Role, Grants: u.Grants, Disabled: u.Disabled, At: m.At}
	if m.Name != nil {
		f.Name = *m.Name
	}
	if m.Role != nil {
		f.Role, f.Grants = *m.Role, m.Grants
	}
	if m.Disabled != nil {
		f.Disabled = *m.Disabled
	}
	mightier := f.Role != u.Role || f.Disabled != u.Disabled || !slices.Equal(f.Grants, u.Grants)
	if !mightier && f.Name == u.Name {
		return out
	}
	if owns(u) && (f.Role != Ownership || f.Disabled) && owners(v) == 1 {
		return Outcome{Err: refusal(CodeConflict, "role", "this is the only owner who can sign in; make somebody else an owner first")}
	}
	out.fact(&f)
	if mightier {
		endSessions(v, &out, m.ID, cadence.ID{})
	}
	out.fact(audited(now, m.By, "user.changed", userText(u.ID), changeOf(u, &f)))
	return out
}

func changeOf(u *state.User, f *event.UserSaved) string {
	said := u.Email
	if f.Role != u.Role || !slices.Equal(f.Grants, u.Grants) {
		said += fmt.Sprintf(", %s became %s %v", u.Role, f.Role, f.Grants)
	}
	if f.Disabled != u.Disabled {
		said += fmt.Sprintf(", disabled: %v", f.Disabled)
	}
	if f.Name != u.Name {
		said += ", renamed"
	}
	return said
}

func owns(u *state.User) bool { return u.Role == Ownership && !u.Disabled && u.Password != "" }

func owners(v *state.View) (n int) {
	v.EachUser(func(u *state.User) {
		if owns(u) {
			n++
		}
	})
	return n
}

func inviteUser(now int64, v *state.View, m *InviteUser) (out Outcome) {
	u := v.User(m.ID)
	switch {
	case u == nil:
		return noUser()
	case u.Disabled:
		return Outcome{Err: refusal(CodeConflict, "id", "the user is disabled; enable them first")}
	}
	out.fact(&event.UserInvited{User: m.ID, Hash: m.Hash, Until: m.Until})
	out.fact(audited(now, m.By, "user.invited", userText(m.ID), u.Email))
	return out
}

func setPassword(now int64, v *state.View, m *SetPassword) (out Outcome) {
	u := v.User(m.User)
	byLink := u != nil && len(m.Invite) > 0 && bytes.Equal(m.Invite, u.Invite) && m.At < u.InviteUntil
	byOld := u != nil && m.Old != "" && m.Old == u.Password
	if u == nil || u.Disabled || !byLink && !byOld {
		return Outcome{Err: refusal(CodeConflict, "token", "the link was used already, has expired or was replaced; ask for a new one")}
	}
	out.fact(&event.PasswordSet{User: u.ID, Hash: m.Hash, At: m.At})
	endSessions(v, &out, u.ID, cadence.ID{})
	out.fact(audited(now, m.By, "password.set", userText(u.ID), u.Email))
	return out
}

// openSession also ends what has expired, of anybody, and the oldest sessions
// of somebody who has too many.
func openSession(now int64, v *state.View, m *OpenSession) (out Outcome) {
	u := v.User(m.User)
	if u == nil || u.Disabled || u.Password == "" || u.Password != m.Password {
		return Outcome{Err: refusal(CodeConflict, "", "this user cannot sign in any more")}
	}
	var own []*state.Session
	v.EachSession(func(s *state.Session) {
		switch {
		case s.ID == m.Replaces, Expired(s, m.At):
			out.fact(&event.SessionClosed{ID: s.ID})
		case s.User == m.User:
			own = append(own, s)
		}
	})
	slices.SortFunc(own, func(a, b *state.Session) int { return int(a.SeenAt - b.SeenAt) })
	for len(own) >= MaxSessionsOf {
		out.fact(&event.SessionClosed{ID: own[0].ID})
		own = own[1:]
	}
	out.fact(&event.SessionOpened{ID: m.ID, User: m.User, At: m.At, From: clip(m.From), Agent: clip(m.Agent)})
	by := Author{userText(u.ID), u.Name, m.From}
	out.fact(audited(now, by, "session.opened", userText(u.ID), u.Email))
	return out
}

func endSessions(v *state.View, out *Outcome, user, only cadence.ID) (n int) {
	v.EachSession(func(s *state.Session) {
		if s.User == user && (only.IsZero() || s.ID == only) {
			out.fact(&event.SessionClosed{ID: s.ID})
			n++
		}
	})
	return n
}

func closeSessions(now int64, v *state.View, m *CloseSessions) (out Outcome) {
	u := v.User(m.User)
	if u == nil {
		return noUser()
	}
	if n := endSessions(v, &out, m.User, m.Only); n > 0 {
		out.fact(audited(now, m.By, "session.closed", userText(m.User), fmt.Sprintf("%s, %d", u.Email, n)))
	} else if !m.Only.IsZero() {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such session")}
	}
	return out
}

func createKey(now int64, v *state.View, m *CreateKey) (out Outcome) {
	count, taken := 0, false
	v.EachKey(func(k *state.Key) {
		count++
		taken = taken || k.RevokedAt == 0 && k.Name == m.Key.Name
	})
	switch {
	case taken:
		return Outcome{Err: refusal(CodeConflict, "name", "there is a key with this name; revoke it or choose another name")}
	case count >= MaxKeys:
		return Outcome{Err: refusal(CodeRefused, "", fmt.Sprintf("there are %d keys, revoked ones counted, which is as many as there may be", MaxKeys))}
	}
	f := m.Key
	out.fact(&f)
	out.fact(audited(now, m.By, "key.created", f.ID.Text(cadence.KindKey), fmt.Sprintf("%s %v", f.Name, f.Grants)))
	return out
}

func revokeKey(now int64, v *state.View, m *RevokeKey) (out Outcome) {
	k := v.Key(m.ID)
	switch {
	case k == nil:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such key")}
	case k.RevokedAt != 0:
		return out
	}
	out.fact(&event.KeyRevoked{ID: m.ID, At: m.At})
	out.fact(audited(now, m.By, "key.revoked", m.ID.Text(cadence.KindKey), k.Name))
	return out
}
