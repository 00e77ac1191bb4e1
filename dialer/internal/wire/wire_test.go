package wire_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/internal/wire"
)

// Every length of a head, at its edges, as RFC 8949 §3 has them.
func TestHeads(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "00", 23: "17", 24: "1818", 255: "18ff", 256: "190100", 65535: "19ffff", 65536: "1a00010000",
		math.MaxUint32: "1affffffff", math.MaxUint32 + 1: "1b0000000100000000", math.MaxUint64: "1bffffffffffffffff",
	} {
		b := wire.AppendUint(nil, n)
		if hex.EncodeToString(b) != want {
			t.Errorf("%d is %x, want %s", n, b, want)
		}
		r := wire.NewReader(b)
		if got := r.Uint(64); got != n || !r.Done() {
			t.Errorf("%d is read as %d", n, got)
		}
	}
	for _, n := range []int64{0, -1, -24, -25, -256, -257, math.MinInt64, math.MaxInt64} {
		r := wire.NewReader(wire.AppendInt(nil, n))
		if got := r.Int(64); got != n || !r.Done() {
			t.Errorf("%d is read as %d", n, got)
		}
	}
}

// What is not written is not read.
func TestOtherFormsAreRefused(t *testing.T) {
	uintOf := func(bits uint) func(*wire.Reader) { return func(r *wire.Reader) { r.Uint(bits) } }
	intOf := func(bits uint) func(*wire.Reader) { return func(r *wire.Reader) { r.Int(bits) } }
	list := func(r *wire.Reader) { r.List() }
	texts := func(r *wire.Reader) { wire.Texts[string, string](r) }
	for name, c := range map[string]struct {
		hex  string
		read func(*wire.Reader)
	}{
		"longer than needed":  {"1817", uintOf(64)},
		"longer by far":       {"1b00000000ffffffff", uintOf(64)},
		"cut head":            {"19ff", uintOf(64)},
		"nothing":             {"", uintOf(64)},
		"reserved head":       {"1c", uintOf(64)},
		"too wide":            {"190100", uintOf(8)},
		"minus for unsigned":  {"20", uintOf(64)},
		"too low":             {"3880", intOf(8)},
		"too high":            {"1880", intOf(8)},
		"below all":           {"3b8000000000000000", intOf(64)},
		"text for a number":   {"6131", intOf(64)},
		"number for a bool":   {"01", func(r *wire.Reader) { r.Bool() }},
		"cut text":            {"6261", func(r *wire.Reader) { r.Text() }},
		"endless text":        {"7f6161ff", func(r *wire.Reader) { r.Text() }},
		"endless list":        {"9fff", list},
		"more items than fit": {"8301", list},
		"too many items":      {"9a00020001" + hex.EncodeToString(bytes.Repeat([]byte{0}, 131_073)), list},
		"short id":            {"4101", func(r *wire.Reader) { r.ID(make([]byte, 2)) }},
		"keys out of order":   {"a2616261786161 6179", texts},
		"the same key twice":  {"a2616161786161 6179", texts},
		"longer key first":    {"a262616161786162 6179", texts},
		"a field again":       {"0101", func(r *wire.Reader) { r.Field(r.Field(-1)) }},
	} {
		b, err := hex.DecodeString(string(slices.DeleteFunc([]byte(c.hex), func(c byte) bool { return c == ' ' })))
		if err != nil {
			t.Fatal(name, err)
		}
		r := wire.NewReader(b)
		if c.read(&r); r.OK() {
			t.Errorf("%s: %x was taken", name, b)
		}
	}
}

// A struct's head is written last: also when it needs the room of two bytes.
func TestCloseMap(t *testing.T) {
	for n, want := range map[int]string{0: "aa a0 bb", 23: "aa b7 bb", 24: "aa b8 18 bb", 256: "aa b9 01 00 bb"} {
		got := wire.CloseMap([]byte{0xaa, 0, 0xbb}, 1, n)
		if spaced := hex.EncodeToString(got); spaced != string(slices.DeleteFunc([]byte(want), func(c byte) bool { return c == ' ' })) {
			t.Errorf("%d fields: %s, want %s", n, spaced, want)
		}
	}
}

// The texts of a row share one copy of it; those of a record are on their own.
func TestTextsAreCopied(t *testing.T) {
	for _, of := range []func([]byte) wire.Reader{wire.NewReader, wire.NewRowReader} {
		b := wire.AppendText(wire.AppendText(nil, "one"), "two")
		r := of(b)
		one, two := r.Text(), r.Text()
		clear(b)
		if one != "one" || two != "two" || !r.Done() {
			t.Errorf("%q %q after the bytes changed", one, two)
		}
	}
}
