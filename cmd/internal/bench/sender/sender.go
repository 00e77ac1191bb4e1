package sender

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// Unanswered are the states of a call nobody takes.
var Unanswered = []State{{Status: "initiated"}, {Status: "ringing"}, {Status: "busy"}}

// Job is what to send: every state of every call, each after the answer to the
// one before, over so many connections.
type Job struct {
	Server         string // base URL of the hooks listener
	Account, Token string
	Lines          int
	States         []State
	Ahead          time.Duration // of the engine's clock before this machine's
}

// Report is what sending took.
type Report struct {
	Webhooks int             `json:"webhooks"`
	Seconds  float64         `json:"seconds"`
	CPU      time.Duration   `json:"cpu"`
	Took     []time.Duration `json:"took"` // of each webhook, in no order
}

// Run sends everything and fails at the first webhook that is not answered 200.
func Run(ctx context.Context, j Job, calls []Call) (r Report, err error) {
	s, err := newSending(ctx, &j, calls)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	before, err := usage.CPU()
	if err != nil {
		return r, err
	}
	began := time.Now()
	if err := s.run(ctx); err != nil {
		return r, err
	}
	r.Seconds = time.Since(began).Seconds()
	r.Took, r.Webhooks = s.took, len(s.took)
	after, err := usage.CPU()
	r.CPU = after - before
	return r, err
}

// pathOf is a webhook URL without scheme and host.
func pathOf(raw string) (string, error) {
	_, rest, ok := strings.Cut(raw, "://")
	if i := strings.IndexByte(rest, '/'); ok && i >= 0 {
		return rest[i:], nil
	}
	return "", fmt.Errorf("%q is no webhook URL", raw)
}

// WriteCalls writes calls for ReadCalls, one a line.
func WriteCalls(w io.Writer, calls []Call) error {
	out := bufio.NewWriter(w)
	for i := range calls {
		c := &calls[i]
		fmt.Fprintln(out, c.SID, c.To, c.From, c.Status, c.Voice, c.At)
	}
	return out.Flush()
}

// ReadCalls reads what WriteCalls wrote.
func ReadCalls(r io.Reader) (calls []Call, err error) {
	in := bufio.NewScanner(r)
	for in.Scan() {
		f := strings.Fields(in.Text())
		if len(f) != 6 {
			return nil, fmt.Errorf("read a call: %q", in.Text())
		}
		at, err := strconv.ParseInt(f[5], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read a call: %w", err)
		}
		c := Call{f[0], f[1], f[2], f[3], f[4], at}
		calls = append(calls, c)
	}
	return calls, in.Err()
}
