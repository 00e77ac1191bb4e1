package simcarrier_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// BenchmarkCalls places calls as fast as 64 clients can, with a log on disk
// and every callback asked for, and waits for the last one to be over. The
// carrier, its client and its client's webhooks share the machine.
func BenchmarkCalls(b *testing.B) {
	for _, c := range []struct {
		name, model string
		events      []string
	}{
		{"busy,completed", `{"default":"busy","setup_ms":0}`, []string{"completed"}},
		{"human,all", `{"default":"human","setup_ms":0,"ring_ms":0,"patience_ms":0}`, []string{"initiated", "ringing", "answered", "completed"}},
	} {
		b.Run(c.name, func(b *testing.B) { benchmarkCalls(b, c.model, c.events) })
	}
}

func benchmarkCalls(b *testing.B, model string, events []string) {
	hooks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, "<Response><Hangup/></Response>")
	}))
	defer hooks.Close()
	m, err := simcarrier.ParseModel([]byte(model))
	if err != nil {
		b.Fatal(err)
	}
	server, err := simcarrier.NewServer("127.0.0.1:0", simcarrier.Options{
		AccountSID: account, AuthToken: token, Clock: clock.System{}, Model: m, LogPath: filepath.Join(b.TempDir(), "log"),
	})
	if err != nil {
		b.Fatal(err)
	}
	pool := &http.Transport{MaxIdleConnsPerHost: 256}
	hc := &http.Client{Transport: pool}
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			place(b, hc, server.URL, hooks.URL, n.Add(1), events)
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for s := server.Stats(); s.Live > 0; s = server.Stats() {
		if err := server.Settle(ctx); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	s := server.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(s.Entries)/float64(s.Syncs), "lines/sync")
	if err := server.Close(ctx); err != nil {
		b.Fatal(err)
	}
	pool.CloseIdleConnections()
}

func place(b *testing.B, hc *http.Client, base, hooks string, n int64, events []string) {
	form := url.Values{
		"To": {fmt.Sprintf("+1%d55501%02d", 200+n/100%700, n%100)}, "From": {from}, "Url": {hooks + "/twilio/voice/" + attempt + "/m"},
		"StatusCallback": {hooks + "/twilio/status/" + attempt + "/m"}, "StatusCallbackEvent": events,
	}
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, base+callsPath, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	req.SetBasicAuth(account, token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := hc.Do(req)
	if err != nil {
		b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		b.Errorf("HTTP %d", res.StatusCode)
	}
}
