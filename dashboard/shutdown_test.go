package dashboard_test

import (
	"io"
	"net"
	"net/http"
	"testing"
)

func TestMainListenerMustBeLoopback(t *testing.T) {
	r := newRig(t)
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	r.must(err)
	if err := r.server.ServeMain(ln); err == nil {
		t.Fatal("listening for everybody was accepted")
	}
	if _, err := ln.Accept(); err == nil {
		t.Error("the refused listener stays open")
	}
}

// A shutdown does not wait for idle connections and ends open streams.
func TestShutdownEndsStreams(t *testing.T) {
	r := newRig(t)
	r.call(200, "GET", "/healthz", "") // leaves an idle connection
	res, err := r.client.Get("http://" + r.main + "/v1/live")
	r.must(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%d", res.StatusCode)
	}
	r.stop()
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Logf("the stream was cut: %v", err)
	}
	if _, err := net.Dial("tcp", r.main); err == nil {
		t.Error("the main port is still bound")
	}
	if _, err := net.Dial("tcp", r.hook); err == nil {
		t.Error("the hooks port is still bound")
	}
}
