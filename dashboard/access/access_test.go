package access_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

var update = flag.Bool("update", false, "write ACCESS.md")

const page = "../ACCESS.md"

func TestThePageSaysWhatTheTableSays(t *testing.T) {
	want := access.Markdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil { //nolint:gosec // it is read by everybody
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil || string(have) != want {
		t.Errorf("ACCESS.md is stale (%v): go test ./dashboard/access -update", err)
	}
}

func TestWhatRolesHold(t *testing.T) {
	for _, c := range []struct {
		role  access.Role
		grant access.Grant
		want  bool
	}{
		{access.Owner, access.UsersManage, true},
		{access.Owner, access.KeysManage, true},
		{access.Manager, access.CadencesManage, true},
		{access.Manager, access.UsersManage, false},
		{access.Manager, access.KeysManage, false},
		{access.Agent, access.Dispose, true},
		{access.Agent, access.LeadsRead, false},
		{access.Agent, access.DNCRemove, false},
		{access.Ops, access.DialStop, true},
		{access.Ops, access.DialResume, false},
		{access.Ops, access.LeadsRead, false},
		{access.Ops, access.UsersManage, false},
		{access.Viewer, access.FiguresRead, true},
		{access.Viewer, access.LeadsRead, false},
		{access.Viewer, access.DialStop, false},
		{access.Custom, access.FiguresRead, false},
	} {
		set, ok := access.Of(c.role, nil)
		if !ok || set.Has(c.grant) != c.want {
			t.Errorf("%s holds %s: %v, want %v", c.role, c.grant, !c.want, c.want)
		}
	}
	if _, ok := access.Of("root", nil); ok {
		t.Error("a role nobody knows is taken")
	}
	if set, _ := access.Of(access.Custom, []access.Grant{access.Enroll, "everything"}); len(set.List()) != 1 || !set.Has(access.Enroll) {
		t.Errorf("chosen grants are %v", set.List())
	}
}

// Every rule names a grant that somebody can be given, and every role holds
// no more than an owner.
func TestTheTableIsWhole(t *testing.T) {
	for _, r := range access.Table() {
		if r.Grant != access.Open && r.Grant != access.Self && !access.Known(r.Grant) {
			t.Errorf("%s %s wants %q, which nobody can be given", r.Method, r.Path, r.Grant)
		}
		if r.Method == "GET" && r.What != "" {
			t.Errorf("%s %s changes nothing and is audited", r.Method, r.Path)
		}
	}
	owner, _ := access.Of(access.Owner, nil)
	for _, role := range access.Roles() {
		set, ok := access.Of(role, nil)
		if !ok || !owner.Covers(set) || role != access.Owner && set.Covers(owner) {
			t.Errorf("%s holds %v", role, set.List())
		}
	}
}

func TestTheZeroSetHoldsNothing(t *testing.T) {
	var none access.Set
	for _, d := range access.Grants() {
		if none.Has(d.Grant) {
			t.Errorf("it holds %s", d.Grant)
		}
	}
	if none.Has(access.Self) || !none.Has(access.Open) {
		t.Error("who is not signed in is taken for somebody, or may not even see what is open")
	}
}

// Whatever a path names beyond a grant belongs to somebody: what anybody does
// about themselves, and users. Nothing is said of a route that is not there.
func TestWhatBelongsToSomebodySaysToWhom(t *testing.T) {
	said := 0
	for _, r := range access.Table() {
		about := strings.Contains(r.Path, "/:") && (r.Grant == access.Self || strings.HasPrefix(r.Path, "/v1/users/"))
		if has := r.Whose() != access.Anybodys; has {
			said++
		} else if about {
			t.Errorf("%s %s is about somebody's own: say whose in dashboard/access/whose.go", r.Method, r.Path)
		}
	}
	if said != access.Belonging() {
		t.Errorf("%d of %d entries are about a route", said, access.Belonging())
	}
}
