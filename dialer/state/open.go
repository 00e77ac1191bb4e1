package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/telephony"
)

// Open is an attempt that is not over; repair, webhooks and the open count read
// nothing else. It stands in two rows: what the intent said, written with it,
// and all the rest once there is any, written with each event, which says
// little. Both are deleted at the end. I is nobody's to change.
type Open struct {
	I          *event.Intended          `cbor:"1,keyasint,omitempty"`
	State      event.State              `cbor:"2,keyasint"`
	CallID     string                   `cbor:"3,keyasint,omitempty"`
	Seen       uint64                   `cbor:"4,keyasint,omitempty"`
	Status     telephony.Status         `cbor:"5,keyasint,omitempty"`
	AnsweredBy telephony.AnsweredBy     `cbor:"6,keyasint,omitempty"`
	SIP        int                      `cbor:"7,keyasint,omitempty"`
	DurationMs int64                    `cbor:"8,keyasint,omitempty"`
	Digits     string                   `cbor:"9,keyasint,omitempty"`
	LegStatus  telephony.Status         `cbor:"10,keyasint,omitempty"`
	LegMs      int64                    `cbor:"11,keyasint,omitempty"`
	PlacedAt   int64                    `cbor:"12,keyasint,omitempty"`
	RingingAt  int64                    `cbor:"13,keyasint,omitempty"`
	AnsweredAt int64                    `cbor:"14,keyasint,omitempty"`
	EndedAt    int64                    `cbor:"15,keyasint,omitempty"`
	Deadline   int64                    `cbor:"16,keyasint"`
	Polls      int                      `cbor:"17,keyasint,omitempty"`
	Note       string                   `cbor:"18,keyasint,omitempty"`
	Script     string                   `cbor:"19,keyasint,omitempty"`
	Target     int                      `cbor:"20,keyasint,omitempty"`
	Owed       event.Effect             `cbor:"21,keyasint,omitempty"`
	OwedWhy    string                   `cbor:"22,keyasint,omitempty"`
	OwedDone   bool                     `cbor:"23,keyasint,omitempty"`
	Posted     *event.DispositionPosted `cbor:"24,keyasint,omitempty"`
	Price      string                   `cbor:"25,keyasint,omitempty"`
	UnclearAt  int64                    `cbor:"26,keyasint,omitempty"`
	LegID      string                   `cbor:"27,keyasint,omitempty"`
	ScriptAt   int64                    `cbor:"28,keyasint,omitempty"`  // when the script was last decided
	LengthMs   int64                    `cbor:"29,keyasint,omitempty"`  // of the voicemail's stored audio
	PlayedAt   int64                    `cbor:"30,keyasint,omitempty"`  // the voicemail was played to its end
	HeardAt    int64                    `cbor:"140,keyasint,omitempty"` // when it first asked what to do: answered, or its greeting judged
	LegAt      int64                    `cbor:"141,keyasint,omitempty"` // when the leg it was put through to answered
}

// begun is an attempt of which nothing is known but its intent.
func begun(i *event.Intended) *Open { return &Open{I: i, State: event.Intent, Deadline: i.Deadline} }

// splitOpen is how an open attempt stands in two rows; same says that the
// second has nothing to add.
func splitOpen(o *Open) (first, rest *Open, same bool) {
	first = begun(o.I)
	r := *o
	r.I = nil
	return first, &r, *first == *o
}

func joinOpen(first, rest *Open) *Open {
	if rest == nil {
		return first
	}
	rest.I = first.I
	return rest
}

// Open reads an open attempt, nil when there is none. What changes is read
// first: when the attempt changes meanwhile, what is told was true before.
func (q Rows) Open(id cadence.ID) (*Open, error) {
	rest, err := readRow[Open](q.R, idKey(tabProgress, id))
	if err != nil {
		return nil, err
	}
	first, err := readRow[Open](q.R, idKey(tabOpen, id))
	if first == nil || err != nil {
		return nil, err
	}
	return joinOpen(first, rest), nil
}

// Opens calls fn for each open attempt in the order of ids until it returns
// false.
func (q Rows) Opens(fn func(*Open) bool) error {
	rests := map[cadence.ID]*Open{}
	err := eachRow(q.R, tabProgress, nil, func(k []byte, r *Open) bool {
		rests[cadence.ID(k[1:])] = r
		return true
	})
	if err != nil {
		return err
	}
	return eachRow(q.R, tabOpen, nil, func(k []byte, r *Open) bool { return fn(joinOpen(r, rests[cadence.ID(k[1:])])) })
}

// SplitOpens are the rows that put open attempts, which earlier releases kept
// in one row each, into two: at most n of those with ids above after. last is
// the id of the last one, zero when there are no more.
func SplitOpens(r ledger.Reader, after cadence.ID, n int) (writes []ledger.Write, last cadence.ID, err error) {
	more := false
	err = eachRow(r, tabOpen, behind(tabOpen, after), func(k []byte, o *Open) bool {
		if more = len(writes) >= 2*n; more {
			return false
		}
		last = cadence.ID(k[1:])
		first, rest, same := splitOpen(o)
		writes = append(writes, ledger.Write{Key: idKey(tabOpen, last), Value: Encode(first)})
		if !same {
			writes = append(writes, ledger.Write{Key: idKey(tabProgress, last), Value: Encode(rest)})
		}
		return true
	})
	if !more {
		last = cadence.ID{}
	}
	return writes, last, err
}
