package window_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/carillon-dialer/carillon/cadence/window"
)

func archive(t *testing.T) *zip.ReadCloser {
	t.Helper()
	r, err := zip.OpenReader("zoneinfo.zip")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// The digest pins the database to the release that TZVersion names: whoever
// replaces the file has to change both.
func TestTZVersionNamesTheEmbeddedDatabase(t *testing.T) {
	data, err := os.ReadFile("zoneinfo.zip")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	const of2025c = "8f55634d05f8bca1f7bc7c69c5933428c69357e0bdf565e5ba224e3f88ff12e8"
	if got := hex.EncodeToString(sum[:]); got != of2025c || window.TZVersion() != "2025c" {
		t.Errorf("database %s is called %s", got, window.TZVersion())
	}
}

// A database that the machine offers must not be looked at: a zone that stands
// only there does not load, nor do names that only the time package knows.
func TestZonesComeFromTheEmbeddedDatabase(t *testing.T) {
	machine := t.TempDir()
	t.Setenv("ZONEINFO", machine)
	if err := os.Mkdir(filepath.Join(machine, "Mars"), 0o755); err != nil {
		t.Fatal(err)
	}
	utc, err := fs.ReadFile(archive(t), "Etc/UTC")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(machine, "Mars", "Olympus"), utc, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", "America"} {
		if z, err := window.LoadZone(name); err == nil {
			t.Errorf("LoadZone(%q) = %v", name, z)
		}
	}
	a, err := window.LoadZone("america/new_york")
	if err != nil {
		t.Fatal(err)
	}
	b, err := window.LoadZone("America/New_York")
	if err != nil || a != b || a.String() != "America/New_York" {
		t.Errorf("LoadZone gives %v and %v, %v", a, b, err)
	}
	winter, summer := at("2026-01-01T00:00:00Z").In(a), at("2026-07-01T00:00:00Z").In(a)
	if _, off := winter.Zone(); off != -5*3600 {
		t.Errorf("winter offset %d", off)
	}
	if _, off := summer.Zone(); off != -4*3600 {
		t.Errorf("summer offset %d", off)
	}
}

func TestLeadZoneWantsAPlace(t *testing.T) {
	for name, ok := range map[string]bool{
		"America/Denver": true, "america/denver": true, "US/Eastern": true, "America/Indiana/Knox": true,
		"EST": false, "EST5EDT": false, "UTC": false, "Etc/GMT+5": false, "Navajo": false, "": false,
	} {
		if z, err := window.LeadZone(name); (err == nil) != ok {
			t.Errorf("LeadZone(%q) = %v, %v", name, z, err)
		}
	}
}
