package twilio_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// gathering is a connection that holds writes back until it is flushed, so
// that several TLS records arrive in one piece.
type gathering struct {
	net.Conn
	hold bool
	held bytes.Buffer
}

func (g *gathering) Write(b []byte) (int, error) {
	if g.hold {
		return g.held.Write(b)
	}
	return g.Conn.Write(b)
}

func (g *gathering) flush() {
	g.hold = false
	_, _ = g.held.WriteTo(g.Conn)
}

// What a far side says unasked is never taken for the answer to the next
// request, also when it stands in a TLS record that was read along with the
// answer and is not decrypted yet.
func TestUnaskedRecordIsNotAnAnswer(t *testing.T) {
	lender := httptest.NewTLSServer(nil) // of its certificate
	t.Cleanup(lender.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	var requests atomic.Int32
	group.Go(func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer raw.Close()
				g := &gathering{Conn: raw}
				c := tls.Server(g, &tls.Config{Certificates: lender.TLS.Certificates})
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					g.hold = true
					say(c, accepted(int(requests.Add(1))))
					say(c, accepted(99))
					g.flush()
				}
			})
		}
	})
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	c := newClient(t, "https://"+l.Addr().String(), nil)
	c.Trust(roots)
	for n := 1; n <= 3; n++ {
		p, err := c.Place(t.Context(), testDial())
		if err != nil || p.CallID != fmt.Sprintf("CA%032x", n) {
			t.Errorf("call %d: %+v, %v", n, p, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	_ = l.Close()
	group.Wait()
}
