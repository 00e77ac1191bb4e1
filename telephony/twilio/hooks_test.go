package twilio_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

var allKinds = []twilio.Kind{
	twilio.KindVoice, twilio.KindStatus, twilio.KindAMD, twilio.KindGather,
	twilio.KindDial, twilio.KindRecording, twilio.KindPlayed, twilio.KindLeg,
}

func anID(t *rapid.T) cadence.ID {
	var id cadence.ID
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return id
}

func TestHookPathIsTheAgreedOne(t *testing.T) {
	id := testDial().Attempt
	m := hmac.New(sha256.New, testKey)
	m.Write([]byte("voice|" + id.Bare()))
	mac := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil)[:16]))
	if got, want := testHooks(t).Path(twilio.KindVoice, id), "/twilio/voice/"+id.Bare()+"/"+mac; got != want {
		t.Errorf("path %s, want %s", got, want)
	}
}

func TestHookRoundTrip(t *testing.T) {
	h := testHooks(t)
	rapid.Check(t, func(rt *rapid.T) {
		id := anID(rt)
		kind := rapid.SampledFrom(allKinds).Draw(rt, "kind")
		path := h.Path(kind, id)
		gotKind, gotID, err := h.Verify(path)
		if err != nil || gotKind != kind || gotID != id {
			rt.Fatalf("%s read back as %s %v, %v", path, gotKind, gotID, err)
		}
		if got, ok := h.AttemptOf(h.URL(kind, id)); !ok || got != id {
			rt.Fatalf("attempt of %s: %v", h.URL(kind, id), got)
		}
		// Any one character changed, added or lost must be refused.
		at := rapid.IntRange(0, len(path)-1).Draw(rt, "at")
		c := rapid.SampledFrom([]byte("abz27/?=%A ")).Draw(rt, "char")
		for _, bad := range []string{path[:at] + string(c) + path[at+1:], path[:at] + string(c) + path[at:], path[:at] + path[at+1:]} {
			if bad == path {
				continue
			}
			if _, _, err := h.Verify(bad); err == nil {
				rt.Fatalf("%s passed for %s", bad, path)
			}
		}
	})
}

func TestHookMACBindsKindAttemptAndKey(t *testing.T) {
	h := testHooks(t)
	other, err := twilio.NewHooks(testPublic, []byte("another key of enough length"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := cadence.ID{1}, cadence.ID{2}
	mac := func(p string) string { return p[strings.LastIndexByte(p, '/')+1:] }
	for _, path := range []string{
		"/twilio/voice/" + a.Bare() + "/" + mac(h.Path(twilio.KindStatus, a)),
		"/twilio/voice/" + a.Bare() + "/" + mac(h.Path(twilio.KindVoice, b)),
		other.Path(twilio.KindVoice, a),
		"/twilio/voice/" + a.Bare() + "/" + strings.ToUpper(mac(h.Path(twilio.KindVoice, a))),
	} {
		if _, _, err := h.Verify(path); !errors.Is(err, twilio.ErrMAC) {
			t.Errorf("%s: %v, want ErrMAC", path, err)
		}
	}
	for _, path := range []string{
		"", "/", "/twilio/", "/twilio/voice", "/twilio/other/" + a.Bare() + "/" + mac(h.Path(twilio.KindVoice, a)),
		h.Path(twilio.KindVoice, a) + "/", "//twilio/voice", "/v1/cadences", "/twilio/voice/x/" + mac(h.Path(twilio.KindVoice, a)),
	} {
		if _, _, err := h.Verify(path); !errors.Is(err, twilio.ErrPath) {
			t.Errorf("%q: %v, want ErrPath", path, err)
		}
	}
}

// TestMediaPath: the path of a stored audio file is signed over its hash, and
// stands for nothing else.
func TestMediaPath(t *testing.T) {
	h := testHooks(t)
	hash := strings.Repeat("0123456789abcdef", 4)
	u, err := h.MediaURL(hash)
	if err != nil {
		t.Fatal(err)
	}
	m := hmac.New(sha256.New, testKey)
	m.Write([]byte("media|" + hash))
	mac := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil)[:16]))
	path := "/twilio/media/" + hash + "/" + mac
	if u != testPublic+path {
		t.Fatalf("URL %s, want %s", u, testPublic+path)
	}
	if got, err := h.VerifyMedia(path); err != nil || got != hash {
		t.Errorf("%s read back as %q, %v", path, got, err)
	}
	other := strings.Repeat("f", 64)
	if _, err := h.VerifyMedia("/twilio/media/" + other + "/" + mac); !errors.Is(err, twilio.ErrMAC) {
		t.Errorf("another file under the same signature: %v", err)
	}
	for _, bad := range []string{"", path + "/", "/twilio/media/" + hash, "/twilio/media/" + hash[1:] + "/" + mac, h.Path(twilio.KindVoice, cadence.ID{1})} {
		if _, err := h.VerifyMedia(bad); !errors.Is(err, twilio.ErrPath) {
			t.Errorf("%q: %v, want ErrPath", bad, err)
		}
	}
	if _, _, err := h.Verify(path); !errors.Is(err, twilio.ErrPath) {
		t.Errorf("a media path as a webhook: %v", err)
	}
	for _, bad := range []string{"", hash[1:], strings.ToUpper(hash), hash + "0", "../" + hash[3:]} {
		if _, err := h.MediaURL(bad); err == nil {
			t.Errorf("there is a URL for %q", bad)
		}
	}
}

