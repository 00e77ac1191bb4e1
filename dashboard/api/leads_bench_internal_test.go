package api

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// many is an engine of which only the leads are asked for.
type many struct {
	Operator
	rows state.Rows
	all  projection.Directory
}

func (m *many) Rows() state.Rows                 { return m.rows }
func (m *many) Directory() *projection.Directory { return &m.all }

// BenchmarkLeadPages makes pages of 200 leads out of a million in a Badger of
// their own, searched by name and from somewhere in the order of ids, as JSON.
// The budget is 50 ms at the 95th percentile.
func BenchmarkLeadPages(b *testing.B) {
	const leads, limit = 1_000_000, 200
	op := filled(b, leads)
	a := &API{op: op}
	all := func(*state.Lead) bool { return true }
	b.Run("search", func(b *testing.B) {
		pages(b, func(n int) (answer, error) {
			return a.searchLeads(fmt.Sprintf("lead %05d", n%leads/100), projection.Term{}, limit, all)
		})
	})
	b.Run("from an id", func(b *testing.B) {
		pages(b, func(n int) (answer, error) {
			out := page[leadItem]{}
			err := op.rows.Leads(benchLead(n%leads).ID, func(l *state.Lead) bool {
				out.Items = append(out.Items, leadOf(&l.Lead))
				return len(out.Items) < limit
			})
			return answer{body: out}, err
		})
	})
}

// pages makes one page after the other and reports the 95th percentile.
func pages(b *testing.B, make func(n int) (answer, error)) {
	b.Helper()
	var took []time.Duration
	for n := 0; b.Loop(); n += 7919 {
		begun := time.Now()
		ans, err := make(n)
		if err != nil {
			b.Fatal(err)
		}
		if raw, err := json.Marshal(ans.body); err != nil || len(raw) < 1000 {
			b.Fatalf("%s, %v", raw, err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms/p95")
}

func benchLead(n int) *cadence.Lead {
	var rest [14]byte
	binary.BigEndian.PutUint64(rest[:], uint64(n)*0x9E3779B97F4A7C15)
	return &cadence.Lead{
		ID: cadence.NewID(uint16(n%cadence.Slots), rest), ExternalID: fmt.Sprintf("crm-%07d", n), Name: fmt.Sprintf("Lead %07d", n),
		Email: fmt.Sprintf("lead%07d@example.com", n), Numbers: []cadence.LeadNumber{{Number: cadence.Number(fmt.Sprintf("+1303%07d", n))}},
	}
}

// filled is a ledger with numbered leads.
func filled(b *testing.B, leads int) *many {
	b.Helper()
	l, err := badger.Open(badger.Options{Dir: b.TempDir(), MinFree: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	ten, err := l.Claim(context.Background(), 0)
	if err != nil {
		b.Fatal(err)
	}
	op := &many{rows: state.Rows{R: l}}
	v := state.NewView(l)
	const turn = 5000
	for from := 0; from < leads; from += turn {
		var some []*cadence.Lead
		for n := from; n < from+turn; n++ {
			lead := benchLead(n)
			some = append(some, lead)
			v.Fold(&event.LeadSaved{Lead: *lead, At: int64(n + 1)})
		}
		sealed := v.Seal()
		if _, err := ten.Commit(context.Background(), int64(from+1), []byte{0x80}, sealed.Writes); err != nil {
			b.Fatal(err)
		}
		v.Land()
		op.all.Put(some...)
	}
	op.all.Complete()
	return op
}
