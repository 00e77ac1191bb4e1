package configs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/carillon-dialer/carillon/configs"
)

const good = `
twilio:
  account_sid: AC00000000000000000000000000000001
  auth_token: a-very-secret-token
  base_url: http://127.0.0.1:9090
caller_ids:
  - "+13035550100"
  - {number: "+12125550101", pool: east}
`

func load(t *testing.T, text string, env ...string) (configs.Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "carillon.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return configs.Load(file, env)
}

func TestTheShippedFileIsTheDefault(t *testing.T) {
	got, err := load(t, string(configs.DefaultFile()))
	if err != nil {
		t.Fatal(err)
	}
	want := configs.Default()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("default.yaml gives\n%s\nDefault gives\n%s", g, w)
	}
}

// Every key stands in default.yaml and has an environment variable.
func TestKeysAndFileAgree(t *testing.T) {
	var tree map[string]any
	if err := yaml.Unmarshal(configs.DefaultFile(), &tree); err != nil {
		t.Fatal(err)
	}
	inFile := map[string]bool{}
	var walk func(prefix string, m map[string]any)
	walk = func(prefix string, m map[string]any) {
		for k, v := range m {
			if sub, ok := v.(map[string]any); ok {
				walk(prefix+k+".", sub)
				continue
			}
			inFile[prefix+k] = true
		}
	}
	walk("", tree)
	for key, env := range configs.Keys() {
		if !inFile[key] {
			t.Errorf("%s is not in default.yaml", key)
		}
		if want := "CARILLON_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_")); env != want {
			t.Errorf("%s has variable %s, want %s", key, env, want)
		}
		delete(inFile, key)
	}
	for key := range inFile {
		t.Errorf("default.yaml has %s, which no setting reads", key)
	}
}

func TestFileEnvironmentFlag(t *testing.T) {
	c, err := load(t, good+"pacing: {cps: 2, channels: 7}\n", "CARILLON_PACING_CPS=3", "CARILLON_CALLER_IDS=+13035550102, +13035550103@west",
		"CARILLON_RECONCILE=1s,2s", "CARILLON_STORAGE_MIN_FREE=2 MiB", "CARILLON_DIAL_COUNTRIES=US", "OTHER=x")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Set("pacing.channels", "9"); err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	switch {
	case c.Pacing.CPS != 3, c.Pacing.Channels != 9:
		t.Errorf("pacing %+v, want the environment's cps and the flag's channels", c.Pacing)
	case len(c.CallerIDs) != 2 || c.CallerIDs[0].Pool != configs.DefaultPool || c.CallerIDs[1].Pool != "west":
		t.Errorf("caller ids %+v", c.CallerIDs)
	case len(c.Reconcile) != 2 || c.Reconcile[1] != 2*time.Second:
		t.Errorf("reconcile %v", c.Reconcile)
	case c.Storage.MinFree != 2<<20:
		t.Errorf("min_free %d", c.Storage.MinFree)
	}
}

func TestCallerIDForms(t *testing.T) {
	c, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	want := []configs.CallerID{{Number: "+13035550100", Pool: "default"}, {Number: "+12125550101", Pool: "east"}}
	if fmt.Sprint(c.CallerIDs) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", c.CallerIDs, want)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"unknown key":        {"listen: 127.0.0.1:0\nlisten_on: x\n", ":2: "},
		"unknown nested key": {"hooks:\n  listen: 127.0.0.1:0\n  port: 3\n", ":3: "},
		"unknown in item":    {"data_dir: x\ncaller_ids:\n  - {number: \"+13035550100\", poool: x}\n", ":3: "},
		"twice":              {"listen: a:1\nlisten: b:1\n", ":2: "},
		"wrong type":         {"pacing: {cps: fast}\n", ":1: "},
		"no size":            {"storage: {min_free: much}\n", "size"},
		"broken":             {"pacing: {cps: 1\n", "config: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.text)
			if err == nil {
				t.Fatal("accepted")
			}
			if msg := err.Error(); !strings.Contains(msg, tt.says) || strings.Contains(msg, "\n") {
				t.Errorf("error %q, want one line with %q", msg, tt.says)
			}
		})
	}
}

