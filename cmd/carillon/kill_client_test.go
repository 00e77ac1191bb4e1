//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// client is the world's only user of the API. It repeats a request under the
// same Idempotency-Key until it is answered, and remembers what it was told.
type client struct {
	w       *world
	http    *http.Client
	random  *rand.Rand
	ended   chan struct{}
	stop    context.CancelFunc
	cadence string
	keys    int

	mu       sync.Mutex
	favoured string // the kind of work that leads to the point of this cycle
	acks     acks
}

// acks is what the server has acknowledged, by the number of the lead.
type acks struct {
	leads    int               // leads 0 … leads-1 were taken in and enrolled
	dnc      map[int]time.Time // when the mark was acknowledged (virtual)
	removed  map[int]time.Time // taken out of the cadence
	disposed map[string]string // attempt → note
	imports  map[string]int    // import → rows
}

const killRows = 25 // leads in one file

func newClient(w *world) *client {
	ctx, stop := context.WithCancel(context.Background())
	c := &client{
		w: w, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 15 * time.Second},
		random: rand.New(rand.NewPCG(w.seed, 3)), ended: make(chan struct{}), stop: stop,
		acks: acks{dnc: map[int]time.Time{}, removed: map[int]time.Time{}, disposed: map[string]string{}, imports: map[string]int{}},
	}
	w.Cleanup(c.close)
	go func() {
		defer close(c.ended)
		c.run(ctx)
	}()
	return c
}

// close ends the client once what it is doing has been acknowledged.
func (c *client) close() {
	c.stop()
	<-c.ended
	c.http.CloseIdleConnections()
}

// favour makes the work that leads to a point come often.
func (c *client) favour(p crash.Name) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.favoured, _, _ = strings.Cut(p.String(), ".")
}

func (c *client) favourite() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.favoured
}

