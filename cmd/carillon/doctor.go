package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// doctorFlags are the flags of `carillon doctor`.
type doctorFlags struct {
	config, carrierLog, deskLog                                                    string
	client                                                                         func() (*apiclient.Client, error)
	twilio, acceptClock, accept, blind, reconcile, repair, yes, recount, fix, json bool
}

func (c *cli) doctor() *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look a data directory, an account or the figures over",
		Long: `Without a flag that says otherwise: open a data directory that no server uses,
mend what can be mended, read everything and check it.

--twilio         asks the carrier about credentials, caller IDs, countries and
                 the public URL, and whether calls to the caller IDs come here;
                 places no call. With --fix it makes them come here
--accept-clock   tells a running server that its clock is right
--repair         says what can be repaired in a data directory, and with --yes
                 does it, keeping a copy of what it replaces: a marker or a
                 do-not-call log that is damaged, ballast on a full disk
--reconcile      asks the carrier for all calls made since the last record of a
                 ledger that was restored or has lost records; those the books
                 do not know count in their numbers' caps from then on
--accept         accepts such a ledger, so that dialing goes on; the carrier
                 must have been asked, unless --without-carrier says it cannot
--recount        compares a running server's figures with the simulated
                 carrier's log, and the desk's

Exit codes: 0 all is well, 1 something is not (or the directory does not open),
3 figures differ while calls are under way.`,
		Example: "  carillon doctor --data data\n  carillon doctor --twilio --config carillon.yaml\n" +
			"  carillon doctor --recount --carrier-log data/demo/carrier.jsonl --desk-log data/demo/desk.jsonl",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runDoctor(cmd, &f) },
	}
	configFlags(cmd, &f.config)
	fl := cmd.Flags()
	f.client = serverFlags(cmd)
	fl.BoolVar(&f.twilio, "twilio", false, "check the carrier account")
	fl.BoolVar(&f.fix, "fix", false, "with --twilio: let calls to the caller IDs come here")
	fl.BoolVar(&f.acceptClock, "accept-clock", false, "the running server's clock is right")
	fl.BoolVar(&f.accept, "accept", false, "the data directory is the one to go on with")
	fl.BoolVar(&f.blind, "without-carrier", false, "accept without having asked the carrier")
	fl.BoolVar(&f.reconcile, "reconcile", false, "enter the calls that the books do not know")
	fl.BoolVar(&f.repair, "repair", false, "say what can be repaired")
	fl.BoolVar(&f.yes, "yes", false, "repair it")
	fl.BoolVar(&f.recount, "recount", false, "compare figures with the witnesses")
	fl.StringVar(&f.carrierLog, "carrier-log", "", "the simulated carrier's log")
	fl.StringVar(&f.deskLog, "desk-log", "", "the simulated desk's log")
	fl.BoolVar(&f.json, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("twilio", "accept-clock", "accept", "reconcile", "repair", "recount")
	return cmd
}

func (c *cli) runDoctor(cmd *cobra.Command, f *doctorFlags) error {
	switch {
	case f.fix && !f.twilio:
		return errors.New("--fix goes with --twilio")
	case f.yes && !f.repair:
		return errors.New("--yes goes with --repair")
	case f.blind && !f.accept:
		return errors.New("--without-carrier goes with --accept")
	case (f.carrierLog != "" || f.deskLog != "") && !f.recount:
		return errors.New("--carrier-log and --desk-log go with --recount")
	case f.recount:
		return c.recount(cmd.Context(), f)
	case f.acceptClock:
		return c.acceptClock(cmd.Context(), f)
	case f.twilio:
		config, err := loadConfig(cmd, f.config)
		if err != nil {
			return err
		}
		return c.findings(checkTwilio(cmd.Context(), &config, f.fix), f.json)
	}
	found, err := c.lookOver(cmd, f)
	if err != nil {
		return err
	}
	return c.findings(found, f.json)
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

func diskFinding(free, least uint64, low bool) twilio.Finding {
	f := twilio.Finding{Name: "disk", OK: !low, Detail: fmt.Sprintf("%d MiB free, at least %d MiB needed", free>>20, least>>20)}
	if low {
		f.Remedy = "free some space; nothing is dialed meanwhile"
	}
	return f
}

// checkTwilio asks the carrier, and reaches the public URL as far as that can
// be seen from here.
func checkTwilio(ctx context.Context, config *configs.Config, fix bool) twilio.Report {
	failed := func(name string, err error) twilio.Report {
		return twilio.Report{{Name: name, Detail: err.Error(), Remedy: "correct the configuration"}}
	}
	key, unknown := app.HookKey(config)
	if unknown != nil {
		key = make([]byte, twilio.MinHookKey)
	}
	hooks, err := twilio.NewHooks(publicURL(config), key)
	if err != nil {
		return failed("public URL", err)
	}
	client, err := carrierClient(config, hooks)
	if err != nil {
		return failed("account", err)
	}
	defer func() { _ = client.Close() }() // idle connections only
	q := twilio.Inquiry{Countries: config.Dial.Countries, Answers: unknown == nil}
	for _, id := range config.CallerIDs {
		q.CallerIDs = append(q.CallerIDs, cadence.Number(id.Number))
	}
	var report twilio.Report
	if fix && unknown == nil {
		report = answerHere(ctx, client, q.CallerIDs)
	}
	report = append(report, client.Check(ctx, q)...)
	if unknown != nil {
		report = append(report, twilio.Finding{
			Name: "calls to the caller IDs", Detail: "cannot be checked: " + unknown.Error(), Remedy: "start the server once, or set hooks.key",
		})
	}
	return append(report, checkPublicURL(ctx, config))
}

// answerHere lets calls to the caller IDs come here where they do not.
func answerHere(ctx context.Context, client *twilio.Client, numbers []cadence.Number) twilio.Report {
	var out twilio.Report
	for _, n := range numbers {
		f := twilio.Finding{Name: "fix " + string(n), Remedy: "set its voice URL and status callback in Twilio's console"}
		where, err := client.Answers(ctx, n)
		if err == nil && where != twilio.AnswersElsewhere {
			continue
		}
		if err == nil {
			err = client.AnswerHere(ctx, n)
		}
		if f.OK = err == nil; f.OK {
			f.Detail, f.Remedy = "calls come here now", ""
		} else {
			f.Detail = err.Error()
		}
		out = append(out, f)
	}
	return out
}

func carrierClient(config *configs.Config, hooks *twilio.Hooks) (*twilio.Client, error) {
	return twilio.New(twilio.Options{
		AccountSID: config.Twilio.AccountSID, AuthToken: twilio.Secret(config.Twilio.AuthToken), APIKey: config.Twilio.APIKey,
		APISecret: twilio.Secret(config.Twilio.APISecret), BaseURL: config.Twilio.BaseURL, Hooks: hooks,
	})
}
