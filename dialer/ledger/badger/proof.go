package badger

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// proof checks the content of a backup as it goes by: the seals, the order of
// the keys, and the chains of the logs.
type proof struct {
	keys, bytes uint64
	last        []byte
	want        map[uint16]ShardState
	seen        map[uint16]shardMark
	a           assembly
	open        bool
	bases       map[uint16]shardMark
}

func (p *proof) begin(s *Snapshot) {
	p.want, p.seen, p.bases = map[uint16]ShardState{}, map[uint16]shardMark{}, map[uint16]shardMark{}
	for _, one := range s.Shards {
		p.want[one.Shard] = one
	}
}

func (p *proof) pair(key, sealed []byte) error {
	value, err := unseal(key, sealed)
	if err != nil {
		return err
	}
	if bytes.Compare(key, p.last) <= 0 {
		return fmt.Errorf("%w: key %x follows key %x", ledger.ErrDamaged, key, p.last)
	}
	p.last = append(p.last[:0], key...)
	p.keys++
	p.bytes += uint64(len(key) + len(sealed))
	switch {
	case key[0] == logPrefix:
		return p.record(key, sealed)
	case len(key) == 4 && key[0] == metaPrefix && key[1] == 'b':
		shard := binary.BigEndian.Uint16(key[2:])
		m, err := decodeBase(shard, value)
		if was, ok := p.bases[shard]; err == nil && ok && (was.pos != m.pos || was.head != m.head) {
			err = fmt.Errorf("%w: shard %d: the log does not begin where it was trimmed", ledger.ErrDamaged, shard)
		}
		p.bases[shard] = m
		return err
	}
	return nil
}

// record takes one stored part. Logs come before the trim notes, so where a
// chain begins is checked at the end.
func (p *proof) record(key, sealed []byte) error {
	done, err := p.a.add(key, sealed)
	if err != nil {
		return err
	}
	p.open = !done
	if !done {
		return nil
	}
	r := &p.a.rec
	m, ok := p.seen[r.Shard]
	first := p.want[r.Shard].First
	switch {
	case !ok && r.Pos != first:
		return fmt.Errorf("%w: shard %d: the backup's log begins at record %d, not %d", ledger.ErrDamaged, r.Shard, r.Pos, first)
	case !ok:
		p.bases[r.Shard] = shardMark{shard: r.Shard, pos: r.Pos - 1, head: r.Prev}
	case r.Pos != m.pos+1 || r.Prev != m.head:
		return fmt.Errorf("%w: shard %d: record %d does not follow record %d", ledger.ErrDamaged, r.Shard, r.Pos, m.pos)
	}
	p.seen[r.Shard] = shardMark{shard: r.Shard, pos: r.Pos, at: r.At, head: r.Hash()}
	return nil
}

// end compares with what the backup says of itself.
func (p *proof) end(s *Snapshot) error {
	if p.open {
		return fmt.Errorf("%w: shard %d: record %d is incomplete", ledger.ErrDamaged, p.a.rec.Shard, p.a.rec.Pos)
	}
	var errs []error
	for _, one := range s.Shards {
		m, ok := p.seen[one.Shard]
		if !ok {
			m = p.bases[one.Shard]
		}
		if m.pos != one.Last || hex.EncodeToString(m.head[:]) != one.Head {
			errs = append(errs, fmt.Errorf("%w: shard %d ends at record %d, the backup says %d", ledger.ErrDamaged, one.Shard, m.pos, one.Last))
		}
		delete(p.seen, one.Shard)
	}
	for shard := range p.seen {
		errs = append(errs, fmt.Errorf("%w: the backup does not name shard %d", ledger.ErrDamaged, shard))
	}
	return errors.Join(errs...)
}
