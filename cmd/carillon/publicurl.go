package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// publicURL is the URL that the carrier is given.
func publicURL(c *configs.Config) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	host, port, err := net.SplitHostPort(c.Hooks.Listen)
	if err != nil || !configs.Loopback(host) {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// reachLimit bounds the look at the public URL.
const reachLimit = 10 * time.Second

// checkPublicURL looks whether a hooks listener answers there. These hooks do
// not know its key, so it must refuse their path, and nothing else would.
func checkPublicURL(ctx context.Context, config *configs.Config) twilio.Finding {
	hooks, err := twilio.NewHooks(publicURL(config), make([]byte, twilio.MinHookKey))
	if err != nil {
		return twilio.Finding{Name: "public URL", Detail: err.Error(), Remedy: "correct public_url"}
	}
	f := twilio.Finding{Name: "public URL", Detail: hooks.PublicURL()}
	ctx, cancel := context.WithTimeout(ctx, reachLimit)
	defer cancel()
	url, _, _ := strings.Cut(hooks.URL(twilio.KindStatus, cadence.ID{}), "#")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, http.NoBody)
	if err != nil {
		f.Detail, f.Remedy = err.Error(), "correct public_url"
		return f
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Detail, f.Remedy = err.Error(), "start the server, and let the URL lead to its hooks listener"
		return f
	}
	answer.Body.Close()
	if f.OK = answer.StatusCode == http.StatusForbidden; !f.OK {
		f.Detail = fmt.Sprintf("%s answered %d where a hooks listener answers 403", hooks.PublicURL(), answer.StatusCode)
		f.Remedy = "let the URL lead to the server's hooks listener"
	}
	return f
}
