package app_test

import (
	"bytes"
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Once a process, by design of the libraries: the pool that ants makes
		// for everybody, and the clock of Hertz's Date header.
		goleak.IgnoreAnyFunction("github.com/panjf2000/ants/v2.(*poolCommon).purgeStaleWorkers"),
		goleak.IgnoreAnyFunction("github.com/panjf2000/ants/v2.(*poolCommon).ticktock"),
		goleak.IgnoreAnyFunction("github.com/cloudwego/hertz/pkg/protocol.UpdateServerDate.func1"),
		// Idle connections of the test's own client.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
	)
}

const (
	testAccount = "AC00000000000000000000000000000001"
	testToken   = "an-operators-own-token"
)

// rig is the product in front of a simulated carrier, both on the loopback and
// on one fast clock that jumps over idle stretches.
type rig struct {
	t       *testing.T
	clock   *clock.Virtual
	carrier *simcarrier.Server
	log     *simcarrier.MemoryLog
	app     *app.App
	api     *apiclient.Client
	out     *bytes.Buffer
	config  configs.Config
}

// tuesday is 10:00 in Denver, a working day.
func tuesday() time.Time { return time.Date(2026, time.March, 3, 17, 0, 0, 0, time.UTC) }

func newRig(t *testing.T, model simcarrier.Model, callerIDs ...configs.CallerID) *rig {
	t.Helper()
	r := &rig{t: t, log: &simcarrier.MemoryLog{}, out: &bytes.Buffer{}}
	var err error
	if r.clock, err = clock.NewVirtual(tuesday(), 60); err != nil {
		t.Fatal(err)
	}
	r.carrier, err = simcarrier.NewServer("127.0.0.1:0", simcarrier.Options{
		AccountSID: testAccount, AuthToken: testToken, Seed: 1, Clock: r.clock, Log: r.log, Model: model,
		Zone: func(number string) *time.Location {
			zones, _, _ := window.Candidates(number)
			return append(zones, time.UTC)[0]
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := r.carrier.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	r.config = configs.Default()
	r.config.Listen, r.config.Hooks.Listen, r.config.DataDir = "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	r.config.SignIn = configs.SignInNone
	r.config.Twilio = configs.Twilio{AccountSID: testAccount, AuthToken: testToken, BaseURL: r.carrier.URL}
	r.config.Pacing = configs.Pacing{CPS: 50, Channels: 20, CallerIDCap: configs.MaxDailyCap}
	r.config.CallerIDs = callerIDs
	r.config.Compliance.Scrub, r.config.Compliance.Seller = configs.ScrubWhenImported, seller // the numbers are on no list
	r.config.Compliance.Abandon = configs.AbandonReport                                       // calls are few, and many of them are abandoned on purpose
	r.start()
	return r
}

func (r *rig) start() {
	r.t.Helper()
	if err := r.config.Validate(); err != nil {
		r.t.Fatal(err)
	}
	var err error
	r.app, err = app.New(r.t.Context(), app.Options{Config: r.config, Clock: r.clock, Log: zap.NewNop(), Out: r.out})
	if err != nil {
		r.t.Fatal(err)
	}
	r.app.Start()
	r.t.Cleanup(r.stop)
	if r.api, err = apiclient.New(r.app.URL()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) stop() {
	r.t.Helper()
	if r.app == nil {
		return
	}
	if err := r.app.Stop(context.Background()); err != nil {
		r.t.Error(err)
	}
}

// within is how long anything may take in real time.
const within = 60 * time.Second

// until waits for a condition, looking at it again and again.
func (r *rig) until(what string, holds func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), within)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case err := <-r.app.Failed():
			r.t.Fatalf("waiting for %s: %v", what, err)
		case <-ctx.Done():
			o, _ := r.api.Overview(context.Background())
			r.t.Fatalf("%s did not happen within %s; %+v, %+v", what, within, o, r.app.Engine().Status())
		case <-again.C:
		}
	}
}

// finish lets time pass until nobody is due and no call is open, jumping over
// stretches in which the carrier has nothing to do and the engine only waits.
func (r *rig) finish() {
	r.t.Helper()
	still := 0 // looks in a row: a turn may lie between two of the questions
	r.until("the end of all touches", func() bool {
		if s := r.carrier.Stats(); s.Live > 0 || s.Sending {
			still = 0
			return false
		}
		pending, err := r.app.Engine().Pending()
		if err != nil {
			r.t.Fatal(err)
		}
		s := r.app.Engine().Status()
		if !s.Idle && s.Calls.Total() == 0 || s.Ready > 0 || s.Calls.Intent+s.Calls.Placed > 0 {
			still = 0
			return false
		}
		if still++; still < 3 {
			return false
		}
		if due := time.UnixMilli(s.NextDue); s.NextDue != 0 && due.Sub(r.clock.Now()) > time.Minute {
			r.clock.Skip(due.Add(-time.Second))
			still = 0
		}
		return pending == 0 && s.Calls.Total() == 0
	})
}

// cadence imports, publishes and activates a document.
func (r *rig) cadence(document string) apiclient.Cadence {
	r.t.Helper()
	made, err := r.api.ImportCadences(r.t.Context(), []byte(document))
	if err != nil {
		r.t.Fatal(err)
	}
	if len(made) != 1 || len(made[0].Missing) != 0 {
		r.t.Fatalf("import %+v", made)
	}
	var one apiclient.Cadence
	for _, verb := range []string{"publish", "activate"} {
		if one, err = r.api.Act(r.t.Context(), made[0].Cadence.ID, verb); err != nil {
			r.t.Fatalf("%s: %v", verb, err)
		}
	}
	return one
}

func (r *rig) leads(cadence string, file []byte) apiclient.Import {
	r.t.Helper()
	im, err := r.api.ImportLeads(r.t.Context(), url.Values{"cadence": {cadence}}, "text/csv", bytes.NewReader(file))
	if err != nil {
		r.t.Fatal(err)
	}
	if im, err = r.api.WaitImport(r.t.Context(), im, func(apiclient.Import) {}); err != nil {
		r.t.Fatal(err)
	}
	return im
}

// seller is who leads agreed to be called for.
const seller = "Acme"

// agreedRows are rows of leads who agreed in writing to be called by machines.
func agreedRows(rows ...string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(row + ",express_written,2026-01-05," + seller + "\n")
	}
	return b.String()
}

// calls is what the carrier's own log tells, in the order of acceptance.
func (r *rig) calls() []simcarrier.CallFacts {
	r.t.Helper()
	entries, err := r.log.Entries()
	if err != nil {
		r.t.Fatal(err)
	}
	calls, err := simcarrier.Calls(func(yield func(simcarrier.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return calls
}
