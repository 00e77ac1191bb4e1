package dnclog_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// written makes a log of these entries.
func written(t *testing.T, path string, entries []dnclog.Entry) []byte {
	t.Helper()
	l, _, err := dnclog.Open(path, us)
	if err == nil {
		err = errors.Join(l.Append(entries), l.Close())
	}
	raw, rerr := os.ReadFile(path)
	if err := errors.Join(err, rerr); err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestJoin: two logs that went on from a common past become one in which every
// no of either stands that the other did not take back knowingly.
func TestJoin(t *testing.T) {
	on := func(at int64) dnclog.Entry { return dnclog.Entry{Token: token(1), On: true, At: at, Source: "test"} }
	off := func(at int64) dnclog.Entry { return dnclog.Entry{Token: token(1), At: at, Source: "test"} }
	type log = []dnclog.Entry
	for name, c := range map[string]struct {
		past, here, backup log
		marked             bool
		added              int
	}{
		"neither":                                 {},
		"the backup alone":                        {backup: log{on(1)}, marked: true, added: 1},
		"the file alone":                          {here: log{on(1)}, marked: true},
		"both, each in its own way":               {here: log{on(1)}, backup: log{on(2)}, marked: true},
		"taken back after the backup":             {past: log{on(1)}, here: log{off(2)}},
		"taken back after the file":               {past: log{on(1)}, backup: log{off(2)}, added: 1},
		"marked again after the backup":           {past: log{on(1), off(2)}, here: log{on(3)}, marked: true},
		"marked again after the file":             {past: log{on(1), off(2)}, backup: log{on(3)}, marked: true, added: 1},
		"marked again, the clock was set back":    {past: log{on(5), off(6)}, backup: log{on(3)}, marked: true, added: 1},
		"taken back there, another no here":       {past: log{on(1)}, here: log{off(2), on(3)}, backup: log{off(4)}, marked: true},
		"taken back here, another no there":       {past: log{on(1)}, here: log{off(4)}, backup: log{off(2), on(3)}, marked: true, added: 1},
		"taken back twice":                        {past: log{on(1), off(2)}, backup: log{on(3), off(4)}, added: 1},
		"a removal of which the other never knew": {here: log{on(1)}, backup: log{on(0), off(2)}, marked: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "dnc.log")
			written(t, path, slices.Concat(c.past, c.here))
			other := written(t, filepath.Join(dir, "other"), slices.Concat(c.past, c.backup))
			for _, added := range []int{c.added, 0} { // again: nothing more
				n, damaged, err := dnclog.Join(path, us, other)
				if err != nil || n != added || len(damaged) > 0 {
					t.Fatalf("%d added, %v, %v; want %d", n, damaged, err, added)
				}
			}
			found, err := dnclog.Read(path, us)
			if err != nil || found.Marks[dnclog.Name{Token: token(1)}].On != c.marked || len(found.Damaged) > 0 {
				t.Fatalf("%+v, %v", found, err)
			}
		})
	}
}

// TestJoinLosesNobody: whatever two logs hold, the one to be joined cut short or
// whole: a number that is on the list of all that know it stays there.
func TestJoinLosesNobody(t *testing.T) {
	dir := t.TempDir()
	entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) dnclog.Entry {
		return dnclog.Entry{
			Token: token(rapid.Byte().Draw(t, "token") % 3), On: rapid.Bool().Draw(t, "on"), At: rapid.Int64Range(0, 5).Draw(t, "at"), Source: "test",
		}
	}), 0, 6)
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, rapid.StringMatching(`[a-z]{12}`).Draw(rt, "file"))
		here, there := entries.Draw(rt, "here"), entries.Draw(rt, "there")
		written(t, path, here)
		other := written(t, path+".other", there)
		other = other[:rapid.IntRange(bytes.IndexByte(other, '\n')+1, len(other)).Draw(rt, "cut")]
		if _, damaged, err := dnclog.Join(path, us, other); err != nil || len(damaged) > 0 {
			rt.Fatalf("%v, %v", damaged, err)
		}
		found, err := dnclog.Read(path, us)
		if err != nil || len(found.Damaged) > 0 || found.Mended != "" {
			rt.Fatalf("%+v, %v", found, err)
		}
		ours, theirs := ends(here), ends(there[:min(len(there), bytes.Count(other, []byte{'\n'})-1)])
		for n := range byte(3) {
			mine, known := ours[token(n)]
			their, knew := theirs[token(n)]
			if (mine.On || !known) && (their.On || !knew) && (known || knew) && !found.Marks[dnclog.Name{Token: token(n)}].On {
				rt.Fatalf("number %d was on the list of whoever knew it", n)
			}
			if !mine.On && !their.On && found.Marks[dnclog.Name{Token: token(n)}].On {
				rt.Fatalf("number %d was on nobody's list", n)
			}
		}
	})
}

// ends is the last word on each number.
func ends(of []dnclog.Entry) map[event.Token]dnclog.Entry {
	last := map[event.Token]dnclog.Entry{}
	for _, e := range of {
		last[e.Token] = e
	}
	return last
}

// TestJoinRefuses: a log of another ledger is not joined, and changes nothing.
func TestJoinRefuses(t *testing.T) {
	path := filled(t, 2)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, damaged, err := dnclog.Join(path, us, bytes.Replace(before, []byte(" aa "), []byte(" cc "), 1))
	if err != nil || len(damaged) != 1 { // the line that says whose it is no longer fits its checksum
		t.Fatalf("%v, %v", damaged, err)
	}
	for _, of := range []dnclog.Owner{{Ledger: "cc", Key: "bb"}, {Ledger: "aa", Key: "cc"}} {
		if _, _, err := dnclog.Join(path, of, before); !errors.Is(err, dnclog.ErrForeign) {
			t.Errorf("%+v: %v", of, err)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("it was changed (%v)", err)
	}
}
