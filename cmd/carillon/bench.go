package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

func (c *cli) bench() *cobra.Command {
	var o bench.Options
	var scale []string
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure the whole product on this machine",
		Long: `Measure the whole product in a temporary directory: engine, ledger on disk, HTTP.
Only the telephone company is not real: a process of its own on the loopback
that accepts every call at once.

w1  a due call becomes a durable intent, a request to the carrier, a durable
    result and a durable next due
w2  the same through a call's whole life: five signed webhooks, permit,
    disposition, counters
w3  signed status webhooks over HTTP, each durable before its answer
w4  how late calls go out at 1,000 dials a second, from due to the first byte at
    the carrier; beside it what a sync takes on the same disk at the same time
w5  memory per lead that waits, of a process that was just opened on them
w6  kill -9, and how long from the next start to the first call
w7  a file of leads: parsed, saved, enrolled, first due set, durable
w8  10,000 leads live three weeks on the ledger in memory
w9  1,000 pages on the live board: how old a snapshot is when it is read, what
    each page takes of memory, and that none fails
w10 the pages of lists and leads, and searches, among a million leads

Beside each figure stands the processor time per unit, of the product, the
carrier and the load apart. The last line is JSON. Use a directory on the disk
that will hold the data: a commit costs what its sync costs.`,
		Example: "  carillon bench\n  carillon bench --only w1,w3 --quick\n  carillon bench --only w1 --scale 1k,10k,100k --profile profiles --dir /var/lib",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&o.Only, "only", nil, "workloads: "+strings.Join(bench.IDs(), ", "))
	f.BoolVar(&o.Quick, "quick", false, "seconds instead of minutes; the figures mean little")
	f.StringSliceVar(&scale, "scale", nil, "measure w1 again with so many leads, such as 1k,10k,100k,1m,10m")
	f.StringVar(&o.Profile, "profile", "", "folder for CPU and allocation profiles; also prints each part's share")
	f.StringVar(&o.Dir, "dir", "", "where to put the temporary data")
	f.IntVar(&o.Sizes.Dials, "leads", 0, "leads of w1 (500,000)")
	f.IntVar(&o.Sizes.Lives, "calls", 0, "calls of w2 (60,000)")
	f.IntVar(&o.Sizes.Webhooks, "webhooks", 0, "webhooks of w3 (300,000)")
	f.IntVar(&o.Sizes.Late, "seconds", 0, "how long w4 dials (20)")
	f.IntVar(&o.Sizes.Pending, "pending", 0, "leads of w5 and w6 (10,000,000)")
	f.IntVar(&o.Sizes.Rows, "rows", 0, "rows of w7 (1,000,000)")
	f.IntVar(&o.Sizes.Pages, "pages", 0, "pages of w9 (1,000)")
	f.IntVar(&o.Sizes.Known, "known", 0, "leads of w10 (1,000,000)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		for _, s := range scale {
			n, err := amount(s)
			if err != nil {
				return err
			}
			o.Sizes.Scale = append(o.Sizes.Scale, n)
		}
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.Self = []string{self, "bench", "process"}
		if !*asJSON {
			o.Log = c.out
		}
		r, err := bench.Run(cmd.Context(), o)
		if err != nil {
			return err
		}
		if !*asJSON {
			c.print("\n%s/%s, %d CPUs, %s, %s, %.0f s\n", r.Machine.OS, r.Machine.Arch, r.Machine.CPUs, r.Machine.Go, r.Machine.Dir, r.Seconds)
			c.print("%s", r.Markdown())
			c.print("%s", r.Profiles())
		}
		return json.NewEncoder(c.out).Encode(r)
	}
	cmd.AddCommand(benchProcess(), c.soak())
	return cmd
}

// benchProcess is what the bench starts beside itself.
func benchProcess() *cobra.Command {
	return &cobra.Command{
		Use: "process ROLE [FLAGS]", Hidden: true, DisableFlagParsing: true,
		Short:   "Be one of the bench's other processes",
		Example: "  carillon bench process carrier --keep",
		RunE: func(cmd *cobra.Command, args []string) error {
			return bench.Child(cmd.Context(), args, os.Stdin, os.Stdout)
		},
	}
}

// amount reads a number of leads such as 500, 10k or 1m.
func amount(s string) (int, error) {
	text, times := strings.ToLower(s), 1
	for suffix, by := range map[string]int{"k": 1000, "m": 1_000_000} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, times = rest, by
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is no number of leads such as 500, 10k or 1m", s)
	}
	return n * times, nil
}
