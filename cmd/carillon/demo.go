package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/demo"
	"github.com/carillon-dialer/carillon/configs"
)

func (c *cli) demo() *cobra.Command {
	o := demo.Options{Out: c.out}
	level := ""
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run everything with sample leads and a simulated carrier; nobody is called",
		Long: `Run the engine, a simulated carrier, a simulated desk and the dashboard in one
process, with sample leads in several time zones and a clock that begins on a
Tuesday morning and runs fast. With nothing in flight it jumps to 30 seconds
before the next due call. A second start on the same directory goes on where
the first one stopped.

The directory keeps the ledger and the two witnesses: carrier.jsonl, the
simulated carrier's own log, and desk.jsonl, the desk's.`,
		Example: "  carillon demo\n  carillon demo --listen 127.0.0.1:0 --data ./demo --leads 500 --speed 600",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Log, err = c.logger(level, "text"); err != nil {
				return err
			}
			d, err := demo.New(cmd.Context(), o)
			if err != nil {
				return err
			}
			c.print("demo: %s, %gx; nobody is called", d.Clock().Now().In(demo.Location()).Format("Monday 2006-01-02 15:04 MST"), o.Speed)
			err = d.Run(cmd.Context())
			return errors.Join(err, d.Close(context.WithoutCancel(cmd.Context())))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", configs.DefaultListen, "address of the dashboard; port 0 picks one and prints it")
	f.StringVar(&o.Dir, "data", demo.DefaultDir, "data directory")
	f.IntVar(&o.Leads, "leads", demo.DefaultLeads, "how many sample leads, at the first start")
	f.Uint64Var(&o.Seed, "seed", demo.DefaultSeed, "decides how every call goes")
	f.Float64Var(&o.Speed, "speed", demo.DefaultSpeed, "virtual seconds per real second")
	f.BoolVar(&o.NoSkip, "no-skip", false, "do not jump over idle stretches")
	f.BoolVar(&o.SignIn, "sign-in", false, "ask people to sign in, as serve does")
	f.StringVar(&level, "log-level", "warn", "debug, info, warn or error")
	return cmd
}
