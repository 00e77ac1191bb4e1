package dashboard_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/leadfile"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// Both libraries keep goroutines for the life of the process: ants' own default
// pool, and the one that renews the Date header.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction("github.com/cloudwego/hertz/pkg/protocol.UpdateServerDate.func1"))
}

const (
	account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	secret  = "0123456789abcdef0123456789abcdef"
)

// tuesday is 10:00 in New York.
var tuesday = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)

// carrier accepts every call and lets the test tell what became of it.
type carrier struct{ dials chan telephony.Dial }

func callID(attempt cadence.ID) string { return fmt.Sprintf("CA%x", [16]byte(attempt)) }

func (c *carrier) Place(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
	c.dials <- d
	return telephony.Placed{CallID: callID(d.Attempt)}, nil
}

func (c *carrier) Fetch(context.Context, string) (telephony.Call, error) {
	return telephony.Call{}, telephony.ErrNoCall
}

func (c *carrier) Find(context.Context, telephony.Query) ([]telephony.Call, error) { return nil, nil }

func (c *carrier) Requests(context.Context, string) ([]string, error) { return nil, nil }

func (c *carrier) Legs(context.Context, string) ([]telephony.Call, error) { return nil, nil }
func (c *carrier) Cancel(context.Context, string) error                   { return nil }
func (c *carrier) HangUp(context.Context, string) error                   { return nil }
func (c *carrier) Redirect(context.Context, string, cadence.ID) error     { return nil }

type rows struct{ *leadfile.Reader }

func (r rows) Next() (dialer.Row, error) {
	row, err := r.Reader.Next()
	if err != nil {
		return dialer.Row{}, err
	}
	out := dialer.Row{Line: int64(row.Line), Lead: row.Lead}
	if row.Err != nil {
		out.Reject = &event.RowRejected{Line: int64(row.Err.Line), Column: row.Err.Column, Code: row.Err.Code, Message: row.Err.Message}
	}
	return out, nil
}

// rig is a whole server over a live engine on the memory ledger.
type rig struct {
	t           *testing.T
	engine      *dialer.Engine
	server      *dashboard.Server
	wall        *clock.Manual
	store       *memory.Ledger // nil: an empty one
	carrier     *carrier
	hooks       *twilio.Hooks
	main, hook  string // host:port
	client      *http.Client
	registry    *prometheus.Registry
	options     func(*dashboard.Options)
	interposed  func(dashboard.Operator) dashboard.Operator
	contract    *contract
	stopOnce    sync.Once
	stopEngine  context.CancelFunc
	engineEnded chan error
	served      sync.WaitGroup
}

func newRig(t *testing.T, with ...func(*rig)) *rig {
	t.Helper()
	r := &rig{t: t, wall: clock.NewManual(tuesday), carrier: &carrier{make(chan telephony.Dial, 64)}, registry: prometheus.NewRegistry(), contract: newContract(t)}
	for _, w := range with {
		w(r)
	}
	r.openEngine()
	r.openServer()
	r.client = &http.Client{Transport: &http.Transport{}}
	t.Cleanup(r.stop)
	return r
}

func (r *rig) openEngine() {
	raw, err := os.ReadFile("../configs/dispositions.yaml")
	r.must(err)
	set, err := routing.ParseDispositions(raw)
	r.must(err)
	store := r.store
	if store == nil {
		store = memory.New()
	}
	ids := []pacing.CallerID{{Number: "+13035550100", Pool: "default", Region: "US-CO", DailyCap: 75, Capabilities: []string{"voice"}}}
	r.engine, err = dialer.New(context.Background(), dialer.Options{
		Rules: dialer.Rules{
			Dispositions: set, Countries: []string{"US"}, Pools: map[string]bool{"default": true}, NumberKey: []byte("0123456789abcdef"),
			CallerIDs: ids, Health: pacing.Thresholds{Days: 7, MinCalls: 100, MinAnswered: 50, Confidence: 0.99, RestMs: 1000},
		},
		Packs: r.packs(), Ledger: store, Carrier: r.carrier, Wall: r.wall, Real: clock.System{},
		Pacing:  pacing.Config{CPS: 100, Channels: 50, CallerIDs: ids, Seed: 1},
		Workers: 4, Claim: 7, Spool: r.t.TempDir(), Log: zap.NewNop(), Metrics: r.registry,
		OpenRows: func(f io.Reader, job *event.ImportOpened) (dialer.RowReader, error) {
			l, err := leadfile.Open(f, leadfile.Options{Format: leadfile.Format(job.Format), Mapping: job.Mapping, Region: job.Region})
			return rows{l}, err
		},
		OpenNumbers: func(f io.Reader, job *event.ImportOpened) (dialer.NumberReader, error) {
			n, err := leadfile.OpenNumbers(f, job.Region)
			return numbers{n}, err
		},
	})
	r.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	r.stopEngine, r.engineEnded = cancel, make(chan error, 1)
	go func() { r.engineEnded <- r.engine.Run(ctx) }()
}

// packs are the shipped rules.
func (r *rig) packs() *pack.Set {
	set, problems := pack.Load(os.DirFS("../configs/compliance"))
	r.must(problems.Err())
	return set
}

