package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// The simulated carrier's account unless told otherwise.
const (
	simAccount = "AC00000000000000000000000000000001"
	simToken   = "simulated"
)

// carrierFlags are the flags of `carillon carrier`.
type carrierFlags struct {
	listen, account, token, spec, faults, model, log string
	seed                                             uint64
	speed, cps                                       float64
	channels                                         int
	callerIDs                                        []string
}

func (c *cli) carrier() *cobra.Command {
	var o carrierFlags
	cmd := &cobra.Command{
		Use:   "carrier",
		Short: "Run a simulated, Twilio-compatible carrier; nobody is called",
		Long: `Run a carrier that any Twilio client can talk to and that calls nobody. How a
call goes depends on the seed, the called number and how often it was called.
Everything it does is in its log before anyone can see it.`,
		Example: "  carillon carrier --listen 127.0.0.1:9090 --log carrier.jsonl\n" +
			"  carillon carrier --clock 2026-03-03T14:55:00Z@2026-11-22T09:00:00Zx60 --faults faults.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runCarrier(cmd.Context(), &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:9090", "address; port 0 picks one and prints it")
	f.StringVar(&o.account, "account-sid", simAccount, "the one account")
	f.StringVar(&o.token, "auth-token", simToken, "its token; signs the webhooks")
	f.Uint64Var(&o.seed, "seed", 1, "decides how every call goes")
	f.Float64Var(&o.speed, "speed", 1, "virtual seconds per real second, from now on; start the server with --clock and the text that is printed")
	f.StringVar(&o.spec, "clock", "", "virtual time START@ANCHORxSPEED, shared with `carillon serve --clock`")
	f.StringVar(&o.faults, "faults", "", "file that says what goes wrong (JSON)")
	f.StringVar(&o.model, "model", "", "file that says how calls go (JSON)")
	f.StringVar(&o.log, "log", "carrier.jsonl", "the log, continued when it is there")
	f.Float64Var(&o.cps, "cps", 0, "calls dialed per second on its clock, 0 for all at once")
	f.IntVar(&o.channels, "channels", 0, "calls open at once, 0 for no limit")
	f.StringSliceVar(&o.callerIDs, "caller-id", nil, "number the account owns; none takes any")
	cmd.MarkFlagsMutuallyExclusive("speed", "clock")
	return cmd
}

func (c *cli) runCarrier(ctx context.Context, f *carrierFlags) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	s, err := simcarrier.NewServer(f.listen, o)
	if err != nil {
		return err
	}
	c.print("listening %s", s.URL)
	if v, ok := o.Clock.(*clock.Virtual); ok {
		// A server that keeps other time than its carrier doubts its own clock
		// and does not dial.
		c.print("clock %s", v.Spec())
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return s.Close(end)
}

func (f *carrierFlags) options() (o simcarrier.Options, err error) {
	o = simcarrier.Options{
		AccountSID: f.account, AuthToken: f.token, Seed: f.seed, LogPath: f.log, CPS: f.cps, Channels: f.channels, CallerIDs: f.callerIDs,
		Zone: zoneOfNumber,
	}
	errs := []error{
		f.readJSON("faults", f.faults, func(raw []byte) (err error) { o.Faults, err = simcarrier.ParseFaults(raw); return err }),
		f.readJSON("model", f.model, func(raw []byte) (err error) { o.Model, err = simcarrier.ParseModel(raw); return err }),
	}
	o.Clock, err = f.clock()
	return o, errors.Join(append(errs, err)...)
}

func (f *carrierFlags) readJSON(flag, file string, parse func([]byte) error) error {
	if file == "" {
		return nil
	}
	raw, err := os.ReadFile(file)
	if err == nil {
		err = parse(raw)
	}
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

func (f *carrierFlags) clock() (clock.Clock, error) {
	switch {
	case f.spec != "":
		v, err := clock.ParseSpec(f.spec)
		if err != nil {
			return nil, fmt.Errorf("--clock: %w", err)
		}
		return v, nil
	case f.speed == 1:
		return clock.System{}, nil
	}
	now := clock.System{}.Now().Format(time.RFC3339Nano)
	v, err := clock.ParseSpec(fmt.Sprintf("%s@%sx%v", now, now, f.speed))
	if err != nil {
		return nil, fmt.Errorf("--speed: %w", err)
	}
	return v, nil
}

// zoneOfNumber is where a number is, UTC when it does not tell.
func zoneOfNumber(number string) *time.Location {
	zones, _, why := window.Candidates(number)
	if why != "" || len(zones) == 0 {
		return time.UTC
	}
	return zones[0]
}
