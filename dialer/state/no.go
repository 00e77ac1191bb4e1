package state

import (
	"encoding/binary"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// No is a do-not-call mark of a number.
type No struct {
	Scope  cadence.Scope `cbor:"1,keyasint,omitempty"`
	At     int64         `cbor:"2,keyasint"`
	Reason string        `cbor:"3,keyasint,omitempty"`
	Source string        `cbor:"4,keyasint,omitempty"`
	By     string        `cbor:"5,keyasint,omitempty"`
}

// Word is one entry of a number's history: who set or took away which mark,
// when and why. Entries are added and never changed.
type Word struct {
	No
	On bool `cbor:"6,keyasint,omitempty"`
}

// Marked are all do-not-call marks of the number, that for everything first.
func (n *Number) Marked() []No {
	var all []No
	if n.DNC {
		all = append(all, No{At: n.DNCAt, Reason: n.DNCReason, Source: n.DNCSource, By: n.DNCBy})
	}
	return append(all, n.Noes...)
}

// Has reports whether the number carries the mark of exactly this scope.
func (n *Number) Has(s cadence.Scope) bool {
	return s == cadence.ScopeAll && n.DNC || n.no(s) >= 0
}

// Forbids is the mark that forbids a call of a cadence, which belongs to a
// campaign. It allocates nothing.
func (n *Number) Forbids(id cadence.ID, campaign string) (No, bool) {
	if n.DNC {
		return No{At: n.DNCAt, Reason: n.DNCReason, Source: n.DNCSource, By: n.DNCBy}, true
	}
	for i := range n.Noes {
		if n.Noes[i].Scope.Covers(id, campaign) {
			return n.Noes[i], true
		}
	}
	return No{}, false
}

func (n *Number) no(s cadence.Scope) int {
	return slices.IndexFunc(n.Noes, func(x No) bool { return x.Scope == s })
}

// foldNo sets or clears a do-not-call mark, and keeps the word of it.
func (v *View) foldNo(n *Number, f *event.NumberMarked) {
	if n.Has(f.Scope) != f.On {
		o := v.Office()
		if f.On {
			o.DNC++
		} else {
			o.DNC--
		}
		o.DNCSum ^= MarkSum(f.Token, f.Scope)
		v.office.put(struct{}{}, o)
	}
	no := No{Scope: f.Scope, At: f.At, Reason: f.Reason, Source: f.Source, By: f.By}
	if f.Scope == cadence.ScopeAll {
		n.DNC, n.DNCAt, n.DNCReason, n.DNCSource, n.DNCBy = f.On, f.At, f.Reason, f.Source, f.By
	} else {
		n.Noes = slices.DeleteFunc(slices.Clone(n.Noes), func(x No) bool { return x.Scope == f.Scope })
		if f.On {
			n.Noes = append(n.Noes, no)
		}
	}
	v.weight += len(f.Reason) + len(f.Source) + len(f.By) + len(f.Scope)
	if f.By != "" {
		n.Said++
		v.setRow(wordKey(f.Token, n.Said), &Word{No: no, On: f.On})
	}
}

// Words calls fn for a number's history, oldest first.
func (q Rows) Words(t event.Token, fn func(*Word) bool) error {
	return scanRows(q.R, wordKey(t, 0), wordKey(t, ^uint32(0)), func(_ []byte, w *Word) bool { return fn(w) })
}

func wordKey(t event.Token, n uint32) []byte {
	return binary.BigEndian.AppendUint32(idKey(tabWord, t.ID()), n)
}
