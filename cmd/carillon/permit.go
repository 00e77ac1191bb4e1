package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// storedVerdict is what the server tells of an attempt's permit.
type storedVerdict struct {
	Verdict struct {
		Answer   string     `json:"answer"`
		Rule     string     `json:"rule"`
		Packs    string     `json:"packs"`
		NotAfter *time.Time `json:"not_after"`
		Facts    struct {
			Zones         []string `json:"zones"`
			Jurisdictions []string `json:"jurisdictions"`
			Purpose       string   `json:"purpose"`
			Voice         string   `json:"voice"`
		} `json:"facts"`
		Replay struct {
			Answer string `json:"answer"`
			Rule   string `json:"rule"`
			Same   bool   `json:"same"`
		} `json:"replay"`
		Trace []struct {
			Rule   string `json:"rule"`
			Kind   string `json:"kind"`
			Result string `json:"result"`
			Zone   string `json:"zone"`
			Local  string `json:"local"`
			Detail string `json:"detail"`
			Title  string `json:"title"`
			Duty   bool   `json:"duty"`
		} `json:"trace"`
	} `json:"verdict"`
}

func (c *cli) permit() *cobra.Command {
	return group(&cobra.Command{
		Use:     "permit",
		Short:   "Verdicts that calls were placed under",
		Example: "  carillon permit replay at_aeaq2sczzblwyprdmow4g6hiaa",
	}, c.permitReplay())
}

func (c *cli) permitReplay() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay ATTEMPT",
		Short: "Give an attempt's verdict again and compare",
		Long: `Judge an attempt again on the facts that are stored with it, by the rule packs
that were in force then, and compare the result with the stored verdict byte
for byte. Prints every rule that was looked at. The exit code is 1 when the
verdicts differ.`,
		Example: "  carillon permit replay at_aeaq2sczzblwyprdmow4g6hiaa\n  carillon permit replay at_aeaq2sczzblwyprdmow4g6hiaa --json",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		var raw []byte
		if err := api.Get(cmd.Context(), "/v1/attempts/"+url.PathEscape(args[0]), nil, &raw); err != nil {
			return err
		}
		var stored storedVerdict
		if err := json.Unmarshal(raw, &stored); err != nil {
			return err
		}
		v := &stored.Verdict
		if v.Answer == "" {
			return fmt.Errorf("attempt %s holds no verdict: it was found at the carrier", args[0])
		}
		if *asJSON {
			if err := c.printJSON(v); err != nil {
				return err
			}
		} else {
			c.print("%s", stored.text(args[0]))
		}
		if !v.Replay.Same {
			return exitError{code: 1, err: fmt.Errorf("stored %s %s, given again %s %s", v.Answer, v.Rule, v.Replay.Answer, v.Replay.Rule)}
		}
		return nil
	})
	return cmd
}

// text is the verdict with its trace for people.
func (s *storedVerdict) text(id string) string {
	v := &s.Verdict
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s\n", id, v.Answer, v.Rule)
	if v.NotAfter != nil {
		fmt.Fprintf(&b, "not after      %s\n", v.NotAfter.Format(time.RFC3339))
	}
	fmt.Fprintf(&b, "zones          %s\njurisdictions  %s\ncall           %s, %s\n", strings.Join(v.Facts.Zones, " "), strings.Join(v.Facts.Jurisdictions, " "), v.Facts.Purpose, v.Facts.Voice)
	packs := v.Packs
	if packs == "" {
		packs = "built in, by an earlier release"
	}
	fmt.Fprintf(&b, "rule packs     %s\n", packs)
	for _, t := range v.Trace {
		fmt.Fprintf(&b, "  %-6s %-28s %s", t.Result, t.Rule, t.Zone)
		if t.Local != "" {
			fmt.Fprintf(&b, " %s", t.Local)
		}
		if t.Duty {
			fmt.Fprintf(&b, " %s,", t.Title)
		}
		if t.Detail != "" {
			fmt.Fprintf(&b, " %s", t.Detail)
		}
		b.WriteByte('\n')
	}
	if v.Replay.Same {
		b.WriteString("given again: the same, byte for byte")
	} else {
		b.WriteString("given again: it differs")
	}
	return b.String()
}