// run works until ctx ends. What was begun then is ended: only the process
// that is killed leaves things half done.
func (c *client) run(ctx context.Context) {
	c.publish()
	for n := 0; ctx.Err() == nil; n++ {
		switch favourite := c.favourite(); {
		case n%5 == 0 || favourite == "import":
			c.takeIn(n%10 != 0)
		case favourite == "dnc" || favourite == "dnc_log" || favourite == "effect":
			c.markRinging()
		case favourite == "disposition":
			c.dispose()
		case n%5 == 1:
			c.markRinging()
		case n%5 == 2:
			c.dispose()
		case n%20 == 3:
			c.remove()
		}
		pause(ctx, time.Duration(10+c.random.IntN(20))*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// publish makes the cadence.
func (c *client) publish() {
	var made struct {
		Items []struct {
			Cadence struct {
				ID string `json:"id"`
			} `json:"cadence"`
		} `json:"items"`
	}
	c.sure("POST", "/v1/cadences/import", "application/json", killCadence, &made)
	if len(made.Items) != 1 {
		c.w.Errorf("%d cadences made", len(made.Items))
		return
	}
	c.cadence = made.Items[0].Cadence.ID
	c.sure("POST", "/v1/cadences/"+c.cadence+"/publish", "", "", nil)
	c.sure("POST", "/v1/cadences/"+c.cadence+"/activate", "", "", nil)
}

// killReady is how many leads may wait before the client brings no more.
const killReady = 300

// takeIn sends a file of leads, and enrolls them with it or afterwards.
func (c *client) takeIn(enroll bool) {
	var now picture
	if c.sure("GET", "/v1/overview", "", "", &now); now.Ready > killReady {
		return
	}
	from := c.acks.leads
	var csv strings.Builder
	var ext []string
	csv.WriteString("external_id,name,phone,consent_kind,consent_at,consent_seller\n")
	for i := from; i < from+killRows; i++ {
		ext = append(ext, fmt.Sprintf("K%05d", i))
		fmt.Fprintf(&csv, "K%05d,Lead %05d,%s,express_written,2026-01-05,Sample Seller\n", i, i, killNumber(i))
	}
	path := "/v1/leads/import?region=US"
	if enroll {
		path += "&cadence=" + c.cadence
	}
	var job struct {
		Import struct {
			ID    string `json:"id"`
			State string `json:"state"`
		} `json:"import"`
	}
	c.sure("POST", path, "text/csv", csv.String(), &job)
	c.acks.imports[job.Import.ID] = killRows
	if !enroll {
		for job.Import.State == "running" {
			pause(context.Background(), 20*time.Millisecond)
			c.sure("GET", "/v1/imports/"+job.Import.ID, "", "", &job)
		}
		raw, err := json.Marshal(map[string]any{"cadence": c.cadence, "external_ids": ext})
		if err != nil {
			panic(err)
		}
		var did struct {
			Enrolled int                             `json:"enrolled"`
			Skipped  []struct{ Lead, Reason string } `json:"skipped"`
		}
		c.sure("POST", "/v1/enrollments", "application/json", string(raw), &did)
		for _, s := range did.Skipped {
			if s.Reason != "already_enrolled" {
				c.w.Errorf("%s: lead %s cannot be enrolled: %s", c.w.cycle, s.Lead, s.Reason)
			}
		}
	}
	c.acks.leads += killRows
}

// attempt is what the client reads of one.
type attempt struct {
	ID          string  `json:"id"`
	State       string  `json:"state"`
	LeadName    string  `json:"lead_name"`
	CallID      string  `json:"call_id"`
	AnsweredAt  *string `json:"answered_at"`
	Disposition string  `json:"disposition"`
	By          string  `json:"disposition_by"`
}

func (a *attempt) lead() int {
	i := -1
	fmt.Sscanf(a.LeadName, "Lead %d", &i)
	return i
}

func (c *client) attempts(limit int) []attempt {
	var page struct {
		Items []attempt `json:"items"`
	}
	c.sure("GET", fmt.Sprintf("/v1/attempts?limit=%d", limit), "", "", &page)
	return page.Items
}

// markRinging puts the numbers of a few calls under way on the do-not-call
// list.
func (c *client) markRinging() {
	marked := 0
	for _, a := range c.attempts(60) {
		i := a.lead()
		if _, on := c.acks.dnc[i]; on || i < 0 || marked == 2 || a.AnsweredAt != nil || a.State == "ended" || c.random.IntN(3) > 0 {
			continue
		}
		c.sure("POST", "/v1/dnc", "application/json", fmt.Sprintf(`{"number": %q, "reason": "said so"}`, killNumber(i)), nil)
		c.acks.dnc[i] = c.w.clock.Now()
		marked++
	}
}

// dispose posts the disposition of a call that a person answered.
func (c *client) dispose() {
	for _, a := range c.attempts(200) {
		if a.AnsweredAt == nil || a.By == "api" || c.acks.disposed[a.ID] != "" || a.Disposition == "ANSWERING_MACHINE" {
			continue
		}
		note := fmt.Sprintf("note %d", len(c.acks.disposed))
		body := fmt.Sprintf(`{"code": "INTERESTED", "note": %q}`, note)
		if c.ask("POST", "/v1/attempts/"+a.ID+"/disposition", "application/json", body, nil) == http.StatusOK {
			c.acks.disposed[a.ID] = note
			return
		}
	}
}

// remove takes a lead out of the cadence.
func (c *client) remove() {
	if c.acks.leads == 0 {
		return
	}
	i := c.random.IntN(c.acks.leads)
	c.sure("POST", "/v1/enrollments/remove", "application/json", fmt.Sprintf(`{"cadence": %q, "external_ids": ["K%05d"]}`, c.cadence, i), nil)
	if _, was := c.acks.removed[i]; !was {
		c.acks.removed[i] = c.w.clock.Now()
	}
}

// sure asks until the server does it.
func (c *client) sure(method, path, kind, body string, into any) {
	if status := c.ask(method, path, kind, body, into); status > 299 {
		c.w.Errorf("%s: %s %s: %d", c.w.cycle, method, path, status)
	}
}

// ask asks until the server answers, and returns the status. An answer of 408
// says that the question did not arrive whole (RFC 9110, 15.5.9).
func (c *client) ask(method, path, kind, body string, into any) int {
	c.keys++
	key := fmt.Sprintf("world-%d-%d", c.w.seed, c.keys)
	for began := time.Now(); time.Since(began) < 2*time.Minute; {
		status, raw, err := c.once(method, path, kind, body, key)
		if err != nil || status == http.StatusServiceUnavailable || status == http.StatusRequestTimeout || status == http.StatusConflict && bytes.Contains(raw, []byte("still being answered")) {
			pause(context.Background(), 20*time.Millisecond)
			continue
		}
		if status < 300 && into != nil {
			if err := json.Unmarshal(raw, into); err != nil {
				c.w.Errorf("%s %s: %v in %s", method, path, err, raw)
			}
		}
		return status
	}
	c.w.Errorf("%s: %s %s: no answer for two minutes", c.w.cycle, method, path)
	return http.StatusGatewayTimeout
}

func (c *client) once(method, path, kind, body, key string) (int, []byte, error) {
	req, err := http.NewRequest(method, c.w.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if method != http.MethodGet {
		req.Header.Set("Idempotency-Key", key)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return res.StatusCode, raw, err
}
