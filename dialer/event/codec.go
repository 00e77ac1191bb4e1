package event

import (
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"github.com/carillon-dialer/carillon/dialer/internal/wire"
)

// maxFacts bounds the facts of one record: more could not be read again.
const maxFacts = 1 << 20

// Encode writes facts as one record body in deterministic CBOR: a list of
// pairs of number and fields. It fails on a fact that is nil.
func Encode(facts []Fact) ([]byte, error) { return Append(nil, facts) }

// Append appends the record body of facts to b. The body is valid only without
// an error.
func Append(b []byte, facts []Fact) ([]byte, error) {
	if len(facts) > maxFacts {
		return b, fmt.Errorf("encode record: %d facts, at most %d", len(facts), maxFacts)
	}
	b = wire.AppendList(b, len(facts), false)
	for i, f := range facts {
		if f == nil {
			return b, fmt.Errorf("encode record: fact %d is nil", i)
		}
		b = wire.AppendUint(wire.AppendList(b, 2, false), uint64(f.fact()))
		b = f.AppendCBOR(b)
	}
	return b, nil
}

// Decode reads a record body. A fact or a field it does not know is an error:
// a record must be understood whole or not at all.
func Decode(body []byte) ([]Fact, error) {
	if facts, ok := read(body); ok {
		return facts, nil
	}
	return decode(body)
}

// read takes what Encode wrote.
func read(body []byte) ([]Fact, bool) {
	r := wire.NewReader(body)
	n, some := r.List()
	facts := make([]Fact, n)
	for i := range facts {
		if pair, _ := r.List(); pair != 2 {
			return nil, false
		}
		t, known := kinds[uint16(r.Uint(16))]
		if !known || !r.OK() {
			return nil, false
		}
		facts[i] = reflect.New(t).Interface().(Fact)
		facts[i].ReadCBOR(&r)
	}
	return facts, some && r.Done()
}

// decoder knows all of CBOR. It has the last word on what read refuses: it
// takes the forms Encode does not write, and names what is wrong.
var decoder = must(cbor.DecOptions{
	DupMapKey:         cbor.DupMapKeyEnforcedAPF,
	ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	MaxArrayElements:  maxFacts,
	IndefLength:       cbor.IndefLengthForbidden,
	// What was written must be readable: bytes that are no text came in
	// from somewhere and must not keep the ledger from opening.
	UTF8: cbor.UTF8DecodeInvalid,
}.DecMode())

func must[T any](v T, err error) T {
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return v
}

type envelope struct {
	_    struct{} `cbor:",toarray"`
	Kind uint16
	Body cbor.RawMessage
}

func decode(body []byte) ([]Fact, error) {
	var in []envelope
	if err := decoder.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("decode record: %w", err)
	}
	facts := make([]Fact, len(in))
	for i, e := range in {
		t, ok := kinds[e.Kind]
		if !ok {
			return nil, fmt.Errorf("decode record: fact %d has unknown number %d: written by a newer version", i, e.Kind)
		}
		p := reflect.New(t)
		if err := decoder.Unmarshal(e.Body, p.Interface()); err != nil {
			return nil, fmt.Errorf("decode fact %d (%s): %w", i, t.Name(), err)
		}
		facts[i] = p.Interface().(Fact)
	}
	return facts, nil
}
