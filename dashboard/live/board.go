package live

import (
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"time"

	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Board is the data of one event.
type Board struct {
	AsOf            string       `json:"as_of"`
	Demo            bool         `json:"demo"`
	Virtual         *api.Virtual `json:"virtual"`
	Dialing         api.Dialing  `json:"dialing"`
	CallsInProgress int          `json:"calls_in_progress"`
	Ringing         int          `json:"ringing"`
	Live            int          `json:"live"`
	Pending         int64        `json:"pending"`
	Ready           int          `json:"ready"`
	Attempts        int64        `json:"attempts"`
	Completed       int64        `json:"completed"`
	Contacts        int64        `json:"contacts"`
	Conversions     int64        `json:"conversions"`
	CallsPerSecond  float64      `json:"calls_per_second"`
	Abandon         Abandon      `json:"abandon"`
	Changed         Changed      `json:"changed"`
}

// Abandon is how many of the calls that a person answered were given up, over
// the last AbandonHours. The law counts by campaign over 30 days; this is what
// an operator sees move.
type Abandon struct {
	Hours     int   `json:"hours"`
	Answered  int64 `json:"answered"`
	Abandoned int64 `json:"abandoned"`
}

// AbandonHours is the window of the live abandon rate.
const AbandonHours = 24

// Changed counts changes of what lists show: a page fetches its list again
// when the counter moves. The counters begin anew with the process.
type Changed struct {
	Cadences uint64 `json:"cadences"`
	Leads    uint64 `json:"leads"`
	Attempts uint64 `json:"attempts"`
}

// Boards takes snapshots from the engine. It is used by one goroutine.
type Boards struct {
	op      api.Operator
	api     *api.API
	demo    bool
	prints  [3]uint64
	changed Changed
}

// NewBoards returns a source of snapshots. demo says that nobody is really
// called.
func NewBoards(op api.Operator, a *api.API, demo bool) *Boards {
	return &Boards{op: op, api: a, demo: demo}
}

// Sample implements Sample. The key leaves the time out where time is real:
// a board that differs only in it is not sent.
func (b *Boards) Sample() (data, key []byte, err error) {
	board, err := b.board()
	if err != nil {
		return nil, nil, err
	}
	if data, err = json.Marshal(board); err != nil {
		return nil, nil, err
	}
	if board.Virtual != nil {
		return data, data, nil
	}
	board.AsOf = ""
	key, err = json.Marshal(board)
	return data, key, err
}

func (b *Boards) board() (*Board, error) {
	totals, err := b.api.Totals()
	if err != nil {
		return nil, err
	}
	sum := projection.Sum(totals)
	s := b.op.Status()
	out := &Board{
		AsOf: api.Instant(b.op.Now()), Demo: b.demo, Virtual: b.api.Virtual(), Dialing: api.DialingOf(&s),
		CallsInProgress: s.Calls.Placed + s.Calls.Ringing + s.Calls.Live, Ringing: s.Calls.Ringing, Live: s.Calls.Live,
		Ready: s.Ready, Attempts: sum.Attempts, Completed: sum.Completed, Contacts: sum.Contacts, Conversions: sum.Conversions,
		CallsPerSecond: s.PerSecond,
	}
	if out.Abandon, err = b.abandon(); err != nil {
		return nil, err
	}
	if err := b.count(out, &sum); err != nil {
		return nil, err
	}
	out.Changed = b.changed
	return out, nil
}

func (b *Boards) abandon() (Abandon, error) {
	since := b.op.Now().Add(-AbandonHours*time.Hour).UnixMilli() / state.BucketMs * state.BucketMs
	counts, err := projection.Tally(b.op.Rows(), max(since, state.BucketMs), 0)
	sum := projection.Sum(counts)
	return Abandon{AbandonHours, sum.Answered, sum.Abandoned}, err
}

// count raises the counters of what differs from the last snapshot, by a
// fingerprint of what is cheap to read: the rows of cadences with their
// totals of leads, the lead count and import progress, the sums of attempts.
func (b *Boards) count(out *Board, sum *state.Counts) error {
	cadences, leads, attempts := fnv.New64a(), fnv.New64a(), fnv.New64a()
	add := func(h interface{ Write([]byte) (int, error) }, values ...int64) {
		for _, v := range values {
			var text [8]byte
			binary.BigEndian.PutUint64(text[:], uint64(v))
			_, _ = h.Write(text[:]) // a hash never fails
		}
	}
	rows := b.op.Rows()
	all, err := projection.Cadences(rows)
	if err != nil {
		return err
	}
	for _, c := range all {
		stats, err := rows.Stats(c.ID)
		if err != nil {
			return err
		}
		out.Pending += stats.Pending
		_, _ = cadences.Write([]byte(c.Name + string(c.Status)))
		halted := int64(0)
		if c.Halted {
			halted = 1
		}
		add(cadences, c.UpdatedAt, int64(c.Version), halted, stats.Active)
		add(leads, stats.Enrolled, stats.Active)
	}
	office, err := rows.Office()
	if err != nil {
		return err
	}
	add(leads, int64(office.Leads), int64(office.DNC))
	if err := rows.Imports(func(i *state.Import) bool { add(leads, i.Rows, i.EndedAt); return true }); err != nil {
		return err
	}
	add(attempts, sum.Intents, sum.Attempts, sum.Completed, sum.Answered, sum.Contacts, sum.Conversions, sum.Returned, sum.Unconfirmed,
		int64(out.CallsInProgress), int64(out.Ringing), int64(out.Live))
	for i, h := range []uint64{cadences.Sum64(), leads.Sum64(), attempts.Sum64()} {
		if b.prints[i] != h {
			b.prints[i] = h
			*[]*uint64{&b.changed.Cadences, &b.changed.Leads, &b.changed.Attempts}[i]++
		}
	}
	return nil
}
