package state

import (
	"encoding/binary"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// User is somebody who may sign in. Password is an argon2id hash, empty until
// the invitation was taken up; Invite is the SHA-256 of a link that is out.
// Times are real Unix ms.
type User struct {
	ID          cadence.ID `cbor:"1,keyasint"`
	Name        string     `cbor:"2,keyasint"`
	Email       string     `cbor:"3,keyasint"`
	Role        string     `cbor:"4,keyasint"`
	Grants      []string   `cbor:"5,keyasint,omitempty"`
	Disabled    bool       `cbor:"6,keyasint,omitempty"`
	Password    string     `cbor:"7,keyasint,omitempty"`
	PasswordAt  int64      `cbor:"8,keyasint,omitempty"`
	Invite      []byte     `cbor:"9,keyasint,omitempty"`
	InviteUntil int64      `cbor:"10,keyasint,omitempty"`
	CreatedAt   int64      `cbor:"11,keyasint"`
	UpdatedAt   int64      `cbor:"12,keyasint"`
	SignedInAt  int64      `cbor:"13,keyasint,omitempty"`
}

// Session is a sign-in that has not ended. SeenAt is told every few minutes at
// most.
type Session struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	User   cadence.ID `cbor:"2,keyasint"`
	At     int64      `cbor:"3,keyasint"`
	SeenAt int64      `cbor:"4,keyasint"`
	From   string     `cbor:"5,keyasint,omitempty"`
	Agent  string     `cbor:"6,keyasint,omitempty"`
}

// Key is an API key; its row stays when it is revoked.
type Key struct {
	ID        cadence.ID `cbor:"1,keyasint"`
	Name      string     `cbor:"2,keyasint"`
	Hash      []byte     `cbor:"3,keyasint"`
	Grants    []string   `cbor:"4,keyasint"`
	Until     int64      `cbor:"5,keyasint,omitempty"`
	By        string     `cbor:"6,keyasint,omitempty"`
	At        int64      `cbor:"7,keyasint"`
	SeenAt    int64      `cbor:"8,keyasint,omitempty"`
	RevokedAt int64      `cbor:"9,keyasint,omitempty"`
}

func (v *View) foldAccess(f event.Fact) {
	switch f := f.(type) {
	case *event.UserSaved:
		u := v.users.edit(f.ID)
		if u.CreatedAt == 0 {
			u.ID, u.CreatedAt = f.ID, f.At
		}
		u.Name, u.Email, u.Role, u.Grants, u.Disabled, u.UpdatedAt = f.Name, f.Email, f.Role, f.Grants, f.Disabled, f.At
		v.users.put(f.ID, u)
	case *event.PasswordSet:
		u := v.editUser(f.User)
		u.Password, u.PasswordAt, u.Invite, u.InviteUntil = f.Hash, f.At, nil, 0
		v.users.put(f.User, u)
	case *event.UserInvited:
		u := v.editUser(f.User)
		u.Invite, u.InviteUntil = f.Hash, f.Until
		v.users.put(f.User, u)
	case *event.SessionOpened:
		v.sessions.put(f.ID, &Session{ID: f.ID, User: f.User, At: f.At, SeenAt: f.At, From: f.From, Agent: f.Agent})
		u := v.editUser(f.User)
		u.SignedInAt = f.At
		v.users.put(f.User, u)
	case *event.SessionSeen:
		s := v.sessions.edit(f.ID)
		s.SeenAt = f.At
		v.sessions.put(f.ID, s)
	case *event.SessionClosed:
		v.sessions.del(f.ID)
	case *event.KeyCreated:
		v.keys.put(f.ID, &Key{ID: f.ID, Name: f.Name, Hash: f.Hash, Grants: f.Grants, Until: f.Until, By: f.By, At: f.At})
	case *event.KeySeen:
		k := v.keys.edit(f.ID)
		k.SeenAt = f.At
		v.keys.put(f.ID, k)
	case *event.KeyRevoked:
		k := v.keys.edit(f.ID)
		k.RevokedAt = f.At
		v.keys.put(f.ID, k)
	}
}

func (v *View) editUser(id cadence.ID) *User {
	if v.users.get(id) == nil {
		bug("user %s is not there", id.Bare())
	}
	return v.users.edit(id)
}

// User returns a user's row, nil when there is none.
func (v *View) User(id cadence.ID) *User { return v.users.get(id) }

// Session returns an open session, nil when there is none.
func (v *View) Session(id cadence.ID) *Session { return v.sessions.get(id) }

// Key returns an API key's row, nil when there is none.
func (v *View) Key(id cadence.ID) *Key { return v.keys.get(id) }

// EachUser calls fn for every user, in the order of ids.
func (v *View) EachUser(fn func(*User)) {
	v.users.each(tabUser, idOf, func(_ []byte, u *User) { fn(u) })
}

// EachSession calls fn for every session, in the order of ids.
func (v *View) EachSession(fn func(*Session)) {
	v.sessions.each(tabSession, idOf, func(_ []byte, s *Session) { fn(s) })
}

// EachKey calls fn for every API key, in the order of ids.
func (v *View) EachKey(fn func(*Key)) {
	v.keys.each(tabKey, idOf, func(_ []byte, k *Key) { fn(k) })
}

// User reads a user.
func (q Rows) User(id cadence.ID) (*User, error) { return readRow[User](q.R, idKey(tabUser, id)) }

// Users calls fn for each user in the order of ids until it returns false.
func (q Rows) Users(fn func(*User) bool) error {
	return eachRow(q.R, tabUser, nil, func(_ []byte, u *User) bool { return fn(u) })
}

// Session reads an open session.
func (q Rows) Session(id cadence.ID) (*Session, error) {
	return readRow[Session](q.R, idKey(tabSession, id))
}

// Sessions calls fn for each open session until it returns false.
func (q Rows) Sessions(fn func(*Session) bool) error {
	return eachRow(q.R, tabSession, nil, func(_ []byte, s *Session) bool { return fn(s) })
}

// Key reads an API key.
func (q Rows) Key(id cadence.ID) (*Key, error) { return readRow[Key](q.R, idKey(tabKey, id)) }

// Keys calls fn for each API key until it returns false.
func (q Rows) Keys(fn func(*Key) bool) error {
	return eachRow(q.R, tabKey, nil, func(_ []byte, k *Key) bool { return fn(k) })
}

// AuditsBelow calls fn for audit entries with a number below before (0: all),
// newest first.
func (q Rows) AuditsBelow(before uint64, fn func(n uint64, a *event.Audited) bool) error {
	from, to := prefix(tabAudit)
	if before > 0 {
		to = seqKey(tabAudit, before)
	}
	var failed error
	err := q.R.ScanBack(from, to, func(k, val []byte) bool {
		var a event.Audited
		if failed = Decode(val, &a); failed != nil {
			return false
		}
		return fn(binary.BigEndian.Uint64(k[1:]), &a)
	})
	if err != nil {
		return err
	}
	return failed
}
