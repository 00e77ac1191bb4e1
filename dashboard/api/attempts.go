package api

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// The parts of a list of attempts: the open ones come first.
const (
	partOpen   = "o"
	partClosed = "c"
)

// attemptPage gathers one page.
type attemptPage struct {
	limit int
	f     attemptFilter
	ids   []cadence.ID
	rows  []*state.Attempt
	next  *string
}

func (p *attemptPage) full() bool { return len(p.ids) >= p.limit }

func (p *attemptPage) stop(part string, at int64, id cadence.ID) {
	s := place{part, at, id}.text()
	p.next = &s
}

// listAttempts lists open attempts first, then closed ones, each newest first.
func (a *API) listAttempts(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	f, err := a.attemptFilter(r)
	if err != nil {
		return answer{}, err
	}
	from, set, err := r.place()
	if err != nil {
		return answer{}, err
	}
	if set && from.part != partOpen && from.part != partClosed {
		return answer{}, badCursor()
	}
	if r.nobodys(cadence.KindLead, "lead") {
		return ok(datedPage[attemptItem]{AsOf: a.asOf(), Items: []attemptItem{}})
	}
	rows := a.op.Rows()
	p := attemptPage{limit: limit, f: f}
	if !set || from.part == partOpen {
		if err := p.open(rows, from, set); err != nil {
			return answer{}, err
		}
		from, set = place{}, false
	}
	if p.next == nil {
		if err := p.closed(rows, from, set); err != nil {
			return answer{}, err
		}
	}
	out := datedPage[attemptItem]{AsOf: a.asOf(), Items: []attemptItem{}, Next: p.next}
	n := newNames(rows)
	for i, row := range p.rows {
		it, err := attemptOf(n, p.ids[i], row)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

func (p *attemptPage) open(rows state.Rows, from place, set bool) error {
	var all []*state.Open
	if err := rows.Opens(func(o *state.Open) bool {
		if o.I.Rehearsal.IsZero() {
			all = append(all, o)
		}
		return true
	}); err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y *state.Open) int {
		return cmp.Or(cmp.Compare(y.I.At, x.I.At), slices.Compare(y.I.Attempt[:], x.I.Attempt[:]))
	})
	var last *state.Open
	for _, o := range all {
		behind := o.I.At < from.at || o.I.At == from.at && slices.Compare(o.I.Attempt[:], from.id[:]) < 0
		row := openAsClosed(o)
		if set && !behind || !p.f.matches(row) {
			continue
		}
		if p.full() {
			p.stop(partOpen, last.I.At, last.I.Attempt)
			return nil
		}
		p.ids, p.rows, last = append(p.ids, o.I.Attempt), append(p.rows, row), o
	}
	return nil
}

func (p *attemptPage) closed(rows state.Rows, from place, set bool) error {
	scanned := 0
	var lastAt int64
	var lastID cadence.ID
	visit := func(id cadence.ID, a *state.Attempt) bool {
		if p.full() || scanned == maxScan {
			if scanned == 0 { // the page was filled by open ones: begin here
				p.stop(partClosed, a.At+1, cadence.ID{})
			} else {
				p.stop(partClosed, lastAt, lastID)
			}
			return false
		}
		scanned, lastAt, lastID = scanned+1, a.At, id
		if p.f.matches(a) {
			p.ids, p.rows = append(p.ids, id), append(p.rows, a)
		}
		return true
	}
	if !p.f.lead.IsZero() {
		return rows.AttemptsOfLead(p.f.lead, from.at, from.id, visit) // from the newest on when it is not set
	}
	to := p.f.to
	if to == 0 {
		to = 1 << 53
	}
	if set {
		return rows.AttemptsBetween(p.f.from, from.at, from.id, visit)
	}
	return rows.AttemptsBetween(p.f.from, to, cadence.ID{}, visit)
}
