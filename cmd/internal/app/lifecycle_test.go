package app_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

var noModel simcarrier.Model

func TestItSaysWhereItListens(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	said := r.out.String()
	for _, line := range []string{"listening " + r.app.URL() + "\n", "hooks listening " + r.app.HooksURL() + "\n"} {
		if !strings.Contains(said, line) {
			t.Errorf("%q lacks %q", said, line)
		}
	}
	if strings.HasSuffix(r.app.URL(), ":0") {
		t.Error("port 0 is told instead of the one that was picked")
	}
}

// No route of the API answers where the carrier's webhooks arrive.
func TestTheHooksListenerAnswersNothingElse(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	for _, path := range []string{"/", "/v1/overview", "/v1/cadences", "/v1/live", "/metrics", "/healthz", "/readyz", "/v1/openapi.yaml", "/index.html"} {
		answer, err := http.Get(r.app.HooksURL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode < 400 || len(body) > 0 && strings.Contains(string(body), "carillon") {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
	}
}

// Stopped with calls in flight, a second start settles them: by the webhooks
// that come late, or, when those went to a port nobody listens on any more, by
// asking the carrier. Nothing is sent twice and every figure is the carrier's.
func TestStopWithCallsInFlightAndResume(t *testing.T) {
	for name, samePort := range map[string]bool{"webhooks come late": true, "webhooks are lost": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, simcarrier.Model{Numbers: map[string][]simcarrier.Plan{
				"+13035550142": plans(simcarrier.Human), "+13035550143": plans(simcarrier.Human), "+13035550145": plans(simcarrier.NoReply),
			}}, pools()...)
			one := r.cadence(ownCadence)
			r.leads(one.ID, []byte("external_id,name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L-1,Lead 00001,+13035550142", "L-2,Lead 00002,+13035550143", "L-3,Lead 00003,+13035550145")))
			r.until("three calls in flight", func() bool { return len(r.calls()) == 3 })
			if samePort {
				r.config.Hooks.Listen = strings.TrimPrefix(r.app.HooksURL(), "http://")
				r.clock.Pause()
			}
			r.stop()
			r.start()
			r.clock.Resume()
			r.finish()
			r.settled()
		})
	}
}

// settled checks that everything is over and told the same by both sides.
func (r *rig) settled() {
	r.t.Helper()
	seen := map[string]bool{}
	for _, c := range r.calls() {
		if seen[c.Token] {
			r.t.Errorf("attempt %s was sent twice", c.Token)
		}
		if seen[c.Token] = true; c.Status == "" {
			r.t.Errorf("call %s to %s is not over", c.Call, c.To)
		}
	}
	f, err := r.api.Overview(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if int(f.Attempts) != len(r.calls()) {
		r.t.Errorf("%d attempts, the carrier tells of %d", f.Attempts, len(r.calls()))
	}
	if s := r.app.Engine().Status(); s.Calls.Total() != 0 || s.Stuck != 0 {
		r.t.Errorf("left over: %+v", s)
	}
}

func TestTheKillSwitchSurvivesARestart(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	one := r.cadence(ownCadence)
	if err := r.api.Post(t.Context(), "/v1/stop", nil, nil); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.start()
	r.leads(one.ID, []byte("external_id,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L-1,+13035550142")))
	f, err := r.api.Overview(t.Context())
	if err != nil || f.Dialing.On || f.Dialing.Reason != "stopped" {
		t.Errorf("after the restart: %+v, %v", f.Dialing, err)
	}
	if n := len(r.calls()); n != 0 {
		t.Errorf("%d calls while stopped", n)
	}
	if err := r.api.Post(t.Context(), "/v1/resume", nil, nil); err != nil {
		t.Fatal(err)
	}
	r.until("the call", func() bool { return len(r.calls()) == 1 })
}

// Every metric that an alert or a panel names exists.
func TestGrafanaKnowsOurMetrics(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	described := map[string]bool{}
	ours := regexp.MustCompile(`carillon_[a-z0-9_]+`)
	for _, file := range []string{
		"../../../dialer/metrics.go", "../../../dialer/metrics_numbers.go", "../../../dashboard/metrics.go", "storemetrics.go",
	} {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range ours.FindAllString(string(code), -1) {
			described[name] = true
		}
	}
	families, err := r.app.Metrics().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "carillon_") && !described[f.GetName()] {
			t.Errorf("%s is shown but described nowhere", f.GetName())
		}
	}
	shown := map[string]bool{}
	for _, file := range []string{"alerts.yaml", "dashboard.json"} {
		text, err := os.ReadFile("../../../configs/grafana/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range ours.FindAllString(string(text), -1) {
			name = strings.TrimSuffix(name, "_bucket")
			if shown[name] = true; !described[name] {
				t.Errorf("%s names %s, which does not exist", file, name)
			}
		}
	}
	for name := range described {
		if !shown[name] {
			t.Errorf("%s is on no panel and in no alert", name)
		}
	}
}

// Wrong credentials stop dialing with one clear reason and burn nothing.
func TestWrongCredentials(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	r.stop()
	r.config.Twilio.AuthToken = configs.Secret("not-the-accounts-token")
	r.start()
	one := r.cadence(ownCadence)
	r.leads(one.ID, []byte("external_id,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L-1,+13035550142")))
	var f apiclient.Figures
	r.until("dialing to stop", func() bool {
		var err error
		if f, err = r.api.Overview(context.Background()); err != nil {
			t.Fatal(err)
		}
		return !f.Dialing.On && f.Dialing.Reason == "account"
	})
	if f.Attempts != 0 || f.Pending != 1 || len(r.calls()) != 0 {
		t.Errorf("figures %+v, %d calls", f, len(r.calls()))
	}
}

// A public URL that leads nowhere stops dialing before anybody is called.
func TestDeadPublicURL(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	r.stop()
	r.config.PublicURL = "http://127.0.0.1:1"
	r.start()
	one := r.cadence(ownCadence)
	r.leads(one.ID, []byte("external_id,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L-1,+13035550142")))
	r.until("the reason", func() bool { return r.app.Engine().Status().Doubt.Reason == "public_url" })
	if n := len(r.calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}
