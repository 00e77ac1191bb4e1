package main_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/internal/wire"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// reader is what generated code reads.
type reader interface{ ReadCBOR(r *wire.Reader) }

// encoder and decoder are the reference: the whole library by reflection.
var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		IndefLength: cbor.IndefLengthForbidden, UTF8: cbor.UTF8DecodeInvalid,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// all is one of everything that has generated code.
func all() []state.Row {
	rows := []state.Row{
		&dialer.Judged{}, &event.Drop{}, &event.Kept{}, &event.Over{}, &event.ReturnTarget{},
		&state.Answer{}, &state.Attempt{}, &state.Cadence{}, &state.CallerDay{}, &state.CallerID{}, &state.Counts{}, &state.Enrollment{}, &state.Import{},
		&state.Lane{}, &state.Lead{}, &state.List{}, &state.Mark{}, &state.Media{}, &state.Chunk{}, &state.No{}, &state.Number{}, &state.Office{}, &state.Open{}, &state.Packs{}, &state.Peer{}, &state.Reject{},
		&state.Revision{}, &state.Signal{}, &state.Spend{}, &state.Stats{}, &state.Stay{}, &state.Touch{}, &state.Used{}, &state.Version{}, &state.Versions{}, &state.Word{}, &state.Agreement{}, &state.Given{}, &state.ConsentEnd{}, &state.Called{}, &state.Heard{}, &state.Listed{}, &state.OnList{}, &state.ScrubList{}, &state.Hidden{}, &state.Live{}, &state.RuleLive{},
		&state.CadenceDay{}, &state.DayCount{}, &state.RuleCount{},
		&state.User{}, &state.Session{}, &state.Key{}, &state.Template{}, &state.Erased{}, &state.ReturnCall{}, &state.Rehearsal{}, &state.Staff{}, &state.SavedView{}, &state.Preferred{},
	}
	rows = append(rows, dialer.Wired()...)
	for _, f := range event.Registered() {
		rows = append(rows, f)
	}
	return rows
}

func fresh(row state.Row) state.Row {
	return reflect.New(reflect.TypeOf(row).Elem()).Interface().(state.Row)
}

// Nothing that was generated is missing from these tests.
func TestAllAreTested(t *testing.T) {
	var want, have []string
	for _, dir := range []string{"../../event", "../../state", "../.."} {
		code, err := os.ReadFile(dir + "/cbor_generated.go")
		if err != nil {
			t.Fatal(err)
		}
		pkg := regexp.MustCompile(`(?m)^package (\w+)`).FindSubmatch(code)[1]
		for _, m := range regexp.MustCompile(`func \(x (\*)(\w+)\) AppendCBOR`).FindAllSubmatch(code, -1) {
			want = append(want, fmt.Sprintf("*%s.%s", pkg, m[2]))
		}
	}
	for _, row := range all() {
		have = append(have, fmt.Sprintf("%T", row))
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		t.Fatalf("generated: %v\ntested:    %v", want, have)
	}
}

// Generated code writes the bytes that the reference writes, and reads them
// itself to the same value.
func TestGeneratedIsTheReference(t *testing.T) {
	for _, row := range all() {
		t.Run(fmt.Sprintf("%T", row), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x := fresh(row)
				fill(t, reflect.ValueOf(x).Elem())
				want, err := encoder.Marshal(x)
				if err != nil {
					t.Fatal(err)
				}
				got := x.AppendCBOR([]byte("before"))
				if !bytes.Equal(got, append([]byte("before"), want...)) {
					t.Fatalf("%+v\nwrites %x\nnot    %x", x, got[6:], want)
				}
				if taken := compare(t, fresh(row), want); !taken {
					t.Fatalf("%+v is written and not read: %x", x, want)
				}
			})
		})
	}
}

