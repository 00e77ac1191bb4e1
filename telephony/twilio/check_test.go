package twilio_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// console is an account as Check sees it.
func console(account, incoming, outgoing, country http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch p := r.URL.Path; {
		case strings.HasSuffix(p, "/IncomingPhoneNumbers.json"):
			incoming(w, r)
		case strings.HasSuffix(p, "/OutgoingCallerIds.json"):
			outgoing(w, r)
		case strings.HasPrefix(p, "/v1/DialingPermissions/Countries/"):
			country(w, r)
		default:
			account(w, r)
		}
	}
}

func TestCheck(t *testing.T) {
	active := answer(200, `{"sid":"`+testAccount+`","status":"active","type":"Full"}`)
	own := answer(200, `{"incoming_phone_numbers":[{"phone_number":"+13035550100","capabilities":{"voice":true}}]}`)
	none, nobody := answer(200, `{"incoming_phone_numbers":[]}`), answer(200, `{"outgoing_caller_ids":[]}`)
	on := answer(200, `{"iso_code":"US","low_risk_numbers_enabled":true}`)
	cases := []struct {
		name    string
		h       http.HandlerFunc
		ok      bool
		finding string // part of the detail or remedy that must be there
	}{
		{"all well", console(active, own, nobody, on), true, "a number of the account"},
		{"trial", console(answer(200, `{"sid":"`+testAccount+`","status":"active","type":"Trial"}`), own, nobody, on), true, "verified numbers only"},
		{"verified", console(active, none, answer(200, `{"outgoing_caller_ids":[{"phone_number":"+13035550100"}]}`), on), true, "verified caller ID"},
		{"a part of another number", console(active, answer(200, `{"incoming_phone_numbers":[{"phone_number":"+130355501001"}]}`), nobody, on), false, "neither owned"},
		{"foreign caller ID", console(active, none, nobody, on), false, "buy the number"},
		{"no voice", console(active, answer(200, `{"incoming_phone_numbers":[{"phone_number":"+13035550100","capabilities":{"voice":false}}]}`), nobody, on), false, "without voice"},
		{"numbers unreadable", console(active, answer(503, ""), nobody, on), false, "could not be looked up"},
		{"caller IDs unreadable", console(active, none, answer(503, ""), on), false, "could not be looked up"},
		{"wrong token", console(answer(401, `{"code":20003,"message":"Authenticate"}`), own, nobody, on), false, "check account_sid and auth_token"},
		{"suspended", console(answer(200, `{"sid":"`+testAccount+`","status":"suspended"}`), own, nobody, on), false, "cannot place calls"},
		{"another account", console(answer(200, `{"sid":"AC1","status":"active"}`), own, nobody, on), false, "cannot place calls"},
		{"out of order", console(answer(500, ""), own, nobody, on), false, "try again"},
		{"country off", console(active, own, nobody, answer(200, `{"low_risk_numbers_enabled":false}`)), false, "switch the country on"},
		{"toll fraud on", console(active, own, nobody, answer(200, `{"low_risk_numbers_enabled":true,"high_risk_tollfraud_numbers_enabled":true}`)), false, "switch off numbers known for toll fraud"},
		{"permissions unknown here", console(active, own, nobody, answer(404, `{"code":20404}`)), true, "cannot be checked"},
		{"permissions unreadable", console(active, own, nobody, answer(403, `{"code":20003}`)), false, "could not be read"},
	}
	for _, c := range cases {
		base, _ := serve(t, c.h)
		r := newClient(t, base, nil).Check(t.Context(), twilio.Inquiry{CallerIDs: []cadence.Number{testFrom}, Countries: []string{"US"}})
		var all strings.Builder
		for _, f := range r {
			all.WriteString(f.Name + ": " + f.Detail + " / " + f.Remedy + "\n")
			if !f.OK && f.Remedy == "" {
				t.Errorf("%s: %s has no remedy", c.name, f.Name)
			}
		}
		if r.OK() != c.ok || !strings.Contains(all.String(), c.finding) {
			t.Errorf("%s: ok %v, want %v with %q\n%s", c.name, r.OK(), c.ok, c.finding, all.String())
		}
	}
}

func TestCheckRefusesOddQuestions(t *testing.T) {
	base, _ := serve(t, answer(200, `{"sid":"`+testAccount+`","status":"active"}`))
	r := newClient(t, base, nil).Check(t.Context(), twilio.Inquiry{CallerIDs: []cadence.Number{"303 555"}, Countries: []string{"../x"}})
	if len(r) != 4 || r[2].OK || r[3].OK {
		t.Errorf("%+v", r)
	}
}

func TestCheckWarnsOfClearText(t *testing.T) {
	c := newClient(t, "http://carrier.invalid", nil)
	r := c.Check(t.Context(), twilio.Inquiry{})
	if r[0].OK || !strings.Contains(r[0].Detail, "clear text") {
		t.Errorf("%+v", r)
	}
}
