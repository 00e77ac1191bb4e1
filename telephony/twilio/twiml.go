package twilio

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// TwiMLType is the content type of an answer with a script; Twilio refuses
// others.
const TwiMLType = "text/xml; charset=utf-8"

// Bounds of a script. Twilio refuses documents over 64 kB and texts over
// 4,096 characters.
const (
	MaxTwiML   = 64 << 10
	MaxSayText = 4096
	maxVerbs   = 100
	maxURL     = 2048
	maxSIP     = 255
)

// ErrScript is wrapped by every error of Render: the script itself is wrong.
var ErrScript = errors.New("script")

var (
	voiceName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	sipURI    = regexp.MustCompile(`^sips?:[!#$%&'*+./0-9=?@A-Z_a-z~;:,()\[\]-]+$`)
)

// Render writes a script as TwiML. Data reaches the document only as text and
// attribute values through encoding/xml, so no name or message can add a
// verb. The same script always gives the same bytes.
func Render(script telephony.Script, hooks *Hooks) ([]byte, error) {
	w := &twiml{hooks: hooks}
	w.out.Grow(usualTwiML)
	w.out.WriteString(xml.Header)
	if len(script) == 0 {
		script = telephony.Script{telephony.Hangup{}}
	}
	w.open("Response")
	w.verbs(script, false)
	w.shut("Response")
	if w.err == nil && w.out.Len() > MaxTwiML {
		w.err = fmt.Errorf("%d bytes of TwiML, at most %d are allowed", w.out.Len(), MaxTwiML)
	}
	if w.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScript, w.err)
	}
	return w.out.Bytes(), nil
}

// usualTwiML is room for most scripts.
const usualTwiML = 512

// twiml writes elements and keeps the first error. Names are constants of this
// file; everything else goes through xml.EscapeText.
type twiml struct {
	out   bytes.Buffer
	hooks *Hooks
	count int
	err   error
}

// verbs writes a script, or the prompt of a Gather.
func (w *twiml) verbs(script telephony.Script, prompt bool) {
	for _, v := range script {
		if w.count++; w.count > maxVerbs {
			w.fail("more than %d verbs", maxVerbs)
		}
		if w.err != nil {
			return
		}
		switch v := v.(type) {
		case telephony.Say:
			w.say(v)
		case telephony.Play:
			w.play(v)
		case telephony.Pause:
			w.pause(v)
		case telephony.Connect:
			w.outer(prompt, "Connect", func() { w.connect(v) })
		case telephony.Gather:
			w.outer(prompt, "Gather", func() { w.gather(v) })
		case telephony.Played:
			w.outer(prompt, "Redirect", func() { w.played(v) })
		case telephony.Hangup:
			w.outer(prompt, "Hangup", func() { w.leaf("Hangup", "") })
		default:
			w.fail("verb %T is not known", v)
		}
	}
}

func (w *twiml) outer(prompt bool, name string, write func()) {
	if prompt {
		w.fail("%s cannot stand in a Gather's prompt", name)
		return
	}
	write()
}

// say leaves out what has no text, and cuts what is too long.
func (w *twiml) say(v telephony.Say) {
	text := plain(v.Text)
	if text == "" {
		return
	}
	if (v.Voice != "" && !voiceName.MatchString(v.Voice)) || (v.Language != "" && !voiceName.MatchString(v.Language)) {
		w.fail("voice %.80q, language %.80q: want letters, digits, '.', '-' and '_'", v.Voice, v.Language)
		return
	}
	w.leaf("Say", text, "voice", v.Voice, "language", v.Language)
}

