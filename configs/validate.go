package configs

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Validate reports everything that is wrong, each error with its key. It looks
// nothing up: neither the network nor the disk is touched.
func (c *Config) Validate() error {
	v := validation{}
	v.listeners(c)
	v.account(&c.Twilio)
	v.publicURL(c)
	v.callerIDs(c.CallerIDs)
	v.callerHealth(&c.Health)
	v.campaigns(c.Pacing.Campaigns)
	v.limits(c)
	v.returnCalls(&c.OptOut, &c.ReturnCalls)
	v.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	v.oneOf("log.format", c.Log.Format, "text", "json")
	return errors.Join(v.errs...)
}

type validation struct{ errs []error }

func (v *validation) wrong(key, format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
}

func (v *validation) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		v.wrong(key, "%q is none of %v", value, allowed)
	}
}

func (v *validation) listeners(c *Config) {
	if host, ok := v.address("listen", c.Listen); ok && !Loopback(host) && (c.SignIn != SignInRequired || !c.Web.Outside()) {
		v.wrong("listen", "%s is not a loopback address; that takes sign_in: required, web.url, and TLS (web.tls_cert and web.tls_key, or web.trusted_proxies)", c.Listen)
	}
	v.web(c)
	v.address("hooks.listen", c.Hooks.Listen)
	if c.Listen == c.Hooks.Listen && !portZero(c.Listen) {
		v.wrong("hooks.listen", "the same address as listen")
	}
	if k := c.Hooks.Key; k != "" && len(k) < minHookKey {
		v.wrong("hooks.key", "needs at least %d bytes", minHookKey)
	}
}

// web checks how other computers reach the dashboard: never without sign-in and
// TLS.
func (v *validation) web(c *Config) {
	v.oneOf("sign_in", c.SignIn, SignInRequired, SignInNone)
	w := &c.Web
	for i, text := range w.TrustedProxies {
		if p, err := proxy(text); err != nil || p.Bits() == 0 {
			v.wrong(fmt.Sprintf("web.trusted_proxies[%d]", i), "%q is no address or prefix such as 10.0.0.7 or 10.0.0.0/24", text)
		}
	}
	if (w.TLSCert == "") != (w.TLSKey == "") {
		v.wrong("web.tls_cert", "and web.tls_key come together")
	}
	if !w.Outside() {
		return
	}
	if c.SignIn != SignInRequired {
		v.wrong("sign_in", "must be required when other computers reach the dashboard (web.*)")
	}
	if w.TLSCert == "" && len(w.TrustedProxies) == 0 {
		v.wrong("web.url", "takes TLS: web.tls_cert and web.tls_key, or web.trusted_proxies with the addresses of a proxy that has it")
	}
	if w.URL == "" {
		v.wrong("web.url", "is missing: the https address under which people open the dashboard")
	} else if u, ok := v.url("web.url", w.URL); ok && (u.Scheme != "https" || u.Path != "" && u.Path != "/") {
		v.wrong("web.url", "must be https and have no path")
	}
}

// minHookKey keeps a guessed path as unlikely as a guessed MAC.
const minHookKey = 16

func (v *validation) address(key, addr string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		v.wrong(key, "%q is not HOST:PORT", addr)
		return "", false
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		v.wrong(key, "%q is not a port (0 to 65535)", port)
		return "", false
	}
	return host, true
}

func portZero(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	return err == nil && port == "0"
}

// Loopback reports whether a host name or address never leaves this machine.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

var accountSID = regexp.MustCompile(`^AC[0-9a-f]{32}$`)

func (v *validation) account(t *Twilio) {
	if !accountSID.MatchString(t.AccountSID) {
		v.wrong("twilio.account_sid", "needs AC and 32 lower-case hex digits")
	}
	if t.AuthToken == "" {
		v.wrong("twilio.auth_token", "is missing; it also signs the webhooks (set %s)", "CARILLON_TWILIO_AUTH_TOKEN")
	}
	if (t.APIKey == "") != (t.APISecret == "") {
		v.wrong("twilio.api_key", "and twilio.api_secret come together")
	}
	if t.BaseURL != "" {
		v.url("twilio.base_url", t.BaseURL)
	}
}

func (v *validation) url(key, raw string) (*url.URL, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		v.wrong(key, "is not a plain http or https URL")
		return nil, false
	}
	return u, true
}

