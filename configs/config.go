package configs

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config is what the process needs to start. What a manager edits (cadences,
// leads) is state and is not here.
type Config struct {
	Listen      string          `yaml:"listen"` // dashboard and API
	SignIn      string          `yaml:"sign_in"`
	Web         Web             `yaml:"web"`        // how other computers reach listen
	Hooks       Hooks           `yaml:"hooks"`      // the listener the carrier reaches
	PublicURL   string          `yaml:"public_url"` // how the carrier reaches it; empty with a loopback carrier
	DataDir     string          `yaml:"data_dir"`
	Twilio      Twilio          `yaml:"twilio"`
	CallerIDs   []CallerID      `yaml:"caller_ids"`
	Health      CallerHealth    `yaml:"caller_health"`
	Pacing      Pacing          `yaml:"pacing"`
	Dial        Dial            `yaml:"dial"`
	Compliance  Compliance      `yaml:"compliance"`
	OptOut      OptOut          `yaml:"opt_out"`
	ReturnCalls ReturnCalls     `yaml:"return_calls"`
	Reconcile   []time.Duration `yaml:"reconcile"` // when a call of unknown fate is looked for
	Storage     Storage         `yaml:"storage"`
	Log         Log             `yaml:"log"`
}

// The values of sign_in.
const (
	// SignInRequired lets nobody in without a session or a key.
	SignInRequired = "required"
	// SignInNone lets whoever is at this computer do everything.
	SignInNone = "none"
)

// Web is how people at other computers reach the dashboard: its address there,
// and who speaks TLS for it, the process itself or a proxy before it.
type Web struct {
	URL     string `yaml:"url"`
	TLSCert string `yaml:"tls_cert"` // files, read again at SIGHUP
	TLSKey  string `yaml:"tls_key"`
	// TrustedProxies are addresses or prefixes whose X-Forwarded-For and
	// X-Forwarded-Proto are believed.
	TrustedProxies []string `yaml:"trusted_proxies"`
}

// Outside reports whether the dashboard is to be reached from other computers.
func (w *Web) Outside() bool { return w.URL != "" || w.TLSCert != "" || len(w.TrustedProxies) > 0 }

// Proxies are TrustedProxies as prefixes; what is none is left out, which
// Validate tells.
func (w *Web) Proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range w.TrustedProxies {
		if p, err := proxy(text); err == nil {
			out = append(out, p)
		}
	}
	return out
}

func proxy(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	return p.Masked(), err
}

// Host is the host of URL as browsers name it: with its port, unless that is the
// one of https anyway.
func (w *Web) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Host, ":443")
}

// Hooks is the listener for the carrier's webhooks. Key signs their paths; it
// is made with the data directory when empty.
type Hooks struct {
	Listen string `yaml:"listen"`
	Key    Secret `yaml:"key"`
}

// Twilio is the carrier account. AuthTokenPrevious also verifies webhooks
// while tokens are rotated. An API key, when set, authorises requests instead
// of the auth token. BaseURL is empty for Twilio itself.
type Twilio struct {
	AccountSID        string `yaml:"account_sid"`
	AuthToken         Secret `yaml:"auth_token"`
	AuthTokenPrevious Secret `yaml:"auth_token_previous"`
	APIKey            string `yaml:"api_key"`
	APISecret         Secret `yaml:"api_secret"`
	BaseURL           string `yaml:"base_url"`
}

// Pacing is what the carrier account allows.
type Pacing struct {
	CPS      float64 `yaml:"cps"`      // new calls per second
	Channels int     `yaml:"channels"` // calls open at once
	// CallerIDCap is how many calls a day may be placed from one number that
	// names no cap itself, at least 1: nothing is dialed from uncapped.
	CallerIDCap int        `yaml:"caller_id_cap"`
	Campaigns   []Campaign `yaml:"campaigns"`
	// DayZone is the zone whose midnight ends the day of daily caps and money;
	// empty is UTC.
	DayZone string `yaml:"day_zone"`
	// OpeningSpread is the time over which the calls are spread that wait for
	// calling hours to begin; 0 is none.
	OpeningSpread time.Duration `yaml:"opening_spread"`
}

// Dial bounds where calls may go.
type Dial struct {
	Countries []string `yaml:"countries"` // ISO 3166-1 alpha-2
	// NumberCap is how often one number may be called in any 24 hours.
	NumberCap int `yaml:"number_cap"`
	// SpendCap is what the calls of one day may cost, in the currency of the
	// carrier account; 0 is no limit.
	SpendCap float64 `yaml:"spend_cap"`
	// MinutePrice is what a minute is reckoned at where the carrier has not
	// told a price.
	MinutePrice float64 `yaml:"minute_price"`
}

// Compliance says where an operator keeps rule packs: a file of the folder
// takes the place of the shipped one of its name, those in its overrides/ are
// added. Empty is the shipped packs alone.
type Compliance struct {
	Dir string `yaml:"dir"`
	// Scrub says how the age of imported do-not-call lists is judged.
	Scrub string `yaml:"scrub"`
	// Seller is who sells by the calls of cadences and campaigns that name nobody:
	// laws want consents that name the seller.
	Seller string `yaml:"seller"`
	// Abandon says what happens when a campaign abandons too many calls.
	Abandon string `yaml:"abandon"`
}

