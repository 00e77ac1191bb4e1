package dashboard_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/cloudwego/hertz/pkg/common/hlog"
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

// A page that is closed while it streams is nothing to log.
func TestClosedStreamsAreNotLogged(t *testing.T) {
	r := newRig(t)
	var log logged
	hlog.SetOutput(&log)
	defer hlog.SetOutput(io.Discard)
	c, err := net.Dial("tcp", r.main)
	r.must(err)
	_, err = io.WriteString(c, "GET /v1/live HTTP/1.1\r\nHost: "+r.main+"\r\n\r\n")
	r.must(err)
	_, err = bufio.NewReader(c).ReadString('\n') // it has begun
	r.must(err)
	r.must(c.(*net.TCPConn).SetLinger(0))
	r.must(c.Close()) // with a reset, which has arrived when this returns
	r.stop()          // waits for the stream's end
	if said := log.String(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

// logged keeps what several goroutines write.
type logged struct {
	mu sync.Mutex
	strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.String()
}
