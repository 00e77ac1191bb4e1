// Package event holds the facts: what a log record says happened. A fact
// carries the decision that was taken, never the question, so that folding it
// again needs no clock, no rule and no randomness. The set only grows: a
// fact's number, its meaning and its field numbers never change.
//
// All times are Unix milliseconds of the wall clock in UTC.
package event

import (
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"
)

// Version is the version of the fact set, stored with the ledger.
const Version = 1

// Fact is one thing that happened.
type Fact interface{ fact() uint16 }

// number to type; filled by the tables beside the facts.
var kinds = map[uint16]reflect.Type{}

func register(facts ...Fact) {
	for _, f := range facts {
		n := f.fact()
		if _, dup := kinds[n]; dup {
			panic(fmt.Sprintf("BUG: fact number %d registered twice", n))
		}
		kinds[n] = reflect.TypeOf(f).Elem()
	}
}

// Registered lists every fact type as a fresh zero value, for tests that walk
// the whole set.
func Registered() []Fact {
	var all []Fact
	for n := range uint16(256) {
		if t, ok := kinds[n]; ok {
			all = append(all, reflect.New(t).Interface().(Fact))
		}
	}
	return all
}

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		MaxArrayElements:  1 << 20,
		IndefLength:       cbor.IndefLengthForbidden,
		// What was written must be readable: bytes that are no text came in
		// from somewhere and must not keep the ledger from opening.
		UTF8: cbor.UTF8DecodeInvalid,
	}.DecMode())
)

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

// Encode writes facts as one record body in deterministic CBOR.
func Encode(facts []Fact) ([]byte, error) {
	out := make([]envelope, len(facts))
	for i, f := range facts {
		body, err := encoder.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("encode fact %d (%T): %w", i, f, err)
		}
		out[i] = envelope{Kind: f.fact(), Body: body}
	}
	return encoder.Marshal(out)
}

// Decode reads a record body. A fact or a field it does not know is an error:
// a record must be understood whole or not at all.
func Decode(body []byte) ([]Fact, error) {
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
