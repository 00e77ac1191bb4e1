package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
)

// overrides are the keys that have a flag of their own.
var overrides = []struct{ flag, key, usage string }{
	{"listen", "listen", "address of dashboard and API, over the file's"},
	{"hooks-listen", "hooks.listen", "address for the carrier's webhooks, over the file's"},
	{"public-url", "public_url", "URL under which the carrier reaches it, over the file's"},
	{"data", "data_dir", "data directory, over the file's"},
}

func (c *cli) serve() *cobra.Command {
	var file, spec, zone string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the engine, the dashboard and the webhooks",
		Long: `Run the engine with an operator's own account and lists. Every key of the file
has an environment variable (CARILLON_ and the key in upper case, "_" for "."),
which goes over the file; flags go over both. Without --config no file is read:
configs/default.yaml has every key with its default.

The first start prints an address at which the owner is created, who invites
everybody else; programs send an API key. Whoever may read operator.key in the
data directory needs neither. sign_in: none does without, on this computer only.

The first SIGTERM stops in order: nothing more is dialed, requests under way
are waited for. The second one kills. SIGHUP reads the rule packs and the
certificate again.`,
		Example: "  carillon serve --config carillon.yaml\n  CARILLON_TWILIO_AUTH_TOKEN=… carillon serve --config carillon.yaml --listen 127.0.0.1:0",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := loadConfig(cmd, file)
			if err != nil {
				return err
			}
			o := app.Options{Config: config, Zone: zone, Out: c.out}
			if o.Log, err = c.logger(config.Log.Level, config.Log.Format); err != nil {
				return err
			}
			if spec != "" {
				if o.Clock, err = clock.ParseSpec(spec); err != nil {
					return fmt.Errorf("--clock: %w", err)
				}
			}
			a, err := app.New(cmd.Context(), o)
			if err != nil {
				return err
			}
			asked := make(chan os.Signal, 1)
			signal.Notify(asked, syscall.SIGHUP)
			defer signal.Stop(asked)
			a.ReloadOn(cmd.Context(), asked)
			return a.Run(cmd.Context())
		},
	}
	configFlags(cmd, &file)
	cmd.Flags().StringVar(&spec, "clock", "", "virtual time START@ANCHORxSPEED, shared with `carillon carrier --clock`; loopback carriers only")
	cmd.Flags().StringVar(&zone, "clock-zone", "", "zone in which the page shows virtual time")
	return cmd
}

func configFlags(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "configuration file (YAML)")
	for _, o := range overrides {
		cmd.Flags().String(o.flag, "", o.usage)
	}
}

// loadUnchecked reads file and environment for verbs that need a key or two.
func loadUnchecked(file string) (configs.Config, error) { return configs.Load(file, os.Environ()) }

// loadConfig reads file, environment and flags, and validates the result.
func loadConfig(cmd *cobra.Command, file string) (configs.Config, error) {
	config, err := configs.Load(file, os.Environ())
	if err != nil {
		return config, err
	}
	var errs []error
	for _, o := range overrides {
		if f := cmd.Flags().Lookup(o.flag); f != nil && f.Changed {
			errs = append(errs, config.Set(o.key, f.Value.String()))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return config, err
	}
	return config, invalid(config.Validate())
}

// invalid shows all that is wrong as a list, one key to a line.
func invalid(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("the configuration is not usable:\n  " + strings.ReplaceAll(err.Error(), "\n", "\n  "))
}
