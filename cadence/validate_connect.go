package cadence

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Ring times a call may be given: shorter ones annoy and are rarely answered,
// and carriers' voicemail answers well within a minute.
const (
	MinRing = 15 * time.Second
	MaxRing = 60 * time.Second
)

// MaxDispositionWait is how long a touch may wait for a posted disposition.
const MaxDispositionWait = 24 * time.Hour

var (
	e164      = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	sipURI    = regexp.MustCompile(`^sips?:[A-Za-z0-9._~!$&'()*+%-]{1,128}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?(?:;[A-Za-z0-9=;._~-]{1,200})?$`)
	mediaName = regexp.MustCompile(`^media:sha256-[0-9a-f]{64}$`)
	gatherKey = regexp.MustCompile(`^[0-9*#]$`)
)

// connectFields says which fields each kind of target has, besides to,
// disposition_wait and, where the target rings, ring_timeout.
var connectFields = map[ConnectKind][]string{
	ConnectNumber:  {"number", "ring_timeout"},
	ConnectSIP:     {"sip", "ring_timeout"},
	ConnectMessage: {"text", "audio", "gather"},
	ConnectAgents:  {"queue", "skills"},
	ConnectAI:      {"sip", "stream_url", "conversation_relay_url", "parameters", "ring_timeout"},
}

func (v *validator) connects(path string, list []Connect) {
	if !v.count(path, len(list), MaxConnect) {
		return
	}
	for i := range list {
		v.connect(at(path, i), &list[i])
	}
}

func (v *validator) connect(path string, c *Connect) {
	allowed, ok := connectFields[c.To]
	if !ok {
		v.oneOf(path+".to", string(c.To), "number", "sip", "message", "agents", "ai")
		return
	}
	given := c.given()
	for _, name := range sortedKeys(given) {
		if given[name] && !slices.Contains(allowed, name) {
			v.errorAt(path+"."+name, "not_used", fmt.Sprintf("a target of kind %s has no %s", c.To, name), "remove it")
		}
	}
	switch c.To {
	case ConnectNumber:
		v.form(path+".number", string(c.Number), e164, "write the number as +13035550100")
	case ConnectSIP:
		v.form(path+".sip", c.SIP, sipURI, "write the address as sip:sales@example.com")
	case ConnectMessage:
		v.message(path, c)
	case ConnectAgents:
		if c.Queue == "" {
			v.required(path+".queue", "agents are reached through a queue")
		}
		v.name(path+".queue", c.Queue)
		v.count(path+".skills", len(c.Skills), MaxListed)
	case ConnectAI:
		v.ai(path, c)
	}
	if !c.RingTimeout.IsZero() {
		v.exact(path+".ring_timeout", c.RingTimeout, MinRing, MaxRing)
	}
	if !c.DispositionWait.IsZero() {
		v.exact(path+".disposition_wait", c.DispositionWait, 0, MaxDispositionWait)
	}
}

// given says which of the fields that belong to some kinds only are set.
func (c *Connect) given() map[string]bool {
	return map[string]bool{
		"number": c.Number != "", "sip": c.SIP != "", "text": c.Text != "", "audio": c.Audio != "",
		"gather": len(c.Gather) > 0, "ring_timeout": !c.RingTimeout.IsZero(), "queue": c.Queue != "",
		"skills": len(c.Skills) > 0, "stream_url": c.StreamURL != "",
		"conversation_relay_url": c.RelayURL != "", "parameters": len(c.Parameters) > 0,
	}
}

func (v *validator) message(path string, c *Connect) {
	if (c.Text == "") == (c.Audio == "") {
		v.errorAt(path, "one_of", "a message has either text or audio", "give exactly one of them")
	}
	v.script(path+".text", c.Text, MaxTextBytes)
	v.audio(path+".audio", c.Audio)
	for _, key := range sortedKeys(c.Gather) {
		inner := under(path+".gather", key)
		v.form(inner, key, gatherKey, "a key is one of 0 to 9, * and #")
		v.code(inner, c.Gather[key])
	}
}

func (v *validator) ai(path string, c *Connect) {
	ways := 0
	for _, way := range []string{c.SIP, c.StreamURL, c.RelayURL} {
		if way != "" {
			ways++
		}
	}
	if ways != 1 {
		v.errorAt(path, "one_of", "an AI is reached by one of stream_url, conversation_relay_url and sip", "give exactly one of them")
	}
	if c.SIP != "" {
		v.form(path+".sip", c.SIP, sipURI, "write the address as sip:ai@example.com")
	}
	v.webAddress(path+".stream_url", c.StreamURL, "wss")
	v.webAddress(path+".conversation_relay_url", c.RelayURL, "wss")
	if !v.count(path+".parameters", len(c.Parameters), MaxListed) {
		return
	}
	for _, key := range sortedKeys(c.Parameters) {
		v.script(under(path+".parameters", key), c.Parameters[key], MaxTextBytes)
	}
}

// audio checks the name of a recording; empty is none.
func (v *validator) audio(path, audio string) {
	switch {
	case audio == "":
	case strings.HasPrefix(audio, "media:"):
		v.form(path, audio, mediaName, "stored audio is media:sha256- and 64 hexadecimal digits")
	default:
		v.webAddress(path, audio, "https")
	}
}

// MediaHash is the SHA-256, in hexadecimal digits, of stored audio that a
// document names "media:sha256-…"; ok is false for other audio.
func MediaHash(audio string) (hash string, ok bool) {
	return strings.CutPrefix(audio, MediaPrefix)
}

// MediaPrefix begins the name of stored audio.
const MediaPrefix = "media:sha256-"

func isMedia(audio string) bool { return mediaName.MatchString(audio) }

func (v *validator) webAddress(path, text, scheme string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != scheme || u.Hostname() == "" || u.User != nil || len(text) > 2000 {
		v.errorAt(path, "address", fmt.Sprintf("%q is no %s address", clip(text), scheme), "write "+scheme+"://host/path")
	}
}
