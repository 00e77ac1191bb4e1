package configs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// setting is one key: how a text sets it.
type setting struct {
	key string
	set func(*Config, string) error
}

func (s *setting) env() string {
	return "CARILLON_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settings are all keys, in the order of the file.
var settings = []setting{
	{"listen", text(func(c *Config) *string { return &c.Listen })},
	{"sign_in", text(func(c *Config) *string { return &c.SignIn })},
	{"web.url", text(func(c *Config) *string { return &c.Web.URL })},
	{"web.tls_cert", text(func(c *Config) *string { return &c.Web.TLSCert })},
	{"web.tls_key", text(func(c *Config) *string { return &c.Web.TLSKey })},
	{"web.trusted_proxies", func(c *Config, v string) error { c.Web.TrustedProxies = list(v); return nil }},
	{"hooks.listen", text(func(c *Config) *string { return &c.Hooks.Listen })},
	{"hooks.key", secret(func(c *Config) *Secret { return &c.Hooks.Key })},
	{"public_url", text(func(c *Config) *string { return &c.PublicURL })},
	{"data_dir", text(func(c *Config) *string { return &c.DataDir })},
	{"twilio.account_sid", text(func(c *Config) *string { return &c.Twilio.AccountSID })},
	{"twilio.auth_token", secret(func(c *Config) *Secret { return &c.Twilio.AuthToken })},
	{"twilio.auth_token_previous", secret(func(c *Config) *Secret { return &c.Twilio.AuthTokenPrevious })},
	{"twilio.api_key", text(func(c *Config) *string { return &c.Twilio.APIKey })},
	{"twilio.api_secret", secret(func(c *Config) *Secret { return &c.Twilio.APISecret })},
	{"twilio.base_url", text(func(c *Config) *string { return &c.Twilio.BaseURL })},
	{"caller_ids", setCallerIDs},
	{"pacing.cps", fraction(func(c *Config) *float64 { return &c.Pacing.CPS })},
	{"pacing.channels", whole(func(c *Config) *int { return &c.Pacing.Channels })},
	{"pacing.caller_id_cap", whole(func(c *Config) *int { return &c.Pacing.CallerIDCap })},
	{"pacing.campaigns", setCampaigns},
	{"pacing.day_zone", text(func(c *Config) *string { return &c.Pacing.DayZone })},
	{"pacing.opening_spread", duration(func(c *Config) *time.Duration { return &c.Pacing.OpeningSpread })},
	{"caller_health.window", whole(func(c *Config) *int { return &c.Health.Window })},
	{"caller_health.min_calls", whole(func(c *Config) *int { return &c.Health.MinCalls })},
	{"caller_health.min_answered", whole(func(c *Config) *int { return &c.Health.MinAnswered })},
	{"caller_health.short_ratio", fraction(func(c *Config) *float64 { return &c.Health.ShortRatio })},
	{"caller_health.neighbour_ratio", fraction(func(c *Config) *float64 { return &c.Health.NeighbourRatio })},
	{"caller_health.confidence", fraction(func(c *Config) *float64 { return &c.Health.Confidence })},
	{"caller_health.margin", fraction(func(c *Config) *float64 { return &c.Health.Margin })},
	{"caller_health.rest", duration(func(c *Config) *time.Duration { return &c.Health.Rest })},
	{"dial.countries", func(c *Config, v string) error { c.Dial.Countries = list(v); return nil }},
	{"dial.number_cap", whole(func(c *Config) *int { return &c.Dial.NumberCap })},
	{"dial.spend_cap", fraction(func(c *Config) *float64 { return &c.Dial.SpendCap })},
	{"dial.minute_price", fraction(func(c *Config) *float64 { return &c.Dial.MinutePrice })},
	{"compliance.dir", text(func(c *Config) *string { return &c.Compliance.Dir })},
	{"compliance.scrub", text(func(c *Config) *string { return &c.Compliance.Scrub })},
	{"compliance.seller", text(func(c *Config) *string { return &c.Compliance.Seller })},
	{"compliance.abandon", text(func(c *Config) *string { return &c.Compliance.Abandon })},
	{"opt_out.key", text(func(c *Config) *string { return &c.OptOut.Key })},
	{"opt_out.offer", text(func(c *Config) *string { return &c.OptOut.Offer })},
	{"opt_out.call", text(func(c *Config) *string { return &c.OptOut.Call })},
	{"opt_out.done", text(func(c *Config) *string { return &c.OptOut.Done })},
	{"return_calls.greeting", text(func(c *Config) *string { return &c.ReturnCalls.Greeting })},
	{"return_calls.nobody", text(func(c *Config) *string { return &c.ReturnCalls.Nobody })},
	{"return_calls.unknown", text(func(c *Config) *string { return &c.ReturnCalls.Unknown })},
	{"return_calls.withheld", text(func(c *Config) *string { return &c.ReturnCalls.Withheld })},
	{"return_calls.owners", setOwners},
	{"reconcile", setReconcile},
	{"storage.min_free", func(c *Config, v string) error { return c.Storage.MinFree.UnmarshalText([]byte(v)) }},
	{"storage.ballast", func(c *Config, v string) error { return c.Storage.Ballast.UnmarshalText([]byte(v)) }},
	{"storage.check_first", func(c *Config, v string) error { return c.Storage.CheckFirst.UnmarshalText([]byte(v)) }},
	{"storage.dnc_log", text(func(c *Config) *string { return &c.Storage.DNCLog })},
	{"log.level", text(func(c *Config) *string { return &c.Log.Level })},
	{"log.format", text(func(c *Config) *string { return &c.Log.Format })},
}

// Keys are all keys with the name of each one's environment variable.
func Keys() map[string]string {
	all := make(map[string]string, len(settings))
	for i := range settings {
		all[settings[i].key] = settings[i].env()
	}
	return all
}

// Set sets one key from a text, as a flag does. Lists are separated by commas;
// a caller ID is NUMBER or NUMBER@POOL.
func (c *Config) Set(key, value string) error {
	for i := range settings {
		if settings[i].key == key {
			if err := settings[i].set(c, value); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			return nil
		}
	}
	return fmt.Errorf("there is no key %s", key)
}

func text(at func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error { *at(c) = v; return nil }
}

func secret(at func(*Config) *Secret) func(*Config, string) error {
	return func(c *Config, v string) error { *at(c) = Secret(v); return nil }
}

func whole(at func(*Config) *int) func(*Config, string) error {
	return func(c *Config, v string) (err error) {
		*at(c), err = strconv.Atoi(v)
		return numeric(err, v)
	}
}

func fraction(at func(*Config) *float64) func(*Config, string) error {
	return func(c *Config, v string) (err error) {
		*at(c), err = strconv.ParseFloat(v, 64)
		return numeric(err, v)
	}
}

func duration(at func(*Config) *time.Duration) func(*Config, string) error {
	return func(c *Config, v string) (err error) {
		if *at(c), err = time.ParseDuration(v); err != nil {
			return fmt.Errorf("%q is no duration; write it like 30s", v)
		}
		return nil
	}
}

func numeric(err error, v string) error {
	if err != nil {
		return fmt.Errorf("%q is no number", v)
	}
	return nil
}

func list(v string) []string {
	var out []string
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func setReconcile(c *Config, v string) error {
	c.Reconcile = nil
	for _, one := range list(v) {
		d, err := time.ParseDuration(one)
		if err != nil {
			return fmt.Errorf("%q is no duration; write it like 30s", one)
		}
		c.Reconcile = append(c.Reconcile, d)
	}
	return nil
}
