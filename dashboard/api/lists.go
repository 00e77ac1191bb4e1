package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// listItem is a list with its settings and figures.
type listItem struct {
	ID            string        `json:"id"`
	Name          string        `json:"name"`
	Source        string        `json:"source"`
	LeadType      string        `json:"lead_type"`
	Leads         int64         `json:"leads"`
	Import        string        `json:"import"`
	State         string        `json:"import_state"`
	CreatedAt     string        `json:"created_at"`
	Paused        bool          `json:"paused"`
	Priority      int           `json:"priority"`
	Release       int64         `json:"release_per_day"`
	ReleasedToday int64         `json:"released_today"`
	Attempted     int64         `json:"attempted"`
	Contacted     int64         `json:"contacted"`
	Converted     int64         `json:"converted"`
	Exhausted     int64         `json:"exhausted"`
	Blocked       int64         `json:"blocked"`
	BlockedBy     []listBlocked `json:"blocked_by"`
	Callable      *int64        `json:"callable_today"`
}

type listBlocked struct {
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Leads   int64  `json:"leads"`
}

type listDetail struct {
	listItem
	AsOf    string `json:"as_of"`
	DayEnds string `json:"day_ends"`
}

type listPage struct {
	datedPage[listItem]
	DayEnds string `json:"day_ends"`
}

type listed struct {
	id  cadence.ID
	row *state.List
}

const partLists = "l"

// listLists lists lists, newest first.
func (a *API) listLists(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	after, skipping, err := r.place()
	if err == nil && skipping && after.part != partLists {
		err = badCursor()
	}
	if err != nil {
		return answer{}, err
	}
	var all []listed
	if err := a.op.Rows().Lists(func(id cadence.ID, l *state.List) bool { all = append(all, listed{id, l}); return true }); err != nil {
		return answer{}, err
	}
	slices.SortFunc(all, func(x, y listed) int {
		return cmp.Or(cmp.Compare(y.row.At, x.row.At), slices.Compare(y.id[:], x.id[:]))
	})
	var next *string
	var shown []listed
	for i, l := range all {
		if skipping {
			skipping = l.row.At > after.at || l.row.At == after.at && slices.Compare(l.id[:], after.id[:]) >= 0
		}
		if skipping {
			continue
		}
		if len(shown) == limit {
			s := place{partLists, all[i-1].row.At, all[i-1].id}.text()
			next = &s
			break
		}
		shown = append(shown, l)
	}
	items, ends, err := a.listsShown(shown)
	if err != nil {
		return answer{}, err
	}
	return ok(listPage{datedPage[listItem]{AsOf: a.asOf(), Items: items, Next: next}, ends})
}

// listsShown tells lists as they are, and when the day ends that their figures
// of today are about.
func (a *API) listsShown(all []listed) (items []listItem, ends string, err error) {
	ids := make([]cadence.ID, len(all))
	for i := range all {
		ids[i] = all[i].id
	}
	days, last, err := a.op.ListDays(ids)
	if err != nil {
		return nil, "", err
	}
	madeBy := map[cadence.ID]*state.Import{}
	if err := a.op.Rows().Imports(func(i *state.Import) bool { madeBy[i.Job.List] = i; return true }); err != nil {
		return nil, "", err
	}
	set, err := a.op.Packs()
	if err != nil {
		return nil, "", err
	}
	items = []listItem{}
	for _, l := range all {
		it := listItem{
			ID: l.id.Text(cadence.KindList), Name: l.row.Name, Source: l.row.Source, LeadType: l.row.LeadType, Leads: l.row.Leads, CreatedAt: at(l.row.At),
			Paused: l.row.Paused, Priority: l.row.Priority, Release: l.row.Release, ReleasedToday: days[l.id].Released,
			Attempted: l.row.Attempted, Contacted: l.row.Contacted, Converted: l.row.Converted, Exhausted: l.row.Exhausted, BlockedBy: []listBlocked{},
		}
		if imp := madeBy[l.id]; imp != nil {
			it.Import, it.State = imp.Job.ID.Text(cadence.KindImport), imp.State
		}
		if n := days[l.id].Callable; n >= 0 {
			it.Callable = &n
		}
		for _, b := range l.row.Blocked {
			it.Blocked += b.N
			it.BlockedBy = append(it.BlockedBy, listBlocked{b.Rule, ruleTitle(set, b.Rule), b.N})
		}
		slices.SortFunc(it.BlockedBy, func(x, y listBlocked) int { return cmp.Or(cmp.Compare(y.Leads, x.Leads), cmp.Compare(x.Rule, y.Rule)) })
		items = append(items, it)
	}
	return items, Instant(last), nil
}

// ruleTitle is what a rule says, by the packs in force; the rule's name for one
// that is not among them any more.
func ruleTitle(set *pack.Set, rule string) string {
	if info, ok := dialer.RuleInfo(set, rule); ok {
		return info.Title
	}
	if rule == state.RuleCondition {
		return "A condition of the cadence could not be judged"
	}
	return rule
}

func (a *API) listDetail(id cadence.ID) (*listDetail, error) {
	row, err := a.op.Rows().List(id)
	if err == nil && row == nil {
		err = notFound("list")
	}
	if err != nil {
		return nil, err
	}
	items, ends, err := a.listsShown([]listed{{id, row}})
	if err != nil {
		return nil, err
	}
	return &listDetail{items[0], a.asOf(), ends}, nil
}

func (a *API) getList(r *request) (answer, error) {
	id, err := r.id(cadence.KindList)
	if err != nil {
		return answer{}, err
	}
	d, err := a.listDetail(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

// listPatch are the changes to a list's settings; what is left out stays.
type listPatch struct {
	Paused   *bool  `json:"paused"`
	Priority *int   `json:"priority"`
	Release  *int64 `json:"release_per_day"`
}

func (a *API) patchList(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindList)
	if err != nil {
		return answer{}, err
	}
	var in listPatch
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.SetList{List: id, Paused: in.Paused, Priority: in.Priority, Release: in.Release}); err != nil {
		return answer{}, err
	}
	d, err := a.listDetail(id)
	if err != nil {
		return answer{}, err
	}
	r.note(in.words())
	return answer{status: http.StatusOK, body: d}, nil
}

// words is what the audit log tells of a change.
func (in *listPatch) words() string {
	var said []string
	if in.Paused != nil {
		said = append(said, "paused: "+strconv.FormatBool(*in.Paused))
	}
	if in.Priority != nil {
		said = append(said, "priority: "+strconv.Itoa(*in.Priority))
	}
	if in.Release != nil {
		said = append(said, "release_per_day: "+strconv.FormatInt(*in.Release, 10))
	}
	return strings.Join(said, ", ")
}

type rejectItem struct {
	Line    int64  `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// listImportErrors lists the rejected rows of a file of leads.
func (a *API) listImportErrors(r *request) (answer, error) { return a.rejects(r, false) }

// listScrubErrors lists the lines of a do-not-call list that are no numbers.
func (a *API) listScrubErrors(r *request) (answer, error) { return a.rejects(r, true) }

// rejects lists what was rejected of a file, in its order. Whoever may see the
// one kind of file need not see the other.
func (a *API) rejects(r *request, scrub bool) (answer, error) {
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
	row, err := a.importRow(id)
	if err == nil && (row.Job.Scrub != 0) != scrub {
		err = notFound("import")
	}
	if err != nil {
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
