package simcarrier

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// reply is an answer of the API, to be given once the receipt's entries are
// durable.
type reply struct {
	status  int
	body    any
	receipt receipt
}

// refuseAs makes a reply of a refusal.
func refuseAs(r *refusal) reply { return reply{status: r.http, body: r.body()} }

// errorBody is Twilio's form of an error.
type errorBody struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Status   int    `json:"status"`
}

func (r *refusal) body() errorBody {
	return errorBody{Code: r.code, Message: r.text, MoreInfo: "https://www.twilio.com/docs/errors/" + strconv.Itoa(r.code), Status: r.http}
}

// endpoint answers one authenticated request. form holds the parameters of
// the body, or of the query for GET.
type endpoint func(r *http.Request, form url.Values) reply

// maxForm bounds the body of an API request.
const maxForm = 256 << 10

// Handler answers the API:
//
//	POST Calls.json, GET Calls.json, GET and POST Calls/{sid}.json,
//	GET Calls/{sid}/Events.json, IncomingPhoneNumbers.json,
//	POST IncomingPhoneNumbers/{sid}.json,
//	OutgoingCallerIds.json, /2010-04-01/Accounts/{sid}.json
//
// and /_sim/faults, /_sim/model, /_sim/stats, /_sim/inbound. A dropped response is a panic
// with http.ErrAbortHandler, which an http.Server turns into a connection
// closed without an answer; who calls the handler directly has to recover it.
func (c *Carrier) Handler() http.Handler { return c.api }

func (c *Carrier) routes() http.Handler {
	mux := http.NewServeMux()
	account := "/" + apiVersion + "/Accounts/{account}"
	for route, answer := range map[string]endpoint{
		"GET /" + apiVersion + "/Accounts/{file}":          c.getAccount,
		"POST " + account + "/Calls.json":                  c.create,
		"GET " + account + "/Calls.json":                   c.list,
		"GET " + account + "/Calls/{file}":                 c.getCall,
		"POST " + account + "/Calls/{file}":                c.update,
		"GET " + account + "/Calls/{call}/Events.json":     c.listEvents,
		"GET " + account + "/IncomingPhoneNumbers.json":    c.listOwned,
		"POST " + account + "/IncomingPhoneNumbers/{file}": c.setNumber,
		"GET " + account + "/OutgoingCallerIds.json":       c.listVerified,
		"/" + apiVersion + "/":                             notServed,
	} {
		mux.Handle(route, c.guard(answer))
	}
	c.control(mux)
	return mux
}

func notServed(r *http.Request, _ url.Values) reply {
	return refuseAs(refuse(20404, "The requested resource "+r.URL.Path+" was not found"))
}

// guard checks who asks and lets the faults have their way.
func (c *Carrier) guard(answer endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", c.o.Clock.Now().UTC().Format(http.TimeFormat))
		if c.isClosed() {
			http.Error(w, "closed", http.StatusServiceUnavailable)
			return
		}
		if bad := c.authenticate(r); bad != nil {
			write(w, refuseAs(bad))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			write(w, refuseAs(refuse(20422, "Unreadable parameters: "+err.Error())))
			return
		}
		form := r.Form
		if r.Method == http.MethodPost {
			form = r.PostForm
		}
		c.troubled(w, r, form, answer)
	})
}

// troubled answers a request, with what befalls it.
func (c *Carrier) troubled(w http.ResponseWriter, r *http.Request, form url.Values, answer endpoint) {
	b := c.befalls(r, form)
	if b.throttle {
		write(w, c.throttle(r, form))
		return
	}
	placed := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Calls.json")
	if b.server && (b.before || !placed) {
		writeTrouble(w, b.html)
		return
	}
	a := answer(r, form)
	if err := a.receipt.wait(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if b.slow > 0 && !sleep(r.Context(), b.slow) {
		panic(http.ErrAbortHandler) // the client has gone
	}
	switch {
	case b.server:
		writeTrouble(w, b.html)
	case b.drop && r.Method == http.MethodPost:
		c.count(func(n *tally) { n.unanswered++ })
		panic(http.ErrAbortHandler)
	default:
		write(w, a)
	}
}

// befalls draws the trouble of a request. Requests are numbered by what they
// are about, so that the same one repeated is not in the same trouble for ever.
func (c *Carrier) befalls(r *http.Request, form url.Values) trouble {
	address := r.Method + " " + r.URL.Path
	if r.Method == http.MethodPost {
		address += " " + form.Get("To")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally.api++
	if !c.faults.onRequests() {
		return trouble{}
	}
	c.requests[address]++
	b := c.faults.request(c.o.Seed, address, c.requests[address])
	c.tally.trouble(b)
	return b
}

// throttle refuses a request unseen.
func (c *Carrier) throttle(r *http.Request, form url.Values) reply {
	bad := refuse(20429, "Too Many Requests")
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/Calls.json") {
		return refuseAs(bad)
	}
	return c.reject(form, bad, FaultThrottle)
}

func (c *Carrier) authenticate(r *http.Request) *refusal {
	user, pass, ok := r.BasicAuth()
	known := ok && (same(user, c.o.AccountSID) && same(pass, c.o.AuthToken) ||
		c.o.APIKey != "" && same(user, c.o.APIKey) && same(pass, c.o.APISecret))
	account := r.PathValue("account")
	if !known || account != "" && account != c.o.AccountSID {
		return refuse(20003, "Authenticate")
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (c *Carrier) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// write gives a reply.
func write(w http.ResponseWriter, a reply) {
	raw, err := json.Marshal(a.body)
	if err != nil {
		panic("BUG: simcarrier: a reply cannot be encoded: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(raw) // a client that has gone is its own affair
}

// writeTrouble answers as a carrier in trouble does: with its own error, or
// with what a proxy in front of it says.
func writeTrouble(w http.ResponseWriter, html bool) {
	if !html {
		write(w, refuseAs(refuse(20500, "An internal server error has occurred")))
		return
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte("<html><body><h1>503 Service Unavailable</h1></body></html>\n"))
}
