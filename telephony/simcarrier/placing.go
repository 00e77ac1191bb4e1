package simcarrier

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// placing is what a client asked for with a call. URLs keep their fragments.
type placing struct {
	url, method       string
	fallback          string
	fallbackMethod    string
	twiml             string
	callback          string
	callbackMethod    string
	events            uint8 // bits of evInitiated …
	ring              time.Duration
	limit             time.Duration
	detect            string // MachineDetection: empty, Enable or DetectMessageEnd
	detectFor         time.Duration
	async             bool
	asyncCallback     string
	asyncMethod       string
	sendDigits        bool
	unknown, ignoring []string // parameters nobody knows, and those not simulated
}

// The events a status callback can be asked for.
const (
	evInitiated uint8 = 1 << iota
	evRinging
	evAnswered
	evCompleted
)

var eventBits = map[string]uint8{"initiated": evInitiated, "ringing": evRinging, "answered": evAnswered, "completed": evCompleted}

// Twilio's defaults and limits of a call.
const (
	defaultRing      = 60 * time.Second
	maxRingTime      = 600 * time.Second
	defaultLimit     = 4 * time.Hour
	defaultDetectFor = 30 * time.Second
	maxTwimlParam    = 4000
)

// The parameters of POST Calls.json in Twilio's OpenAPI: those that are
// simulated, and those that are taken and have no effect here.
var (
	knownParams = []string{
		"To", "From", "Url", "Twiml", "ApplicationSid", "Method", "FallbackUrl", "FallbackMethod",
		"StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "Timeout", "TimeLimit", "SendDigits",
		"MachineDetection", "MachineDetectionTimeout", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
		"MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
	}
	idleParams = []string{
		"Record", "RecordingChannels", "RecordingStatusCallback", "RecordingStatusCallbackMethod", "RecordingStatusCallbackEvent",
		"RecordingTrack", "RecordingConfigurationId", "Trim", "SipAuthUsername", "SipAuthPassword", "CallerId", "Byoc",
		"CallReason", "CallToken", "ClientNotificationUrl", "Passports",
	}
	repeatedParams = []string{"StatusCallbackEvent", "RecordingStatusCallbackEvent"}
)

var (
	e164   = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	digits = regexp.MustCompile(`^[0-9A-D#*wW]{1,32}$`)
)

// dialable reports whether a To or From is of a form that can be called.
func dialable(s string) bool {
	return e164.MatchString(s) || len(s) > 4 && strings.HasPrefix(s, "sip:") || len(s) > 7 && strings.HasPrefix(s, "client:")
}

// refusal is an answer of the API that is not a success.
type refusal struct {
	http, code int
	text       string
}

func refuse(code int, text string) *refusal {
	return &refusal{http: httpOf(code), code: code, text: text}
}

// httpOf is the HTTP status that goes with a code.
func httpOf(code int) int {
	switch code {
	case 20003:
		return 401
	case 20404:
		return 404
	case 20004:
		return 405
	case 20429, 10004:
		return 429
	case 20005, 10001, 20006, 20403:
		return 403
	}
	if code >= 20500 && code < 20600 {
		return 500
	}
	return 400
}

// readPlacing checks the parameters of a call to be placed.
func readPlacing(form url.Values) (placing, *refusal) {
	p := placing{
		url: form.Get("Url"), method: method(form, "Method"), twiml: form.Get("Twiml"),
		fallback: form.Get("FallbackUrl"), fallbackMethod: method(form, "FallbackMethod"),
		callback: form.Get("StatusCallback"), callbackMethod: method(form, "StatusCallbackMethod"),
		asyncCallback: form.Get("AsyncAmdStatusCallback"), asyncMethod: method(form, "AsyncAmdStatusCallbackMethod"),
		ring: defaultRing, limit: defaultLimit, detectFor: defaultDetectFor,
	}
	for _, check := range []func(*placing, url.Values) *refusal{(*placing).checkScript, (*placing).checkURLs, (*placing).checkTimes, (*placing).checkDetection} {
		if bad := check(&p, form); bad != nil {
			return placing{}, bad
		}
	}
	p.readEvents(form["StatusCallbackEvent"])
	for _, name := range sortedKeys(form) {
		switch {
		case slices.Contains(idleParams, name):
			p.ignoring = append(p.ignoring, name)
		case !slices.Contains(knownParams, name), len(form[name]) > 1 && !slices.Contains(repeatedParams, name):
			p.unknown = append(p.unknown, name)
		}
	}
	return p, nil
}

