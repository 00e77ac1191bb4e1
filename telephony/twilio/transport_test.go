package twilio_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// rawServer hands each request it reads, numbered from 1 over all connections,
// to serve, which writes what it likes; false closes the connection.
type rawServer struct {
	url      string
	requests atomic.Int32
	conns    atomic.Int32
	closed   chan struct{} // one for each connection that was closed
}

func newRawServer(t *testing.T, serve func(c net.Conn, n int) bool) *rawServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rawServer{url: "http://" + l.Addr().String(), closed: make(chan struct{}, 100)}
	var group sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	group.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			group.Go(func() { s.converse(c, serve) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		group.Wait()
	})
	return s
}

func (s *rawServer) converse(c net.Conn, serve func(net.Conn, int) bool) {
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			break
		}
		_, _ = io.Copy(io.Discard, r.Body)
		if !serve(c, int(s.requests.Add(1))) {
			break
		}
	}
	_ = c.Close()
	s.closed <- struct{}{}
}

func accepted(n int) string {
	body := fmt.Sprintf(`{"sid":"CA%032x","status":"queued"}`, n)
	return fmt.Sprintf("HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func say(c net.Conn, s string) { _, _ = io.WriteString(c, s) }

func classOf(t *testing.T, err error) telephony.Class {
	t.Helper()
	e, ok := errors.AsType[*telephony.Error](err)
	if !ok {
		t.Fatalf("got %v, want a *telephony.Error", err)
	}
	return e.Class
}

// A connection that the far side closed, or on which it said more than it was
// asked, is not used again: the request on the next one is not lost.
func TestDeadConnectionsAreNotUsed(t *testing.T) {
	for name, serve := range map[string]func(c net.Conn, n int) bool{
		"closed":    func(c net.Conn, n int) bool { say(c, accepted(n)); return false },
		"says more": func(c net.Conn, n int) bool { say(c, accepted(n)+accepted(99)); return true },
		"will close": func(c net.Conn, n int) bool {
			say(c, strings.Replace(accepted(n), "\r\n", "\r\nConnection: close\r\n", 1))
			return true
		},
		"old protocol": func(c net.Conn, n int) bool { say(c, strings.Replace(accepted(n), "1.1", "1.0", 1)); return true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRawServer(t, serve)
			c := newClient(t, s.url, nil)
			for n := 1; n <= 3; n++ {
				p, err := c.Place(t.Context(), testDial())
				if err != nil || p.CallID != fmt.Sprintf("CA%032x", n) {
					t.Fatalf("call %d: %+v, %v", n, p, err)
				}
				if name == "closed" {
					<-s.closed
				}
			}
			if got := s.conns.Load(); got != 3 {
				t.Errorf("%d connections, want 3", got)
			}
		})
	}
}

// Whatever happens after the request was written, it is written once and
// counts as unclear.
func TestNothingIsSentTwice(t *testing.T) {
	for name, answer := range map[string]string{
		"no answer":        "",
		"garbage":          "what?\r\n\r\n",
		"half a header":    "HTTP/1.1 201 Created\r\nContent-Le",
		"half a body":      strings.TrimSuffix(accepted(1), `"queued"}`),
		"broken chunks":    "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
		"two lengths":      "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"only hints":       strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 5),
		"header for ever":  "HTTP/1.1 201 Created\r\nX: " + strings.Repeat("x", 70<<10) + "\r\n\r\n{}",
		"many headers":     "HTTP/1.1 201 Created\r\n" + strings.Repeat("X: y\r\n", 20_000) + "\r\n{}",
		"another protocol": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := newRawServer(t, func(c net.Conn, n int) bool {
				if n == 1 { // so that the second request meets a used connection
					say(c, accepted(1))
					return true
				}
				say(c, answer)
				return false
			})
			c := newClient(t, s.url, nil)
			if _, err := c.Place(t.Context(), testDial()); err != nil {
				t.Fatal(err)
			}
			_, err := c.Place(t.Context(), testDial())
			if class := classOf(t, err); class != telephony.Unclear {
				t.Errorf("judged %s: %v", class, err)
			}
			if got := s.requests.Load(); got != 2 {
				t.Errorf("%d requests, want 2", got)
			}
			if got := s.conns.Load(); got != 1 {
				t.Errorf("%d connections, want 1", got)
			}
		})
	}
}

// No status, header or body makes an attempt be sent again, also not what
// makes twilio-go's own client do so.
func TestOneRequestPerAttempt(t *testing.T) {
	for _, status := range []int{200, 201, 204, 302, 307, 308, 400, 401, 404, 408, 409, 421, 425, 429, 500, 502, 503, 504} {
		var posts atomic.Int32
		base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			posts.Add(1)
			if v := r.Header.Get("X-Twilio-ApiVersion"); v != "" {
				t.Errorf("asks for version %s", v)
			}
			w.Header().Set("X-Twilio-ApiVersion", "v1.0")
			w.Header().Set("Retry-After", "0")
			w.Header().Set("Location", r.URL.Path)
			w.WriteHeader(status)
			if status != 204 {
				_, _ = io.WriteString(w, `{"code":20500,"message":"x","httpStatusCode":500,"userError":false,"params":{"a":"b"}}`)
			}
		})
		_, err := newClient(t, base, nil).Place(t.Context(), testDial())
		if err == nil || posts.Load() != 1 {
			t.Errorf("status %d: %d requests, %v", status, posts.Load(), err)
		}
	}
}

