package api

import (
	"encoding/hex"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// How many terms of the directory are asked for at once, and how many rows one
// search may read: texts that begin alike for longer than the directory keeps
// are told apart by their rows.
const (
	searchTerms = 256
	searchRows  = 5000
)

// searchable reports whether a request is a search that the directory answers,
// and behind which term it goes on. Before the directory is whole, and on
// pages of a search that began then, the rows are looked through.
func (a *API) searchable(r *request) (behind projection.Term, some bool, err error) {
	if projection.Folded(r.query("q")) == "" || !a.op.Directory().Whole() {
		return behind, false, nil
	}
	cursor := r.query("cursor")
	if cursor == "" {
		return behind, true, nil
	}
	if _, err := cadence.ParseBareID(cursor); err == nil {
		return behind, false, nil // of a search that looks through the rows
	}
	raw, err := hex.DecodeString(cursor)
	if err != nil || len(raw) != len(behind) {
		return behind, false, badCursor()
	}
	copy(behind[:], raw)
	return behind, true, nil
}

// searchLeads lists the leads that something they are known by finds, in the
// order of what was found. Each is listed once.
func (a *API) searchLeads(q string, behind projection.Term, limit int, match func(*state.Lead) bool) (answer, error) {
	out := datedPage[leadRow]{AsOf: a.asOf(), Items: []leadRow{}}
	for read := 0; ; {
		terms := a.op.Directory().Find(q, behind, searchTerms)
		for i := range terms {
			if len(out.Items) == limit || read == searchRows {
				next := hex.EncodeToString(behind[:])
				out.Next = &next
				return ok(out)
			}
			behind, read = terms[i], read+1
			l, err := a.op.Rows().Lead(behind.Lead())
			if err != nil {
				return answer{}, err
			}
			if l == nil || !behind.First(&l.Lead, q) || !match(l) {
				continue
			}
			row, err := a.leadRow(l)
			if err != nil {
				return answer{}, err
			}
			out.Items = append(out.Items, row)
		}
		if len(terms) < searchTerms {
			return ok(out)
		}
	}
}
