package simcarrier

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// Options says what kind of carrier to be. AccountSID, AuthToken, Clock and
// one of LogPath and Log are required.
type Options struct {
	// AccountSID is the one account: AC and 32 hex digits.
	AccountSID string
	// AuthToken is the account's password and signs the callbacks.
	AuthToken string
	// APIKey and APISecret are a second pair of credentials, if set.
	APIKey, APISecret string

	// Seed decides how every call goes, together with the called number.
	Seed uint64
	// Clock is what queueing, ringing and talking run on.
	Clock clock.Clock

	// LogPath is the file of the log; it is made if need be and continued if
	// it is there, and the calls in it are known again. A call that was not
	// over when the log broke off is ended in it with the text "restart".
	LogPath string
	// Log is where the log goes when there is no LogPath. The caller closes it.
	Log Sink

	// Model says how calls go and Faults what goes wrong, at first.
	Model  Model
	Faults Faults

	// CallerIDs are the numbers the account owns; none means any From is
	// taken. VerifiedIDs are others' numbers that it may show.
	CallerIDs   []string
	VerifiedIDs []string

	// CPS is how many calls a second are dialed, on Clock; what is placed
	// beyond it waits in the queue. 0 means all at once.
	CPS float64
	// Channels is how many calls may be open at a time, 0 for no limit. One
	// more is refused with code 10004.
	Channels int

	// OnBridge makes somebody else the callee of dialed legs: it is asked when
	// a leg rings long enough to be answered, and says whether it is and how
	// long the talk will last (≤ 0: as the model says). A leg it does not take
	// rings out. It must be quick and safe for concurrent use. Legs to numbers
	// in Model.Numbers go as the model says and are not asked about.
	OnBridge func(Bridge) (answer bool, talk time.Duration)
	// OnRelease is told when a leg that OnBridge took has ended; talked is 0
	// when the person had hung up before the two were connected.
	OnRelease func(b Bridge, talked time.Duration)

	// Zone is where a number is, to know its local hour; six hours behind UTC
	// for every number when nil.
	Zone func(number string) *time.Location

	// Webhooks makes the requests to the client; one with a pool of
	// connections of its own when nil. Connect timeouts in URL fragments are
	// honoured only by the latter.
	Webhooks *http.Client
	// MaxWebhooks is how many requests to the client run at a time, 512 when
	// 0; more wait their turn.
	MaxWebhooks int

	// Keep is how many calls that are over are remembered, 100,000 when 0;
	// beyond that the oldest are forgotten and answered 404.
	Keep int
}

// Bridge is a leg that rings at a desk. Call is the call whose script dialed
// it, Attempt that call's token, Person who is waiting there.
type Bridge struct {
	Call, Leg, Attempt string
	To, From, Person   string
	At                 time.Time
}

const (
	defaultMaxWebhooks = 512
	defaultKeep        = 100_000
)

var accountPattern = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)

func (o *Options) complete() error {
	var errs []error
	if !accountPattern.MatchString(o.AccountSID) {
		errs = append(errs, fmt.Errorf("account SID %q: want AC and 32 hex digits", o.AccountSID))
	}
	if o.AuthToken == "" {
		errs = append(errs, errors.New("an auth token is required"))
	}
	if o.Clock == nil {
		errs = append(errs, errors.New("a clock is required"))
	}
	if (o.LogPath == "") == (o.Log == nil) {
		errs = append(errs, errors.New("exactly one of LogPath and Log is required"))
	}
	if !(o.CPS >= 0) || o.Channels < 0 || o.Keep < 0 || o.MaxWebhooks < 0 {
		errs = append(errs, errors.New("limits must not be negative"))
	}
	errs = append(errs, o.Model.Validate(), o.Faults.Validate())
	if o.MaxWebhooks == 0 {
		o.MaxWebhooks = defaultMaxWebhooks
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	if o.Zone == nil {
		central := time.FixedZone("", -6*60*60)
		o.Zone = func(string) *time.Location { return central }
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("simulated carrier: %w", err)
	}
	return nil
}
