package state

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Live counts the live answers of a cadence's calls whose intents fell into one
// quarter of an hour, by the rules about abandoned calls that each was under.
type Live struct {
	// Answered and Abandoned are all that is counted here, each call once. Calls
	// of earlier releases are not: of them only Counts tells.
	Answered  int64      `cbor:"1,keyasint,omitempty"`
	Abandoned int64      `cbor:"2,keyasint,omitempty"`
	Rules     []RuleLive `cbor:"3,keyasint,omitempty"` // by name
}

// RuleLive counts live answers under one rule. Abandoned were put through to
// nobody, Late not within the time the rule allows; of those Told heard a
// message instead.
type RuleLive struct {
	Rule      string `cbor:"1,keyasint"`
	Answered  int64  `cbor:"2,keyasint,omitempty"`
	Abandoned int64  `cbor:"3,keyasint,omitempty"`
	Late      int64  `cbor:"4,keyasint,omitempty"`
	Told      int64  `cbor:"5,keyasint,omitempty"`
}

// countLive adds n times a closed attempt to the live answers of its rules.
func (v *View) countLive(a *Attempt, n int64) {
	if !a.Sorted || !a.Answered {
		return
	}
	k := bucketID{a.At / BucketMs, a.Cadence}
	l := v.lives.edit(k)
	l.Answered += n
	l.Abandoned += n * one(a.Abandoned)
	for _, rule := range a.Rules {
		l.rule(rule, n, a)
	}
	v.lives.put(k, l)
}

func (l *Live) rule(name string, n int64, a *Attempt) {
	l.Rules = slices.Clone(l.Rules)
	i, found := slices.BinarySearchFunc(l.Rules, name, func(r RuleLive, name string) int { return strings.Compare(r.Rule, name) })
	if !found {
		l.Rules = slices.Insert(l.Rules, i, RuleLive{Rule: name})
	}
	r := &l.Rules[i]
	r.Answered += n
	r.Abandoned += n * one(a.Abandoned)
	r.Late += n * one(a.Late && !a.Abandoned)
	r.Told += n * one(a.Late && a.Told && !a.Abandoned)
}

// Lives calls fn for the counted live answers from an instant on (Unix ms),
// oldest first, until it returns false.
func (q Rows) Lives(from int64, fn func(at int64, id cadence.ID, l *Live) bool) error {
	return scanRows(q.R, liveKey(max(from, 0)/BucketMs, cadence.ID{}), []byte{tabLive + 1}, func(k []byte, l *Live) bool {
		return fn(int64(binary.BigEndian.Uint32(k[1:5]))*BucketMs, cadence.ID(k[5:]), l)
	})
}

func liveKey(slot int64, id cadence.ID) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{tabLive}, uint32(slot)), id[:]...)
}

// judged notes of a closing attempt how quickly it was put through.
func (a *Attempt) judged(o *Open, f *event.AttemptEnded) {
	a.Sorted, a.Rules, a.Within = o.I.Sorted, o.I.Rules, o.I.Within
	a.HeardAt, a.Wait, a.Late, a.Told = o.HeardAt, f.Wait, f.Late, f.Told
}
