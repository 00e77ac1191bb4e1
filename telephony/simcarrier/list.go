package simcarrier

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// page is the part of a list that was asked for.
type page struct {
	path, name string
	query      url.Values
	number     int
	size       int
	token      string
}

const (
	defaultPage = 50
	maxPage     = 1000
)

func readPage(path string, form url.Values, name string) page {
	p := page{path: path, name: name, query: form, size: defaultPage, token: form.Get("PageToken")}
	if n, err := strconv.Atoi(form.Get("PageSize")); err == nil {
		p.size = min(max(n, 1), maxPage)
	}
	if n, err := strconv.Atoi(form.Get("Page")); err == nil {
		p.number = max(n, 0)
	}
	return p
}

// cut is the span of this page in a list of n. after is where a page token
// points, 0 without one.
func (p *page) cut(n, after int) (from, to int) {
	from = min(p.number*p.size, n)
	if p.token != "" {
		from = after
	}
	return from, min(from+p.size, n)
}

// envelope wraps a page as the API does. The token of the next page names the
// last item shown, so that new ones in front move nothing.
func (p *page) envelope(items []any, from int, more bool, last string) map[string]any {
	if items == nil {
		items = []any{}
	}
	e := map[string]any{
		p.name: items, "page": p.number, "page_size": p.size, "start": from, "end": max(from, from+len(items)-1),
		"uri": p.uri(p.number, p.token), "first_page_uri": p.uri(0, ""), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if more {
		token := ""
		if last != "" {
			token = "PA" + last
		}
		e["next_page_uri"] = p.uri(p.number+1, token)
	}
	if p.number > 0 {
		e["previous_page_uri"] = p.uri(p.number-1, "")
	}
	return e
}

func (p *page) uri(number int, token string) string {
	q := maps.Clone(p.query)
	q.Del("PageToken")
	q.Set("PageSize", itoa(p.size))
	q.Set("Page", itoa(number))
	if token != "" {
		q.Set("PageToken", token)
	}
	return p.path + "?" + q.Encode()
}

// list shows calls, the newest first.
func (c *Carrier) list(r *http.Request, form url.Values) reply {
	match, bad := readFilter(form)
	if bad != nil {
		return refuseAs(bad)
	}
	p := readPage(r.URL.Path, form, "calls")
	return c.look(func() (any, *refusal) {
		after, now := strings.TrimPrefix(p.token, "PA"), c.o.Clock.Now()
		skipped, past := 0, p.token == ""
		var shown []any
		var last string
		more := false
		pool := c.pool(form)
		for i := len(pool) - 1; i >= 0 && !more; i-- {
			k := pool[i]
			if k.visible.After(now) || !match(k) {
				continue
			}
			switch {
			case !past:
				past = k.sid == after
				skipped++
			case p.token == "" && skipped < p.number*p.size:
				skipped++
			case len(shown) == p.size:
				more = true
			default:
				shown, last = append(shown, c.render(k)), k.sid
			}
		}
		if !past {
			return nil, refuse(20404, "PageToken names no call of this list")
		}
		return p.envelope(shown, skipped, more, last), nil
	})
}

// pool is the smallest list, oldest first, that holds all calls asked for.
func (c *Carrier) pool(form url.Values) []*call {
	if parent, ok := c.calls[form.Get("ParentCallSid")]; ok {
		return parent.children
	}
	if to := form.Get("To"); to != "" {
		return c.byTo[to]
	}
	return c.order
}

// readFilter reads the parameters that select calls.
func readFilter(form url.Values) (func(*call) bool, *refusal) {
	started, bad := readDays(form, "StartTime")
	if bad != nil {
		return nil, bad
	}
	ended, bad := readDays(form, "EndTime")
	if bad != nil {
		return nil, bad
	}
	to, from, status, parent := form.Get("To"), form.Get("From"), form.Get("Status"), form.Get("ParentCallSid")
	return func(k *call) bool {
		shown := k.status
		if shown == initiated {
			shown = queued
		}
		return (to == "" || k.to == to) && (from == "" || k.from == from) && (status == "" || string(shown) == status) &&
			(parent == "" || k.parent != nil && k.parent.sid == parent) && started(k.started) && ended(k.ended)
	}, nil
}

// readDays reads a filter by date. It looks at whole days in UTC, whatever
// time of day is given, and a call without that date passes none.
func readDays(form url.Values, name string) (func(time.Time) bool, *refusal) {
	var tests []func(day time.Time) bool
	for suffix, holds := range map[string]func(day, want time.Time) bool{
		"":  time.Time.Equal,
		"<": func(day, want time.Time) bool { return !day.After(want) },
		">": func(day, want time.Time) bool { return !day.Before(want) },
	} {
		raw := form.Get(name + suffix)
		if raw == "" {
			continue
		}
		want, err := time.Parse(time.DateOnly, raw[:min(len(raw), len(time.DateOnly))])
		if err != nil {
			return nil, refuse(20422, name+suffix+" is not a date: "+raw)
		}
		tests = append(tests, func(day time.Time) bool { return holds(day, want) })
	}
	return func(at time.Time) bool {
		for _, test := range tests {
			if at.IsZero() || !test(at.UTC().Truncate(24*time.Hour)) {
				return false
			}
		}
		return true
	}, nil
}
