package twilio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// leaks reports whether a text holds the token in any form, or the number.
func leaks(s string) bool {
	hexed := fmt.Sprintf("%x", testToken)
	return strings.Contains(s, testToken) || strings.Contains(strings.ToLower(s), hexed) || strings.Contains(s, string(testKey)) ||
		strings.Contains(s, fmt.Sprintf("%x", testKey)) || strings.Contains(s, fmt.Sprintf("%d", testKey[:8])[1:20]) || strings.Contains(s, "3035550142")
}

func TestNothingPrintsASecret(t *testing.T) {
	h := testHooks(t)
	v := verifier(t, testToken, testToken)
	o := twilio.Options{AccountSID: testAccount, AuthToken: testToken, APISecret: testToken, Hooks: h}
	c := newClient(t, "http://127.0.0.1:1", nil)
	w, err := twilio.NewWebhooks(h, v, testAccount)
	if err != nil {
		t.Fatal(err)
	}
	if !leaks("token "+testToken) || !leaks(fmt.Sprintf("%d", testKey)) {
		t.Fatal("the detector is blind")
	}
	for _, x := range []any{o, &o, o.AuthToken, c, h, v, w, *w} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if s := fmt.Sprintf(verb, x); leaks(s) {
				t.Errorf("%T with %s prints a secret", x, verb)
			}
		}
		if j, err := json.Marshal(x); err == nil && leaks(string(j)) {
			t.Errorf("%T as JSON tells a secret", x)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", x)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", x)
		if leaks(log.String()) {
			t.Errorf("%T in a log tells a secret", x)
		}
	}
	if s := fmt.Sprint(twilio.Secret("")); s != "[not set]" {
		t.Errorf("an unset secret prints %s", s)
	}
}

// Whatever the carrier, or something in between, sends back.
func TestErrorsTellNoSecret(t *testing.T) {
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, pass, _ := r.BasicAuth()
			body, _ := json.Marshal(map[string]any{"code": 21211, "message": "To +13035550142 and 3035550142 with " + pass + " and " +
				r.Header.Get("Authorization") + "\r\nInjected: line\x1b[31m" + strings.Repeat("x", 5000)})
			w.WriteHeader(status)
			_, _ = w.Write(body)
		}
	}
	for _, status := range []int{200, 302, 400, 401, 429, 500} {
		base, _ := serve(t, echo(status))
		c := newClient(t, base, nil)
		_, err := c.Place(t.Context(), testDial())
		_, err2 := c.Find(t.Context(), query(0, 1))
		_, err3 := c.Fetch(t.Context(), testCall)
		for _, err := range []error{err, err2, err3} {
			e, ok := errors.AsType[*telephony.Error](err)
			if !ok {
				t.Fatalf("status %d: %v", status, err)
			}
			text := fmt.Sprintf("%v %+v %#v", err, e, *e)
			if leaks(text) || strings.ContainsAny(e.Error(), "\r\n\x1b") || len(e.Message) > 2000 {
				t.Errorf("status %d: %s", status, text)
			}
		}
	}
	c := newClient(t, "http://127.0.0.1:1", nil)
	_, err := c.Place(t.Context(), testDial())
	if err == nil || leaks(fmt.Sprintf("%+v", err)) {
		t.Errorf("no connection: %v", err)
	}
}
