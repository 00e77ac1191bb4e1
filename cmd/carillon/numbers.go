package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) numbers() *cobra.Command {
	return group(&cobra.Command{
		Use:     "numbers",
		Short:   "Show the numbers that calls are placed from, or let one rest",
		Example: "  carillon numbers list\n  carillon numbers rest +13035550100 --for 48h --reason \"marked as spam\" --by \"ops\"",
	}, c.numbersList(), c.numbersShow(), c.numbersRest(), c.numbersUnrest())
}

func (c *cli) numbersList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the numbers with their calls today and their health",
		Example: "  carillon numbers list\n  carillon numbers list --pool west --state resting --json",
		Args:    cobra.NoArgs,
	}
	pool := cmd.Flags().String("pool", "", "only numbers of this pool")
	state := cmd.Flags().String("state", "", "only numbers in this state: ready, full or resting")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		q := url.Values{}
		for name, v := range map[string]string{"pool": *pool, "state": *state} {
			if v != "" {
				q.Set(name, v)
			}
		}
		all, err := apiclient.All[apiclient.CallerID](cmd.Context(), api, "/v1/caller-ids", q, 1000)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all)
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NUMBER\tPOOLS\tREGION\tTODAY\tANSWERED\tSHORT\tNEIGHBOURS\tSTATE")
		for i := range all {
			n := &all[i]
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
				n.Number, strings.Join(n.PoolNames(), ","), n.Region, today(n), percent(n.Health.AnswerRate), percent(n.Health.ShortRatio),
				percent(n.Health.NeighbourRatio), stateText(n))
		}
		return w.Flush()
	})
	return cmd
}

func (c *cli) numbersShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show NUMBER",
		Short:   "Show one number: its use, its figures beside its pools', and why it rests",
		Example: "  carillon numbers show +13035550100\n  carillon numbers show +13035550100 --json",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		n, err := api.CallerID(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return c.showNumber(&n, *asJSON)
	})
	return cmd
}

// defaultRest is as long as a number rests for its figures by default.
const defaultRest = 7 * 24 * time.Hour

func (c *cli) numbersRest() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rest NUMBER",
		Short: "Place no calls from a number for some time",
		Long: `Take a number out of every choice until a time. Calls that are out go on. A rest
takes the place of one that is under way. Who and why are kept.`,
		Example: "  carillon numbers rest +13035550100 --reason \"marked as spam\" --by ops\n  carillon numbers rest +13035550100 --until 2026-12-01T08:00:00Z --reason \"moved to support\"",
		Args:    cobra.ExactArgs(1),
	}
	fl := cmd.Flags()
	until := fl.String("until", "", "when it ends, as 2026-12-01T08:00:00Z")
	span := fl.Duration("for", defaultRest, "how long it lasts, when --until says nothing")
	reason, by := fl.String("reason", "", "why; kept with the number and in the audit log"), fl.String("by", "", "who wants it")
	cmd.MarkFlagsMutuallyExclusive("until", "for")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		if *reason == "" {
			return fmt.Errorf("say with --reason why the number rests")
		}
		body := map[string]string{"reason": *reason, "until": *until, "by": *by}
		return c.restNumber(cmd.Context(), api, args[0], body, *span, *asJSON)
	})
	return cmd
}

func (c *cli) restNumber(ctx context.Context, api *apiclient.Client, number string, body map[string]string, span time.Duration, asJSON bool) error {
	if body["until"] == "" { // by the server's clock: the demo's is another
		was, err := api.CallerIDs(ctx)
		if err != nil {
			return err
		}
		body["until"] = was.AsOf.Add(span).Format(time.RFC3339)
	}
	if body["by"] == "" {
		delete(body, "by")
	}
	n, err := api.RestCallerID(ctx, number, body)
	if err != nil {
		return err
	}
	return c.showNumber(&n, asJSON)
}

func (c *cli) numbersUnrest() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "unrest NUMBER",
		Short:   "Let calls be placed from a resting number again",
		Long:    "End a number's rest. One that rested for its figures begins anew: they are done with.",
		Example: "  carillon numbers unrest +13035550100 --reason \"the carrier cleared it\" --by ops",
		Args:    cobra.ExactArgs(1),
	}
	reason, by := cmd.Flags().String("reason", "", "why; kept in the audit log"), cmd.Flags().String("by", "", "who wants it")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		body := map[string]string{"reason": *reason}
		if *by != "" {
			body["by"] = *by
		}
		n, err := api.UnrestCallerID(cmd.Context(), args[0], body)
		if err != nil {
			return err
		}
		return c.showNumber(&n, *asJSON)
	})
	return cmd
}

func (c *cli) showNumber(n *apiclient.CallerID, asJSON bool) error {
	if asJSON {
		return c.printJSON(n)
	}
	c.print("%s  %s, %s, %s calls today", n.Number, strings.Join(append([]string{n.Region}, n.Capabilities...), " "), stateText(n), today(n))
	h := &n.Health
	c.print("  last %d days: %d attempts, %d answered (%s, %s to %s), %d of them short (%s), %d to its own exchange (%s)",
		h.Days, h.Attempts, h.Answered, percent(h.AnswerRate), percent(&h.AnswerInterval.Low), percent(&h.AnswerInterval.High),
		h.ShortCalls, percent(h.ShortRatio), h.NeighbourCalls, percent(h.NeighbourRatio))
	if !h.Enough {
		c.print("  too few calls to judge it by")
	}
	for _, p := range n.Pools {
		c.print("  pool %s, the others: %d attempts, answered %s (%s to %s), short %s%s", p.Name, p.Others, percent(p.AnswerRate),
			percent(&p.AnswerInterval.Low), percent(&p.AnswerInterval.High), percent(p.ShortRatio), illText(p.Ill))
	}
	return nil
}

func illText(ill *string) string {
	if ill == nil {
		return ""
	}
	return "; ill: " + *ill
}

func stateText(n *apiclient.CallerID) string {
	if n.Rest == nil {
		return n.State
	}
	who := n.Rest.By
	if n.Rest.Author != "" {
		who += " " + n.Rest.Author
	}
	return "resting until " + n.Rest.Until + " (" + who + ": " + n.Rest.Reason + ")"
}

func today(n *apiclient.CallerID) string {
	if n.DailyCap == nil {
		return fmt.Sprint(n.CallsToday)
	}
	return fmt.Sprintf("%d of %d", n.CallsToday, *n.DailyCap)
}

func percent(share *float64) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100**share)
}
