package dialer

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// withoutHours is a set that an earlier release took: it has no hours for calls
// to the United States.
func withoutHours(t *testing.T) []byte {
	t.Helper()
	set, problems := pack.Load(os.DirFS("../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var files []json.RawMessage
	if err := json.Unmarshal(set.Body(), &files); err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f json.RawMessage) bool {
		return strings.HasPrefix(string(f), `{"path":"house.yaml"`) || strings.HasPrefix(string(f), `{"path":"us-`)
	})
	body, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// A set without hours for every call is refused, and the old one stays in
// force.
func TestPacksWithoutHoursAreRefused(t *testing.T) {
	s, now, _ := asking(t)
	before := s.view.Office().Packs
	o := s.core.Decide(now.Wall, s.view, &SetPacks{Body: withoutHours(t)})
	if o.Err == nil || !strings.Contains(o.Err.Error(), "house.hours") || len(o.Facts) > 0 || s.view.Office().Packs != before {
		t.Errorf("%+v", o)
	}
}

// One that an earlier release put in force blocks the calls it has no hours
// for. Their leads wait, and do not come up at once again and again.
func TestCallsWithoutHoursWait(t *testing.T) {
	s, now, a := asking(t)
	body := withoutHours(t)
	s.view.Fold(&event.PacksSet{Digest: sha256.Sum256(body), Body: body, At: now.Wall})
	s.run(now, &Due{Lane: s.view.Enrollment(a.Enrollment).Touch.Lane, Due: a.Due, Touch: a.Touch, Enrollment: a.Enrollment, Grant: &a.Grant})
	touch := s.view.Enrollment(a.Enrollment).Touch
	if len(s.out.Dials) > 0 || touch.State != state.Waiting || touch.Rule != permit.RuleNoPack || touch.Due != now.Wall+unfitFor {
		t.Errorf("%d orders, %+v", len(s.out.Dials), touch)
	}
}
