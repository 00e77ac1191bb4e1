package simcarrier

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"
)

// Happening says what an entry of the log is about.
type Happening string

// The happenings. A call has one accepted and one ended; the others come as
// they come.
const (
	// Accepted: the carrier took the call (By empty) or dialed a leg for one
	// (Parent set). From here on it exists, whatever the client heard.
	Accepted Happening = "accepted"
	// Received: somebody called one of the account's numbers. The dialer placed
	// nothing: it is no accepted call.
	Received Happening = "received"
	// Rejected: a request to place a call was refused with Code and HTTP.
	Rejected Happening = "rejected"
	// Ringing: the called party's telephone rings.
	Ringing Happening = "ringing"
	// Answered: somebody (By human) or something (machine, fax) picked up.
	Answered Happening = "answered"
	// Fetched TwiML: URL answered with HTTP. By is what detection told the
	// client on this request; empty without detection.
	TwiML Happening = "twiml"
	// Digits: the person pressed Digits.
	Digits Happening = "digits"
	// Said: Text (or the audio at URL) began to be spoken to By.
	Said Happening = "said"
	// Recorded: an answering machine has kept the message to its end, that
	// is: it was spoken after the beep and nobody cut it off.
	Recorded Happening = "recorded"
	// Detected: detection in the asynchronous mode came to By.
	Detected Happening = "detected"
	// Ended: the call is over with Status. Code is the SIP code, Seconds the
	// talk time, Text the reason, Error the carrier's error when there was one.
	Ended Happening = "ended"
	// Webhook: a request to the client's URL. First a line without HTTP,
	// before a byte is sent, then one with HTTP: the answer's status, or -1
	// when none came. Try counts from 1. Fault names what was done to it.
	Webhook Happening = "webhook"
	// Warn: something the real carrier would ignore in silence.
	Warn Happening = "warn"
)

// Entry is one line of the log. Seq counts from 1 without gaps. T is when it
// happened on the carrier's clock; RealMS is a monotonic reading of real time
// in milliseconds, to judge rates under a virtual clock, and has a new origin
// at each start. Token is the attempt's id, read from the path
// /twilio/{kind}/{attempt}/{mac} of the URLs the client gave. By is who
// picked up: the truth on Answered, Said and Recorded, the verdict told to
// the client on TwiML and Detected.
type Entry struct {
	Seq     uint64    `json:"seq"`
	T       time.Time `json:"t"`
	RealMS  int64     `json:"real_ms"`
	Ev      Happening `json:"ev"`
	Call    string    `json:"call,omitempty"`
	Parent  string    `json:"parent,omitempty"` // of a leg: the call that dialed it
	To      string    `json:"to,omitempty"`
	From    string    `json:"from,omitempty"`
	Token   string    `json:"token,omitempty"`
	N       int       `json:"n,omitempty"` // Accepted: how many calls To has had, with this one
	Code    int       `json:"code,omitempty"`
	Error   int       `json:"error,omitempty"`
	Status  string    `json:"status,omitempty"`
	By      string    `json:"by,omitempty"`
	Digits  string    `json:"digits,omitempty"`
	Text    string    `json:"text,omitempty"`
	Seconds int       `json:"seconds,omitempty"`
	URL     string    `json:"url,omitempty"`
	Try     int       `json:"try,omitempty"`
	HTTP    int       `json:"http,omitempty"`
	Fault   string    `json:"fault,omitempty"`
}

// Fault names on entries.
const (
	FaultForged    = "forged"
	FaultDropped   = "dropped"
	FaultDuplicate = "duplicate"
	FaultThrottle  = "http_429"
)

// Entries reads a log. A last line that is cut off, as a killed carrier
// leaves it, is passed over; any other line that cannot be read ends the
// sequence with an error that names it.
func Entries(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		in := bufio.NewReaderSize(r, 1<<16)
		for line := 1; ; line++ {
			text, err := in.ReadBytes('\n')
			if errors.Is(err, io.EOF) {
				return // what stands behind the last newline was never synced
			}
			if err != nil {
				yield(Entry{}, fmt.Errorf("carrier log, line %d: %w", line, err))
				return
			}
			var e Entry
			if err := json.Unmarshal(bytes.TrimSuffix(text, []byte("\n")), &e); err != nil {
				if _, err := in.Peek(1); errors.Is(err, io.EOF) {
					return
				}
				yield(Entry{}, fmt.Errorf("carrier log, line %d: %w", line, err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// ReadLog reads the log at path whole; see Entries for what it tolerates.
func ReadLog(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the carrier's log: %w", err)
	}
	defer func() { _ = f.Close() }()
	var all []Entry
	for e, err := range Entries(f) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, e)
	}
	return all, nil
}
