package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// TestNumbersMustLeadHere: while calls to one of the numbers go elsewhere the
// server does not start, and says which and what to do. On a carrier of this
// computer it sets them itself. Numbers of others are only warned of.
func TestNumbersMustLeadHere(t *testing.T) {
	const account, token = "AC00000000000000000000000000000001", "a-token"
	const number, other = cadence.Number("+13035550101"), cadence.Number("+13035550102")
	carrier, err := simcarrier.NewServer("127.0.0.1:0", simcarrier.Options{
		AccountSID: account, AuthToken: token, Clock: clock.System{}, Log: &simcarrier.MemoryLog{},
		CallerIDs: []string{string(number)}, VerifiedIDs: []string{string(other)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := carrier.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	hooks, err := twilio.NewHooks("https://dialer.example.com", make([]byte, twilio.MinHookKey))
	if err != nil {
		t.Fatal(err)
	}
	client, err := twilio.New(twilio.Options{AccountSID: account, AuthToken: token, BaseURL: carrier.URL, Hooks: hooks})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	a := &App{client: client, log: zap.NewNop()}
	a.o.Config.CallerIDs = []configs.CallerID{{Number: string(number)}, {Number: string(other)}, {Number: string(number), Pool: "again"}}
	err = a.checkNumbers(t.Context())
	if err == nil || !strings.Contains(err.Error(), string(number)) || strings.Contains(err.Error(), string(other)) || !strings.Contains(err.Error(), "doctor --twilio --fix") {
		t.Errorf("a number that leads elsewhere: %v", err)
	}
	a.o.Config.Twilio.BaseURL = carrier.URL
	if err := a.checkNumbers(t.Context()); err != nil {
		t.Errorf("a carrier of this computer: %v", err)
	}
	for n, want := range map[cadence.Number]twilio.Answering{number: twilio.AnswersOurs, other: twilio.AnswersNotOwned} {
		if got, err := client.Answers(t.Context(), n); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", n, got, err, want)
		}
	}
	a.o.Config.Twilio.BaseURL = ""
	if err := a.checkNumbers(t.Context()); err != nil {
		t.Errorf("once it leads here: %v", err)
	}
}
