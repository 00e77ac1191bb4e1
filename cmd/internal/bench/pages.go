package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/carillon-dialer/carillon/dialer/projection"
)

const (
	// pageLists is over how many lists the leads of W10 are spread, and pageRows
	// how many rows the page of the dashboard asks for at once.
	pageLists = 20
	pageRows  = 200
	// pageAsks is how often each kind of page is asked for, one after the other.
	pageAsks = 200
)

// pages measures W10: what the screens of lists and leads ask for, over HTTP and
// one after the other, among leads that all wait for a call of today. Each kind
// has its own 95th percentile; the slowest one counts.
func (s *session) pages(ctx context.Context, m *Measure) (err error) {
	known := s.o.Sizes.Known
	dir, err := s.stocked(ctx, "pages", stock{leads: known, start: firstDue(), every: 4 * time.Millisecond, lists: pageLists, mail: true})
	if err != nil {
		return err
	}
	r, err := s.open(ctx, setting{dir: dir, ahead: later()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	if err := r.activate(ctx); err != nil {
		return err
	}
	a := &asker{ctx: ctx, base: r.app.URL()}
	if _, err := a.get("/v1/leads?q=nobody"); err != nil { // the first search makes the directory
		return err
	}
	err = waitFor(ctx, "the whole directory of leads", func() (bool, error) { return r.app.Engine().Directory().Whole(), nil })
	if err != nil {
		return err
	}
	err = waitFor(ctx, "the orders of leads", func() (bool, error) { // the first sorted page makes the orders
		_, _, whole, _, err := r.app.Engine().SortedLeads(ctx, &projection.LeadQuestion{Limit: 1})
		return whole, err
	})
	if err != nil {
		return err
	}
	kinds, err := kindsOfPages(a)
	if err != nil {
		return err
	}
	t, err := m.begin(ctx, nil)
	if err != nil {
		return err
	}
	asks := 0
	for _, k := range kinds {
		var took []time.Duration
		for i := range pageAsks {
			one, err := a.ask(k.path(i * 7919 % known))
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			took = append(took, one)
		}
		p95 := float64(quantile(took, 0.95)) / float64(time.Millisecond)
		m.extra(k.name+" p95 ms", p95)
		m.Value, asks = max(m.Value, p95), asks+len(took)
	}
	return t.end(ctx, m, asks)
}

// kind is one kind of page: the address of its nth.
type kind struct {
	name string
	path func(n int) string
}

func kindsOfPages(a *asker) ([]kind, error) {
	var lists struct {
		Items []struct{ ID string }
	}
	if err := a.read("/v1/lists", &lists); err != nil || len(lists.Items) != pageLists {
		return nil, errors.Join(err, fmt.Errorf("%d lists of %d", len(lists.Items), pageLists))
	}
	n := newNumbers()
	search := func(text string) string {
		return fmt.Sprintf("/v1/leads?limit=%d&q=%s", pageRows, url.QueryEscape(text))
	}
	cursor := ""
	next := func(int) string { return fmt.Sprintf("/v1/leads?limit=%d&cursor=%s", pageRows, cursor) }
	a.seen = func(body []byte) error {
		var p struct{ Next *string }
		err := json.Unmarshal(body, &p)
		if cursor = ""; p.Next != nil {
			cursor = *p.Next
		}
		return err
	}
	return []kind{
		{"lists", func(int) string { return "/v1/lists?limit=100" }},
		{"leads", func(int) string { return fmt.Sprintf("/v1/leads?limit=%d", pageRows) }},
		{"next leads", next},
		{"leads of a list", func(i int) string {
			return fmt.Sprintf("/v1/leads?limit=%d&list=%s", pageRows, lists.Items[i%pageLists].ID)
		}},
		{"sorted by name", func(int) string { return fmt.Sprintf("/v1/leads?limit=%d&sort=name", pageRows) }},
		{"next sorted by name", func(int) string { return fmt.Sprintf("/v1/leads?limit=%d&sort=name&cursor=%s", pageRows, cursor) }},
		{"newest of a list", func(i int) string {
			return fmt.Sprintf("/v1/leads?limit=%d&sort=-created&list=%s", pageRows, lists.Items[i%pageLists].ID)
		}},
		{"nobody who was called", func(int) string { return fmt.Sprintf("/v1/leads?limit=%d&sort=called&called=ever", pageRows) }},
		{"by name", func(i int) string { return search(lead(i, n).Name) }},
		{"by the begin of a name", func(i int) string { return search(lead(i, n).Name[:len("Lead 00000")]) }},
		{"by number", func(i int) string { return search(n.at(i)) }},
		{"by the begin of a number", func(i int) string { return search(n.at(i)[:6]) }},
		{"by e-mail", func(i int) string { return search(mail(i)) }},
		{"by id", func(i int) string { return search(lead(i, n).ExternalID) }},
		{"by nobody's name", func(i int) string { return search(fmt.Sprintf("Nobody %d", i)) }},
	}, nil
}

// asker asks over one connection.
type asker struct {
	ctx  context.Context
	base string
	seen func(body []byte) error
}

// ask reads a whole page and tells how long that took.
func (a *asker) ask(path string) (time.Duration, error) {
	began := time.Now()
	body, err := a.get(path)
	took := time.Since(began)
	if err == nil && a.seen != nil {
		err = a.seen(body)
	}
	return took, err
}

func (a *asker) read(path string, to any) error {
	body, err := a.get(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, to)
}

func (a *asker) get(path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(a.ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, answer.Status, body)
	}
	return body, err
}
