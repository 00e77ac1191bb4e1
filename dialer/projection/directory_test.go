package projection_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

func numbered(n int) *cadence.Lead {
	var rest [14]byte
	binary.BigEndian.PutUint64(rest[:], uint64(n)*0x9E3779B97F4A7C15)
	return &cadence.Lead{
		ID: cadence.NewID(uint16(n%cadence.Slots), rest), ExternalID: fmt.Sprintf("crm-%07d", n), Name: fmt.Sprintf("Lead %07d", n),
		Email: fmt.Sprintf("lead%07d@example.com", n), Numbers: []cadence.LeadNumber{{Number: cadence.Number(fmt.Sprintf("+1303%07d", n))}},
	}
}

// Whoever has a text that begins so is found, once, in order, page by page, as
// if all rows had been looked through; and nobody else.
func TestDirectoryFindsAsALookAtAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-c]{1,3}`)
		leads := map[cadence.ID]*cadence.Lead{}
		var d projection.Directory
		for range rapid.IntRange(0, 40).Draw(t, "saves") {
			n := rapid.IntRange(1, 12).Draw(t, "lead")
			l := numbered(n)
			l.Name = strings.ToUpper(word.Draw(t, "first")) + " " + word.Draw(t, "last") + strings.Repeat("x", rapid.IntRange(0, 12).Draw(t, "long"))
			l.Email = word.Draw(t, "mail") + "@example.com"
			leads[l.ID] = l
			d.Put(l)
		}
		q := rapid.SampledFrom([]string{"a", "ab", "b", "bb", "c", "crm-", "1303", "aaaxxxxxxxxxxx", ""}).Draw(t, "q")
		page := rapid.IntRange(1, 5).Draw(t, "page")
		var got, want []string
		var after projection.Term
		for {
			found := d.Find(q, after, page)
			for i := range found {
				after = found[i]
				if l := leads[found[i].Lead()]; found[i].First(l, q) {
					got = append(got, l.ExternalID)
				}
			}
			if len(found) < page {
				break
			}
		}
		for _, l := range leads {
			if slices.ContainsFunc(projection.Texts(l), func(s string) bool { return strings.HasPrefix(s, q) }) {
				want = append(want, l.ExternalID)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%q found %v, want %v", q, got, want)
		}
	})
}

// Nobody who was forgotten is found, nor brought back by a row that was read
// before; who is saved anew is.
func TestDirectoryForgets(t *testing.T) {
	var d projection.Directory
	one, two := numbered(1), numbered(2)
	d.Put(one, two)
	d.Forget(one.ID)
	d.Fill([]*cadence.Lead{one})
	if got := d.Find("lead 0", projection.Term{}, 10); len(got) != 1 || got[0].Lead() != two.ID {
		t.Errorf("after it was forgotten: %d found", len(got))
	}
	d.Put(one)
	d.Complete()
	if got := d.Find("lead 0", projection.Term{}, 10); len(got) != 2 {
		t.Errorf("saved anew: %d found", len(got))
	}
	d.Forget(one.ID)
	if got := d.Find("crm-0000001", projection.Term{}, 10); len(got) != 0 {
		t.Errorf("forgotten when whole: %d found", len(got))
	}
}

func TestFolded(t *testing.T) {
	for _, c := range [][2]string{{" Ann ", "ann"}, {"+1303", "1303"}, {"ÄRGER", "ärger"}, {"", ""}} {
		if got := projection.Folded(c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

// BenchmarkDirectory searches among a million leads and tells what memory each
// of them takes.
func BenchmarkDirectory(b *testing.B) {
	const leads, chunk = 1_000_000, 20_000
	var d projection.Directory
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for from := 0; from < leads; from += chunk {
		part := make([]*cadence.Lead, chunk)
		for i := range part {
			part[i] = numbered(from + i)
		}
		d.Put(part...)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	n := 0
	for b.Loop() {
		n = (n + 7919) % leads
		q := fmt.Sprintf("lead %05d", n/100)
		if got := d.Find(q, projection.Term{}, 200); len(got) != 100 {
			b.Fatalf("%d found by %q", len(got), q)
		}
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/leads, "B/lead")
}
