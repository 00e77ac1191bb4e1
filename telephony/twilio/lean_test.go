package twilio_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// What is cheaper than a library must say the same.

func TestEncodeFormIsURLEncoding(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := url.Values(rapid.MapOfN(rapid.String(), rapid.SliceOfN(rapid.String(), 0, 4), 0, 20).Draw(rt, "form"))
		if got, want := twilio.EncodeForm(data), data.Encode(); got != want {
			rt.Fatalf("encoded %q, want %q", got, want)
		}
	})
}

func TestPlainChecksAreTheirPatterns(t *testing.T) {
	e164 := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	sid := regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)
	near := rapid.OneOf(
		rapid.StringMatching(`\+?[0-9]{5,16}`), rapid.StringMatching(`\+[1-9][0-9]{5,15}.?`),
		rapid.StringMatching(`CA[0-9a-fA-F]{31,33}`), rapid.StringMatching(`C[A-C][0-9a-hA-H]{32}\n?`), rapid.String(),
	)
	rapid.Check(t, func(rt *rapid.T) {
		s := near.Draw(rt, "s")
		if twilio.IsE164(cadence.Number(s)) != e164.MatchString(s) || twilio.IsCallSID(s) != sid.MatchString(s) {
			rt.Fatalf("%q is judged otherwise than by the pattern", s)
		}
	})
}

func TestStampIsTimeParse(t *testing.T) {
	parsed := func(s string) time.Time {
		for _, layout := range []string{time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", time.RFC1123} {
			if at, err := time.Parse(layout, s); err == nil {
				return at.UTC()
			}
		}
		return time.Time{}
	}
	near := rapid.OneOf(
		rapid.Custom(func(rt *rapid.T) string {
			return time.Unix(rapid.Int64Range(-1<<34, 1<<37).Draw(rt, "at"), 0).UTC().Format(time.RFC1123Z)
		}),
		rapid.StringMatching(`(Mon|Tue|Sun|Xyz|mon), [0-3][0-9] (Jan|Feb|Apr|Dec|dec|Abc) [0-9]{4} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [+-]0[0-1]00`),
		rapid.StringMatching(`(Mon|Tue), [0-3]?[0-9] (Jan|Feb) 20[0-9]{2} [0-2][0-9].[0-5][0-9]:[0-5][0-9] (\+0000|GMT|UTC)`),
	)
	rapid.Check(t, func(rt *rapid.T) {
		s := near.Draw(rt, "s")
		got, err := twilio.Stamp(s)
		if want := parsed(s); !got.Equal(want) || (err == nil) == want.IsZero() || got.Location() != time.UTC {
			rt.Fatalf("%q is %v (%v), want %v", s, got, err, want)
		}
	})
}

type placedAnswer struct {
	Sid       *string `json:"sid"`
	QueueTime *string `json:"queue_time"`
}

func FuzzBrief(f *testing.F) {
	for _, s := range []string{
		callAnswer, "", "null", "[]", "{}", `{"sid":null}`, `{"sid":"a"}`, `{"sid":"\u0041\"","x":{"sid":"b"},"queue_time":"7"}`,
		`{"queue_time":3,"sid":"a"}`, `{"sid":"a"`, `{"sid":"a"} {}`, `{"x":[{"sid":"b"}]}`, "{\"sid\":\"a\nb\"}", ` { "sid" : "a" , "queue_time" : null } `,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		short := twilio.Brief(answer)
		if bytes.Equal(short, answer) {
			return
		}
		var got placedAnswer
		gotErr := json.Unmarshal(short, &got)
		if !json.Valid(answer) {
			return // see TestAnUnfinishedAnswerStaysUnfinished
		}
		if repeated(t, answer) {
			return // of a name that comes twice either value will do
		}
		var want placedAnswer
		wantErr := json.Unmarshal(answer, &want)
		if (gotErr == nil) != (wantErr == nil) || same(got.Sid) != same(want.Sid) || same(got.QueueTime) != same(want.QueueTime) {
			t.Fatalf("%q became %q: %v, %v", answer, short, gotErr, wantErr)
		}
	})
}

// An answer that was cut or has lost a bracket is not repaired.
func TestAnUnfinishedAnswerStaysUnfinished(t *testing.T) {
	if short := twilio.Brief([]byte(callAnswer)); string(short) != `{"sid":"`+testCall+`","queue_time":"0"}` {
		t.Fatalf("the whole answer became %s", short)
	}
	for i := range callAnswer {
		cut := []byte(callAnswer[:i])
		if short := twilio.Brief(cut); !bytes.Equal(short, cut) {
			t.Fatalf("the first %d bytes became %s", i, short)
		}
		if !strings.ContainsRune(`{}":,`, rune(callAnswer[i])) {
			continue
		}
		broken := []byte(callAnswer[:i] + callAnswer[i+1:])
		if short := twilio.Brief(broken); !json.Valid(broken) && !bytes.Equal(short, broken) {
			t.Fatalf("without the %q at %d it became %s", callAnswer[i], i, short)
		}
	}
}

func same(s *string) string {
	if s == nil {
		return "\x00"
	}
	return *s
}

// repeated reports whether the object names a member twice, also by a name
// that differs in case only: encoding/json takes those for one.
func repeated(t *testing.T, object []byte) bool {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return true
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return true
		}
		folded := string(bytes.ToLower([]byte(name.(string))))
		if seen[folded] || (folded != name && (folded == "sid" || folded == "queue_time")) {
			return true
		}
		seen[folded] = true
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return true
		}
	}
	return false
}
