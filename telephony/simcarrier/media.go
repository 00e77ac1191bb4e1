package simcarrier

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/telephony/audio"
)

// mediaPath is where a client serves its own audio. What else a script plays
// is never fetched: a simulation asks nobody but its client.
const mediaPath = "/twilio/media/"

// play plays audio: the client's own as long as it lasts, any other for a time
// that is reckoned from its address.
func (c *Carrier) play(t *turn, k *call, v *verb) {
	target := resolve(k.doc, v.text)
	if !fromClient(k.doc, target) {
		length := between(chance(c.o.Seed, "audio", v.text), shortestAudio, longestAudio)
		c.say(t, k, Entry{URL: target}, length*time.Duration(v.loops()))
		return
	}
	flow, loops := k.flow, v.loops()
	d := c.newDelivery(k, "media"+itoa(len(k.requests)), target, http.MethodGet, nil)
	d.limit = audio.MaxBytes
	t.do(func() {
		a := c.send(d)
		length, err := lengthOf(a)
		c.turn(func(t *turn) {
			switch {
			case k.flow != flow || k.status.over() || a.cut:
			case err != nil:
				// What cannot be had is not played, and the call goes on.
				t.note(k, Entry{Ev: Warn, Error: codeOf(err), URL: target, Text: err.Error()})
				c.proceed(t, k)
			default:
				c.say(t, k, Entry{URL: target}, length*time.Duration(loops))
			}
		})
	})
}

// fromClient reports whether audio is at the place the script came from.
func fromClient(doc *document, target string) bool {
	u, err := url.Parse(target)
	return err == nil && doc != nil && doc.base != nil && u.Scheme == doc.base.Scheme && u.Host == doc.base.Host && strings.Contains(u.Path, mediaPath)
}

// lengthOf reads fetched audio.
func lengthOf(a answer) (time.Duration, error) {
	media, _, _ := mime.ParseMediaType(a.contentType)
	switch {
	case a.err != nil:
		return 0, badTwiML(codeFetchFailed, "no audio: %v", a.err)
	case a.status != http.StatusOK:
		return 0, badTwiML(codeFetchFailed, "the audio was answered with HTTP %d", a.status)
	case media != "audio/wav" && media != "audio/mpeg":
		return 0, badTwiML(codeContentType, "audio of content type %q", a.contentType)
	}
	info, err := audio.Parse(a.body)
	if err == nil && info.ContentType() != media {
		err = fmt.Errorf("it is %s, not %s", info.ContentType(), media)
	}
	if err != nil {
		return 0, badTwiML(codeContentType, "audio that cannot be played: %v", err)
	}
	return info.Duration, nil
}