func TestSelfProbe(t *testing.T) {
	h := testHooks(t)
	u, err := h.SelfURL("nonce-1_A")
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(u, testPublic)
	if nonce, err := h.VerifySelf(path); err != nil || nonce != "nonce-1_A" {
		t.Fatalf("%q, %v", nonce, err)
	}
	if _, _, err := h.Verify(path); !errors.Is(err, twilio.ErrPath) {
		t.Errorf("a self-probe passed for a webhook: %v", err)
	}
	if _, err := h.VerifySelf(strings.Replace(path, "nonce-1", "nonce-2", 1)); !errors.Is(err, twilio.ErrMAC) {
		t.Errorf("another nonce: %v", err)
	}
	if _, err := h.VerifySelf(h.Path(twilio.KindVoice, cadence.ID{1})); !errors.Is(err, twilio.ErrPath) {
		t.Errorf("a webhook passed for a self-probe: %v", err)
	}
	for _, nonce := range []string{"", "a/b", "ä", strings.Repeat("a", 65)} {
		if _, err := h.SelfURL(nonce); err == nil {
			t.Errorf("nonce %q was accepted", nonce)
		}
	}
}

func TestPublicURL(t *testing.T) {
	for _, good := range []string{
		"https://a.example.com", "https://a.example.com/", "http://127.0.0.1:8081",
		"https://a.example.com:8443/dialer", "http://[::1]:8081",
	} {
		h, err := twilio.NewHooks(good, testKey)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		id := cadence.ID{9}
		full := strings.TrimSuffix(h.URL(twilio.KindDial, id), "#rc=3&rp=5xx,ct,rt&ct=2000")
		if full != strings.TrimRight(good, "/")+h.Path(twilio.KindDial, id) {
			t.Errorf("%s gives %s", good, full)
		}
		path := strings.TrimPrefix(full, full[:strings.Index(full[8:], "/")+8])
		if _, got, err := h.Verify(path); err != nil || got != id {
			t.Errorf("%s: path %s with the prefix: %v", good, path, err)
		}
	}
	for _, bad := range []string{
		"", "a.example.com", "ftp://a.example.com", "https://my_host.example.com", "https://u:p@a.example.com",
		"https://a.example.com?x=1", "https://a.example.com#x", "https://a.example.com/a b", "https://", "https://a.example.com/%41",
	} {
		if _, err := twilio.NewHooks(bad, testKey); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	if _, err := twilio.NewHooks(testPublic, []byte("short")); err == nil {
		t.Error("a key of 5 bytes was accepted")
	}
	if _, ok := testHooks(t).AttemptOf("https://elsewhere.example.com" + testHooks(t).Path(twilio.KindVoice, cadence.ID{1})); ok {
		t.Error("a URL of another host named an attempt")
	}
}
