package simcarrier

import (
	"net/url"
	"strings"
	"time"
)

// listen is the inner verb a <Gather> ends in, once its prompt is spoken.
const listen = "#listen"

// How scripts take time. Speech is reckoned by its length, audio that is not
// the client's own by its address.
const (
	charsPerSecond = 15
	shortestSpeech = time.Second
	shortestAudio  = 4 * time.Second
	longestAudio   = 12 * time.Second
	keyPressAfter  = 1500 * time.Millisecond
	longestText    = 200 // of a Said entry
)

// follow starts a document on a call in place of what it was doing.
func (c *Carrier) follow(t *turn, k *call, doc *document) {
	k.flow++
	k.doc, k.script = doc, doc.verbs
	c.proceed(t, k)
}

// proceed does the next verb of a call's script.
func (c *Carrier) proceed(t *turn, k *call) {
	if len(k.script) == 0 {
		c.end(t, k, completed, 200, "the script ended")
		return
	}
	v := k.script[0]
	k.script = k.script[1:]
	switch v.name {
	case "Say":
		c.say(t, k, Entry{Text: clip(v.text)}, speech(v.text)*time.Duration(v.loops()))
	case "Play":
		c.play(t, k, &v)
	case "Pause":
		c.next(t, k, v.seconds("length", 1))
	case "Gather":
		prompt := append([]verb{}, v.kids...)
		k.script = append(append(prompt, verb{name: listen, attr: v.attr}), k.script...)
		c.proceed(t, k)
	case listen:
		c.listen(t, k, &v)
	case "Dial":
		c.dialLeg(t, k, v)
	case "Redirect":
		c.fetch(t, k, &scriptRequest{what: "redirect", url: resolve(k.doc, v.text), method: attrMethod(&v, "method")})
	case "Hangup":
		c.end(t, k, completed, 200, "hung up by the script")
	case "Reject":
		c.end(t, k, completed, 200, "rejected by the script")
	default:
		panic("BUG: simcarrier: an unchecked verb <" + v.name + ">")
	}
}

// next goes on with the script after a while.
func (c *Carrier) next(t *turn, k *call, after time.Duration) {
	k.step = c.set(t.now.Add(after), func(t *turn) { c.proceed(t, k) })
}

// say speaks or plays something to whoever is there. A machine keeps it if it
// was recording from the first word to the last.
func (c *Carrier) say(t *turn, k *call, e Entry, length time.Duration) {
	e.Ev, e.By = Said, k.by()
	t.note(k, e)
	kept := e.By == ByMachine && !t.now.Before(k.answered.Add(k.plan.Greeting))
	k.step = c.set(t.now.Add(length), func(t *turn) {
		if kept {
			t.note(k, Entry{Ev: Recorded, By: ByMachine, URL: e.URL, Text: e.Text})
		}
		c.proceed(t, k)
	})
}

// listen waits for keys. Only people press any.
func (c *Carrier) listen(t *turn, k *call, v *verb) {
	wait := v.seconds("timeout", 5)
	pressed := k.press(v)
	if pressed == "" {
		c.next(t, k, wait)
		return
	}
	action, doc := v.attr["action"], k.doc
	k.step = c.set(t.now.Add(min(keyPressAfter, wait)), func(t *turn) {
		t.note(k, Entry{Ev: Digits, Digits: pressed})
		target := resolve(doc, action)
		if action == "" && doc.base != nil {
			target = doc.base.String()
		}
		c.fetch(t, k, &scriptRequest{
			what: "gather", url: target, method: attrMethod(v, "method"),
			extra: url.Values{"Digits": {pressed}, "FinishedOnKey": {""}, "msg": {"Gather End"}},
		})
	})
}

// press takes the keys of one <Gather> from those the person means to press.
func (k *call) press(v *verb) string {
	if k.by() != ByHuman || k.keys == "" {
		return ""
	}
	n := v.number("numDigits", len(k.keys))
	if n == 0 || n > len(k.keys) {
		n = len(k.keys)
	}
	pressed := k.keys[:n]
	k.keys = k.keys[n:]
	return pressed
}

// dialed goes on after a <Dial>: with the document its action answers, or
// with the next verb.
func (c *Carrier) dialed(t *turn, k, leg *call) {
	if k.action == "" {
		if !k.status.over() {
			c.proceed(t, k)
		}
		return
	}
	s := leg.status
	extra := url.Values{"DialCallStatus": {string(s)}, "DialCallSid": {leg.sid}, "DialBridged": {"false"}}
	if s == completed {
		extra.Set("DialCallDuration", itoa(leg.seconds()))
		extra.Set("DialBridged", "true")
	}
	c.fetch(t, k, &scriptRequest{what: "dial", url: k.action, method: k.actionMethod, extra: extra})
}

// speech is how long a text takes to say.
func speech(text string) time.Duration {
	return max(shortestSpeech, time.Duration(len([]rune(text)))*time.Second/charsPerSecond)
}

// clip keeps the log's lines short.
func clip(text string) string {
	if r := []rune(text); len(r) > longestText {
		return string(r[:longestText]) + "…"
	}
	return text
}

// resolve makes a URL of a document absolute. One that cannot be read is left
// as it is, and fails when it is requested.
func resolve(doc *document, ref string) string {
	if ref == "" || doc == nil || doc.base == nil {
		return ref
	}
	u, err := doc.base.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

func attrMethod(v *verb, name string) string {
	if m := strings.ToUpper(v.attr[name]); m == "GET" {
		return m
	}
	return "POST"
}
