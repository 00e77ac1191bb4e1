package sample_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/leadfile"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
)

func TestNumbersAreFictionalUniqueAndSpread(t *testing.T) {
	const n = 10_000
	numbers, err := sample.Numbers(n)
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^\+1[2-9][0-9]{2}55501[0-9]{2}$`)
	seen, zones := map[cadence.Number]bool{sample.Desk: true}, map[string]int{}
	for _, own := range sample.CallerIDs(20) {
		seen[own] = true
	}
	for _, number := range numbers {
		if !form.MatchString(string(number)) {
			t.Fatalf("%s is not fictional", number)
		}
		if seen[number] {
			t.Fatalf("%s comes twice", number)
		}
		seen[number] = true
		at, _, _ := window.Candidates(string(number))
		zones[at[0].String()]++
	}
	if len(numbers) != n || len(zones) < 6 {
		t.Errorf("%d numbers in %d zones: %v", len(numbers), len(zones), zones)
	}
	for _, zone := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"} {
		if zones[zone] < 200 {
			t.Errorf("%d leads in %s: too few to be seen", zones[zone], zone)
		}
	}
}

func TestTooMany(t *testing.T) {
	if _, err := sample.Numbers(sample.MaxLeads()); err != nil {
		t.Error(err)
	}
	if _, err := sample.Numbers(sample.MaxLeads() + 1); err == nil {
		t.Error("more leads than numbers")
	}
}

func TestTheListImports(t *testing.T) {
	var file bytes.Buffer
	if err := sample.WriteCSV(&file, 300); err != nil {
		t.Fatal(err)
	}
	rows, err := leadfile.Open(&file, leadfile.Options{Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; ; n++ {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || row.Err != nil {
			t.Fatalf("line %d: %v %v", row.Line, err, row.Err)
		}
		if l := row.Lead; l.FirstName != "Lead" || len(l.Numbers) != 1 || l.ExternalID == "" {
			t.Fatalf("lead %+v", l)
		}
	}
	if n != 300 {
		t.Errorf("%d leads", n)
	}
}
