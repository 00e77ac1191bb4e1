// Package listener is many open pages: each reads the live board over a
// connection of its own, as a browser does, and notes how old every snapshot
// is when it arrives.
package listener

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// Job is what to listen to.
type Job struct {
	Server string        // base URL of the main listener
	Pages  int           // how many at once
	For    time.Duration // how long, once all are there
	Ahead  time.Duration // of the engine's clock before this machine's
}

// Report is what came of it.
type Report struct {
	Frames   int             `json:"frames"`   // snapshots that arrived while it was measured
	Failures int             `json:"failures"` // pages that were refused, or whose stream ended
	Skipped  int             `json:"skipped"`  // snapshots that a page was too slow for
	CPU      time.Duration   `json:"cpu"`
	Took     []time.Duration `json:"took"` // how old each was, in no order
}

// together is how many pages open at once.
const together = 64

// Crowd are pages that have all read their first snapshot, or failed to.
type Crowd struct {
	j     Job
	pages []*page
}

type page struct {
	conn net.Conn
	in   *bufio.Reader
	last int64 // the id of the newest snapshot
	err  error
}

// Open lets every page come.
func Open(ctx context.Context, j Job) *Crowd {
	c := &Crowd{j: j, pages: make([]*page, j.Pages)}
	var all sync.WaitGroup
	turn := make(chan struct{}, together)
	for i := range c.pages {
		c.pages[i] = &page{}
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			c.pages[i].err = c.pages[i].open(ctx, j.Server)
		})
	}
	all.Wait()
	return c
}

// Errs are what the pages failed at so far.
func (c *Crowd) Errs() error {
	var errs []error
	for i, p := range c.pages {
		if p.err != nil {
			errs = append(errs, fmt.Errorf("page %d: %w", i, p.err))
		}
	}
	return errors.Join(errs...)
}

// Close ends every page.
func (c *Crowd) Close() {
	for _, p := range c.pages {
		if p.conn != nil {
			_ = p.conn.Close() // it may be closed already
		}
	}
}

// Listen reads on every page for as long as the job says.
func (c *Crowd) Listen() (r Report, err error) {
	before, err := usage.CPU()
	if err != nil {
		return r, err
	}
	begin := time.Now()
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, p := range c.pages {
		all.Go(func() {
			took, skipped := p.listen(begin, begin.Add(c.j.For), c.j.Ahead)
			mu.Lock()
			defer mu.Unlock()
			r.Took, r.Skipped = append(r.Took, took...), r.Skipped+skipped
			if p.err != nil {
				r.Failures++
			}
		})
	}
	all.Wait()
	after, err := usage.CPU()
	r.Frames, r.CPU = len(r.Took), after-before
	return r, err
}

func (p *page) open(ctx context.Context, server string) error {
	u, err := url.Parse(server)
	if err != nil {
		return err
	}
	var d net.Dialer
	if p.conn, err = d.DialContext(ctx, "tcp", u.Host); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/v1/live", nil)
	if err != nil {
		return err
	}
	if err := req.Write(p.conn); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(p.conn, 2<<10), req) //nolint:bodyclose // it ends with the connection
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return fmt.Errorf("answered %s: %s", answer.Status, said)
	}
	p.in = bufio.NewReaderSize(answer.Body, 2<<10)
	f, err := p.next()
	p.last = f.id
	return err
}

// listen reads until the end. What was taken before the begin has waited for
// us, and does not count.
func (p *page) listen(begin, end time.Time, ahead time.Duration) (took []time.Duration, skipped int) {
	if p.err != nil {
		return nil, 0
	}
	if p.err = p.conn.SetReadDeadline(end); p.err != nil {
		return nil, 0
	}
	for {
		f, err := p.next()
		if err != nil {
			if late := net.Error(nil); !errors.As(err, &late) || !late.Timeout() {
				p.err = err
			}
			return took, skipped
		}
		if taken := f.at.Add(-ahead); taken.After(begin) {
			took = append(took, time.Since(taken))
			skipped += int(f.id - p.last - 1)
		}
		p.last = f.id
	}
}

// frame is a snapshot: its id, and when it was taken by the engine's clock.
type frame struct {
	id int64
	at time.Time
}

// next reads up to the next snapshot; keep-alives are passed over.
func (p *page) next() (f frame, err error) {
	for {
		line, err := p.in.ReadSlice('\n')
		if err != nil {
			return f, err
		}
		field, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		switch value = bytes.TrimSpace(value); string(field) {
		case "id":
			if _, err := fmt.Sscan(string(value), &f.id); err != nil {
				return f, fmt.Errorf("id %q: %w", value, err)
			}
		case "data":
			var board struct {
				AsOf time.Time `json:"as_of"`
			}
			if err := json.Unmarshal(value, &board); err != nil {
				return f, fmt.Errorf("snapshot %q: %w", value, err)
			}
			f.at = board.AsOf
			return f, nil
		}
	}
}
