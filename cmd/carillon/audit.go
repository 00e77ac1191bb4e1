package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// auditEntry is who did what, as the server shows it.
type auditEntry struct {
	N      uint64 `json:"n"`
	At     string `json:"at"`
	Who    string `json:"who"`
	Name   string `json:"name"`
	From   string `json:"from"`
	What   string `json:"what"`
	Target string `json:"target"`
	Detail string `json:"detail"`
	Before string `json:"before"`
	After  string `json:"after"`
	Times  int    `json:"times"`
	Since  string `json:"since"`
}

func (c *cli) audit() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "audit",
		Short:   "Show who did what, newest first",
		Example: "  carillon audit --what cadence. --limit 20\n  carillon audit --who \"Manager 1\" --json",
		Args:    cobra.NoArgs,
	}
	asJSON, fl := jsonFlag(cmd), cmd.Flags()
	who := fl.String("who", "", "part of a name, id or address")
	what := fl.String("what", "", "how the name of the deed begins, such as user.")
	limit := fl.Int("limit", 50, "most entries to show")
	online(cmd, func(api *apiclient.Client, _ []string) error {
		if *limit < 1 {
			return fmt.Errorf("--limit %d: it is at least 1", *limit)
		}
		q := url.Values{}
		if *who != "" {
			q.Set("who", *who)
		}
		if *what != "" {
			q.Set("what", *what)
		}
		q.Set("limit", strconv.Itoa(min(*limit, 1000)))
		all, err := apiclient.All[auditEntry](cmd.Context(), api, "/v1/audit", q, *limit)
		if err != nil {
			return err
		}
		all = all[:min(len(all), *limit)]
		if *asJSON {
			return c.printJSON(all)
		}
		for i := range all {
			a := &all[i]
			if a.Times > 1 {
				a.Detail = strings.TrimSpace(fmt.Sprintf("%s (%d times since %s)", a.Detail, a.Times, a.Since))
			}
			c.print("%s  %-16s  %s  %s  %s", a.At, nameOr(a.Name, a.Who), a.What, a.Target, a.Detail)
		}
		return nil
	})
	return cmd
}

func nameOr(name, id string) string {
	if name != "" {
		return name
	}
	return id
}