func (p *placing) checkScript(form url.Values) *refusal {
	switch {
	case form.Has("ApplicationSid"):
		return refuse(21218, "Invalid ApplicationSid: this account has no applications")
	case p.url == "" && p.twiml == "":
		return refuse(21205, "Url parameter is required.")
	case p.url == "" && len([]rune(p.twiml)) > maxTwimlParam:
		return refuse(20422, "Twiml is longer than 4000 characters")
	}
	if d := form.Get("SendDigits"); d != "" {
		if !digits.MatchString(d) {
			return refuse(21206, "SendDigits is invalid: "+d)
		}
		p.sendDigits = true
	}
	return nil
}

func (p *placing) checkURLs(form url.Values) *refusal {
	for _, name := range []string{"Url", "FallbackUrl", "StatusCallback", "AsyncAmdStatusCallback"} {
		raw := form.Get(name)
		if raw == "" {
			continue
		}
		u, err := url.Parse(raw)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			if name == "Url" || name == "FallbackUrl" {
				return refuse(21205, name+" is not a valid URL: "+raw)
			}
			return refuse(21609, name+" is not a valid URL: "+raw)
		}
		if name == "StatusCallback" && strings.Contains(u.Hostname(), "_") {
			return refuse(21609, "StatusCallback: a host name may not contain underscores")
		}
	}
	for _, name := range []string{"Method", "FallbackMethod", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod"} {
		if m := method(form, name); m != "GET" && m != "POST" {
			return refuse(21209, name+" must be GET or POST")
		}
	}
	return nil
}

func (p *placing) checkTimes(form url.Values) *refusal {
	for name, set := range map[string]func(n int){
		"Timeout":                 func(n int) { p.ring = min(time.Duration(n)*time.Second, maxRingTime) },
		"TimeLimit":               func(n int) { p.limit = time.Duration(n) * time.Second },
		"MachineDetectionTimeout": func(n int) { p.detectFor = time.Duration(min(max(n, 3), 59)) * time.Second },
	} {
		if !form.Has(name) {
			continue
		}
		n, err := strconv.Atoi(form.Get(name))
		if err != nil || n < 0 || n > 24*60*60 || n == 0 && name == "TimeLimit" {
			return refuse(21208, name+" is invalid: "+form.Get(name))
		}
		set(n)
	}
	return nil
}

func (p *placing) checkDetection(form url.Values) *refusal {
	switch m := form.Get("MachineDetection"); m {
	case "":
	case "Enable", "DetectMessageEnd":
		if !p.sendDigits { // Twilio ignores detection where digits are sent
			p.detect = m
		}
	default:
		return refuse(20422, "MachineDetection is invalid: "+m)
	}
	p.async = form.Get("AsyncAmd") == "true"
	return nil
}

// readEvents reads the repeated parameter. What is not one of the events,
// such as several in one value, subscribes to nothing, as with Twilio.
func (p *placing) readEvents(names []string) {
	if len(names) == 0 {
		p.events = evCompleted
		return
	}
	for _, name := range names {
		bit, ok := eventBits[name]
		if !ok {
			p.unknown = append(p.unknown, "StatusCallbackEvent="+name)
		}
		p.events |= bit
	}
}

func method(form url.Values, name string) string {
	if m := strings.ToUpper(form.Get(name)); m != "" {
		return m
	}
	return "POST"
}

func sortedKeys(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
