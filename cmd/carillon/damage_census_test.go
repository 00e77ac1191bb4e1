package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// asCensus makes the test binary open a data directory as the server does and
// print what is in it: in a process of its own, because a damaged memory map
// may kill it.
const asCensus = "CARILLON_TEST_CENSUS"

// checkFirst is how many bytes of tables a census reads whole before the
// ledger opens; empty is the default.
const checkFirst = "CARILLON_TEST_CHECK_FIRST"

// census is what a start on a data directory finds.
type census struct {
	Error      string   `json:"error,omitempty"`
	Suspicious []string `json:"suspicious,omitempty"`
	Repaired   []string `json:"repaired,omitempty"`
	Leads      []string `json:"leads"`
	Attempts   []string `json:"attempts"` // closed
	Opens      []string `json:"opens"`
	DNC        []string `json:"dnc"`
	Media      []string `json:"media"` // recordings that are what their names say
	crashed    string
}

func takeCensus(dir string) int {
	var c census
	if err := c.take(context.Background(), dir); err != nil {
		c.Error = oneLine(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(&c); err != nil {
		return 1
	}
	return 0
}

func (c *census) take(ctx context.Context, dir string) (err error) {
	first, _ := strconv.ParseInt(os.Getenv(checkFirst), 10, 64) // 0 is the default
	s, err := app.OpenStore(ctx, app.StoreOptions{Dir: dir, MinFree: 1, CheckFirst: first, Log: zap.NewNop()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	h := s.Health()
	c.Suspicious, c.Repaired = h.Suspicious, h.Repaired
	rows := state.Rows{R: s.Ledger}
	if err := rows.Leads(cadence.ID{}, func(l *state.Lead) bool { c.Leads = append(c.Leads, l.Lead.ID.Bare()); return true }); err != nil {
		return err
	}
	if err := rows.Opens(func(o *state.Open) bool { c.Opens = append(c.Opens, o.I.Attempt.Bare()); return true }); err != nil {
		return err
	}
	if err := rows.DNC(cadence.ID{}, func(id cadence.ID, _ *state.Number) bool {
		c.DNC = append(c.DNC, fmt.Sprintf("%x", event.TokenOfID(id)))
		return true
	}); err != nil {
		return err
	}
	found, err := app.CheckMedia(ctx, rows)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Wrong == nil {
			c.Media = append(c.Media, fmt.Sprintf("%x", f.Row.Hash))
		}
	}
	last := cadence.ID{}
	for i := range last {
		last[i] = 0xFF
	}
	if err := rows.AttemptsBetween(0, 1<<62, last, func(id cadence.ID, _ *state.Attempt) bool {
		c.Attempts = append(c.Attempts, id.Bare())
		return true
	}); err != nil {
		return err
	}
	return s.Ledger.Verify(ctx)
}

// count takes the census of a directory in another process.
func count(t *testing.T, dir string, through ...string) census {
	t.Helper()
	args := append(slices.Clone(through), os.Args[0])
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), asCensus+"="+dir)
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	var c census
	if jerr := json.Unmarshal([]byte(out.String()), &c); err != nil || jerr != nil {
		c.crashed = fmt.Sprintf("%v: %s", err, firstLines(said.String(), 3))
	}
	return c
}

func firstLines(s string, n int) string {
	lines := strings.SplitN(s, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], " | ")
}

// outcome is how a case ended.
type outcome string

// The outcomes. Only the first three are right.
const (
	healed   outcome = "heals"
	refused  outcome = "refuses"
	safeMode outcome = "safe mode"
	silent   outcome = "SILENT"
	unclear  outcome = "UNCLEAR"
)

// judge says how a start on a damaged directory ended. want is what had been
// acknowledged. why is what it said, or what is missing without a word.
func (c *census) judge(want *census, dncGone bool) (outcome, string) {
	switch {
	case c.crashed != "":
		return unclear, c.crashed
	case c.Error != "" && (strings.Contains(c.Error, "panic") || strings.Contains(c.Error, "BUG") || strings.Contains(c.Error, "\n")):
		return unclear, c.Error
	case c.Error != "":
		return refused, c.Error
	}
	missing := missingOf("do-not-call marks", want.DNC, c.DNC)
	if len(c.Suspicious) > 0 {
		if missing != "" && !dncGone {
			return silent, missing // the log beside the ledger has them
		}
		return safeMode, strings.Join(c.Suspicious, "; ")
	}
	if missing == "" {
		missing = missingOf("leads", want.Leads, c.Leads)
	}
	if missing == "" {
		missing = missingOf("recordings", want.Media, c.Media)
	}
	if missing == "" {
		missing = missingOf("attempts", append(slices.Clone(want.Attempts), want.Opens...), append(slices.Clone(c.Attempts), c.Opens...))
	}
	if missing != "" {
		return silent, missing
	}
	return healed, strings.Join(c.Repaired, "; ")
}

func missingOf(what string, want, got []string) string {
	have := map[string]bool{}
	for _, id := range got {
		have[id] = true
	}
	n := 0
	for _, id := range want {
		if !have[id] {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d %s are missing without a word", n, len(want), what)
}
