package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// fate is how a conversation goes: a function of the seed and the attempt, so
// that a desk that starts again says the same.
type fate struct {
	talk time.Duration
	code string
}

func (d *Desk) fate(attempt string) fate {
	h := fnv.New64a()
	h.Write([]byte(attempt))
	r := rand.New(rand.NewPCG(d.o.Seed, h.Sum64()))
	f := fate{talk: 40*time.Second + time.Duration(r.IntN(200))*time.Second}
	sum := 0.0
	for _, s := range d.o.Mix {
		sum += s.Weight
	}
	at := r.Float64() * sum
	for _, s := range d.o.Mix {
		f.code = s.Code
		if at -= s.Weight; at < 0 {
			break
		}
	}
	return f
}

// tries and tryAgain (on the desk's clock) bound how a server that is not
// there is waited for.
const (
	tries    = 20
	tryAgain = 30 * time.Second
)

// A callback is promised for the day after, two hours later, counted from when
// the call was connected: the same after a restart.
const (
	callback   = "CALLBACK"
	callbackIn = 26 * time.Hour
)

// post sends a disposition until the server has answered. Idempotency makes
// the repeats harmless.
func (d *Desk) post(attempt string, since time.Time, f fate) error {
	said := map[string]any{"code": f.code}
	if f.code == callback {
		said["callback_at"] = since.Add(callbackIn).Format(time.RFC3339)
	}
	body, err := json.Marshal(said)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		again, err := d.postOnce(attempt, body)
		if err == nil || !again || try == tries {
			return err
		}
		reached, stop := d.o.Clock.At(d.o.Clock.Now().Add(tryAgain))
		select {
		case <-reached:
		case <-d.ctx.Done():
			stop()
			return d.ctx.Err()
		}
		stop()
	}
}

// requestLimit bounds one request, in real time.
const requestLimit = 10 * time.Second

func (d *Desk) postOnce(attempt string, body []byte) (again bool, err error) {
	ctx, cancel := context.WithTimeout(d.ctx, requestLimit)
	defer cancel()
	url := d.server + "/v1/attempts/" + wireID(attempt) + "/disposition"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "desk-"+attempt)
	if d.key != "" {
		req.Header.Set("Authorization", "Bearer "+d.key)
	}
	answer, err := d.client.Do(req)
	if err != nil {
		return true, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	if answer.StatusCode == http.StatusOK {
		return false, err
	}
	again = answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
	return again, fmt.Errorf("the server answered %d: %s", answer.StatusCode, bytes.TrimSpace(text))
}

// wireID is an attempt's id as the API wants it. The carrier's paths hold it
// without its prefix.
func wireID(attempt string) string {
	if strings.HasPrefix(attempt, "at_") {
		return attempt
	}
	return "at_" + attempt
}