func TestAnErrorQuotesNoSecret(t *testing.T) {
	_, err := load(t, "twilio:\n  auth_token: hunter2-hunter2\n  auth_tokn: x\n")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

func TestBadEnvironmentNamesAllVariables(t *testing.T) {
	_, err := load(t, good, "CARILLON_PACING_CPS=fast", "CARILLON_PACING_CHANNELS=many", "CARILLON_RECONCILE=soon")
	for _, name := range []string{"CARILLON_PACING_CPS", "CARILLON_PACING_CHANNELS", "CARILLON_RECONCILE"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v does not name %s", err, name)
		}
	}
}

func TestValidateNamesTheKey(t *testing.T) {
	for key, spoil := range map[string]func(*configs.Config){
		"listen":                 func(c *configs.Config) { c.Listen = "0.0.0.0:8080" },
		"sign_in":                func(c *configs.Config) { c.SignIn = "maybe" },
		"web.url":                func(c *configs.Config) { outside(c); c.Web.URL = "http://dialer.example.test" },
		"web.tls_cert":           func(c *configs.Config) { outside(c); c.Web.TLSKey = "" },
		"web.trusted_proxies[0]": func(c *configs.Config) { outside(c); c.Web.TrustedProxies = []string{"0.0.0.0/0"} },
		"hooks.listen":           func(c *configs.Config) { c.Hooks.Listen = c.Listen },
		"hooks.key":              func(c *configs.Config) { c.Hooks.Key = "short" },
		"public_url":             func(c *configs.Config) { c.Twilio.BaseURL = "" },
		"data_dir":               func(c *configs.Config) { c.DataDir = "" },
		"twilio.account_sid":     func(c *configs.Config) { c.Twilio.AccountSID = "AC1" },
		"twilio.auth_token":      func(c *configs.Config) { c.Twilio.AuthToken = "" },
		"twilio.api_key":         func(c *configs.Config) { c.Twilio.APIKey = "SK1" },
		"twilio.base_url":        func(c *configs.Config) { c.Twilio.BaseURL = "ftp://x"; c.PublicURL = "https://x.test" },
		"caller_ids":             func(c *configs.Config) { c.CallerIDs = nil },
		"caller_ids[1]":          func(c *configs.Config) { c.CallerIDs[1].Number = "(303) 555-0100" },
		"pacing.cps":             func(c *configs.Config) { c.Pacing.CPS = 0 },
		"pacing.channels":        func(c *configs.Config) { c.Pacing.Channels = 0 },
		"dial.countries":         func(c *configs.Config) { c.Dial.Countries = []string{"usa"} },
		"dial.number_cap":        func(c *configs.Config) { c.Dial.NumberCap = 0 },
		"caller_ids[0]":          func(c *configs.Config) { c.CallerIDs[0].Region = "Colorado" },
		"caller_ids[2]": func(c *configs.Config) {
			c.CallerIDs = append(c.CallerIDs, configs.CallerID{Number: c.CallerIDs[0].Number, Pool: "other", DailyCap: 9})
		},
		"pacing.caller_id_cap":          func(c *configs.Config) { c.Pacing.CallerIDCap = 0 },
		"caller_health.min_answered":    func(c *configs.Config) { c.Health.MinAnswered = 9 },
		"caller_health.short_ratio":     func(c *configs.Config) { c.Health.ShortRatio = 1.1 },
		"caller_health.neighbour_ratio": func(c *configs.Config) { c.Health.NeighbourRatio = -0.1 },
		"pacing.campaigns[1]":           func(c *configs.Config) { c.Pacing.Campaigns = []configs.Campaign{{Name: "a"}, {Name: "a"}} },
		"pacing.campaigns[0]":           func(c *configs.Config) { c.Pacing.Campaigns = []configs.Campaign{{Name: "a", CPS: -1}} },
		"pacing.day_zone":               func(c *configs.Config) { c.Pacing.DayZone = "Denver" },
		"pacing.opening_spread":         func(c *configs.Config) { c.Pacing.OpeningSpread = 2 * time.Hour },
		"caller_health.window":          func(c *configs.Config) { c.Health.Window = 15 },
		"caller_health.min_calls":       func(c *configs.Config) { c.Health.MinCalls = 0 },
		"caller_health.confidence":      func(c *configs.Config) { c.Health.Confidence = 1 },
		"caller_health.margin":          func(c *configs.Config) { c.Health.Margin = -0.1 },
		"caller_health.rest":            func(c *configs.Config) { c.Health.Rest = time.Second },
		"dial.spend_cap":                func(c *configs.Config) { c.Dial.SpendCap = -1 },
		"dial.minute_price":             func(c *configs.Config) { c.Dial.SpendCap, c.Dial.MinutePrice = 5, 0 },
		"reconcile":                     func(c *configs.Config) { c.Reconcile = []time.Duration{time.Minute, time.Second} },
		"compliance.abandon":            func(c *configs.Config) { c.Compliance.Abandon = "" },
		"compliance.scrub":              func(c *configs.Config) { c.Compliance.Scrub = "off" },
		"log.level":                     func(c *configs.Config) { c.Log.Level = "loud" },
		"log.format":                    func(c *configs.Config) { c.Log.Format = "xml" },
	} {
		t.Run(key, func(t *testing.T) {
			c, err := load(t, good)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Validate(); err != nil {
				t.Fatalf("good file refused: %v", err)
			}
			spoil(&c)
			if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), key+": ") {
				t.Errorf("error %v, want it to begin with %q", err, key)
			}
		})
	}
}

