package leadfile_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

func TestJSONLines(t *testing.T) {
	rows := readAll(t, `
{"external_id":"a1","First Name":"Lead","last_name":"00001","phone":3035550142,"mobile":"+12125550100","vip":true,"score":7.50,"gone":null,"zone":"America/Denver"}

{"numbers":[{"number":"303-555-0143","type":"Home","extension":"9"},"3035550144"],"fields":{"colour":"blue","n":3},"name":"Lead 00002"}
{"phone":"3035550145","email":"é"}`, us)
	if codes(rows) != "ok ok ok" {
		t.Fatalf("%s: %+v", codes(rows), rows)
	}
	first, second := rows[0].Lead, rows[1].Lead
	if rows[0].Line != 2 || rows[1].Line != 4 || rows[2].Line != 5 {
		t.Errorf("lines %d %d %d", rows[0].Line, rows[1].Line, rows[2].Line)
	}
	if first.ExternalID != "a1" || first.Name != "Lead 00001" || first.Zone != "America/Denver" ||
		!maps.Equal(first.Fields, map[string]string{"vip": "true", "score": "7.50"}) ||
		!slices.Equal(first.Numbers, []cadence.LeadNumber{{Number: "+13035550142"}, {Number: "+12125550100", Type: cadence.Mobile}}) {
		t.Errorf("first %+v", first)
	}
	if !maps.Equal(second.Fields, map[string]string{"colour": "blue", "n": "3"}) ||
		!slices.Equal(second.Numbers, []cadence.LeadNumber{{Number: "+13035550143", Type: cadence.Home, Extension: "9"}, {Number: "+13035550144"}}) {
		t.Errorf("second %+v", second)
	}
}

func TestJSONLineErrors(t *testing.T) {
	long := strings.Repeat("x", cadence.MaxFieldBytes)
	for _, c := range []struct{ name, line, code string }{
		{"a text", `"hello"`, "row.json"},
		{"a list", `[1]`, "row.json"},
		{"not closed", `{"phone":"3035550142"`, "row.json"},
		{"not JSON", `{"phone":}`, "row.json"},
		{"more behind it", `{"phone":"3035550142"} {}`, "row.json"},
		{"a key twice", `{"phone":"3035550142","phone":"3035550143"}`, "row.duplicate"},
		{"an extra key twice", `{"phone":"3035550142","a":1,"a":1}`, "row.duplicate"},
		{"a field by two names", `{"phone":"3035550142","email":"a","E-Mail":"b"}`, "row.duplicate"},
		{"an extra field in two places", `{"phone":"3035550142","a":1,"fields":{"a":2}}`, "row.duplicate"},
		{"an object as value", `{"phone":"3035550142","a":{"b":1}}`, "row.nested"},
		{"a list as phone", `{"phone":["3035550142"]}`, "row.nested"},
		{"nested fields", `{"phone":"3035550142","fields":{"a":{"b":1}}}`, "row.nested"},
		{"fields that are no object", `{"phone":"3035550142","fields":[1]}`, "row.json"},
		{"numbers that are no list", `{"numbers":"3035550142"}`, "row.json"},
		{"a number of an unknown type", `{"numbers":[{"number":"3035550142","type":"satellite"}]}`, "row.json"},
		{"a number with more", `{"numbers":[{"number":"3035550142","price":1}]}`, "row.json"},
		{"a long extension", `{"numbers":[{"number":"3035550142","extension":"` + strings.Repeat("1", 21) + `"}]}`, "number.extension"},
		{"two extensions", `{"numbers":[{"number":"3035550142 x7","extension":"8"}]}`, "number.extension"},
		{"lists in lists", `{"numbers":[[["3035550142"]]]}`, "row.nested"},
		{"deep", `{"a":` + strings.Repeat("[", 100_000), "row.nested"},
		{"deep, in numbers", `{"numbers":` + strings.Repeat("[", 100_000), "row.nested"},
		{"a long line", `{"phone":"3035550142","a":"` + strings.Repeat("x", leadfile.MaxLineBytes) + `"}`, "row.too_long"},
		{"a 10 MB line", `{"phone":"3035550142","a":"` + strings.Repeat("x", 10<<20) + `"}`, "row.too_long"},
		{"a long value", `{"phone":"3035550142","a":"x` + long + `"}`, "row.field_too_long"},
		{"a long key", `{"phone":"3035550142","` + long + `":1}`, "row.json"},
		{"NUL", `{"phone":"3035550142","a":"\u0000"}`, "row.nul"},
		{"NUL in a key", `{"phone":"3035550142","\u0000":"a"}`, "row.json"},
		{"half a pair", `{"phone":"3035550142","a":"\ud800"}`, "row.encoding"},
		{"no number", `{"name":"Lead 00001"}`, "lead.no_number"},
		{"empty", `{}`, "lead.no_number"},
		{"a number as a spreadsheet shows it", `{"phone":3.03556E+09}`, "number.scientific"},
		{"a huge number", `{"phone":` + strings.Repeat("9", 5000) + `}`, "number.text_too_long"},
		{"many numbers", `{"numbers":[` + strings.Repeat(`"3035550142 x1",`, 5000) + `"3035550142"]}`, "lead.too_many_numbers"},
	} {
		rows := readAll(t, c.line+"\n{\"phone\":\"3035550142\"}\n", leadfile.Options{Region: "US", Format: leadfile.JSONL})
		if got := codes(rows); got != c.code+" ok" {
			t.Errorf("%s: %s, want %s", c.name, got, c.code)
		}
		if len(rows) == 2 && (rows[1].Line != 2 || rows[0].Err.Remedy == "") {
			t.Errorf("%s: %+v, then line %d", c.name, rows[0].Err, rows[1].Line)
		}
	}
}

func TestJSONBadUTF8BeyondTheSample(t *testing.T) {
	rows := readAll(t, strings.Repeat("{\"phone\":\"3035550142\"}\n", 5000)+"{\"phone\":\"3035550142\",\"a\":\"\xff\"}\n", us)
	if last := rows[len(rows)-1]; len(rows) != 5001 || last.Err == nil || last.Err.Code != "row.encoding" {
		t.Errorf("%d rows, last %+v", len(rows), last)
	}
}

func TestJSONMapping(t *testing.T) {
	rows := readAll(t, `{"Fon":"3035550142","email":"a","Mail":"b"}`, leadfile.Options{Region: "US", Mapping: map[string]string{
		"fon": "phone.home", "email": leadfile.Extra, "mail": "email",
	}})
	if codes(rows) != "ok" {
		t.Fatal(codes(rows))
	}
	if l := rows[0].Lead; l.Email != "b" || l.Fields["email"] != "a" || l.Numbers[0].Type != cadence.Home {
		t.Errorf("lead %+v", l)
	}
}
