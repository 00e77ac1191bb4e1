package badger_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

func backup(t *testing.T, l *badger.Ledger) []byte {
	t.Helper()
	var out bytes.Buffer
	_, _, err := l.Backup(t.Context(), &out, badger.BackupOptions{
		Meta: badger.Meta{"leads": "7"}, Attach: []badger.Attachment{{Name: "key", From: strings.NewReader("secret")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rows(t *testing.T, r ledger.Reader) []string {
	t.Helper()
	var all []string
	if err := r.Scan(nil, nil, func(k, v []byte) bool { all = append(all, fmt.Sprintf("%s=%s", k, v)); return true }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBackup: a backup taken while commits go on holds one moment of them,
// with its log, its trim notes and what was attached; restored it is that
// moment, and does not dial.
func TestBackup(t *testing.T) {
	l := open(t, small(t.TempDir()))
	ten, other := claim(t, l, 0), claim(t, l, 3)
	fill(t, ten, 60)
	fill(t, other, 5)
	if _, err := ten.Trim(t.Context(), 20, 1000); err != nil {
		t.Fatal(err)
	}
	before := rows(t, l)
	raw := backup(t, l)
	fill(t, ten, 3)

	var attached bytes.Buffer
	s, c, err := badger.CheckBackup(t.Context(), bytes.NewReader(raw), func(_ string, piece []byte) error {
		attached.Write(piece)
		return nil
	})
	if err != nil || attached.String() != "secret" || s.Meta["leads"] != "7" || len(s.Shards) != 2 || s.Shards[0].Last != 60 || s.Shards[0].First != 20 {
		t.Fatalf("%+v %+v %q %v", s, c, attached.String(), err)
	}
	dir := filepath.Join(t.TempDir(), "ledger")
	if _, _, err := badger.Restore(t.Context(), bytes.NewReader(raw), badger.RestoreOptions{Dir: dir, Reason: "restored", MemTableSize: 8 << 20}); err != nil {
		t.Fatal(err)
	}
	again := open(t, small(dir))
	if got := rows(t, again); !slices.Equal(got, before) {
		t.Fatalf("%d rows restored, %d backed up", len(got), len(before))
	}
	if pos, _ := claim(t, again, 0).Head(); pos != 60 || again.ID() != l.ID() {
		t.Fatalf("head %d", pos)
	}
	if why := again.Health().Suspicious; len(why) != 1 || why[0] != "restored" {
		t.Fatalf("%q", why)
	}
	if err := again.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := badger.Restore(t.Context(), bytes.NewReader(raw), badger.RestoreOptions{Dir: dir, Reason: "restored"}); err == nil {
		t.Fatal("a restore over a ledger")
	}
}

// TestDamagedBackup: any one byte changed, and any end cut off, is noticed,
// and nothing is put in place.
func TestDamagedBackup(t *testing.T) {
	l := open(t, small(t.TempDir()))
	fill(t, claim(t, l, 0), 12)
	raw := backup(t, l)
	check := func(b []byte) error {
		_, _, err := badger.CheckBackup(t.Context(), bytes.NewReader(b), nil)
		return err
	}
	for at := range raw {
		bad := slices.Clone(raw)
		bad[at] ^= 1 << (at % 8)
		if err := check(bad); err == nil {
			t.Fatalf("byte %d of %d changed unseen", at, len(raw))
		}
	}
	for n := 0; n < len(raw); n += 1 + n/50 {
		if err := check(raw[:n]); err == nil {
			t.Fatalf("cut at %d of %d unseen", n, len(raw))
		}
	}
	raw[len(raw)/2] ^= 4
	dir := filepath.Join(t.TempDir(), "ledger")
	_, _, err := badger.Restore(t.Context(), bytes.NewReader(raw), badger.RestoreOptions{Dir: dir, Reason: "restored", MemTableSize: 8 << 20})
	if !errors.Is(err, ledger.ErrDamaged) {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
}

// TestBackupOfDamage: what does not match its seal is not backed up.
func TestBackupOfDamage(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 50)
	mustClose(t, l)
	tamper(t, dir, "srow 000033", func(b []byte) []byte { b[3] ^= 1; return b })
	l = open(t, small(dir))
	if _, _, err := l.Backup(t.Context(), io.Discard, badger.BackupOptions{}); !errors.Is(err, ledger.ErrDamaged) {
		t.Fatal(err)
	}
}

// TestWitness: an older copy of the whole directory is noticed by the file
// beside it, and by the number of the open.
func TestWitness(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "witness")
	with := func(dir string) badger.Options {
		o := small(dir)
		o.Witness = file
		return o
	}
	l := open(t, with(dir))
	ten := claim(t, l, 0)
	fill(t, ten, 10)
	old := image(t, dir)
	fill(t, ten, 5)
	mustClose(t, l)
	l = open(t, with(dir))
	if s := l.Health().Suspicious; len(s) > 0 {
		t.Fatalf("%q", s)
	}
	mustClose(t, l)

	l = open(t, with(old))
	said := strings.Join(l.Health().Suspicious, "; ")
	if !strings.Contains(said, "shard 0 ends at record 10 but 15 was durable") || !strings.Contains(said, "opened as no. 1, but no. 2") {
		t.Fatalf("%q", said)
	}
	if err := l.AcceptSuspicion(); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	l = open(t, with(old))
	if h := l.Health(); len(h.Suspicious) > 0 || len(h.Repaired) != 1 {
		t.Fatalf("%+v", h)
	}
}
