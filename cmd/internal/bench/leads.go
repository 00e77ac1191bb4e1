package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/carillon-dialer/carillon/cmd/internal/sample"
)

// The fictional numbers 555-0100 to 555-0199 are some 33,000, too few to
// measure with. Numbers whose exchange is a service code (N11) can belong to
// nobody either: the numbering plan never assigns them to subscribers. They
// are dialed only at the accepting carrier.
var exchanges = []int{211, 311, 411, 511, 611, 711, 811}

const linesPerExchange = 10_000

// numbers makes the numbers of leads, all different, mixed over the zones.
type numbers struct{ codes []int }

func newNumbers() numbers { return numbers{sample.AreaCodes()} }

// most is how many there are.
func (n numbers) most() int { return len(n.codes) * len(exchanges) * linesPerExchange }

// at is number i, in E.164 form.
func (n numbers) at(i int) string {
	code, rest := n.codes[i%len(n.codes)], i/len(n.codes)
	return fmt.Sprintf("+1%03d%03d%04d", code, exchanges[rest/linesPerExchange], rest%linesPerExchange)
}

// writeLeads writes a CSV file of leads as a CRM exports it.
func writeLeads(w io.Writer, from, to int) error {
	n := newNumbers()
	if to > n.most() {
		return fmt.Errorf("%d leads are more than there are numbers that nobody can have (%d)", to, n.most())
	}
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintln(out, "external_id,name,first_name,last_name,phone,consent_kind,consent_at,consent_seller")
	for i := from; i < to; i++ {
		fmt.Fprintf(out, "bench-%08d,Lead %08d,Lead,%08d,%s,express_written,2026-01-05,%s\n", i+1, i+1, i+1, n.at(i), sample.Seller)
	}
	return out.Flush()
}

// leadFile writes such a file and opens it for reading.
func (s *session) leadFile(name string, from, to int) (*os.File, error) {
	f, err := os.Create(filepath.Join(s.dir, name))
	if err != nil {
		return nil, err
	}
	if err := writeLeads(f, from, to); err != nil {
		f.Close()
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}
