package twilio

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Bounds of an answer. A page of 1,000 calls is about 2 MB.
const (
	maxAnswer      = 16 << 20
	maxErrorAnswer = 64 << 10
	maxPooled      = 256 << 10
	maxMessage     = 300 // characters of a carrier's message that are kept
)

var errAnswerTooLarge = errors.New("the answer is larger than the limit")

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// answerBody is a body read in full; Close gives its buffer back.
type answerBody struct {
	bytes.Reader
	buf   *bytes.Buffer
	short [96]byte // room for what brief leaves
}

func (b *answerBody) bytes() []byte { return b.buf.Bytes() }

// Close implements io.Closer. It may be called more than once.
func (b *answerBody) Close() error {
	if b.buf == nil {
		return nil
	}
	b.Reset(nil)
	if b.buf.Cap() <= maxPooled {
		buffers.Put(b.buf)
	}
	b.buf = nil
	return nil
}

// readBody drains and closes the body, so that the connection is free again
// also after an error answer.
func readBody(res *http.Response) (*answerBody, error) {
	defer res.Body.Close()
	limit := int64(maxAnswer)
	if res.StatusCode >= 300 {
		limit = maxErrorAnswer
	}
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	body := &answerBody{buf: buf}
	n, err := buf.ReadFrom(io.LimitReader(res.Body, limit+1))
	if err == nil && n > limit && res.StatusCode < 300 {
		err = errAnswerTooLarge
	}
	if err != nil {
		_ = body.Close()
		return nil, err
	}
	body.Reset(buf.Bytes())
	return body, nil
}

// restError is Twilio's error body. Code is kept raw because proxies and
// stand-ins have been seen to send it as a string.
type restError struct {
	Code    json.RawMessage `json:"code"`
	Message string          `json:"message"`
}

// refusal classifies an answer outside 2xx. A body that is no JSON, or has no
// code, is judged by its status alone.
func (c *Client) refusal(res *http.Response, body []byte, now time.Time) *telephony.Error {
	var r restError
	code := 0
	if json.Unmarshal(body, &r) == nil {
		code, _ = strconv.Atoi(strings.Trim(string(r.Code), `"`))
	}
	e := classify(res.StatusCode, code)
	e.Message = c.clean(r.Message)
	e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), now)
	return e
}

// retryAfter reads seconds, or a date relative to the answer's own Date.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= 86400 {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(s)
	if err != nil || now.IsZero() || !at.After(now) {
		return 0
	}
	return min(at.Sub(now), 24*time.Hour)
}

// clean makes a message fit for logs: no credential, no telephone number, one
// line, bounded.
func (c *Client) clean(s string) string {
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxMessage {
		s = string(r[:maxMessage]) + "…"
	}
	return maskNumbers(s)
}

// maskNumbers hides runs of seven and more digits, with or without "+".
func maskNumbers(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		j := i
		if s[j] == '+' {
			j++
		}
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		switch {
		case j-i >= 7:
			out.WriteString(cadence.Number(s[i:j]).Masked())
		case j == i:
			j++
			out.WriteByte(s[i])
		default:
			out.WriteString(s[i:j])
		}
		i = j
	}
	return out.String()
}
