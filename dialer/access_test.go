package dialer_test

import (
	"errors"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func officeID(n byte) cadence.ID { return cadence.NewID(cadence.OfficeSlot, [14]byte{13: n}) }

func owner(n byte, email string) *dialer.CreateUser {
	return &dialer.CreateUser{
		User:     event.UserSaved{ID: officeID(n), Name: "Owner", Email: email, Role: dialer.Ownership, At: 1000},
		Password: "hash " + email, First: true,
	}
}

func invited(n byte, role string) *dialer.CreateUser {
	return &dialer.CreateUser{
		User:   event.UserSaved{ID: officeID(n), Name: "User", Email: string('a'+rune(n)) + "@example.test", Role: role, At: 1000},
		Invite: []byte{n}, Until: 5000,
	}
}

// refuses wants a refusal with this code.
func (r *rig) refuses(code string, m dialer.Message) {
	r.t.Helper()
	var refusal *dialer.Refusal
	if _, err := r.do(m); !errors.As(err, &refusal) || refusal.Code != code {
		r.t.Fatalf("%T: %v, want %s", m, err, code)
	}
}

func TestOnlyTheFirstIsOwnerByToken(t *testing.T) {
	r := newRig(t)
	r.must(owner(1, "one@example.test"))
	r.refuses(dialer.CodeConflict, owner(2, "two@example.test"))
	again := owner(3, "one@example.test")
	again.First = false
	r.refuses(dialer.CodeConflict, again)
}

// There is always an owner who can sign in.
func TestTheLastOwnerStays(t *testing.T) {
	r := newRig(t)
	r.must(owner(1, "one@example.test"))
	r.must(invited(2, dialer.Ownership)) // has no password yet: does not count
	viewer, yes := "viewer", true
	r.refuses(dialer.CodeConflict, &dialer.ChangeUser{ID: officeID(1), Role: &viewer, At: 2000})
	r.refuses(dialer.CodeConflict, &dialer.ChangeUser{ID: officeID(1), Disabled: &yes, At: 2000})
	r.must(&dialer.SetPassword{User: officeID(2), Hash: "h2", Invite: []byte{2}, At: 2000})
	r.must(&dialer.ChangeUser{ID: officeID(1), Role: &viewer, At: 2000})
	r.refuses(dialer.CodeConflict, &dialer.ChangeUser{ID: officeID(2), Disabled: &yes, At: 2000})
}

func TestALinkWorksOnce(t *testing.T) {
	r := newRig(t)
	r.must(owner(1, "one@example.test"))
	r.must(invited(2, "viewer"))
	set := func(token byte, at int64) *dialer.SetPassword {
		return &dialer.SetPassword{User: officeID(2), Hash: "h", Invite: []byte{token}, At: at}
	}
	r.refuses(dialer.CodeConflict, set(9, 2000))
	r.refuses(dialer.CodeConflict, set(2, 5000)) // too late
	r.refuses(dialer.CodeConflict, &dialer.SetPassword{User: officeID(2), Hash: "h", At: 2000})
	r.must(set(2, 2000))
	r.refuses(dialer.CodeConflict, set(2, 2000))
	r.must(&dialer.InviteUser{ID: officeID(2), Hash: []byte{7}, Until: 9000})
	r.must(&dialer.InviteUser{ID: officeID(2), Hash: []byte{8}, Until: 9000})
	r.refuses(dialer.CodeConflict, set(7, 2000)) // replaced
	r.must(set(8, 2000))
}

func (r *rig) sessions() map[cadence.ID]bool {
	r.t.Helper()
	out := map[cadence.ID]bool{}
	if err := r.rows().Sessions(func(s *state.Session) bool { out[s.ID] = true; return true }); err != nil {
		r.t.Fatal(err)
	}
	return out
}

func TestSessionsEnd(t *testing.T) {
	const minute = 60_000
	r := newRig(t)
	r.must(owner(1, "one@example.test"))
	open := func(n byte, at int64, replaces cadence.ID) {
		t.Helper()
		r.must(&dialer.OpenSession{ID: officeID(n), User: officeID(1), Password: "hash one@example.test", At: at, Replaces: replaces})
	}
	open(10, 0, cadence.ID{})
	open(11, minute, officeID(10))
	if s := r.sessions(); s[officeID(10)] || !s[officeID(11)] {
		t.Errorf("a sign-in keeps the session it replaces: %v", s)
	}
	r.must(&dialer.SeeSession{ID: officeID(11), At: 25 * minute})
	open(12, 32*minute, cadence.ID{})
	open(13, 55*minute+minute/2, cadence.ID{}) // 11 was last seen half an hour ago
	if s := r.sessions(); s[officeID(11)] || len(s) != 2 {
		t.Errorf("an idle session is left: %v", s)
	}
	for at := int64(60); at <= 12*60; at += 20 {
		r.must(&dialer.SeeSession{ID: officeID(12), At: at * minute})
	}
	open(14, 13*60*minute, cadence.ID{})
	if s := r.sessions(); len(s) != 1 {
		t.Errorf("after twelve hours it is still there: %v", s)
	}
	for n := byte(20); n < 20+dialer.MaxSessionsOf+5; n++ {
		open(n, 13*60*minute+int64(n), cadence.ID{})
	}
	if s := r.sessions(); len(s) != dialer.MaxSessionsOf || s[officeID(14)] || !s[officeID(20+dialer.MaxSessionsOf+4)] {
		t.Errorf("%d sessions of one user", len(s))
	}
	r.refuses(dialer.CodeConflict, &dialer.OpenSession{ID: officeID(90), User: officeID(1), Password: "an older hash", At: 13 * 60 * minute})
	r.must(&dialer.SetPassword{User: officeID(1), Hash: "new", Old: "hash one@example.test", At: 13 * 60 * minute})
	if s := r.sessions(); len(s) != 0 {
		t.Errorf("a new password leaves %d sessions", len(s))
	}
}

func TestARoleChangeEndsSessions(t *testing.T) {
	r := newRig(t)
	r.must(owner(1, "one@example.test"))
	r.must(invited(2, "manager"))
	r.must(&dialer.SetPassword{User: officeID(2), Hash: "h", Invite: []byte{2}, At: 2000})
	r.must(&dialer.OpenSession{ID: officeID(10), User: officeID(2), Password: "h", At: 2000})
	name, role := "Renamed", "viewer"
	r.must(&dialer.ChangeUser{ID: officeID(2), Name: &name, At: 2000})
	if len(r.sessions()) != 1 {
		t.Error("a new name signs them out")
	}
	r.must(&dialer.ChangeUser{ID: officeID(2), Role: &role, At: 2000})
	if len(r.sessions()) != 0 {
		t.Error("a new role leaves the session of the old one")
	}
}

func TestKeysAreRevokedForGood(t *testing.T) {
	r := newRig(t)
	key := func(n byte) *dialer.CreateKey {
		return &dialer.CreateKey{Key: event.KeyCreated{ID: officeID(n), Name: "crm", Hash: []byte{n}, Grants: []string{"enroll"}, At: 1000}}
	}
	r.must(key(1))
	r.refuses(dialer.CodeConflict, key(2))
	r.must(&dialer.RevokeKey{ID: officeID(1), At: 2000})
	r.must(&dialer.RevokeKey{ID: officeID(1), At: 3000})
	r.must(key(2))
	row, err := r.rows().Key(officeID(1))
	if err != nil || row.RevokedAt != 2000 {
		t.Errorf("%+v, %v", row, err)
	}
	var said []string
	if err := r.rows().AuditsBelow(0, func(_ uint64, a *event.Audited) bool { said = append(said, a.What); return true }); err != nil {
		t.Fatal(err)
	}
	if len(said) != 3 || said[0] != "key.created" || said[1] != "key.revoked" {
		t.Errorf("the audit says %v", said)
	}
}
