package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../.."

// Whoever changes a struct generates its code again.
func TestGeneratedCodeIsUpToDate(t *testing.T) {
	for _, target := range targets {
		want, err := generate(root, target)
		if err != nil {
			t.Fatal(err)
		}
		have, err := os.ReadFile(filepath.Join(root, target.dir, generated))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s/%s is stale: run go generate ./dialer", target.dir, generated)
		}
	}
}

// What cannot be encoded is named, with its struct and field.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct{ fields, says string }{
		"no number":     {"A int `cbor:\"1,keyasint\"`\n B int", "no number"},
		"twice":         {"A int `cbor:\"1,keyasint\"`\n B int `cbor:\"1,keyasint\"`", "A and B share number 1"},
		"text key":      {"A int `cbor:\"1,keyasint\"`\n B int `cbor:\"b\"`", "Row: B: tag"},
		"option":        {"A int `cbor:\"1,keyasint,toarray\"`", `"toarray" is not supported`},
		"float":         {"A float64 `cbor:\"1,keyasint\"`", "does not declare float64"},
		"foreign":       {"A time.Time `cbor:\"1,keyasint\"`", "time.Time is not one of ours"},
		"map":           {"A map[string]int `cbor:\"1,keyasint\"`", "map of string to int"},
		"array":         {"A [3]string `cbor:\"1,keyasint\"`", "array of string"},
		"interface":     {"A any `cbor:\"1,keyasint\"`", "does not declare any"},
		"struct zero":   {"A Inner `cbor:\"1,keyasint,omitzero\"`", "omitzero is not supported for Inner"},
		"pointer":       {"A *int `cbor:\"1,keyasint\"`", "pointer to int"},
		"above 255":     {"A int `cbor:\"256,keyasint\"`", "0 to 255"},
		"several names": {"A, B int `cbor:\"1,keyasint\"`", "its own line"},
	} {
		dir := t.TempDir()
		code := "package p\n type Inner struct{ A int `cbor:\"1,keyasint\"` }\n type Row struct {\n" + c.fields + "\n}\n"
		if err := os.WriteFile(filepath.Join(dir, "row.go"), []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := generate(dir, target{".", true}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A changed struct makes other code: the first test can fail.
func TestAnotherFieldIsOtherCode(t *testing.T) {
	dir := t.TempDir()
	made := func(code string) string {
		if err := os.WriteFile(filepath.Join(dir, "row.go"), []byte("package p\ntype Row struct {\n"+code+"\n}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := generate(dir, target{".", true})
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	one := made("A int `cbor:\"1,keyasint\"`")
	two := made("A int `cbor:\"1,keyasint\"`\nB string `cbor:\"24,keyasint,omitempty\"`")
	if one == two || !strings.Contains(two, "append(b, 0x18, 24), x.B") || !strings.Contains(two, "case 24:") {
		t.Errorf("with another field:\n%s", two)
	}
}