// How lists are judged that the packs want to be young. With enforce nobody is
// called whom a rule wants checked against a list that was never imported; with
// when_imported the age counts from the first import on.
const (
	ScrubWhenImported = "when_imported"
	ScrubEnforce      = "enforce"
)

// What happens to a campaign that abandons more of its live answers than a rule
// of the packs allows: enforce ends its day with the first call it abandons
// while it is over; strict also counts calls that are put through later than the
// rule says; report only says so.
const (
	AbandonStrict  = "strict"
	AbandonEnforce = "enforce"
	AbandonReport  = "report"
)

// Storage guards the disk.
type Storage struct {
	MinFree Bytes `yaml:"min_free"` // below it nothing is dialed
	// Ballast is kept on the disk to be given back when it is full; 0 keeps
	// none.
	Ballast Bytes  `yaml:"ballast"`
	DNCLog  string `yaml:"dnc_log"` // the do-not-call log; empty is dnc.log in data_dir
	// CheckFirst is how much of the ledger's tables is read whole before it
	// opens; 0 reads no table whole.
	CheckFirst Bytes `yaml:"check_first"`
}

// Log says how the process logs.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // text or json
}

// The defaults, each with its reason.
const (
	DefaultListen      = "127.0.0.1:8080"
	DefaultHooksListen = "127.0.0.1:8081"
	DefaultDataDir     = "data"
	// DefaultCPS is what Twilio gives a new account.
	DefaultCPS = 1
	// DefaultChannels is a small call centre.
	DefaultChannels = 50
	// DefaultNumberCap is the strictest of the US state caps.
	DefaultNumberCap = 3
	// DefaultDayZone has its midnight outside the hours in which anybody on the
	// mainland of the United States may be called.
	DefaultDayZone = "America/New_York"
	// DefaultCallerIDCap is the upper end of what call centres ask of a number
	// that shall not be marked as spam, 40 to 75 a day.
	DefaultCallerIDCap = 75
	// DefaultOpeningSpread is felt by nobody who waits and by every telephone
	// network.
	DefaultOpeningSpread = 2 * time.Minute
	// DefaultMinutePrice is Twilio's list price of a minute within the United
	// States.
	DefaultMinutePrice = 0.014
	// DefaultMinFree leaves room to stop in good order: a full disk kills.
	DefaultMinFree Bytes = 1 << 30
	// DefaultBallast is room to stop, compact and start again.
	DefaultBallast Bytes = 64 << 20
	// DefaultCheckFirst is read within a second or two.
	DefaultCheckFirst Bytes = 256 << 20
)

// Default is the configuration without a file and without an environment.
func Default() Config {
	return Config{
		Listen: DefaultListen, SignIn: SignInRequired, Hooks: Hooks{Listen: DefaultHooksListen}, DataDir: DefaultDataDir,
		Health: DefaultCallerHealth,
		Pacing: Pacing{
			CPS: DefaultCPS, Channels: DefaultChannels, CallerIDCap: DefaultCallerIDCap, DayZone: DefaultDayZone, OpeningSpread: DefaultOpeningSpread,
		},
		Dial: Dial{Countries: []string{"US", "CA"}, NumberCap: DefaultNumberCap, MinutePrice: DefaultMinutePrice},
		// Nobody is called unchecked whom the law wants checked.
		Compliance: Compliance{Scrub: ScrubEnforce, Abandon: AbandonEnforce},
		Reconcile:  []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute},
		Storage:    Storage{MinFree: DefaultMinFree, Ballast: DefaultBallast, CheckFirst: DefaultCheckFirst},
		OptOut:     DefaultOptOut, ReturnCalls: DefaultReturnCalls,
		Log: Log{Level: "info", Format: "text"},
	}
}

// Secret is a credential: whatever prints it prints only that it is set.
type Secret string

// Format implements fmt.Formatter without the value.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// String implements fmt.Stringer without the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(set)"
}

// MarshalText keeps the value out of YAML and JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Bytes is a size.
type Bytes uint64

var units = []struct {
	name string
	size uint64
}{
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"B", 1},
}

// UnmarshalText reads "1GiB", "500 MB" or a plain number of bytes.
func (b *Bytes) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	size := uint64(1)
	for _, u := range units {
		if whole, ok := strings.CutSuffix(s, u.name); ok {
			s, size = strings.TrimSpace(whole), u.size
			break
		}
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > (1<<63)/size {
		return fmt.Errorf("%q is no size; write it like 1GiB", text)
	}
	*b = Bytes(n * size)
	return nil
}

// String writes the size in the largest binary unit that is exact.
func (b Bytes) String() string {
	for _, u := range units[:4] {
		if b > 0 && uint64(b)%u.size == 0 {
			return strconv.FormatUint(uint64(b)/u.size, 10) + u.name
		}
	}
	return strconv.FormatUint(uint64(b), 10)
}

// MarshalText is String.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }
