package twilio_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// sign is Twilio's algorithm, written once more from its description.
func sign(token, fullURL string, params url.Values) string {
	m := hmac.New(sha1.New, []byte(token))
	m.Write([]byte(fullURL))
	keys := make([]string, 0, len(params))
	for k := range params {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		m.Write([]byte(k + params.Get(k)))
	}
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

func verifier(t testing.TB, primary twilio.Secret, previous ...twilio.Secret) *twilio.Verifier {
	t.Helper()
	v, err := twilio.NewVerifier(primary, previous...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSignatureOfTheDocumentation(t *testing.T) {
	const full, signature = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	body := "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
	v := verifier(t, "12345")
	if err := v.Verify(full, []byte(body), signature); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		url, body, signature string
		want                 error
	}{
		"another value":       {full, strings.Replace(body, "1234567890", "1234567891", 1), signature, twilio.ErrSignature},
		"another URL":         {full + "3", body, signature, twilio.ErrSignature},
		"one more parameter":  {full, body + "&X=", signature, twilio.ErrSignature},
		"a value doubled":     {full, body + "&Digits=9999", signature, twilio.ErrDuplicate},
		"the same twice":      {full, "Digits=1234&" + body, signature, twilio.ErrDuplicate},
		"doubled in disguise": {full, body + "&%44igits=9999", signature, twilio.ErrDuplicate},
		"no signature":        {full, body, "", twilio.ErrSignature},
		"a long signature":    {full, body, signature + "=", twilio.ErrSignature},
		"a broken escape":     {full, body + "&a=%zz", signature, twilio.ErrSignature},
		"a semicolon":         {full, body + ";", signature, twilio.ErrSignature},
		"too large":           {full, body + "&a=" + strings.Repeat("x", twilio.MaxBody), signature, twilio.ErrSignature},
		"too many parameters": {full, body + strings.Repeat("&a", 300), signature, twilio.ErrSignature},
	} {
		if err := v.Verify(c.url, []byte(c.body), c.signature); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// In any order of the parameters.
	parts := strings.Split(body, "&")
	slices.Reverse(parts)
	if err := v.Verify(full, []byte("&&"+strings.Join(parts, "&")), signature); err != nil {
		t.Errorf("in another order: %v", err)
	}
}

func TestSignatureTokens(t *testing.T) {
	const full = "https://dial.example.com/x"
	p := url.Values{"A": {"b"}}
	old, now := sign("old", full, p), sign("new", full, p)
	both := verifier(t, "new", "old", "")
	for _, s := range []string{old, now} {
		if err := both.Verify(full, []byte("A=b"), s); err != nil {
			t.Errorf("while rotating: %v", err)
		}
	}
	if err := verifier(t, "new").Verify(full, []byte("A=b"), old); !errors.Is(err, twilio.ErrSignature) {
		t.Errorf("after rotating: %v", err)
	}
	if _, err := twilio.NewVerifier("", ""); err == nil {
		t.Error("a verifier without a token was made")
	}
}

func TestSignatureOfJSON(t *testing.T) {
	body := []byte(`{"level":"ERROR"}`)
	sum := sha256.Sum256(body)
	full := "https://dial.example.com/x?bodySHA256=" + hex.EncodeToString(sum[:])
	v, s := verifier(t, testToken), sign(testToken, full, nil)
	if err := v.Verify(full, body, s); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(full, append(body, ' '), s); !errors.Is(err, twilio.ErrSignature) {
		t.Errorf("a changed body: %v", err)
	}
	if err := v.Verify(strings.Replace(full, "x?", "y?", 1), body, s); !errors.Is(err, twilio.ErrSignature) {
		t.Errorf("another URL: %v", err)
	}
	empty := "https://dial.example.com/x?bodySHA256="
	if err := v.Verify(empty, body, sign(testToken, empty, nil)); err == nil {
		t.Error("an empty hash passed for any body")
	}
}

// The library and this package agree on every URL and form without duplicate
// keys, whichever port form was signed; a form with duplicates is refused.
func TestSignatureAgreesWithTheLibrary(t *testing.T) {
	library := client.NewRequestValidator(testToken)
	v := verifier(t, testToken)
	hosts := []string{"dial.example.com", "dial.example.com:443", "dial.example.com:8443", "127.0.0.1:8081", "a.b", "a.b:80"}
	rapid.Check(t, func(rt *rapid.T) {
		scheme := rapid.SampledFrom([]string{"http", "https"}).Draw(rt, "scheme")
		rest := rapid.SampledFrom([]string{"", "/", "/a", "/a/b-c_d", "/a?x=1&y=2", "?q=%20", "/a:b@c"}).Draw(rt, "rest")
		at := func(label string) string {
			return scheme + "://" + rapid.SampledFrom(hosts).Draw(rt, label) + rest
		}
		signedURL, askedURL := at("signed"), at("asked")
		if rapid.Bool().Draw(rt, "same") {
			askedURL = signedURL
		}
		params := url.Values{}
		for k, val := range rapid.MapOfN(rapid.StringN(0, 6, -1), rapid.String(), 0, 8).Draw(rt, "params") {
			params.Set(k, val)
		}
		body := params.Encode()
		if rapid.Bool().Draw(rt, "twice") && len(params) > 0 {
			for k := range params {
				body += "&" + url.QueryEscape(k) + "=again"
				break
			}
			if err := v.Verify(askedURL, []byte(body), sign(testToken, signedURL, params)); !errors.Is(err, twilio.ErrDuplicate) {
				rt.Fatalf("duplicate key: %v", err)
			}
			return
		}
		signature := sign(testToken, signedURL, params)
		want := library.ValidateBody(askedURL, []byte(body), signature)
		if got := v.Verify(askedURL, []byte(body), signature) == nil; got != want {
			rt.Fatalf("%s signed, %s asked, body %q: verified %v, the library says %v", signedURL, askedURL, body, got, want)
		}
	})
}

func TestSignatureWithIPv6(t *testing.T) {
	v := verifier(t, testToken) // the library cuts such hosts at their first colon
	for signed, asked := range map[string]string{
		"http://[::1]:8081/x": "http://[::1]:8081/x",
		"http://[::1]/x":      "http://[::1]:8081/x",
		"https://[::1]:443/x": "https://[::1]/x",
	} {
		if err := v.Verify(asked, nil, sign(testToken, signed, nil)); err != nil {
			t.Errorf("%s signed, %s asked: %v", signed, asked, err)
		}
	}
	if err := v.Verify("http://[::2]/x", nil, sign(testToken, "http://[::1]/x", nil)); err == nil {
		t.Error("another host passed")
	}
}

func FuzzSignatureForm(f *testing.F) {
	for _, s := range []string{"", "a=b", "a=b&c=d", "a", "=", "&", "a=%41+b", "a=%4", "a;b", "a=1&a=2", "%61=1&a=2", "a==b&=c", "\x00=\xff", "a=b&&c"} {
		f.Add([]byte(s))
	}
	library := client.NewRequestValidator(testToken)
	v := verifier(f, testToken)
	const full = "https://dial.example.com/twilio/voice/a/b"
	f.Fuzz(func(t *testing.T, body []byte) {
		parsed, err := url.ParseQuery(string(body))
		signature := sign(testToken, full, parsed)
		got := v.Verify(full, body, signature)
		if got == nil && !library.ValidateBody(full, body, signature) {
			t.Fatalf("%q is verified here and not by the library", body)
		}
		twice := slices.ContainsFunc(slices.Collect(mapValues(parsed)), func(v []string) bool { return len(v) > 1 })
		if err == nil && !twice && len(body) <= twilio.MaxBody && len(parsed) < 256 && got != nil {
			t.Fatalf("%q is verified by the library and not here: %v", body, got)
		}
		if twice && got == nil {
			t.Fatalf("%q has a key twice and was verified", body)
		}
	})
}

func mapValues(v url.Values) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for _, x := range v {
			if !yield(x) {
				return
			}
		}
	}
}