func (r *rig) openServer() {
	main, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	hook, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.main, r.hook = main.Addr().String(), hook.Addr().String()
	r.hooks, err = twilio.NewHooks("http://"+r.hook, []byte("0123456789abcdef"))
	r.must(err)
	v, err := twilio.NewVerifier(secret)
	r.must(err)
	w, err := twilio.NewWebhooks(r.hooks, v, account)
	r.must(err)
	var op dashboard.Operator = r.engine
	if r.interposed != nil {
		op = r.interposed(op)
	}
	o := dashboard.Options{
		Operator: op, Hooks: r.hooks, Webhooks: w, Web: page(), Real: clock.System{}, Log: zap.NewNop(), Metrics: r.registry,
	}
	shipped, err := os.ReadFile("../configs/templates/five-touches.json")
	r.must(err)
	o.Templates = []api.Shipped{{ID: "five-touches", Vertical: "Sales", Document: shipped}}
	o.Gate = signin.New(signin.Options{Engine: r.engine, Real: clock.System{}, Open: true})
	if r.options != nil {
		r.options(&o)
	}
	r.server, err = dashboard.New(o)
	r.must(err)
	r.served.Go(func() { r.check(r.server.ServeMain(main)) })
	r.served.Go(func() { r.check(r.server.ServeHooks(hook)) })
}

func page() fstest.MapFS {
	big := strings.Repeat("x", 2000)
	return fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html><title>Carillon</title>")},
		"assets/app-1.js":    {Data: []byte(big)},
		"assets/app-1.js.br": {Data: []byte("as brotli")},
		"assets/app-1.js.gz": {Data: []byte("as gzip")},
		".gitkeep":           {},
	}
}

func (r *rig) stop() {
	r.stopOnce.Do(func() {
		r.stopEngine()
		r.check(<-r.engineEnded)
		r.check(r.server.Shutdown(context.Background()))
		r.served.Wait()
		r.client.CloseIdleConnections()
	})
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) check(err error) {
	if err != nil {
		r.t.Error(err)
	}
}

// reply is an answer of the server.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (p *reply) get(t *testing.T, path ...any) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(p.body, &v); err != nil {
		t.Fatalf("%d %s: %v", p.status, p.body, err)
	}
	for _, step := range path {
		switch s := step.(type) {
		case string:
			v = v.(map[string]any)[s]
		case int:
			v = v.([]any)[s]
		}
	}
	return v
}

func (p *reply) text(t *testing.T, path ...any) string {
	t.Helper()
	s, ok := p.get(t, path...).(string)
	if !ok {
		t.Fatalf("%v is no text in %s", path, p.body)
	}
	return s
}

// send makes a request to the main listener. headers come in pairs.
func (r *rig) send(method, path, body string, headers ...string) *reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.main+path, strings.NewReader(body))
	r.must(err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	return r.do(req)
}

func (r *rig) do(req *http.Request) *reply {
	r.t.Helper()
	res, err := r.client.Do(req)
	r.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	r.must(err)
	return &reply{res.StatusCode, res.Header, body}
}

// call is send, checked against the contract and the expected status.
func (r *rig) call(want int, method, path, body string, headers ...string) *reply {
	r.t.Helper()
	p := r.send(method, path, body, headers...)
	if p.status != want {
		r.t.Fatalf("%s %s: %d, want %d: %s", method, path, p.status, want, p.body)
	}
	r.contract.check(r.t, method, path, body, p)
	return p
}

// until asks again and again until ok says so; the test's deadline ends it.
func (r *rig) until(path string, ok func(*reply) bool) *reply {
	r.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		p := r.call(200, "GET", path, "")
		if ok(p) {
			return p
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("GET %s never became what it should: %s", path, p.body)
		}
	}
}

// sign is the signature of a form: HMAC-SHA-1 over the URL and the sorted
// parameters.
func sign(target string, form url.Values) string {
	var b bytes.Buffer
	b.WriteString(target)
	for _, k := range slices.Sorted(maps.Keys(form)) {
		b.WriteString(k + form.Get(k))
	}
	m := hmac.New(sha1.New, []byte(secret))
	m.Write(b.Bytes())
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// webhook sends a signed webhook; parameters come in pairs.
func (r *rig) webhook(kind twilio.Kind, attempt cadence.ID, params ...string) *reply {
	r.t.Helper()
	form := url.Values{"AccountSid": {account}, "CallSid": {callID(attempt)}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	target := "http://" + r.hook + r.hooks.Path(kind, attempt)
	return r.post(target, form, sign(target, form))
}

func (r *rig) post(target string, form url.Values, signature string) *reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), "POST", target, strings.NewReader(form.Encode()))
	r.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", signature)
	return r.do(req)
}

type numbers struct{ r *leadfile.NumberReader }

func (n numbers) Next() (dialer.NumberRow, error) {
	row, err := n.r.Next()
	out := dialer.NumberRow{Line: int64(row.Line), Number: row.Number}
	if row.Err != nil {
		out.Reject = &event.RowRejected{Line: out.Line, Code: row.Err.Code, Message: row.Err.Message}
	}
	return out, err
}