// compare reads b both ways: what generated code takes, the reference takes
// too, as the same value; and Decode says what the reference says. Permits
// have only the reference.
func compare(t interface{ Fatalf(string, ...any) }, row state.Row, b []byte) (taken bool) {
	want, got := fresh(row), fresh(row)
	wanted := decoder.Unmarshal(b, want)
	x, reads := row.(reader)
	if reads {
		r := wire.NewReader(b)
		x.ReadCBOR(&r)
		taken = r.Done()
	} else {
		taken = wanted == nil
	}
	switch err := state.Decode(b, got); {
	case taken && wanted != nil:
		t.Fatalf("%T: %x is taken, the reference says %v", row, b, wanted)
	case taken && reads && !reflect.DeepEqual(row, want):
		t.Fatalf("%T: %x is\n%+v, the reference reads\n%+v", row, b, row, want)
	case (err == nil) != (wanted == nil):
		t.Fatalf("%T: %x: %v, the reference says %v", row, b, err, wanted)
	case err == nil && !reflect.DeepEqual(got, want):
		t.Fatalf("%T: %x is\n%+v, the reference reads\n%+v", row, b, got, want)
	}
	return taken
}

// Bytes that were changed are read to what the reference reads, or refused
// with it.
func TestChangedBytes(t *testing.T) {
	rows := all()
	rapid.Check(t, func(t *rapid.T) {
		x := fresh(rapid.SampledFrom(rows).Draw(t, "row"))
		fill(t, reflect.ValueOf(x).Elem())
		b := x.AppendCBOR(nil)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			b = change(t, b)
		}
		compare(t, fresh(x), b)
	})
}

func change(t *rapid.T, b []byte) []byte {
	if len(b) == 0 {
		return []byte{0xa0}
	}
	at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
	with := rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0x18, 0x40, 0x58, 0x60, 0x80, 0x9f, 0xa0, 0xbf, 0xf4, 0xf6, 0xf7, 0xfb, 0xff, 0xc2})).Draw(t, "with")
	switch rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		return slices.Insert(b, at, with)
	case 1:
		return slices.Delete(b, at, at+1)
	case 2:
		return b[:at]
	}
	b[at] = with
	return b
}

func FuzzGenerated(f *testing.F) {
	golden, err := os.ReadFile("../../event/testdata/v1.record")
	if err != nil {
		f.Fatal(err)
	}
	rows := all()
	f.Add(uint8(0), golden)
	for i, row := range rows {
		f.Add(uint8(i), row.AppendCBOR(nil))
	}
	f.Fuzz(func(t *testing.T, i uint8, b []byte) {
		compare(t, fresh(rows[int(i)%len(rows)]), b)
	})
}

// envelope is one fact of a record.
type envelope struct {
	_    struct{} `cbor:",toarray"`
	Kind uint16
	Body cbor.RawMessage
}

// kinds are the facts by their numbers, found from what they are written with.
func kinds(t testing.TB) map[uint16]event.Fact {
	t.Helper()
	all := map[uint16]event.Fact{}
	for _, f := range event.Registered() {
		body, err := event.Encode([]event.Fact{f})
		if err != nil {
			t.Fatal(err)
		}
		var one []envelope
		if err := decoder.Unmarshal(body, &one); err != nil {
			t.Fatal(err)
		}
		all[one[0].Kind] = f
	}
	return all
}

// FuzzRecord decodes records, and the reference with them.
func FuzzRecord(f *testing.F) {
	golden, err := os.ReadFile("../../event/testdata/v1.record")
	if err != nil {
		f.Fatal(err)
	}
	known := kinds(f)
	f.Add(golden)
	f.Add([]byte{0x81, 0x82, 0x0c, 0xa1, 0x01, 0x01})
	f.Add([]byte{0x81, 0x82, 0x18, 0x0c, 0xa1, 0x18, 0x01, 0x01})
	f.Add([]byte{0x81, 0x82, 0x0c, 0xf6})
	f.Add([]byte{0xf6})
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := event.Decode(b)
		var want []envelope
		wanted := decoder.Unmarshal(b, &want)
		for i := 0; wanted == nil && i < len(want); i++ {
			f, ok := known[want[i].Kind]
			if !ok {
				wanted = fmt.Errorf("no fact %d", want[i].Kind)
				break
			}
			x := fresh(f)
			if wanted = decoder.Unmarshal(want[i].Body, x); wanted == nil && err == nil && !reflect.DeepEqual(facts[i], x) {
				t.Fatalf("fact %d of %x is %+v, the reference reads %+v", i, b, facts[i], x)
			}
		}
		if (err == nil) != (wanted == nil) || err == nil && len(facts) != len(want) {
			t.Fatalf("%x: %d facts, %v; the reference: %d, %v", b, len(facts), err, len(want), wanted)
		}
	})
}
