package api

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/dialer/event"
)

type auditItem struct {
	N      uint64 `json:"n"`
	At     string `json:"at"`
	Who    string `json:"who"`
	Name   string `json:"name"`
	From   string `json:"from"`
	What   string `json:"what"`
	Target string `json:"target"`
	Detail string `json:"detail"`
	Before string `json:"before"`
	After  string `json:"after"`
	// Times is how many entries this one stands for, Since when the first of
	// them was made.
	Times int    `json:"times"`
	Since string `json:"since"`
}

func auditOf(n uint64, f *event.Audited) auditItem {
	text := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") } // some is what strangers sent
	return auditItem{
		n, at(f.At), text(f.Who), text(f.Name), text(f.From), text(f.What), text(f.Target), text(f.Detail),
		hex.EncodeToString(f.Before), hex.EncodeToString(f.After), 1, at(f.At),
	}
}

// A draft stores itself while somebody types. What one person stored of one
// cadence, with no longer pause than this and nothing else done with it in
// between, is told as one deed; the log and its export keep every entry.
const (
	savedDeed  = "cadence.edited"
	savedPause = 10 * time.Minute
)

// sittings gathers such entries, read newest first, into one item each.
type sittings map[string]sitting

type sitting struct {
	key  string
	at   int64 // of its earliest entry so far
	item int   // its place in the page
}

func sittingKey(f *event.Audited) string { return f.Who + "\x00" + f.Name + "\x00" + f.From }

// goesOn is the place of the item that an entry belongs to, -1 for none. Any
// other entry about the same target ends its sitting.
func (s sittings) goesOn(f *event.Audited) int {
	if f.Target == "" {
		return -1
	}
	one, open := s[f.Target]
	if !open || f.What != savedDeed || one.key != sittingKey(f) || one.at-f.At > savedPause.Milliseconds() {
		delete(s, f.Target)
		return -1
	}
	s[f.Target] = sitting{one.key, f.At, one.item}
	return one.item
}

func (s sittings) begins(f *event.Audited, item int) {
	if f.What == savedDeed && f.Target != "" {
		s[f.Target] = sitting{sittingKey(f), f.At, item}
	}
}

// auditFilter is which entries are asked for: who is part of an id, name or
// address, what the beginning of a deed's name, target an id.
type auditFilter struct {
	who, what, target string
	from, to          int64
}

func (r *request) auditFilter() (f auditFilter, err error) {
	f = auditFilter{who: strings.ToLower(r.query("who")), what: r.query("what"), target: r.query("target")}
	f.from, f.to, err = r.period()
	return f, err
}

func (f *auditFilter) takes(a *event.Audited) bool {
	return (f.who == "" || strings.Contains(strings.ToLower(a.Who+"\x00"+a.Name+"\x00"+a.From), f.who)) &&
		strings.HasPrefix(a.What, f.what) && (f.target == "" || a.Target == f.target) && a.At >= f.from && (f.to == 0 || a.At < f.to)
}

// listAudit lists who did what, newest first, an editing session as one deed.
func (a *API) listAudit(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	filter, err := r.auditFilter()
	if err != nil {
		return answer{}, err
	}
	before := uint64(0)
	if s := r.query("cursor"); s != "" {
		if before, err = strconv.ParseUint(s, 10, 64); err != nil || before == 0 {
			return answer{}, badCursor()
		}
	}
	out := page[auditItem]{Items: []auditItem{}}
	looked, last, open := 0, uint64(0), sittings{}
	err = a.op.Rows().AuditsBelow(before, func(n uint64, f *event.Audited) bool {
		item := open.goesOn(f)
		if item < 0 && len(out.Items) == limit || looked == maxScan {
			next := strconv.FormatUint(last, 10)
			out.Next = &next
			return false
		}
		looked, last = looked+1, n
		switch {
		case !filter.takes(f):
		case item >= 0:
			i := &out.Items[item]
			i.Times, i.Since, i.Before = i.Times+1, at(f.At), hex.EncodeToString(f.Before)
		default:
			open.begins(f, len(out.Items))
			out.Items = append(out.Items, auditOf(n, f))
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

// maxExport bounds an export; a longer time is cut into several by from and to.
const maxExport = 50_000

// exportAudit is the same as CSV, for a spreadsheet.
func (a *API) exportAudit(r *request) (answer, error) {
	filter, err := r.auditFilter()
	if err != nil {
		return answer{}, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"n", "at", "who", "name", "from", "what", "target", "detail", "before", "after"}}
	full := false
	err = a.op.Rows().AuditsBelow(0, func(n uint64, f *event.Audited) bool {
		if !filter.takes(f) {
			return true
		}
		if full = len(rows) > maxExport; full {
			return false
		}
		i := auditOf(n, f)
		row := []string{strconv.FormatUint(i.N, 10), i.At, i.Who, i.Name, i.From, i.What, i.Target, i.Detail, i.Before, i.After}
		for c := range row {
			row[c] = inert(row[c])
		}
		rows = append(rows, row)
		return true
	})
	if err != nil {
		return answer{}, err
	}
	if full {
		return answer{}, invalid("from", "these are more than 50000 entries; narrow them with from and to, and export each part")
	}
	if err := w.WriteAll(rows); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: b.Bytes(), contentType: "text/csv; charset=utf-8", disposition: `attachment; filename="audit.csv"`}, nil
}

// inert is a cell that no spreadsheet takes for a formula (OWASP, CSV
// injection).
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
