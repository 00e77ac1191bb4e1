package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// Only the server that was given the nonce proves that the public URL leads
// here: a portal or another server may well answer 200 too.
func TestTheProbeBelievesOnlyItsOwnNonce(t *testing.T) {
	for _, c := range []struct {
		what   string
		answer http.HandlerFunc
		want   string
	}{
		{"the nonce", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, path.Base(path.Dir(r.URL.Path)))
		}, ""},
		{"another page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "welcome") }, "not this server"},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, "not this server"},
		{"not found", http.NotFound, "404"},
	} {
		t.Run(c.what, func(t *testing.T) {
			far := httptest.NewServer(c.answer)
			defer far.Close()
			hooks, err := twilio.NewHooks(far.URL, []byte("0123456789abcdef"))
			if err != nil {
				t.Fatal(err)
			}
			err = newProbe(hooks).reach(t.Context())
			if got := err == nil; got != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
