package twilio

import (
	"net/http"
	"slices"

	"github.com/carillon-dialer/carillon/telephony"
)

// The closed set of reasons a request to the carrier can fail for. They may
// label a metric; Reasons lists them.
const (
	ReasonUnreachable   = "unreachable"    // no connection, nothing written
	ReasonCanceled      = "canceled"       // given up by the caller
	ReasonTimeout       = "timeout"        // no answer in time
	ReasonConnection    = "connection"     // broke after something was written
	ReasonBadRequest    = "bad_request"    // ours could not be built
	ReasonBadAnswer     = "bad_answer"     // 2xx without usable content
	ReasonRedirected    = "redirected"     // 3xx: the base URL is not an API
	ReasonServerError   = "server_error"   // 5xx
	ReasonRateLimited   = "rate_limited"   // too many requests at once
	ReasonConcurrency   = "concurrency"    // too many calls at once
	ReasonCredentials   = "credentials"    // wrong or without permission
	ReasonAccount       = "account"        // suspended, inactive, out of funds
	ReasonTrial         = "trial"          // trial account, To not verified
	ReasonNotFound      = "not_found"      // no such account, call or path
	ReasonCallOver      = "call_over"      // the call is not in progress
	ReasonParameter     = "parameter"      // a parameter is missing or wrong
	ReasonConflict      = "conflict"       // with the state of the resource
	ReasonCallerID      = "caller_id"      // From not owned or malformed
	ReasonNumberInvalid = "number_invalid" // To malformed or equal to From
	ReasonNumberDead    = "number_dead"    // To cannot be reached
	ReasonPremium       = "premium"        // To is a premium number
	ReasonBlocked       = "blocked"        // To is on the carrier's block list
	ReasonGeo           = "geo_permission" // calls to this country are off
	ReasonRefused       = "refused"        // refused without a code
	ReasonUnlisted      = "unlisted"       // a code this table does not know
)

// rule is what one of Twilio's codes means for a dialer.
type rule struct {
	class  telephony.Class
	scope  telephony.Scope
	reason string
}

var (
	config    = rule{telephony.Rejected, telephony.ScopeConfig, ReasonParameter}
	account   = rule{telephony.Rejected, telephony.ScopeAccount, ReasonAccount}
	creds     = rule{telephony.Rejected, telephony.ScopeAccount, ReasonCredentials}
	trial     = rule{telephony.Rejected, telephony.ScopeAccount, ReasonTrial}
	callerID  = rule{telephony.Rejected, telephony.ScopeCallerID, ReasonCallerID}
	geo       = rule{telephony.Rejected, telephony.ScopeCountry, ReasonGeo}
	invalid   = rule{telephony.Rejected, telephony.ScopeNumber, ReasonNumberInvalid}
	dead      = rule{telephony.Rejected, telephony.ScopeNumber, ReasonNumberDead}
	callOver  = rule{telephony.Rejected, telephony.ScopeNumber, ReasonCallOver}
	throttled = rule{telephony.Throttled, "", ReasonRateLimited}
	crowded   = rule{telephony.Throttled, "", ReasonConcurrency}
	fault     = rule{telephony.Unclear, "", ReasonServerError}
)

// codes follows Twilio's error dictionary for what POST and GET on Calls can
// answer. Twilio re-splits codes over time: what is missing falls to unlisted.
var codes = map[int]rule{
	10001: account, 20005: account,
	10004: crowded,
	20001: config, 20422: config,
	20003: creds, 20006: creds, 20403: creds,
	20404: {telephony.Rejected, telephony.ScopeAccount, ReasonNotFound},
	20409: {telephony.Rejected, telephony.ScopeConfig, ReasonConflict},
	20429: throttled,
	20500: fault, 20503: fault,
	21201: config, 21205: config, 21206: config, 21208: config, 21209: config,
	21213: config, 21218: config,
	21221: config, 21222: config, 21223: config, 21224: config, 21225: config,
	21227: config, 21228: config, 21262: config, 21263: config,
	21202: {telephony.Rejected, telephony.ScopeNumber, ReasonPremium},
	21203: geo, 21215: geo,
	21210: callerID, 21212: callerID,
	21211: invalid,
	21214: dead, 21217: dead,
	21216: {telephony.Rejected, telephony.ScopeNumber, ReasonBlocked},
	21219: trial, 573005: trial,
	21220: callOver,
}

// classify judges an answer outside 2xx. The status comes first only where it
// says more than the code: 5xx, because a call may exist whatever the body
// claims, and 429. A redirect and 408 may come from something in between that
// passed the request on, so they are unclear.
func classify(status, code int) *telephony.Error {
	r := judge(status, code)
	return &telephony.Error{
		Class: r.class, Scope: r.scope, Code: code, HTTP: status, Reason: r.reason,
		// Only a verdict on the number itself makes trying it again pointless,
		// and a code that is not in the table is none.
		Retryable: r.class == telephony.Rejected && (r.scope != telephony.ScopeNumber || r.reason == ReasonUnlisted),
	}
}

func judge(status, code int) rule {
	known, listed := codes[code]
	switch {
	case status >= 500:
		return fault
	case status < 400:
		return rule{telephony.Unclear, "", ReasonRedirected}
	case listed:
		return known
	case status == http.StatusTooManyRequests:
		return throttled
	case status == http.StatusRequestTimeout:
		return rule{telephony.Unclear, "", ReasonTimeout}
	case code >= 13000 && code < 14000, code >= 21000 && code < 22000:
		// The call families: a new refusal of one call must not stop them all.
		return rule{telephony.Rejected, telephony.ScopeNumber, ReasonUnlisted}
	case code != 0:
		return rule{telephony.Rejected, telephony.ScopeAccount, ReasonUnlisted}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return creds
	case status == http.StatusNotFound:
		return rule{telephony.Rejected, telephony.ScopeAccount, ReasonNotFound}
	}
	return rule{telephony.Rejected, telephony.ScopeAccount, ReasonRefused}
}

// Reasons is the closed set of Error.Reason, sorted.
func Reasons() []string {
	all := []string{
		ReasonUnreachable, ReasonCanceled, ReasonTimeout, ReasonConnection, ReasonBadRequest,
		ReasonBadAnswer, ReasonRedirected, ReasonServerError, ReasonRateLimited, ReasonConcurrency,
		ReasonCredentials, ReasonAccount, ReasonTrial, ReasonNotFound, ReasonCallOver,
		ReasonParameter, ReasonConflict, ReasonCallerID, ReasonNumberInvalid, ReasonNumberDead,
		ReasonPremium, ReasonBlocked, ReasonGeo, ReasonRefused, ReasonUnlisted,
	}
	slices.Sort(all)
	return all
}
