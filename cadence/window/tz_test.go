package window_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

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

// Zones must not come from the machine: they load with the machine's own
// database out of reach, and names that only the time package knows do not.
func TestZonesComeFromTheEmbeddedDatabase(t *testing.T) {
	t.Setenv("ZONEINFO", "/nonexistent")
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

// The time package's own lookup, which may read the machine's database, knows
// the same rules for the zones of our numbers.
func TestEmbeddedZonesMatchTheTimePackage(t *testing.T) {
	for _, name := range testZones {
		theirs, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		ours := zone(name)
		for s := at("2026-01-01T00:00:00Z").Unix(); s < at("2027-01-01T00:00:00Z").Unix(); s += 3600 {
			_, want := time.Unix(s, 0).In(theirs).Zone()
			if _, got := time.Unix(s, 0).In(ours).Zone(); got != want {
				t.Errorf("%s at %d: offset %d, time package says %d", name, s, got, want)
				break
			}
		}
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
