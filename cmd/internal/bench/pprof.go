package bench

import (
	"compress/gzip"
	"errors"
	"io"
	"os"

	"google.golang.org/protobuf/encoding/protowire"
)

// profile is as much of a pprof file as the shares need.
type profile struct {
	samples   []stackSample
	locations map[uint64][]uint64 // to functions, innermost first
	functions map[uint64]uint64   // to their names
	texts     []string
}

type stackSample struct {
	stack []uint64 // locations, innermost first
	value int64    // of the last value type: nanoseconds
}

func (p *profile) text(i uint64) string {
	if i < uint64(len(p.texts)) {
		return p.texts[i]
	}
	return ""
}

func readProfile(path string) (*profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	p := &profile{locations: map[uint64][]uint64{}, functions: map[uint64]uint64{}}
	return p, fields(raw, func(n protowire.Number, _ uint64, b []byte) error {
		switch n { // field numbers of profile.proto
		default: // fields that nobody needs here
		case 2:
			return p.sample(b)
		case 4:
			return p.location(b)
		case 5:
			return p.function(b)
		case 6:
			p.texts = append(p.texts, string(b))
		}
		return nil
	})
}

// fields calls fn for every field of a message: v for a varint, b for bytes.
func fields(m []byte, fn func(n protowire.Number, v uint64, b []byte) error) error {
	for len(m) > 0 {
		n, kind, size := protowire.ConsumeTag(m)
		if size < 0 {
			return protowire.ParseError(size)
		}
		m = m[size:]
		var v uint64
		var b []byte
		switch kind {
		case protowire.VarintType:
			v, size = protowire.ConsumeVarint(m)
		case protowire.BytesType:
			b, size = protowire.ConsumeBytes(m)
		default:
			size = protowire.ConsumeFieldValue(n, kind, m)
		}
		if size < 0 {
			return protowire.ParseError(size)
		}
		m = m[size:]
		if err := fn(n, v, b); err != nil {
			return err
		}
	}
	return nil
}

var errPacked = errors.New("a list of numbers is cut short")

// varints reads a repeated number, packed or not.
func varints(to []uint64, v uint64, b []byte) ([]uint64, error) {
	if b == nil {
		return append(to, v), nil
	}
	for len(b) > 0 {
		v, size := protowire.ConsumeVarint(b)
		if size < 0 {
			return nil, errPacked
		}
		to, b = append(to, v), b[size:]
	}
	return to, nil
}

func (p *profile) sample(m []byte) error {
	var values []uint64
	var s stackSample
	err := fields(m, func(n protowire.Number, v uint64, b []byte) (err error) {
		switch n {
		default: // fields that nobody needs here
		case 1:
			s.stack, err = varints(s.stack, v, b)
		case 2:
			values, err = varints(values, v, b)
		}
		return err
	})
	if len(values) > 0 {
		s.value = int64(values[len(values)-1])
	}
	p.samples = append(p.samples, s)
	return err
}

func (p *profile) location(m []byte) error {
	var id uint64
	var functions []uint64
	err := fields(m, func(n protowire.Number, v uint64, b []byte) error {
		switch n {
		default: // fields that nobody needs here
		case 1:
			id = v
		case 4: // a line: its function is field 1
			return fields(b, func(n protowire.Number, v uint64, _ []byte) error {
				if n == 1 {
					functions = append(functions, v)
				}
				return nil
			})
		}
		return nil
	})
	p.locations[id] = functions
	return err
}

func (p *profile) function(m []byte) error {
	var id, name uint64
	err := fields(m, func(n protowire.Number, v uint64, _ []byte) error {
		switch n {
		default: // fields that nobody needs here
		case 1:
			id = v
		case 2:
			name = v
		}
		return nil
	})
	p.functions[id] = name
	return err
}
