package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/bench"
)

// soak is `carillon bench soak`.
func (c *cli) soak() *cobra.Command {
	var o bench.Options
	var k bench.Soaking
	cmd := &cobra.Command{
		Use:   "soak",
		Short: "Dial at a steady rate for a long time and see whether memory grows",
		Long: `Dial at a steady rate, every call through its whole life of five signed webhooks,
and read the live heap, the goroutines and the anonymous memory of the product's
process meanwhile. The slopes are least-squares lines through the readings after
the first fifth, per hour, with their standard errors. The last line is JSON.`,
		Example: "  carillon bench soak --for 30m --rate 500",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			self, err := os.Executable()
			if err != nil {
				return err
			}
			o.Self, o.Log = []string{self, "bench", "process"}, c.err
			r, err := bench.Soak(cmd.Context(), o, k)
			if err != nil {
				return err
			}
			return json.NewEncoder(c.out).Encode(r)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&k.For, "for", 30*time.Minute, "how long to dial")
	f.IntVar(&k.Rate, "rate", 500, "calls a second")
	f.DurationVar(&k.Every, "every", 5*time.Second, "time between two readings")
	f.StringVar(&o.Dir, "dir", "", "where to put the temporary data")
	return cmd
}
