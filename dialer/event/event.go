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

	"github.com/carillon-dialer/carillon/dialer/internal/wire"
)

// Version is the version of the fact set, stored with the ledger.
const Version = 1

// Fact is one thing that happened. The methods besides its number are
// generated from its tags (go generate ./dialer).
type Fact interface {
	fact() uint16
	AppendCBOR(b []byte) []byte
	ReadCBOR(r *wire.Reader)
}

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