// outside is a dashboard that other computers reach.
func outside(c *configs.Config) {
	c.Listen, c.SignIn = "0.0.0.0:8443", configs.SignInRequired
	c.Web = configs.Web{URL: "https://dialer.example.test", TLSCert: "cert.pem", TLSKey: "key.pem"}
}

// Beyond this computer it takes sign-in, a name, and TLS of its own or of a
// named proxy.
func TestOutsideTakesSignInAndTLS(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*configs.Config)
		key   string // "" is accepted
	}{
		"own certificate": {func(*configs.Config) {}, ""},
		"proxy": {func(c *configs.Config) {
			c.Web.TLSCert, c.Web.TLSKey, c.Web.TrustedProxies = "", "", []string{"10.0.0.7", "fd00::/8"}
		}, ""},
		"no sign-in":              {func(c *configs.Config) { c.SignIn = configs.SignInNone }, "listen"},
		"no sign-in, on loopback": {func(c *configs.Config) { c.Listen, c.SignIn = "127.0.0.1:1", configs.SignInNone }, "sign_in"},
		"no TLS":                  {func(c *configs.Config) { c.Web.TLSCert, c.Web.TLSKey = "", "" }, "web.url"},
		"no name":                 {func(c *configs.Config) { c.Web.URL = "" }, "web.url"},
		"nothing":                 {func(c *configs.Config) { c.Web = configs.Web{} }, "listen"},
		"a path":                  {func(c *configs.Config) { c.Web.URL += "/dialer" }, "web.url"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := load(t, good)
			if err != nil {
				t.Fatal(err)
			}
			outside(&c)
			tt.spoil(&c)
			if err := c.Validate(); tt.key == "" && err != nil || tt.key != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.key+": ")) {
				t.Errorf("%v, want %q", err, tt.key)
			}
		})
	}
}

