package dashboard_test

import (
	"bufio"
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

// A request that has begun to arrive when the server stops is answered.
func TestShutdownLetsARequestArriveWhole(t *testing.T) {
	r := newRig(t)
	c, err := net.Dial("tcp", r.main)
	r.must(err)
	defer c.Close()
	_, err = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: ")
	r.must(err)
	r.call(200, "GET", "/healthz", "") // by now the server has read the first half
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		r.stop()
	}()
	for { // until nobody listens any more
		other, err := net.Dial("tcp", r.main)
		if err != nil {
			break
		}
		other.Close()
	}
	_, err = io.WriteString(c, r.main+"\r\n\r\n")
	r.must(err)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	r.must(err)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("answered with %d", res.StatusCode)
	}
	<-stopped
}
