package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

// sortWait is how long a request waits for the leads to be read that the first
// sorted page after a start needs.
const sortWait = 5 * time.Second

var leadSorts = map[string]projection.Order{"name": projection.ByName, "created": projection.ByCreated, "called": projection.ByCalled}

// sortedLeads lists leads in an order that memory holds. What finds leads by
// their texts has an order of its own.
func (a *API) sortedLeads(r *request, limit int) (answer, error) {
	for _, other := range []string{"q", "number", "external_id"} {
		if r.query(other) != "" {
			return answer{}, invalid(other, other+" does not go with sort or called: what is found comes in the order of the search")
		}
	}
	q, err := leadQuestion(r)
	if err != nil {
		return answer{}, err
	}
	q.Limit = limit
	return a.sortedPage(q)
}

func (a *API) sortedPage(q *projection.LeadQuestion) (answer, error) {
	ctx, stop := context.WithTimeout(context.Background(), sortWait)
	defer stop()
	keys, next, whole, n, err := a.op.SortedLeads(ctx, q)
	if err != nil {
		return answer{}, err
	}
	if !whole {
		return answer{}, NewFault(dialer.CodeUnavailable, "sort", fmt.Sprintf("the leads are being read for the first sorted list since the start, %d so far; ask again in a moment", n))
	}
	out := datedPage[leadRow]{AsOf: a.asOf(), Items: make([]leadRow, 0, len(keys))}
	for i := range keys {
		l, err := a.op.Rows().Lead(keys[i].ID)
		if err != nil {
			return answer{}, err
		}
		if l == nil {
			continue // removed a moment ago
		}
		out.Items = append(out.Items, leadRow{leadOf(&l.Lead), at(l.CreatedAt), maybe(keys[i].Called)})
	}
	if next != nil {
		s := sortCursor(q.Order, next)
		out.Next = &s
	}
	return ok(out)
}

func leadQuestion(r *request) (*projection.LeadQuestion, error) {
	q := &projection.LeadQuestion{}
	name, back := strings.CutPrefix(r.query("sort"), "-")
	if name == "" {
		name, back = "created", true
	}
	order, known := leadSorts[name]
	if !known {
		return nil, invalid("sort", "sort must be name, created or called, with a minus in front for the other direction")
	}
	q.Order, q.Back = order, back
	switch r.query("called") {
	case "":
	case "never":
		q.Never = true
	case "ever":
		q.Ever = true
	default:
		return nil, invalid("called", "called must be never or ever")
	}
	if s := r.query("list"); s != "" {
		id, err := parseID(cadence.KindList, "list", s)
		if err != nil {
			return nil, err
		}
		q.List = id
	}
	if s := r.query("cursor"); s != "" {
		after, err := sortPlace(order, s)
		if err != nil {
			return nil, err
		}
		q.After = after
	}
	return q, nil
}

// sortCursor writes the place of a lead in an order; sortPlace reads it.
func sortCursor(o projection.Order, k *projection.LeadKey) string {
	at := k.Created
	switch o {
	case projection.ByName:
		return "n." + base64.RawURLEncoding.EncodeToString([]byte(k.Name)) + "." + k.ID.Bare()
	case projection.ByCalled:
		at = k.Called
	case projection.ByCreated:
	}
	return "t." + strconv.FormatInt(at, 10) + "." + k.ID.Bare()
}

func sortPlace(o projection.Order, s string) (*projection.LeadKey, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || (parts[0] == "n") != (o == projection.ByName) {
		return nil, badCursor()
	}
	id, err := cadence.ParseBareID(parts[2])
	if err != nil {
		return nil, badCursor()
	}
	k := &projection.LeadKey{ID: id}
	if o == projection.ByName {
		name, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			return nil, badCursor()
		}
		k.Name = string(name)
		return k, nil
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return nil, badCursor()
	}
	k.Created, k.Called = at, at
	return k, nil
}