func TestHintsComeBeforeTheAnswer(t *testing.T) {
	s := newRawServer(t, func(c net.Conn, n int) bool {
		say(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"+accepted(n))
		return true
	})
	c := newClient(t, s.url, nil)
	for range 2 {
		if _, err := c.Place(t.Context(), testDial()); err != nil {
			t.Fatal(err)
		}
	}
}

// The certificate is verified, and before anything of the request is told.
func TestTLS(t *testing.T) {
	var requests atomic.Int32
	secured := func(most uint16) *httptest.Server {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			if r.ProtoMajor != 1 {
				t.Errorf("speaks %s", r.Proto)
			}
			answer(201, `{"sid":"`+testCall+`"}`)(w, r)
		}))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.EnableHTTP2 = true
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: most}
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	roots := func(s *httptest.Server) *x509.CertPool {
		p := x509.NewCertPool()
		p.AddCert(s.Certificate())
		return p
	}
	modern, old := secured(tls.VersionTLS13), secured(tls.VersionTLS11)
	named := strings.Replace(modern.URL, "127.0.0.1", "localhost", 1) // the certificate is for 127.0.0.1 and example.com
	cases := []struct {
		name, base string
		roots      *x509.CertPool
		ok         bool
	}{
		{"trusted", modern.URL, roots(modern), true},
		{"not trusted", modern.URL, nil, false},
		{"another name", named, roots(modern), false},
		{"TLS 1.1", old.URL, roots(old), false},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			requests.Store(0)
			c := newClient(t, x.base, nil)
			if x.roots != nil {
				c.Trust(x.roots)
			}
			for range 2 {
				_, err := c.Place(t.Context(), testDial())
				if x.ok != (err == nil) || (!x.ok && classOf(t, err) != telephony.NotSent) {
					t.Fatalf("got %v", err)
				}
			}
			if n := requests.Load(); (n == 2) != x.ok {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A host behind a proxy keeps every promise.
func TestThroughAProxy(t *testing.T) {
	var seen []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		seen = append(seen, r.Method+" "+r.RequestURI)
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusProxyAuthRequired)
		case len(seen) == 1:
			answer(201, `{"sid":"`+testCall+`"}`)(w, r)
		default:
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(proxy.Close)
	through := func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	c := newClient(t, "http://carrier.example.com", nil)
	c.SetProxy(through)
	if p, err := c.Place(t.Context(), testDial()); err != nil || p.CallID != testCall {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err := c.Place(t.Context(), testDial())
	if class := classOf(t, err); class != telephony.Unclear {
		t.Errorf("a broken answer is judged %s", class)
	}
	c = newClient(t, "https://carrier.example.com", nil)
	c.SetProxy(through)
	_, err = c.Place(t.Context(), testDial())
	if class := classOf(t, err); class != telephony.NotSent {
		t.Errorf("a proxy that refuses is judged %s", class)
	}
	path := "carrier.example.com/2010-04-01/Accounts/" + testAccount + "/Calls.json"
	want := []string{"POST http://" + path, "POST http://" + path, "CONNECT carrier.example.com:443"}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("the proxy saw %v", seen)
	}
	c = newClient(t, "http://carrier.example.com", nil)
	c.SetProxy(func(*http.Request) (*url.URL, error) { return nil, errors.New("no such proxy") })
	_, err = c.Place(t.Context(), testDial())
	if class := classOf(t, err); class != telephony.NotSent {
		t.Errorf("a proxy that cannot be read is judged %s", class)
	}
}

// Requests beyond the connections wait, and one that gives up was not sent.
func TestConnectionsAreBounded(t *testing.T) {
	arrived, release := make(chan struct{}, 10), make(chan struct{})
	base, conns := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		answer(201, `{"sid":"`+testCall+`"}`)(w, r)
	})
	c := newClient(t, base, func(o *twilio.Options) { o.MaxConns = 2 })
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if _, err := c.Place(context.Background(), testDial()); err != nil {
				t.Error(err)
			}
		})
	}
	<-arrived
	<-arrived
	ctx, cancel := context.WithCancel(t.Context())
	group.Go(func() {
		_, err := c.Place(ctx, testDial())
		if e, ok := errors.AsType[*telephony.Error](err); !ok || e.Class != telephony.NotSent || e.Reason != twilio.ReasonCanceled {
			t.Errorf("gave up while waiting: %v", err)
		}
	})
	cancel()
	close(release)
	group.Wait()
	if n := conns.Load(); n > 2 {
		t.Errorf("%d connections, want at most 2", n)
	}
}
