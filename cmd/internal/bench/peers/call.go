package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// caller places calls at the accepting carrier: the same function for every
// peer, with a transport that keeps enough connections.
type caller struct {
	url    string
	client *http.Client
}

const account = "AC000000000000000000000000000be9c4"

func newCaller(base string, conns int) *caller {
	return &caller{
		url: base + "/2010-04-01/Accounts/" + account + "/Calls.json",
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
			MaxIdleConns: conns, MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns, DisableCompression: true,
		}},
	}
}

// place asks for one call, as an engine does.
func (c *caller) place(ctx context.Context, lead int) error {
	attempt := fmt.Sprintf("http://127.0.0.1/twilio/status/%026d/%026d", lead, lead)
	form := url.Values{
		"To": {fmt.Sprintf("+1303555%04d", 100+lead%90)}, "From": {"+13035550190"}, "Url": {attempt}, "Method": {"POST"}, "StatusCallback": {attempt},
		"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"}, "Timeout": {"30"}, "TimeLimit": {"3600"},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.SetBasicAuth(account, "the-accepting-carriers-own-token")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && (answer.StatusCode != http.StatusCreated || !bytes.Contains(body, []byte(`"sid":"`))) {
		err = fmt.Errorf("the carrier answered %d", answer.StatusCode)
	}
	return err
}