// Browsers leave the port out that https has anyway.
func TestTheHostIsAsBrowsersNameIt(t *testing.T) {
	for url, want := range map[string]string{
		"https://dialer.example.test": "dialer.example.test", "https://dialer.example.test:443/": "dialer.example.test",
		"https://dialer.example.test:8443": "dialer.example.test:8443", "https://[2001:db8::1]:443": "[2001:db8::1]",
	} {
		if w := (configs.Web{URL: url}); w.Host() != want {
			t.Errorf("%s: %s, want %s", url, w.Host(), want)
		}
	}
}

func TestValidateJoinsAll(t *testing.T) {
	c := configs.Default()
	c.Listen, c.Log.Level = "10.0.0.1:80", "loud"
	err := c.Validate()
	for _, key := range []string{"listen: ", "twilio.account_sid: ", "twilio.auth_token: ", "public_url: ", "caller_ids: ", "log.level: "} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("error %v does not name %s", err, key)
		}
	}
}

func TestPublicURL(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://calls.example.test": true, "https://calls.example.test/base": true, "http://127.0.0.1:8081": true,
		"http://calls.example.test": false, "calls.example.test": false, "https://u:p@calls.example.test": false, "https://x.test?q=1": false,
	} {
		c, err := load(t, good)
		if err != nil {
			t.Fatal(err)
		}
		c.PublicURL = url
		if err := c.Validate(); (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestStringHidesSecrets(t *testing.T) {
	c, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{c.String(), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%q", c.Twilio)} {
		if strings.Contains(out, "very-secret") {
			t.Errorf("a secret is printed: %s", out)
		}
	}
	if !strings.Contains(c.String(), "(set)") {
		t.Error("it does not tell that the token is set")
	}
}

func TestTemplatesAreShipped(t *testing.T) {
	if doc, err := configs.Template("five-touches"); err != nil || len(doc) == 0 {
		t.Errorf("template: %d bytes, %v", len(doc), err)
	}
	if len(configs.Dispositions()) == 0 {
		t.Error("no dispositions")
	}
}

func TestNumbersAndCampaigns(t *testing.T) {
	c, err := load(t, good+`pacing:
  caller_id_cap: 60
  campaigns: [{name: Spring, weight: 2, channels: 5}]
caller_health: {rest: 24h}
`, "CARILLON_DIAL_SPEND_CAP=12.5", "CARILLON_PACING_OPENING_SPREAD=30s")
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		t.Fatal(err)
	}
	if c.Health.Rest != 24*time.Hour || c.Health.Window != configs.DefaultCallerHealth.Window || c.Dial.SpendCap != 12.5 || c.Pacing.OpeningSpread != 30*time.Second {
		t.Errorf("read %+v %+v", c.Health, c.Pacing)
	}
	if err := c.Set("pacing.campaigns", "Spring:cps=0.5:channels=3,Autumn:weight=4"); err != nil {
		t.Fatal(err)
	}
	want := []configs.Campaign{{Name: "Spring", CPS: 0.5, Channels: 3}, {Name: "Autumn", Weight: 4}}
	if fmt.Sprint(c.Pacing.Campaigns) != fmt.Sprint(want) {
		t.Errorf("campaigns %+v", c.Pacing.Campaigns)
	}
	for _, bad := range []string{"Spring:cps=fast", "Spring:speed=3", "Spring:seller=Sample Seller, Inc."} {
		if c.Set("pacing.campaigns", bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestWhereANumberIsFrom(t *testing.T) {
	for want, id := range map[string]configs.CallerID{
		"US-CO": {Number: "+13035550100"}, "US-NY": {Number: "+13035550100", Region: "US-NY"}, "": {Number: "+442079460100"},
	} {
		if got := id.From(); got != want {
			t.Errorf("%s is from %q, want %q", id.Number, got, want)
		}
	}
	for voice, id := range map[bool]configs.CallerID{true: {}, false: {Capabilities: []string{"sms"}}} {
		if id.Voice() != voice {
			t.Errorf("%v: voice %v", id.Capabilities, id.Voice())
		}
	}
}
