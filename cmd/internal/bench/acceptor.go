package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// The account of the accepting carrier.
const (
	accountSID = "AC000000000000000000000000000be9c4"
	authToken  = "the-accepting-carriers-own-token"
)

// acceptor is a carrier that accepts every call at once and tells whoever
// wants to know. It is as cheap as HTTP gets, so that the product is measured.
type acceptor struct {
	url    string
	server *http.Server
	made   atomic.Uint64
	// accepted is told of each call: its id and the URL its states go to.
	accepted atomic.Pointer[func(callID, to, from, statusURL string)]
	ended    chan error
}

func newAcceptor() (*acceptor, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a loopback listener binds at once
	if err != nil {
		return nil, err
	}
	a := &acceptor{url: "http://" + l.Addr().String(), ended: make(chan error, 1)}
	a.server = &http.Server{Handler: a, ReadHeaderTimeout: 10 * time.Second}
	go func() { a.ended <- a.server.Serve(l) }()
	return a, nil
}

// ServeHTTP accepts POST …/Calls.json.
func (a *acceptor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		http.NotFound(w, r)
		return
	}
	sid := fmt.Sprintf("CA%032x", a.made.Add(1))
	to, from := r.PostForm.Get("To"), r.PostForm.Get("From")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	err := json.NewEncoder(w).Encode(map[string]string{
		"sid": sid, "account_sid": accountSID, "to": to, "from": from, "status": "queued", "direction": "outbound-api", "queue_time": "0",
	})
	if err != nil {
		return // the engine is gone
	}
	if tell := a.accepted.Load(); tell != nil {
		(*tell)(sid, to, from, r.PostForm.Get("StatusCallback"))
	}
}

func (a *acceptor) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := a.server.Shutdown(ctx)
	if ended := <-a.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
