package api

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type listItem struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Source    string `json:"source"`
	LeadType  string `json:"lead_type"`
	Leads     int64  `json:"leads"`
	Import    string `json:"import"`
	CreatedAt string `json:"created_at"`
}

type listed struct {
	id  cadence.ID
	row *state.List
}

// listLists lists lists, newest first.
func (a *API) listLists(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	after, skipping, err := r.place()
	if err != nil {
		return answer{}, err
	}
	rows := a.op.Rows()
	var all []listed
	if err := rows.Lists(func(id cadence.ID, l *state.List) bool { all = append(all, listed{id, l}); return true }); err != nil {
		return answer{}, err
	}
	madeBy := map[cadence.ID]cadence.ID{}
	if err := rows.Imports(func(i *state.Import) bool { madeBy[i.Job.List] = i.Job.ID; return true }); err != nil {
		return answer{}, err
	}
	slices.SortFunc(all, func(x, y listed) int {
		return cmp.Or(cmp.Compare(y.row.At, x.row.At), slices.Compare(y.id[:], x.id[:]))
	})
	out := page[listItem]{Items: []listItem{}}
	for i, l := range all {
		if skipping {
			skipping = l.row.At > after.at || l.row.At == after.at && slices.Compare(l.id[:], after.id[:]) >= 0
		}
		if skipping {
			continue
		}
		if len(out.Items) == limit {
			next := place{"l", all[i-1].row.At, all[i-1].id}.text()
			out.Next = &next
			break
		}
		out.Items = append(out.Items, listItem{
			ID: l.id.Text(cadence.KindList), Name: l.row.Name, Source: l.row.Source, LeadType: l.row.LeadType, Leads: l.row.Leads,
			Import: madeBy[l.id].Text(cadence.KindImport), CreatedAt: at(l.row.At),
		})
	}
	return ok(out)
}

type rejectItem struct {
	Line    int64  `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// listImportErrors lists the rejected rows in the order of the file.
func (a *API) listImportErrors(r *request) (answer, error) {
	id, err := r.id(cadence.KindImport)
	if err != nil {
		return answer{}, err
	}
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	after := int64(0)
	if s := r.query("cursor"); s != "" {
		if after, err = strconv.ParseInt(s, 10, 64); err != nil || after < 0 {
			return answer{}, badCursor()
		}
	}
	if _, err := a.importRow(id); err != nil {
		return answer{}, err
	}
	out := page[rejectItem]{Items: []rejectItem{}}
	err = a.op.Rows().Rejects(id, after, func(x *state.Reject) bool {
		if len(out.Items) == limit {
			next := strconv.FormatInt(out.Items[limit-1].Line, 10)
			out.Next = &next
			return false
		}
		out.Items = append(out.Items, rejectItem{x.Line, x.Column, x.Code, x.Message})
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}
