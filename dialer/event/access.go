package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&UserSaved{}, &PasswordSet{}, &UserInvited{}, &SessionOpened{}, &SessionSeen{}, &SessionClosed{}, &KeyCreated{}, &KeySeen{}, &KeyRevoked{})
}

// Who may sign in is the office's. Unlike all else, its instants are of real
// time, also where the engine lives in a virtual one: a person signs in by
// their own clock. No secret stands here that could be used: passwords as
// argon2id, all others as SHA-256 of 256 drawn bits.

// UserSaved creates a user or replaces what is known of one. Grants are those
// of the role "custom".
type UserSaved struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Name     string     `cbor:"2,keyasint"`
	Email    string     `cbor:"3,keyasint"`
	Role     string     `cbor:"4,keyasint"`
	Grants   []string   `cbor:"5,keyasint,omitempty"`
	Disabled bool       `cbor:"6,keyasint,omitempty"`
	At       int64      `cbor:"7,keyasint"`
}

// PasswordSet gives a user a password, as an argon2id hash in PHC form, and
// uses up an invitation.
type PasswordSet struct {
	User cadence.ID `cbor:"1,keyasint"`
	Hash string     `cbor:"2,keyasint"`
	At   int64      `cbor:"3,keyasint"`
}

// UserInvited lets whoever has the token of this SHA-256 set the user's
// password, once, until Until.
type UserInvited struct {
	User  cadence.ID `cbor:"1,keyasint"`
	Hash  []byte     `cbor:"2,keyasint"`
	Until int64      `cbor:"3,keyasint"`
}

// SessionOpened signs a user in. The ID is made of the SHA-256 of the token.
type SessionOpened struct {
	ID    cadence.ID `cbor:"1,keyasint"`
	User  cadence.ID `cbor:"2,keyasint"`
	At    int64      `cbor:"3,keyasint"`
	From  string     `cbor:"4,keyasint,omitempty"` // an address
	Agent string     `cbor:"5,keyasint,omitempty"` // the browser's own word
}

// SessionSeen says that a session was in use. It is told every few minutes at
// most.
type SessionSeen struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

// SessionClosed ends a session.
type SessionClosed struct {
	ID cadence.ID `cbor:"1,keyasint"`
}

// KeyCreated makes an API key. Hash is the SHA-256 of its secret; Until is 0
// for one that does not expire.
type KeyCreated struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	Name   string     `cbor:"2,keyasint"`
	Hash   []byte     `cbor:"3,keyasint"`
	Grants []string   `cbor:"4,keyasint"`
	Until  int64      `cbor:"5,keyasint,omitempty"`
	By     string     `cbor:"6,keyasint,omitempty"`
	At     int64      `cbor:"7,keyasint"`
}

// KeySeen says that a key was in use. It is told every few minutes at most.
type KeySeen struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

// KeyRevoked ends a key; its row stays.
type KeyRevoked struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

func (*UserSaved) fact() uint16     { return 150 }
func (*PasswordSet) fact() uint16   { return 151 }
func (*UserInvited) fact() uint16   { return 152 }
func (*SessionOpened) fact() uint16 { return 153 }
func (*SessionSeen) fact() uint16   { return 154 }
func (*SessionClosed) fact() uint16 { return 155 }
func (*KeyCreated) fact() uint16    { return 156 }
func (*KeySeen) fact() uint16       { return 157 }
func (*KeyRevoked) fact() uint16    { return 158 }
