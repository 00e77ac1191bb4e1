package window

import (
	"archive/zip"
	"bytes"
	_ "embed" // the tz database
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// tzVersion is the release of the IANA tz database in zoneinfo.zip, which is
// Go's own compilation of it (lib/time/zoneinfo.zip). The database is in the
// public domain.
const tzVersion = "2025c"

//go:embed zoneinfo.zip
var tzArchive []byte

// TZVersion is the release of the embedded tz database, for example "2025c".
func TZVersion() string { return tzVersion }

// tzIndex finds a zone's file by its name in lower case.
var tzIndex = sync.OnceValue(func() map[string]*zip.File {
	archive, err := zip.NewReader(bytes.NewReader(tzArchive), int64(len(tzArchive)))
	if err != nil {
		panic("BUG: window: embedded tz database: " + err.Error())
	}
	index := make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, "/") {
			index[strings.ToLower(f.Name)] = f
		}
	}
	return index
})

// tzLoaded holds the zones read so far, by name as in the database. It is
// bounded by the database.
var tzLoaded sync.Map

// LoadZone returns a zone of the embedded database by its IANA name, in any
// case. The same name always gives the same pointer. It fails for a name that
// is not in the database; "Local" and "" are not.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := tzLoaded.Load(name); ok {
		return zone.(*time.Location), nil
	}
	file, ok := tzIndex()[strings.ToLower(name)]
	if !ok {
		return nil, fmt.Errorf("time zone %q: not in the tz database %s", name, tzVersion)
	}
	if zone, ok := tzLoaded.Load(file.Name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := readZone(file)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	kept, _ := tzLoaded.LoadOrStore(file.Name, zone)
	return kept.(*time.Location), nil
}

func readZone(file *zip.File) (*time.Location, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(file.Name, data)
}

// LeadZone is LoadZone for the place where a person is: it accepts only names
// of the form Area/Location. Abbreviations such as EST name a fixed offset,
// which is an hour off for half of the year, and Etc/… names no place.
func LeadZone(name string) (*time.Location, error) {
	zone, err := LoadZone(name)
	if err != nil {
		return nil, err
	}
	area, _, ok := strings.Cut(zone.String(), "/")
	if !ok || area == "Etc" {
		return nil, fmt.Errorf("time zone %q: want a place such as America/New_York", name)
	}
	return zone, nil
}

// mustZone is LoadZone for names in our own data.
func mustZone(name string) *time.Location {
	zone, err := LoadZone(name)
	if err != nil {
		panic("BUG: window: " + err.Error())
	}
	return zone
}
