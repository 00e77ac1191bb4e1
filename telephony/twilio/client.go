// Package twilio reaches a Twilio-compatible telephone company: it places and
// finds calls through twilio-go's generated API, verifies and reads the
// webhooks that come back, and writes scripts as TwiML.
//
// twilio-go gets an HTTP backend of our own (its BaseClient port), because the
// built-in one takes no context, leaves error bodies open, loses the status of
// answers that are not JSON and cuts ".digits" out of queries. Its transport is
// ours too (see transport).
package twilio

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/carillon-dialer/carillon/telephony"
)

// Defaults and bounds of Options.
const (
	DefaultHTTPTimeout = 10 * time.Second
	DefaultMaxConns    = 64
	MaxMaxConns        = 4096
)

var (
	accountPattern = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	keyPattern     = regexp.MustCompile(`^SK[0-9a-fA-F]{32}$`)
)

// Options are what a Client needs. Requests are authorised with APIKey and
// APISecret when both are set, else with AccountSID and AuthToken.
type Options struct {
	AccountSID string
	AuthToken  Secret
	APIKey     string
	APISecret  Secret
	// BaseURL is the scheme and host to talk to; "" is Twilio's own.
	BaseURL string
	Hooks   *Hooks
	// HTTPTimeout bounds one request from dialing to the last byte of the
	// answer; 0 is DefaultHTTPTimeout.
	HTTPTimeout time.Duration
	// MaxConns bounds the connections to the carrier; 0 is DefaultMaxConns.
	// It should be at least the number of requests in flight.
	MaxConns int
}

// Client is a telephony.Carrier. It is safe for concurrent use, holds nothing
// but idle connections and never sends a request twice.
type Client struct {
	account string
	base    *url.URL // nil: the hosts twilio-go names
	hooks   *Hooks
	timeout time.Duration
	wire    http.RoundTripper
	secrets []string // to be struck from messages
	getting http.Header
	posting http.Header
}

var _ telephony.Carrier = (*Client)(nil)

// New checks the options and returns a client. It does not contact the
// carrier; Check does.
func New(o Options) (*Client, error) {
	o.AccountSID, o.APIKey = strings.TrimSpace(o.AccountSID), strings.TrimSpace(o.APIKey)
	user, pass, err := o.credentials()
	if err != nil {
		return nil, err
	}
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.Hooks == nil {
		return nil, errors.New("twilio: hooks are required: without them nothing that happens to a call comes back")
	}
	if o.HTTPTimeout == 0 {
		o.HTTPTimeout = DefaultHTTPTimeout
	}
	if o.MaxConns == 0 {
		o.MaxConns = DefaultMaxConns
	}
	if o.HTTPTimeout < 0 || o.MaxConns < 0 || o.MaxConns > MaxMaxConns {
		return nil, fmt.Errorf("twilio: timeout %v and connections %d: want a timeout above 0 and 1 to %d connections",
			o.HTTPTimeout, o.MaxConns, MaxMaxConns)
	}
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + pass))
	get, post := headers("Basic " + basic)
	return &Client{
		account: o.AccountSID, base: base, hooks: o.Hooks, timeout: o.HTTPTimeout,
		wire: newTransport(o.MaxConns), getting: get, posting: post,
		secrets: notEmpty(basic, pass, string(o.AuthToken), string(o.APISecret)),
	}, nil
}

func (o Options) credentials() (user, pass string, err error) {
	if !accountPattern.MatchString(o.AccountSID) {
		return "", "", errors.New("twilio: account SID: want AC followed by 32 hexadecimal digits")
	}
	if (o.APIKey == "") != (o.APISecret == "") {
		return "", "", errors.New("twilio: API key and API secret: want both or neither")
	}
	user, pass = o.AccountSID, string(o.AuthToken)
	if o.APIKey != "" {
		if !keyPattern.MatchString(o.APIKey) {
			return "", "", errors.New("twilio: API key: want SK followed by 32 hexadecimal digits")
		}
		user, pass = o.APIKey, string(o.APISecret)
	}
	if pass == "" {
		return "", "", errors.New("twilio: an auth token, or an API key with its secret, is required")
	}
	if strings.ContainsFunc(pass, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", "", errors.New("twilio: the auth token or API secret contains blanks or control characters")
	}
	return user, pass, nil
}

func parseBase(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("twilio: base URL cannot be read; want scheme and host, for example https://api.twilio.com")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("twilio: base URL %q: want only http or https and a host", u.Redacted())
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func notEmpty(all ...string) []string {
	var kept []string
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// AccountSID is the account the client acts for.
func (c *Client) AccountSID() string { return c.account }

// Close drops idle connections. Requests in flight end by themselves.
func (c *Client) Close() error {
	if t, ok := c.wire.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
	return nil
}

// Format implements fmt.Formatter: no verb prints a credential.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "twilio client of %s", c.account)
}
