package dialer

import (
	"fmt"
	"reflect"

	"github.com/carillon-dialer/carillon/dialer/state"
)

var parcelKinds = parcelTable(
	&ask{}, &answer{}, &unask{}, &over{}, &late{}, &withdraw{}, &mark{}, &markLead{}, &claimNumber{}, &claimExternal{}, &policy{}, &intake{}, &imported{}, &listNumbers{},
	&giveConsent{}, &endConsent{},
	&onLine{}, &offLine{}, &leadNo{}, &leadHeard{},
	&rehearsal{},
)

func parcelTable(all ...parcel) map[uint8]reflect.Type {
	kinds := map[uint8]reflect.Type{}
	for _, p := range all {
		if _, dup := kinds[p.kind()]; dup {
			panic(fmt.Sprintf("BUG: kind %d of a parcel is used twice", p.kind()))
		}
		kinds[p.kind()] = reflect.TypeOf(p).Elem()
	}
	return kinds
}

// wrapped is a parcel as it is owed and sent. Edition is what the sender knew
// of the office's decisions: the receiver has to know as much before it takes
// the parcel.
type wrapped struct {
	Edition uint64 `cbor:"1,keyasint,omitempty"`
	Kind    uint8  `cbor:"2,keyasint"`
	Body    []byte `cbor:"3,keyasint"`
}

// wrap encodes a parcel in deterministic CBOR.
func wrap(edition uint64, p parcel) []byte {
	return state.Encode(&wrapped{Edition: edition, Kind: p.kind(), Body: state.Encode(p)})
}

// unwrap reads what wrap wrote. A kind or a field it does not know is an
// error: a parcel is understood whole or not taken.
func unwrap(b []byte) (edition uint64, p parcel, err error) {
	var w wrapped
	if err := state.Decode(b, &w); err != nil {
		return 0, nil, fmt.Errorf("parcel: %w", err)
	}
	t, ok := parcelKinds[w.Kind]
	if !ok {
		return 0, nil, fmt.Errorf("parcel: unknown kind %d: written by a newer version", w.Kind)
	}
	p, _ = reflect.TypeAssert[parcel](reflect.New(t))
	if err := state.Decode(w.Body, p); err != nil {
		return 0, nil, fmt.Errorf("parcel: %w", err)
	}
	return w.Edition, p, nil
}

// Wired lists what this package sends and stores by generated code besides
// Judged, as fresh zero values, for tests that walk the whole set.
func Wired() []state.Row {
	rows := []state.Row{&wrapped{}, &Grant{}}
	for _, t := range parcelKinds {
		p, _ := reflect.TypeAssert[state.Row](reflect.New(t))
		rows = append(rows, p)
	}
	return rows
}
