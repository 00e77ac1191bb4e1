package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// maxLists is how many lists are shown.
const maxLists = 1000

func (c *cli) lists() *cobra.Command {
	return group(&cobra.Command{
		Use:     "lists",
		Short:   "See lists of leads, pause them, and say how fast their leads are let go",
		Example: "  carillon lists list\n  carillon lists set \"Spring fair\" --release 200 --priority 2",
	}, c.listsList(), c.listsPause(true), c.listsPause(false), c.listsSet())
}

func (c *cli) listsList() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "All lists with their figures, newest first", Example: "  carillon lists list --json", Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		all, err := apiclient.All[apiclient.LeadList](cmd.Context(), api, "/v1/lists", url.Values{}, maxLists)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all)
		}
		for i := range all {
			c.list(&all[i])
		}
		return nil
	})
	return cmd
}

// list prints one list in a line or two.
func (c *cli) list(l *apiclient.LeadList) {
	how := ""
	if l.Paused {
		how += ", paused"
	}
	if l.Priority != 0 {
		how += fmt.Sprintf(", priority %d", l.Priority)
	}
	if l.Release > 0 {
		how += fmt.Sprintf(", %d of %d new leads today", l.ReleasedToday, l.Release)
	}
	c.print("%s %s: %s%s", l.ID, l.Name, plural(l.Leads, "lead"), how)
	today := "not counted"
	if l.Callable != nil {
		today = strconv.FormatInt(*l.Callable, 10)
	}
	c.print("  %d attempted, %d contacted, %d converted, %d exhausted, %d blocked; callable today: %s", l.Attempted, l.Contacted, l.Converted, l.Exhausted, l.Blocked, today)
}

func (c *cli) listsPause(pause bool) *cobra.Command {
	use, short := "resume", "Go on calling the leads of a list"
	if pause {
		use, short = "pause", "Call no lead of a list; queued and ringing calls are cancelled"
	}
	return c.changeList(use, short, "  carillon lists "+use+" \"Spring fair\"", func(*cobra.Command) (map[string]any, error) {
		return map[string]any{"paused": pause}, nil
	}, nil)
}

func (c *cli) listsSet() *cobra.Command {
	var priority, release int64
	return c.changeList("set", "Set a list's priority and how many new leads it lets go a day", "  carillon lists set \"Spring fair\" --release 200 --priority 2",
		func(cmd *cobra.Command) (map[string]any, error) {
			body := map[string]any{}
			if cmd.Flags().Changed("priority") {
				body["priority"] = priority
			}
			if cmd.Flags().Changed("release") {
				body["release_per_day"] = release
			}
			if len(body) == 0 {
				return nil, errors.New("say what to set: --priority or --release")
			}
			return body, nil
		},
		func(cmd *cobra.Command) {
			cmd.Flags().Int64Var(&priority, "priority", 0, "-9 to 9; leads of higher lists are called first")
			cmd.Flags().Int64Var(&release, "release", 0, "new leads a day; 0 lifts the limit")
		})
}

// changeList makes a verb that changes one list, named by id or exact name.
func (c *cli) changeList(use, short, example string, body func(*cobra.Command) (map[string]any, error), flags func(*cobra.Command)) *cobra.Command {
	cmd := &cobra.Command{Use: use + " LIST", Short: short, Example: example, Args: cobra.ExactArgs(1)}
	asJSON := jsonFlag(cmd)
	if flags != nil {
		flags(cmd)
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		change, err := body(cmd)
		if err != nil {
			return err
		}
		l, err := c.patchList(cmd.Context(), api, args[0], change)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(l)
		}
		c.list(&l)
		return nil
	})
	return cmd
}

func (c *cli) patchList(ctx context.Context, api *apiclient.Client, ref string, change map[string]any) (apiclient.LeadList, error) {
	l, err := api.FindList(ctx, ref)
	if err != nil {
		return l, err
	}
	return api.SetList(ctx, l.ID, change)
}
