package twilio_test

import (
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// FuzzVerifyPath: only a path that we made ourselves is accepted.
func FuzzVerifyPath(f *testing.F) {
	hooks, err := twilio.NewHooks("https://dialer.example/base", []byte(strings.Repeat("k", 32)))
	if err != nil {
		f.Fatal(err)
	}
	id := cadence.NewID(7, [14]byte{9})
	f.Add(hooks.Path(twilio.KindVoice, id))
	f.Add("/base" + hooks.Path(twilio.KindStatus, id))
	f.Add(hooks.Path(twilio.KindAMD, id) + "/")
	f.Add("/twilio/voice//")
	f.Fuzz(func(t *testing.T, path string) {
		kind, attempt, err := hooks.Verify(path)
		if err != nil {
			return
		}
		if want := hooks.Path(kind, attempt); path != want && path != "/base"+want {
			t.Fatalf("%q was taken for %q", path, want)
		}
	})
}
