package main

import (
	"context"
	"fmt"
	"os"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/desk"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// comparison is one figure as the server and as a witness tell it.
type comparison struct {
	Figure  string `json:"figure"`
	Server  int64  `json:"server"`
	Witness int64  `json:"witness"`
	OK      bool   `json:"ok"`
}

// recount compares. It is meant for when nothing is in flight: then every
// difference is a fault.
func (c *cli) recount(ctx context.Context, f *doctorFlags) error {
	if f.carrierLog == "" {
		return fmt.Errorf("--recount needs --carrier-log")
	}
	api, err := f.client()
	if err != nil {
		return err
	}
	before, err := api.Overview(ctx)
	if err != nil {
		return err
	}
	tried, err := apiclient.All[apiclient.Rehearsal](ctx, api, "/v1/rehearsals", nil, 1000)
	if err != nil {
		return err
	}
	all, err := compareCarrier(f.carrierLog, before, tried)
	if err != nil {
		return err
	}
	reported, err := api.Report(ctx)
	if err != nil {
		return err
	}
	all = append(all, comparison{"attempts in reports", reported.Attempts, before.Attempts, reported.Attempts == before.Attempts})
	if f.deskLog != "" {
		one, err := compareDesk(ctx, api, f.deskLog, before)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	after, err := api.Overview(ctx)
	if err != nil {
		return err
	}
	moving := before.CallsInProgress > 0 || before.Attempts != after.Attempts || before.Contacts != after.Contacts || before.Conversions != after.Conversions
	return c.compared(all, moving, f.json)
}

// compareCarrier leaves out what was rehearsed: the carrier saw it, the figures
// do not.
func compareCarrier(file string, f apiclient.Figures, tried []apiclient.Rehearsal) ([]comparison, error) {
	log, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	n, err := simcarrier.Recount(simcarrier.Entries(log))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i := range tried {
		if tried[i].PlacedAt != nil {
			n.Calls--
		}
		if tried[i].Contact {
			n.Contacts--
		}
	}
	return []comparison{
		compare("attempts", f.Attempts, n.Calls),
		compare("contacts", f.Contacts, n.Contacts),
	}, nil
}

func compareDesk(ctx context.Context, api *apiclient.Client, file string, f apiclient.Figures) (comparison, error) {
	log, err := os.Open(file)
	if err != nil {
		return comparison{}, err
	}
	defer log.Close()
	n, err := desk.Recount(desk.Lines(log))
	if err != nil {
		return comparison{}, fmt.Errorf("%s: %w", file, err)
	}
	known, err := apiclient.All[struct {
		Code  string   `json:"code"`
		Flags []string `json:"flags"`
	}](ctx, api, "/v1/dispositions", nil, 1000)
	if err != nil {
		return comparison{}, err
	}
	conversions := 0
	for _, d := range known {
		for _, flag := range d.Flags {
			if flag == "conversion" {
				conversions += n.ByCode[d.Code]
			}
		}
	}
	return compare("conversions", f.Conversions, conversions), nil
}

func compare(figure string, server int64, witness int) comparison {
	return comparison{figure, server, int64(witness), server == int64(witness)}
}

func (c *cli) compared(all []comparison, moving, asJSON bool) error {
	same := true
	for _, one := range all {
		same = same && one.OK
		if !asJSON {
			mark := "ok  "
			if !one.OK {
				mark = "BAD "
			}
			c.print("%s%s: server %d, witness %d", mark, one.Figure, one.Server, one.Witness)
		}
	}
	if asJSON {
		if err := c.printJSON(map[string]any{"figures": all, "same": same, "moving": moving}); err != nil {
			return err
		}
	}
	if same {
		return nil
	}
	if moving {
		return exitError{code: 3, err: fmt.Errorf("the figures differ while calls are under way; stop dialing (carillon stop) and count again")}
	}
	return exitError{code: 1, err: fmt.Errorf("the server's figures are not those of the witnesses")}
}

// acceptClock tells a running server that its clock is right.
func (c *cli) acceptClock(ctx context.Context, f *doctorFlags) error {
	api, err := f.client()
	if err != nil {
		return err
	}
	if err := api.Post(ctx, "/v1/clock/accept", nil, nil); err != nil {
		return err
	}
	c.print("the clock is accepted")
	return nil
}
