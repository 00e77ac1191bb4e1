package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// TestLintAsksWhereCallsGo: the same document is right or wrong by where the
// account lets calls to its numbers go.
func TestLintAsksWhereCallsGo(t *testing.T) {
	const account, token = "AC00000000000000000000000000000001", "a-token"
	carrier, err := simcarrier.NewServer("127.0.0.1:0", simcarrier.Options{
		AccountSID: account, AuthToken: token, Clock: clock.System{}, Log: &simcarrier.MemoryLog{},
		CallerIDs: []string{"+13035550101"}, VerifiedIDs: []string{"+13035550102"},
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
	config := file(t, "carillon.yaml", `
public_url: https://dialer.example.com
hooks: {key: "0123456789abcdef0123456789abcdef"}
twilio: {account_sid: `+account+`, auth_token: `+token+`, base_url: "`+carrier.URL+`"}
caller_ids: [{number: "+13035550101"}, {number: "+13035550102", pool: west}]
`)
	doc := file(t, "two.json", `{"format": "carillon.cadence/v1", "name": "Two pools", "audience": {"type": "manual"}, "runs": {"max": 1},
  "connect": [{"to": "number", "number": "+13035550100"}],
  "steps": [{"key": "one", "kind": "call", "delay_after": "4h"}, {"key": "two", "kind": "call", "caller_id": {"pool": "west"}}]}`)
	out, code, err := carillon(t, "lint", doc, "--twilio", "--config", config)
	if code != 1 || !strings.Contains(out, "error: steps[0].caller_id: calls to +13035550101 do not come here") ||
		!strings.Contains(out, "warning: steps[1].caller_id: calls to +13035550102 go to whoever owns") {
		t.Errorf("exit %d: %s %v", code, out, err)
	}
	if out, code, _ := carillon(t, "lint", doc); code != 0 {
		t.Errorf("without the carrier: exit %d: %s", code, out)
	}
	if out, code, _ := carillon(t, "doctor", "--twilio", "--fix", "--config", config); !strings.Contains(out, "fix +13035550101") {
		t.Errorf("exit %d: %s", code, out)
	}
	out, code, err = carillon(t, "lint", doc, "--twilio", "--config", config)
	if code != 0 || strings.Contains(out, "do not come here") {
		t.Errorf("once they come here: exit %d: %s %v", code, out, err)
	}
}
