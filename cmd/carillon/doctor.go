package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// doctorFlags are the flags of `carillon doctor`.
type doctorFlags struct {
	config, server, carrierLog, deskLog                string
	twilio, acceptClock, acceptRestored, recount, json bool
}

func (c *cli) doctor() *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look a data directory, an account or the figures over",
		Long: `Without a flag that says otherwise: open a data directory that no server uses,
mend what can be mended, read everything and check it.

--twilio         asks the carrier about credentials, caller IDs, countries and
                 the public URL; places no call
--accept-clock   tells a running server that its clock is right
--accept-restored accepts a ledger that is not the one last written, after a
                 restore, so that dialing goes on
--recount        compares a running server's figures with the simulated
                 carrier's log, and the desk's`,
		Example: "  carillon doctor --data data\n  carillon doctor --twilio --config carillon.yaml\n" +
			"  carillon doctor --recount --carrier-log data/demo/carrier.jsonl --desk-log data/demo/desk.jsonl",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runDoctor(cmd, &f) },
	}
	configFlags(cmd, &f.config)
	fl := cmd.Flags()
	fl.StringVar(&f.server, "server", defaultServer, "URL of the running server")
	fl.BoolVar(&f.twilio, "twilio", false, "check the carrier account")
	fl.BoolVar(&f.acceptClock, "accept-clock", false, "the running server's clock is right")
	fl.BoolVar(&f.acceptRestored, "accept-restored", false, "the data directory is the one to go on with")
	fl.BoolVar(&f.recount, "recount", false, "compare figures with the witnesses")
	fl.StringVar(&f.carrierLog, "carrier-log", "", "the simulated carrier's log")
	fl.StringVar(&f.deskLog, "desk-log", "", "the simulated desk's log")
	fl.BoolVar(&f.json, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("twilio", "accept-clock", "accept-restored", "recount")
	return cmd
}

func (c *cli) runDoctor(cmd *cobra.Command, f *doctorFlags) error {
	switch {
	case f.recount:
		return c.recount(cmd.Context(), f)
	case f.acceptClock:
		return c.acceptClock(cmd.Context(), f)
	case f.twilio:
		config, err := loadConfig(cmd, f.config)
		if err != nil {
			return err
		}
		return c.findings(checkTwilio(cmd.Context(), &config), f.json)
	}
	dir, err := dataDir(cmd, f.config)
	if err != nil {
		return err
	}
	found, err := c.checkData(cmd.Context(), dir, f.acceptRestored)
	if err != nil {
		return err
	}
	return c.findings(found, f.json)
}

// dataDir is the directory to look at: it needs no whole configuration.
func dataDir(cmd *cobra.Command, file string) (string, error) {
	if f := cmd.Flags().Lookup("data"); f.Changed {
		return f.Value.String(), nil
	}
	config, err := loadUnchecked(file)
	return config.DataDir, err
}

// findings prints a report and makes a bad one the exit code.
func (c *cli) findings(all twilio.Report, asJSON bool) error {
	if asJSON {
		if err := c.printJSON(all); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			mark := "ok  "
			if !f.OK {
				mark = "BAD "
			}
			said := mark + f.Name + ": " + f.Detail
			if !f.OK && f.Remedy != "" {
				said += "; " + f.Remedy
			}
			c.print("%s", said)
		}
	}
	if !all.OK() {
		return exitError{code: 1}
	}
	return nil
}

// checkData opens, mends and reads a data directory.
func (c *cli) checkData(ctx context.Context, dir string, accept bool) (_ twilio.Report, err error) {
	log, err := c.logger("error", "text")
	if err != nil {
		return nil, err
	}
	s, err := app.OpenStore(ctx, app.StoreOptions{Dir: dir, MinFree: uint64(configs.DefaultMinFree), Log: log, Existing: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	report := twilio.Report{{Name: "opens", OK: true, Detail: dir}}
	if accept {
		if err := s.Accept(); err != nil {
			return nil, err
		}
	}
	h := s.Health()
	for _, r := range h.Repaired {
		report = append(report, twilio.Finding{Name: "repaired", OK: true, Detail: r})
	}
	for _, why := range h.Suspicious {
		report = append(report, twilio.Finding{
			Name: "not the ledger last written", Detail: why,
			Remedy: "restore the right backup, or compare with the carrier and run carillon doctor --accept-restored",
		})
	}
	report = append(report, diskFinding(h.FreeBytes, h.MinFree, h.Low))
	verified := twilio.Finding{Name: "reads back whole", OK: true, Detail: "every checksum and the log's chain"}
	if err := s.Ledger.Verify(ctx); err != nil {
		verified = twilio.Finding{Name: "reads back whole", Detail: err.Error(), Remedy: "restore a backup"}
	}
	return append(report, verified), nil
}

func diskFinding(free, least uint64, low bool) twilio.Finding {
	f := twilio.Finding{Name: "disk", OK: !low, Detail: fmt.Sprintf("%d MiB free, at least %d MiB needed", free>>20, least>>20)}
	if low {
		f.Remedy = "free some space; nothing is dialed meanwhile"
	}
	return f
}

// checkTwilio asks the carrier, and reaches the public URL as far as that can
// be seen from here.
func checkTwilio(ctx context.Context, config *configs.Config) twilio.Report {
	failed := func(name string, err error) twilio.Report {
		return twilio.Report{{Name: name, Detail: err.Error(), Remedy: "correct the configuration"}}
	}
	hooks, err := twilio.NewHooks(publicURL(config), make([]byte, twilio.MinHookKey))
	if err != nil {
		return failed("public URL", err)
	}
	client, err := twilio.New(twilio.Options{
		AccountSID: config.Twilio.AccountSID, AuthToken: twilio.Secret(config.Twilio.AuthToken), APIKey: config.Twilio.APIKey,
		APISecret: twilio.Secret(config.Twilio.APISecret), BaseURL: config.Twilio.BaseURL, Hooks: hooks,
	})
	if err != nil {
		return failed("account", err)
	}
	defer func() { _ = client.Close() }() // idle connections only
	q := twilio.Inquiry{Countries: config.Dial.Countries}
	for _, id := range config.CallerIDs {
		q.CallerIDs = append(q.CallerIDs, cadence.Number(id.Number))
	}
	return append(client.Check(ctx, q), checkPublicURL(ctx, hooks))
}
