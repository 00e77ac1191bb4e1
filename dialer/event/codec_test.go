package event_test

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/event"
)

var update = flag.Bool("update", false, "write the golden log of new facts; never over a released one")

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := make([]event.Fact, rapid.IntRange(0, 4).Draw(t, "facts"))
		for i := range facts {
			facts[i] = drawFact(t)
		}
		body, err := event.Encode(facts)
		if err != nil {
			t.Fatal(err)
		}
		again, err := event.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(facts, again) {
			t.Fatalf("%#v came back as %#v", facts, again)
		}
		if twice, err := event.Encode(again); err != nil || !bytes.Equal(body, twice) {
			t.Fatalf("encoded again it is other bytes (%v)", err)
		}
	})
}

// Every kind round-trips with every field set: nothing is left out of the
// encoding by a missing or doubled field number.
func TestEveryKindKeepsEveryField(t *testing.T) {
	for _, f := range event.Registered() {
		n := 0
		plain(reflect.ValueOf(f).Elem(), &n)
		body, err := event.Encode([]event.Fact{f})
		if err != nil {
			t.Fatalf("%T: %v", f, err)
		}
		again, err := event.Decode(body)
		if err != nil || !reflect.DeepEqual(again[0], f) {
			t.Errorf("%T: %#v came back as %#v (%v)", f, f, again, err)
		}
	}
}

// A record is understood whole or not at all.
func TestUnknownIsRefused(t *testing.T) {
	marshal := func(v any) []byte {
		b, err := cbor.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		body []byte
		says string
	}{
		"fact":        {marshal([]any{[]any{999, map[int]any{}}}), "unknown number 999"},
		"field":       {marshal([]any{[]any{12, map[int]any{1: 1, 2: 2, 77: 1}}}), "unknown field"},
		"twice":       {[]byte{0x81, 0x82, 0x0c, 0xa2, 0x01, 0x01, 0x01, 0x02}, "duplicate"},
		"indefinite":  {[]byte{0x9f, 0xff}, "indefinite"},
		"cut":         {marshal([]any{[]any{12, map[int]any{1: 1}}})[:4], "EOF"},
		"no record":   {[]byte("hello"), ""},
		"wrong type":  {marshal([]any{[]any{12, map[int]any{1: "one"}}}), "LaneMarked"},
		"more behind": {append(marshal([]any{}), 0), "extraneous"},
	} {
		facts, err := event.Decode(c.body)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, facts, err)
		}
	}
}

// What somebody sent in may be no text; a record with it must still be read.
func TestBytesThatAreNoText(t *testing.T) {
	f := &event.Audited{What: "forged", Detail: "\xff\xfe"}
	body, err := event.Encode([]event.Fact{f})
	if err != nil {
		t.Fatal(err)
	}
	again, err := event.Decode(body)
	if err != nil || again[0].(*event.Audited).Detail != f.Detail {
		t.Fatalf("%v, %v", again, err)
	}
}

// The golden log holds one record with one of each fact, every field set, as
// version 1 wrote it. It must be read for ever, and to the same meaning.
func TestGoldenLog(t *testing.T) {
	const file = "testdata/v1.record"
	if *update {
		var facts []event.Fact
		for _, f := range event.Registered() {
			n := 0
			plain(reflect.ValueOf(f).Elem(), &n)
			facts = append(facts, f)
		}
		body, err := event.Encode(facts)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := event.Decode(golden)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	for _, f := range facts {
		want := reflect.New(reflect.TypeOf(f).Elem())
		n := 0
		plain(want.Elem(), &n)
		if seen[reflect.TypeOf(f)] = true; !reflect.DeepEqual(f, want.Interface()) {
			t.Errorf("%T is read as %#v", f, f)
		}
	}
	for _, f := range event.Registered() {
		if !seen[reflect.TypeOf(f)] {
			t.Errorf("%T is not in the golden log: run with -update before a release", f)
		}
	}
	if again, err := event.Encode(facts); err != nil || !bytes.Equal(again, golden) {
		t.Errorf("encoded again it is other bytes (%v)", err)
	}
}

func FuzzDecode(f *testing.F) {
	golden, err := os.ReadFile("testdata/v1.record")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add([]byte{0x80})
	f.Add([]byte{0x81, 0x82, 0x0c, 0xa1, 0x01, 0x01})
	f.Fuzz(func(t *testing.T, body []byte) {
		facts, err := event.Decode(body)
		if err != nil {
			return
		}
		once, err := event.Encode(facts)
		if err != nil {
			t.Fatal(err)
		}
		again, err := event.Decode(once)
		if err != nil {
			t.Fatalf("what was read and written again cannot be read: %v", err)
		}
		if twice, err := event.Encode(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable (%v)", err)
		}
	})
}

func BenchmarkCodec(b *testing.B) {
	var facts []event.Fact
	for _, f := range event.Registered() {
		n := 0
		plain(reflect.ValueOf(f).Elem(), &n)
		facts = append(facts, f)
	}
	body, err := event.Encode(facts)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := event.Encode(facts); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := event.Decode(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}
