package demo_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/demo"
	"github.com/carillon-dialer/carillon/cmd/internal/desk"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Once a process, by design of the libraries: the pool that ants makes
		// for everybody, and the clock of Hertz's Date header.
		goleak.IgnoreAnyFunction("github.com/panjf2000/ants/v2.(*poolCommon).purgeStaleWorkers"),
		goleak.IgnoreAnyFunction("github.com/panjf2000/ants/v2.(*poolCommon).ticktock"),
		goleak.IgnoreAnyFunction("github.com/cloudwego/hertz/pkg/protocol.UpdateServerDate.func1"),
		// Idle connections of the clients.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
	)
}

// running is a demo under a test.
type running struct {
	t     *testing.T
	demo  *demo.Demo
	api   *apiclient.Client
	dir   string
	stop  context.CancelFunc
	ended chan error
}

func start(t *testing.T, dir string, leads int) *running {
	t.Helper()
	d, err := demo.New(t.Context(), demo.Options{
		Listen: "127.0.0.1:0", Dir: dir, Leads: leads, Seed: demo.DefaultSeed, Speed: 300, Log: zap.NewNop(), Out: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, demo: d, dir: dir, ended: make(chan error, 1)}
	var ctx context.Context
	ctx, r.stop = context.WithCancel(context.Background())
	go func() { r.ended <- d.Run(ctx) }()
	t.Cleanup(r.close)
	if r.api, err = apiclient.New(d.App().URL()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *running) close() {
	r.t.Helper()
	if r.demo == nil {
		return
	}
	r.stop()
	if err := <-r.ended; err != nil {
		r.t.Error(err)
	}
	if err := r.demo.Close(context.Background()); err != nil {
		r.t.Error(err)
	}
	r.demo = nil
}

func (r *running) figures() apiclient.Figures {
	r.t.Helper()
	f, err := r.api.Overview(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// within is how long anything may take in real time.
const within = 90 * time.Second

func (r *running) until(what string, holds func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), within)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			r.t.Fatalf("%s did not happen within %s: %+v, %+v", what, within, r.figures(), r.demo.App().Engine().Status())
		case <-again.C:
		}
	}
}

// rest stops dialing and waits until nothing is in flight.
func (r *running) rest() {
	r.t.Helper()
	if err := r.api.Post(r.t.Context(), "/v1/stop", nil, nil); err != nil {
		r.t.Fatal(err)
	}
	still := 0
	r.until("rest", func() bool {
		if still++; !r.demo.Quiet() {
			still = 0
		}
		return still > 3
	})
}

// sameAsTheWitnesses compares the figures with the two logs, which know
// nothing of the dialer.
func (r *running) sameAsTheWitnesses() {
	r.t.Helper()
	f := r.figures()
	reported, err := r.api.Report(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if reported.Attempts != f.Attempts || reported.Contacts != f.Contacts || reported.Conversions != f.Conversions {
		r.t.Errorf("the overview says %+v, the report %+v", f, reported)
	}
	carrier, err := os.Open(filepath.Join(r.dir, demo.CarrierLog))
	if err != nil {
		r.t.Fatal(err)
	}
	defer carrier.Close()
	n, err := simcarrier.Recount(simcarrier.Entries(carrier))
	if err != nil {
		r.t.Fatal(err)
	}
	people, err := os.Open(filepath.Join(r.dir, demo.DeskLog))
	if err != nil {
		r.t.Fatal(err)
	}
	defer people.Close()
	said, err := desk.Recount(desk.Lines(people))
	if err != nil {
		r.t.Fatal(err)
	}
	if int(f.Attempts) != n.Calls || int(f.Contacts) != n.Contacts || int(f.Conversions) != said.ByCode["SALE"] {
		r.t.Errorf("the page says %d attempts, %d contacts, %d conversions; the carrier %d and %d, the desk %d (of %v)",
			f.Attempts, f.Contacts, f.Conversions, n.Calls, n.Contacts, said.ByCode["SALE"], said.ByCode)
	}
}

// The demo grows by itself, rests with the figures of its witnesses, and goes
// on where it stopped.
func TestTheDemo(t *testing.T) {
	const leads = 250
	dir := filepath.Join(t.TempDir(), "demo")
	r := start(t, dir, leads)
	r.until("figures that grow", func() bool { f := r.figures(); return f.Attempts >= 200 && f.Contacts >= 20 && f.Conversions >= 1 })
	if at := r.demo.Clock().Now(); at.Before(demo.Start()) {
		t.Errorf("the clock stands at %s, before its start", at)
	}
	r.rest()
	r.sameAsTheWitnesses()
	before, at := r.figures(), r.demo.Clock().Now()
	r.close()

	r = start(t, dir, leads)
	if now := r.demo.Clock().Now(); now.Before(at) {
		t.Errorf("after the restart it is %s, before it was %s", now, at)
	}
	if f := r.figures(); f.Attempts != before.Attempts || f.Contacts != before.Contacts || f.TotalCadences != 1 {
		t.Errorf("after the restart %+v, before %+v", f, before)
	}
	if err := r.api.Post(t.Context(), "/v1/resume", nil, nil); err != nil {
		t.Fatal(err)
	}
	r.until("more calls after the restart", func() bool { return r.figures().Attempts > before.Attempts+20 })
	r.rest()
	r.sameAsTheWitnesses()
	var lists struct {
		Items []struct {
			Leads int `json:"leads"`
		} `json:"items"`
	}
	if err := r.api.Get(t.Context(), "/v1/lists", nil, &lists); err != nil || len(lists.Items) != 1 || lists.Items[0].Leads != leads {
		t.Errorf("lists %+v, %v: the sample leads came twice or not at all", lists, err)
	}
}

func TestTooManyLeads(t *testing.T) {
	_, err := demo.New(t.Context(), demo.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Leads: 1_000_000, Speed: 60, Log: zap.NewNop(), Out: io.Discard})
	if err == nil {
		t.Error("a million numbers that do not exist")
	}
}

func TestTheDemosStartIsATuesdayMorning(t *testing.T) {
	if at := demo.Start().In(demo.Location()); at.Weekday() != time.Tuesday || at.Format("15:04") != "09:55" {
		t.Errorf("it starts %s", at)
	}
}
