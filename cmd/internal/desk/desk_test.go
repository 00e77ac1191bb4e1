package desk_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/desk"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

// server takes dispositions and remembers them.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	got  map[string]string
	fail int // how many requests are answered 503 first
	told chan string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{got: map[string]string{}, told: make(chan string, 100)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.fail > 0 {
			s.fail--
			w.WriteHeader(http.StatusServiceUnavailable)
			s.told <- "503"
			return
		}
		var body struct {
			Code       string `json:"code"`
			CallbackAt string `json:"callback_at"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || (body.Code == "CALLBACK") != (body.CallbackAt != "") {
			t.Errorf("body %+v, %v", body, err)
		}
		s.got[strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/attempts/"), "/disposition")] = body.Code
		s.told <- body.Code
	}))
	t.Cleanup(s.Close)
	return s
}

func open(t *testing.T, c clock.Clock, file string) *desk.Desk {
	t.Helper()
	d, err := desk.New(desk.Options{Clock: c, Seed: 1, Log: file, Fail: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func figures(t *testing.T, file string) desk.Figures {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := desk.Recount(desk.Lines(f))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// idle waits until the desk has read the answer and noted it.
func idle(t *testing.T, d *desk.Desk) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !d.Idle() {
		select {
		case <-t.Context().Done():
			t.Fatal("the desk is not idle")
		case <-again.C:
		}
	}
}

var morning = time.Date(2026, time.March, 3, 14, 55, 0, 0, time.UTC)

func talkTo(d *desk.Desk, attempt string) (time.Duration, bool) {
	b := simcarrier.Bridge{Attempt: attempt}
	answered, talk := d.Bridge(b)
	if answered {
		d.Release(b, talk)
	}
	return talk, answered
}

func TestItTalksThenPostsAfterAWrapUp(t *testing.T) {
	s, c, file := newServer(t), clock.NewManual(morning), filepath.Join(t.TempDir(), "desk.jsonl")
	d := open(t, c, file)
	if _, answered := talkTo(d, "early"); answered {
		t.Error("it took a call before it knew a server")
	}
	d.Serve(s.URL, "")
	talk, answered := talkTo(d, "a")
	if !answered || talk < 30*time.Second || talk > 5*time.Minute {
		t.Errorf("answered %v, talk %s", answered, talk)
	}
	if err := c.Waiting(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if d.Idle() {
		t.Error("idle while it writes")
	}
	c.Advance(time.Minute)
	code := <-s.told
	idle(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if n := figures(t, file); n.Connected != 1 || n.Disposed != 1 || n.ByCode[code] != 1 {
		t.Errorf("log %+v, posted %s", n, code)
	}
	if s.got["at_a"] != code {
		t.Errorf("posted to %v", s.got)
	}
}

// The person hung up while the desk's phone rang: there was no talk to report,
// now or after a restart.
func TestACallItMissedIsNotDisposedOf(t *testing.T) {
	s, c, file := newServer(t), clock.NewManual(morning), filepath.Join(t.TempDir(), "desk.jsonl")
	d := open(t, c, file)
	d.Serve(s.URL, "")
	missed := simcarrier.Bridge{Attempt: "missed"}
	if answered, _ := d.Bridge(missed); !answered {
		t.Fatal("it did not pick up")
	}
	d.Release(missed, 0)
	if !d.Idle() {
		t.Error("it writes up a call it missed")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, c, file)
	again.Serve(s.URL, "")
	if !again.Idle() {
		t.Error("after a restart it writes up a call it missed")
	}
	if n := figures(t, file); n.Connected != 0 || n.Disposed != 0 {
		t.Errorf("log %+v", n)
	}
}

func TestItTriesAgainWhileTheServerIsBusy(t *testing.T) {
	s, c := newServer(t), clock.NewManual(morning)
	s.fail = 2
	d := open(t, c, filepath.Join(t.TempDir(), "desk.jsonl"))
	d.Serve(s.URL, "")
	talkTo(d, "a")
	for _, want := range []string{"503", "503"} {
		if err := c.Waiting(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		if got := <-s.told; got != want {
			t.Fatalf("got %s", got)
		}
	}
	if err := c.Waiting(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	if got := <-s.told; got == "503" {
		t.Errorf("got %s", got)
	}
}

// What a desk did not get to post, the next one posts, and says the same.
func TestARestartedDeskPostsWhatIsOwed(t *testing.T) {
	s, c, file := newServer(t), clock.NewManual(morning), filepath.Join(t.TempDir(), "desk.jsonl")
	d := open(t, c, file)
	d.Serve(s.URL, "")
	talkTo(d, "a")
	if err := c.Waiting(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	torn, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = torn.WriteString(`{"t":"2026-03-03T14:5`)
	if err != nil || torn.Close() != nil {
		t.Fatal(err)
	}
	if len(s.told) != 0 {
		t.Fatal("posted before its time")
	}
	d = open(t, c, file)
	d.Serve(s.URL, "")
	<-s.told
	idle(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if n := figures(t, file); n.Connected != 1 || n.Disposed != 1 {
		t.Errorf("log %+v", n)
	}
}

func TestADamagedLogIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.jsonl")
	if err := os.WriteFile(file, []byte("{\"attempt\":\"a\",\"ev\":\"connected\"}\nrubbish\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.New(desk.Options{Clock: clock.NewManual(morning), Log: file}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v", err)
	}
}