func (v *validation) publicURL(c *Config) {
	if c.PublicURL != "" {
		u, ok := v.url("public_url", c.PublicURL)
		if ok && u.Scheme == "http" && !Loopback(u.Hostname()) {
			v.wrong("public_url", "must be https: webhooks carry people's numbers")
		}
		return
	}
	u, err := url.Parse(c.Twilio.BaseURL)
	if c.Twilio.BaseURL == "" || err != nil || !Loopback(u.Hostname()) {
		v.wrong("public_url", "is missing; it may be empty only while twilio.base_url is a loopback address")
	}
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

// maxReconcile is how many looks for a lost call make sense.
const maxReconcile = 20

func (v *validation) limits(c *Config) {
	if c.DataDir == "" {
		v.wrong("data_dir", "is missing")
	}
	if !(c.Pacing.CPS >= 0.01 && c.Pacing.CPS <= 100_000) {
		v.wrong("pacing.cps", "%v is not between 0.01 and 100000", c.Pacing.CPS)
	}
	if c.Pacing.Channels < 1 || c.Pacing.Channels > 1_000_000 {
		v.wrong("pacing.channels", "%d is not between 1 and 1000000", c.Pacing.Channels)
	}
	if len(c.Dial.Countries) == 0 {
		v.wrong("dial.countries", "needs at least one country")
	}
	for _, code := range c.Dial.Countries {
		if !country.MatchString(code) {
			v.wrong("dial.countries", "%q is no ISO 3166 code like US", code)
		}
	}
	if c.Dial.NumberCap < 1 || c.Dial.NumberCap > 24 {
		v.wrong("dial.number_cap", "%d is not between 1 and 24", c.Dial.NumberCap)
	}
	if s := c.Compliance.Scrub; s != ScrubWhenImported && s != ScrubEnforce {
		v.wrong("compliance.scrub", "%q is neither %s nor %s", s, ScrubEnforce, ScrubWhenImported)
	}
	v.seller("compliance.seller", c.Compliance.Seller)
	if s := c.Compliance.Abandon; s != AbandonStrict && s != AbandonEnforce && s != AbandonReport {
		v.wrong("compliance.abandon", "%q is none of %s, %s and %s", s, AbandonStrict, AbandonEnforce, AbandonReport)
	}
	v.day(&c.Pacing)
	v.money(&c.Dial)
	if n := len(c.Reconcile); n < 1 || n > maxReconcile {
		v.wrong("reconcile", "needs 1 to %d durations", maxReconcile)
	}
	for i, d := range c.Reconcile {
		if d < time.Second || i > 0 && d <= c.Reconcile[i-1] {
			v.wrong("reconcile", "%s: at least 1s, each longer than the one before", d)
		}
	}
}

func (v *validation) day(p *Pacing) {
	if p.CallerIDCap < 1 || p.CallerIDCap > MaxDailyCap {
		v.wrong("pacing.caller_id_cap", "%d is not between 1 and %d: no number is dialed from without a cap", p.CallerIDCap, MaxDailyCap)
	}
	if _, err := window.LoadZone(p.DayZone); err != nil && p.DayZone != "" {
		v.wrong("pacing.day_zone", "%q is no zone; write it like America/New_York", p.DayZone)
	}
	if p.OpeningSpread < 0 || p.OpeningSpread > maxOpeningSpread {
		v.wrong("pacing.opening_spread", "%s is not between 0 and %s", p.OpeningSpread, maxOpeningSpread)
	}
}

// maxOpeningSpread keeps a call within the part of the day it is due in.
const maxOpeningSpread = time.Hour

// maxMoney is more than anybody spends in a day.
const maxMoney = 1e9

func (v *validation) money(d *Dial) {
	if !(d.SpendCap >= 0 && d.SpendCap <= maxMoney) {
		v.wrong("dial.spend_cap", "%v is not between 0 and %v", d.SpendCap, maxMoney)
	}
	if !(d.MinutePrice >= 0 && d.MinutePrice <= maxMoney) {
		v.wrong("dial.minute_price", "%v is not between 0 and %v", d.MinutePrice, maxMoney)
	}
	if d.SpendCap > 0 && d.MinutePrice == 0 {
		v.wrong("dial.minute_price", "is needed with dial.spend_cap: calls that are open have no price yet")
	}
}
