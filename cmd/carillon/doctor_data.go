package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// lookOver opens a data directory as a start does, does what was asked, and
// reads everything.
func (c *cli) lookOver(cmd *cobra.Command, f *doctorFlags) (report twilio.Report, err error) {
	dir, storage, err := dataPlaces(cmd, f.config)
	if err != nil {
		return nil, err
	}
	log, err := c.logger("fatal", "text")
	if err != nil {
		return nil, err
	}
	o := app.StoreOptions{Dir: dir, DNCLog: storage.DNCLog, MinFree: uint64(storage.MinFree), Log: log, Existing: true}
	s, err := app.OpenStore(cmd.Context(), o)
	if err != nil && f.repair {
		return repairClosed(dir, err, f.yes)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	report = twilio.Report{{Name: "opens", OK: true, Detail: dir}}
	switch {
	case f.accept:
		if err := s.Accept(f.blind); errors.Is(err, app.ErrNotReconciled) {
			return nil, fmt.Errorf("%w: run carillon doctor --reconcile first, or add --without-carrier if it cannot be asked", err)
		} else if err != nil {
			return nil, err
		}
	case f.reconcile:
		one, err := c.reconcile(cmd, f, s)
		if err != nil {
			return nil, err
		}
		report = append(report, one)
	case f.repair:
		more, err := repairOpen(s, f.yes)
		if err != nil {
			return nil, err
		}
		report = append(report, more...)
	}
	return append(report, checkStore(cmd.Context(), s)...), nil
}

// checkStore tells in plain words how a store is.
func checkStore(ctx context.Context, s *app.Store) (report twilio.Report) {
	h := s.Health()
	for _, r := range h.Repaired {
		report = append(report, twilio.Finding{Name: "repaired", OK: true, Detail: r})
	}
	for _, why := range h.Suspicious {
		f := twilio.Finding{
			Name: "does not dial", Detail: why,
			Remedy: "put the right ledger back (carillon restore), or go on with this one: carillon doctor --reconcile, then --accept",
		}
		if strings.HasPrefix(why, "the do-not-call log") {
			f.Remedy = "put the right file back, or make it anew from what can be read and the ledger: carillon doctor --repair --yes"
		}
		report = append(report, f)
	}
	report = append(report, diskFinding(h.FreeBytes, h.MinFree, h.Low))
	verified := twilio.Finding{Name: "reads back whole", OK: true, Detail: "every checksum and the log's chain"}
	if err := s.Ledger.Verify(ctx); err != nil {
		verified = twilio.Finding{Name: "reads back whole", Detail: err.Error(), Remedy: "put a backup back with carillon restore"}
	}
	report = append(append(report, verified), mediaFindings(ctx, s)...)
	return append(report, lawFindings(s)...)
}

// mediaFindings tells of the stored recordings: how many can be played, and
// each that cannot.
func mediaFindings(ctx context.Context, s *app.Store) twilio.Report {
	found, err := app.CheckMedia(ctx, state.Rows{R: s.Ledger})
	if err != nil {
		return twilio.Report{{Name: "recordings", Detail: err.Error(), Remedy: "put a backup back with carillon restore"}}
	}
	report := twilio.Report{{Name: "recordings", OK: true}}
	whole := 0
	for _, f := range found {
		if f.Wrong == nil {
			whole++
			continue
		}
		report = append(report, twilio.Finding{
			Name: fmt.Sprintf("recording %x", f.Row.Hash[:6]), Detail: fmt.Sprintf("%s: %v", f.Row.Name, f.Wrong),
			Remedy: "store the file again (carillon media add FILE); until then the steps that need it wait",
		})
	}
	report[0].Detail = plural(whole, "recording") + " read back and are what their names say"
	return report
}

// reconcile asks the carrier what the ledger does not know.
func (c *cli) reconcile(cmd *cobra.Command, f *doctorFlags, s *app.Store) (one twilio.Finding, err error) {
	config, err := loadConfig(cmd, f.config)
	if err != nil {
		return one, err
	}
	hooks, err := twilio.NewHooks(publicURL(&config), make([]byte, twilio.MinHookKey))
	if err != nil {
		return one, err
	}
	client, err := carrierClient(&config, hooks)
	if err != nil {
		return one, err
	}
	defer func() { _ = client.Close() }() // idle connections only
	var ids []cadence.Number
	for _, id := range config.CallerIDs {
		ids = append(ids, cadence.Number(id.Number))
	}
	now, err := client.Date(cmd.Context())
	if err != nil {
		return one, err
	}
	g, err := s.Reconcile(cmd.Context(), client, ids, now)
	if err != nil {
		return one, err
	}
	said := fmt.Sprintf(
		"%s from the configured caller IDs and former ones between %s and %s: %d in the books, %d left to the search for an attempt under way, %d entered (they count in their "+
			"numbers' caps and stand in the audit; their leads' cadences go on where the ledger has them)",
		plural(g.Listed, "call"), g.Since.Format(time.RFC3339), g.Until.Format(time.RFC3339), g.Known, g.Open, len(g.Entered))
	return twilio.Finding{Name: "reconciled", OK: true, Detail: said}, nil
}

// repairClosed repairs what keeps a directory from opening.
func repairClosed(dir string, opening error, do bool) (twilio.Report, error) {
	ledgerDir := filepath.Join(dir, "ledger")
	switch {
	case errors.Is(opening, badger.ErrDiskFull):
		return repaired(do, "ballast is given back to the disk", func() error {
			_, err := badger.ReleaseBallast(ledgerDir)
			return err
		})
	case errors.Is(opening, ledger.ErrDamaged) && strings.Contains(opening.Error(), "ledger.json"):
		return repaired(do, "ledger.json is written anew from the id in the high-water file; the old one is kept beside it", func() error {
			return badger.MendMarker(ledgerDir)
		})
	}
	return nil, opening
}

// repairOpen repairs what does not.
func repairOpen(s *app.Store, do bool) (report twilio.Report, err error) {
	if s.DNCDamaged() {
		kept := ""
		one, err := repaired(do, "the do-not-call log is made anew from what can be read of it and the ledger; the old one is kept beside it", func() (err error) {
			kept, err = s.MendDNC()
			return err
		})
		if err != nil {
			return nil, err
		}
		if kept != "" {
			one[0].Detail += ": " + kept
		}
		report = append(report, one...)
	}
	if s.Health().Low {
		one, err := repaired(do, "ballast is given back to the disk", func() error {
			_, err := s.Ledger.ReleaseBallast()
			return err
		})
		if err != nil {
			return nil, err
		}
		report = append(report, one...)
	}
	if len(report) == 0 {
		report = twilio.Report{{Name: "repair", OK: true, Detail: "there is nothing that a repair would change"}}
	}
	return report, nil
}

// repaired does a repair, or tells that it would.
func repaired(do bool, what string, repair func() error) (twilio.Report, error) {
	if !do {
		return twilio.Report{{Name: "would repair", Detail: what, Remedy: "add --yes to do it"}}, nil
	}
	if err := repair(); err != nil {
		return nil, fmt.Errorf("repair: %w", err)
	}
	return twilio.Report{{Name: "repaired", OK: true, Detail: what}}, nil
}
