package leadfile_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

func TestLook(t *testing.T) {
	for name, c := range map[string]struct {
		file    string
		mapping map[string]string
		format  leadfile.Format
		columns []leadfile.Outlined
	}{
		"guessed": {
			file: "Name;Mobile;Plan\nLead 00001;+13035550101;gold\nLead 00002;+13035550102;gold\n", format: leadfile.CSV,
			columns: []leadfile.Outlined{
				{"Name", "name", []string{"Lead 00001", "Lead 00002"}}, {"Mobile", "phone.mobile", []string{"+13035550101", "+13035550102"}}, {"Plan", "extra", []string{"gold"}},
			},
		},
		"mapped before it is guessed": {
			file: "Name,Dial\n,+13035550101\n", mapping: map[string]string{"dial": "phone", "Name": "ignore"}, format: leadfile.CSV,
			columns: []leadfile.Outlined{{"Name", "ignore", nil}, {"Dial", "phone", []string{"+13035550101"}}},
		},
		"without a column of numbers": {
			file: "Name,Dial\nLead 00001,+13035550101\n", format: leadfile.CSV,
			columns: []leadfile.Outlined{{"Name", "name", []string{"Lead 00001"}}, {"Dial", "extra", []string{"+13035550101"}}},
		},
		"a row that is too long is no matter": {
			file: "Phone\n+13035550101,and,more\n", format: leadfile.CSV,
			columns: []leadfile.Outlined{{"Phone", "phone", []string{"+13035550101"}}},
		},
		"long and broken values": {
			file: "Phone,Note\n+13035550101," + strings.Repeat("x", 100) + "\n", format: leadfile.CSV,
			columns: []leadfile.Outlined{{"Phone", "phone", []string{"+13035550101"}}, {"Note", "extra", []string{strings.Repeat("x", 60) + "…"}}},
		},
		"JSON lines": {
			file: "{\"name\":\"Lead 00001\",\"numbers\":[\"+13035550101\"],\"plan\":null}\nnonsense\n{\"plan\":7,\"zip\":\"80202\"}\n", format: leadfile.JSONL,
			columns: []leadfile.Outlined{
				{"name", "name", []string{"Lead 00001"}}, {"numbers", "numbers", []string{`["+13035550101"]`}}, {"plan", "extra", []string{"7"}}, {"zip", "postal_code", []string{"80202"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := leadfile.Look(strings.NewReader(c.file), leadfile.Options{Mapping: c.mapping})
			if err != nil {
				t.Fatal(err)
			}
			if out.Format != c.format || !reflect.DeepEqual(out.Columns, c.columns) {
				t.Errorf("%s, %+v", out.Format, out.Columns)
			}
		})
	}
}

func TestLookRefuses(t *testing.T) {
	for code, file := range map[string]string{
		"file.empty": "", "file.json_array": "[1]", "file.duplicate_column": "Phone,phone\n1,2\n", "file.mapping": "Phone\n1\n",
	} {
		o := leadfile.Options{}
		if code == "file.mapping" {
			o.Mapping = map[string]string{"Handy": "phone"}
		}
		_, err := leadfile.Look(strings.NewReader(file), o)
		var bad *leadfile.FileError
		if !errors.As(err, &bad) || bad.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}
