package main

import (
	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

func (c *cli) bench() *cobra.Command {
	var o bench.Options
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure dials and webhooks per second on this machine",
		Long: `Measure the whole product in a temporary directory.

w1  a due call becomes a durable intent, a request to a carrier on the loopback
    that accepts at once, a durable result and a durable next due
w3  signed status webhooks over HTTP, each durable before its answer

Use a directory on the disk that will hold the data: a commit costs what its
sync costs.`,
		Example: "  carillon bench --json\n  carillon bench --leads 5000 --dir /var/lib",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().IntVar(&o.Leads, "leads", 20_000, "dials of w1")
	cmd.Flags().IntVar(&o.Webhooks, "webhooks", 20_000, "webhooks of w3")
	cmd.Flags().StringVar(&o.Dir, "dir", "", "where to put the temporary data")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		r, err := bench.Run(cmd.Context(), o)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(r)
		}
		c.print("%s/%s, %d CPUs, %s, %s", r.Machine.OS, r.Machine.Arch, r.Machine.CPUs, r.Machine.Go, r.Machine.Dir)
		c.print("w1: %.0f dials per second; request to durable result p50 %.1f ms, p99 %.1f ms", r.W1.DialsPerSecond, r.W1.Round.P50, r.W1.Round.P99)
		c.print("w3: %.0f webhooks per second; answer p50 %.1f ms, p99 %.1f ms", r.W3.WebhooksPerSecond, r.W3.Answer.P50, r.W3.Answer.P99)
		return nil
	}
	return cmd
}