func (w *twiml) play(v telephony.Play) {
	if hash, stored := strings.CutPrefix(v.URL, mediaPrefix); stored {
		w.playStored(hash)
		return
	}
	u, err := url.Parse(v.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || len(v.URL) > maxURL {
		w.fail("audio to play: want an http or https URL of at most %d characters", maxURL)
		return
	}
	w.leaf("Play", u.String())
}

func (w *twiml) playStored(hash string) {
	if w.hooks == nil {
		w.fail("stored audio needs hooks for its URL")
		return
	}
	u, err := w.hooks.MediaURL(hash)
	if err != nil {
		w.fail("%v", err)
		return
	}
	w.leaf("Play", u)
}

// played asks for what follows by going on elsewhere: that is the only verb
// whose being reached is told without the far side doing anything.
func (w *twiml) played(v telephony.Played) {
	if v.Attempt.IsZero() {
		w.fail("Played names no attempt")
		return
	}
	w.leaf("Redirect", w.action(KindPlayed, v.Attempt), "method", "POST")
}

func (w *twiml) pause(v telephony.Pause) {
	if v.For < 0 || v.For > 10*time.Minute {
		w.fail("pause of %v: want 0 to 10 minutes", v.For)
		return
	}
	if v.For > 0 {
		w.leaf("Pause", "", "length", seconds(v.For))
	}
}

func (w *twiml) connect(v telephony.Connect) {
	switch {
	case v.Attempt.IsZero():
		w.fail("Connect names no attempt")
	case (v.Number == "") == (v.SIP == ""):
		w.fail("Connect wants a number or a SIP address, and not both")
	case v.Number != "" && !isE164(v.Number):
		w.fail("Connect to a number that is not E.164")
	case v.SIP != "" && (len(v.SIP) > maxSIP || !sipURI.MatchString(v.SIP)):
		w.fail("Connect to a SIP address that is not of the form sip:user@host")
	case v.CallerID != "" && !isE164(v.CallerID):
		w.fail("Connect with a caller ID that is not E.164")
	case v.Ring != 0 && (v.Ring < MinRing || v.Ring > MaxRing):
		w.fail("Connect rings %v: want 5 to 600 seconds", v.Ring)
	case v.TimeLimit < 0 || v.TimeLimit > MaxTimeLimit:
		w.fail("Connect lasts %v: want at most 24 hours", v.TimeLimit)
	}
	if w.err != nil {
		return
	}
	w.open("Dial", "action", w.action(KindDial, v.Attempt), "method", "POST",
		"timeout", seconds(v.Ring), "timeLimit", seconds(v.TimeLimit), "callerId", string(v.CallerID))
	told := []string{"statusCallbackEvent", "answered", "statusCallback", w.action(KindLeg, v.Attempt), "statusCallbackMethod", "POST"}
	if v.Number != "" {
		w.leaf("Number", string(v.Number), told...)
	} else {
		w.leaf("Sip", v.SIP, told...)
	}
	w.shut("Dial")
}

// gather takes one key of any kind: without finishOnKey="" a "#" would end
// the input instead of being it.
func (w *twiml) gather(v telephony.Gather) {
	if v.Attempt.IsZero() || v.Wait < 0 || v.Wait > time.Minute {
		w.fail("Gather wants an attempt and a wait of at most one minute")
		return
	}
	w.openWith("Gather", ` finishOnKey=""`,
		"input", "dtmf", "numDigits", "1", "action", w.action(KindGather, v.Attempt), "method", "POST",
		"timeout", seconds(v.Wait))
	w.verbs(v.Prompt, true)
	w.shut("Gather")
}

func (w *twiml) action(k Kind, attempt cadence.ID) string {
	if w.hooks == nil {
		w.fail("%s needs hooks for its action", k)
		return ""
	}
	return w.hooks.URL(k, attempt)
}

// seconds rounds up to whole seconds; no time is no attribute.
func seconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

func (w *twiml) open(name string, attrs ...string) { w.openWith(name, "", attrs...) }

// openWith starts an element; attributes come in pairs and empty ones are left
// out, but those in fixed, as they are written, stay.
func (w *twiml) openWith(name, fixed string, attrs ...string) {
	if w.err != nil {
		return
	}
	w.out.WriteByte('<')
	w.out.WriteString(name)
	w.out.WriteString(fixed)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		w.out.WriteByte(' ')
		w.out.WriteString(attrs[i])
		w.out.WriteString(`="`)
		w.text(attrs[i+1])
		w.out.WriteByte('"')
	}
	w.out.WriteByte('>')
}

func (w *twiml) shut(name string) {
	if w.err != nil {
		return
	}
	w.out.WriteString("</")
	w.out.WriteString(name)
	w.out.WriteByte('>')
}

func (w *twiml) leaf(name, text string, attrs ...string) {
	w.open(name, attrs...)
	w.text(text)
	w.shut(name)
}

// text writes what data says, and nothing that XML could take for more.
func (w *twiml) text(s string) {
	if w.err == nil {
		w.err = xml.EscapeText(&w.out, []byte(s))
	}
}

func (w *twiml) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// plain drops what cannot be spoken or stand in XML, turns line ends and tabs
// into blanks, and cuts to the carrier's limit.
func plain(s string) string {
	var out strings.Builder
	n := 0
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			r = ' '
		case r < 0x20, r >= 0x7f && r <= 0x9f, r == utf8.RuneError, r == 0xfffe, r == 0xffff:
			continue
		}
		if n++; n > MaxSayText {
			break
		}
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}
