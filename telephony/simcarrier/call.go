package simcarrier

import (
	"strconv"
	"strings"
	"time"
)

// state is a call's status as the API's resource and the callbacks tell it.
type state string

// The states, in the API's words. Only callbacks say initiated; the resource
// is queued until it rings.
const (
	queued     state = "queued"
	initiated  state = "initiated"
	ringing    state = "ringing"
	inProgress state = "in-progress"
	completed  state = "completed"
	busy       state = "busy"
	failedCall state = "failed"
	noAnswer   state = "no-answer"
	canceled   state = "canceled"
)

func (s state) over() bool {
	switch s {
	case completed, busy, failedCall, noAnswer, canceled:
		return true
	case queued, initiated, ringing, inProgress:
	}
	return false
}

// call is one call or leg. The carrier's lock guards it.
type call struct {
	sid     string
	parent  *call // of a leg
	inbound bool  // somebody called one of the account's numbers
	from    string
	to      string
	n       int // how many calls to has had, with this one
	token   string
	order   placing
	plan    Outcome

	status   state
	created  time.Time
	visible  time.Time // lists show it from here on
	started  time.Time
	answered time.Time
	ended    time.Time
	updated  time.Time
	wait     time.Duration // in the queue
	verdict  string
	detectMS int64

	flow         uint64 // changes when what the call does is replaced
	script       []verb
	doc          *document
	keys         string // not yet pressed
	leg          *call  // the leg being dialed or talked to
	action       string // of the <Dial> under way, and its method
	actionMethod string
	fetches      int
	step         *alarm // the next thing the script does
	limit        *alarm
	patience     *alarm
	detect       *alarm

	seq      int // of the next status callback
	outbox   []*delivery
	held     []*delivery // kept back by the fault reorder
	sending  bool
	children []*call
	requests []request
}

// request is one request the carrier made for a call, as the call's events
// show it.
type request struct {
	method, url string
	status      int
	at          time.Time
	took        time.Duration
}

// by is who picked up.
func (k *call) by() string {
	if k.answered.IsZero() {
		return ""
	}
	if k.parent != nil && k.plan.By() == "" {
		return ByHuman
	}
	return k.plan.By()
}

// seconds is the length of the call from the answer to its end.
func (k *call) seconds() int {
	if k.answered.IsZero() || k.ended.IsZero() {
		return 0
	}
	return int(k.ended.Sub(k.answered).Round(time.Second) / time.Second)
}

// minutes is what is billed: every minute begun.
func (k *call) minutes() int { return (k.seconds() + 59) / 60 }

// resource is a call as the API shows it. Missing values are null.
type resource struct {
	SID             string            `json:"sid"`
	DateCreated     *string           `json:"date_created"`
	DateUpdated     *string           `json:"date_updated"`
	ParentCallSID   *string           `json:"parent_call_sid"`
	AccountSID      string            `json:"account_sid"`
	To              string            `json:"to"`
	ToFormatted     string            `json:"to_formatted"`
	From            string            `json:"from"`
	FromFormatted   string            `json:"from_formatted"`
	PhoneNumberSID  *string           `json:"phone_number_sid"`
	Status          string            `json:"status"`
	StartTime       *string           `json:"start_time"`
	EndTime         *string           `json:"end_time"`
	Duration        *string           `json:"duration"`
	Price           *string           `json:"price"`
	PriceUnit       string            `json:"price_unit"`
	Direction       string            `json:"direction"`
	AnsweredBy      *string           `json:"answered_by"`
	APIVersion      string            `json:"api_version"`
	ForwardedFrom   *string           `json:"forwarded_from"`
	GroupSID        *string           `json:"group_sid"`
	CallerName      *string           `json:"caller_name"`
	QueueTime       string            `json:"queue_time"`
	TrunkSID        *string           `json:"trunk_sid"`
	URI             string            `json:"uri"`
	SubresourceURIs map[string]string `json:"subresource_uris"`
}

// apiVersion is the only version of the API that is served.
const apiVersion = "2010-04-01"

// pricePerMinute in ten-thousandths of a dollar: Twilio's price for a call to
// the US, which the resource shows as a negative amount.
const pricePerMinute = 140

// render is the call's resource.
func (c *Carrier) render(k *call) resource {
	uri := "/" + apiVersion + "/Accounts/" + c.o.AccountSID + "/Calls/" + k.sid
	r := resource{
		SID: k.sid, AccountSID: c.o.AccountSID, APIVersion: apiVersion, PriceUnit: "USD",
		DateCreated: rfc2822(k.created), DateUpdated: rfc2822(k.updated),
		To: k.to, ToFormatted: formatted(k.to), From: k.from, FromFormatted: formatted(k.from),
		Status: string(k.status), StartTime: rfc2822(k.started), EndTime: rfc2822(k.ended),
		Direction: k.direction(), QueueTime: strconv.FormatInt(k.wait.Milliseconds(), 10),
		URI: uri + ".json", SubresourceURIs: map[string]string{},
	}
	if k.status == initiated {
		r.Status = string(queued)
	}
	if k.parent != nil {
		r.ParentCallSID = &k.parent.sid
	} else {
		r.PhoneNumberSID = new(phoneNumberSID(k.from))
	}
	if k.verdict != "" {
		r.AnsweredBy = &k.verdict
	}
	if k.status.over() {
		r.Duration = new(strconv.Itoa(k.seconds()))
	}
	if k.status == completed {
		r.Price = new(price(k.minutes()))
	}
	for _, sub := range subresources {
		r.SubresourceURIs[strings.ToLower(sub[:1])+snake(sub[1:])] = uri + "/" + sub + ".json"
	}
	return r
}

var subresources = []string{"Events", "Notifications", "Payments", "Recordings", "Siprec", "Streams", "Transcriptions", "UserDefinedMessages", "UserDefinedMessageSubscriptions"}

// snake writes CamelCase as snake_case.
func snake(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (k *call) direction() string {
	if k.parent != nil {
		return "outbound-dial"
	}
	if k.inbound {
		return "inbound"
	}
	return "outbound-api"
}

func price(minutes int) string {
	p := max(1, minutes) * pricePerMinute
	return "-" + strconv.Itoa(p/10000) + "." + strconv.Itoa(10000 + p%10000)[1:]
}

// rfc2822 writes a time as the API does, null when it is not set.
func rfc2822(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.RFC1123Z))
}

// formatted is a number as people in the US write it; others stay as they are.
func formatted(n string) string {
	if len(n) != 12 || !strings.HasPrefix(n, "+1") {
		return n
	}
	return "(" + n[2:5] + ") " + n[5:8] + "-" + n[8:]
}
