package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
)

func (c *cli) backup() *cobra.Command {
	var file string
	var check bool
	cmd := &cobra.Command{
		Use:   "backup FILE|DIR",
		Short: "Save the whole data directory, while a server runs or not",
		Long: `Save one consistent moment of a data directory: ledger, log, do-not-call log and
keys, in one file that is written beside its name, synced, read back and
checked, and only then put in its place. A server that runs on the directory
writes it while it dials; else the directory is opened here. Given a directory,
the file gets a name with the time.

A backup that is killed leaves its draft beside that name, ending in .draft, with
the keys in it; the next one of the same ledger to the same place removes it.

The keys are in it: keep it as secret as the data directory. Files of imports
under way are not; they are sent in again.

--check reads an existing backup instead and verifies all of it.`,
		Example: "  carillon backup /backups --data data\n  carillon backup monday.carillon --config carillon.yaml --json\n  carillon backup --check monday.carillon",
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration file (YAML)")
	cmd.Flags().String("data", "", "data directory, over the file's")
	cmd.Flags().BoolVar(&check, "check", false, "verify an existing backup")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var b app.Backup
		var err error
		to := args[0]
		if check {
			b, err = checkBackup(cmd.Context(), to)
		} else {
			b, to, err = c.saveBackup(cmd, file, to, *asJSON)
		}
		if err != nil {
			return err
		}
		return c.printBackup(to, &b, *asJSON)
	}
	return cmd
}

func checkBackup(ctx context.Context, file string) (b app.Backup, err error) {
	f, err := os.Open(file)
	if err != nil {
		return b, err
	}
	defer f.Close()
	if b, err = app.CheckBackup(ctx, f); err != nil {
		return b, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

func (c *cli) saveBackup(cmd *cobra.Command, config, to string, quiet bool) (b app.Backup, file string, err error) {
	dir, storage, err := dataPlaces(cmd, config)
	if err != nil {
		return b, "", err
	}
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		to = filepath.Join(to, "carillon-"+time.Now().UTC().Format("20060102T150405Z")+".carillon")
	}
	ctx := cmd.Context()
	b, err = app.SaveBackup(ctx, to, func(w io.Writer) error {
		if !quiet {
			w = &progress{to: w, say: func(n uint64) { fmt.Fprintf(c.err, "%d MiB\n", n>>20) }}
		}
		err := app.FetchBackup(ctx, dir, w)
		if !errors.Is(err, app.ErrNoServer) {
			return err
		}
		return c.backupHere(ctx, dir, storage.DNCLog, w)
	})
	return b, to, err
}

// backupHere opens a directory that no server has.
func (c *cli) backupHere(ctx context.Context, dir, dnc string, w io.Writer) (err error) {
	log, err := c.logger("error", "text")
	if err != nil {
		return err
	}
	s, err := app.OpenStore(ctx, app.StoreOptions{Dir: dir, DNCLog: dnc, MinFree: 1, Log: log, Existing: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	_, err = s.Backup(ctx, w, nil)
	return err
}

// progress tells every 64 MiB how much was written.
type progress struct {
	to   io.Writer
	n    uint64
	told uint64
	say  func(uint64)
}

// Write implements io.Writer.
func (p *progress) Write(b []byte) (int, error) {
	n, err := p.to.Write(b)
	p.n += uint64(n)
	if p.n-p.told >= 64<<20 {
		p.told = p.n
		p.say(p.n)
	}
	return n, err
}

func (c *cli) printBackup(file string, b *app.Backup, asJSON bool) error {
	if asJSON {
		return c.printJSON(struct {
			File string `json:"file"`
			*app.Backup
		}{file, b})
	}
	c.print("%s: verified; ledger %s as of %s, %s, %d bytes, sha256 %s", file, b.ID, b.Taken.Format(time.RFC3339), plural(int64(b.Keys), "row"), b.Bytes, b.SHA256)
	for _, draft := range b.Removed {
		c.print("%s: removed; a backup that was killed had left it, with the keys in it", draft)
	}
	for _, draft := range b.Left {
		c.print("%s: cannot be removed; a backup that was killed left it, with the keys in it: remove it by hand", draft)
	}
	for _, s := range b.Shards {
		c.print("shard %d: records %d to %d, the last of %s", s.Shard, s.First, s.Last, s.At.Format(time.RFC3339))
	}
	return nil
}

func (c *cli) restore() *cobra.Command {
	o := app.RestoreOptions{}
	cmd := &cobra.Command{
		Use:   "restore FILE --to DIR",
		Short: "Make a data directory of a backup; it does not dial until accepted",
		Long: `Read a backup to its end, verify it, and make a data directory of it. The
directory must not hold a ledger. A do-not-call log that is there stays, and
what only the backup's log knows is appended to it: whoever said no in either is
marked at the next start. No server may use that log meanwhile.

What happened after the backup is not in it: people were called that the books
do not know. So a restored ledger does not dial. Next:

  1. carillon doctor --reconcile  asks the carrier for the calls made since and
                                  lets them count in their numbers' caps
  2. carillon doctor --accept     an operator accepts what is left open
  3. carillon serve`,
		Example: "  carillon restore monday.carillon --to data",
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&o.Dir, "to", "", "data directory to make")
	cmd.Flags().StringVar(&o.DNCLog, "dnc-log", "", "do-not-call log, where storage.dnc_log names one outside the data directory")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if o.Dir == "" {
			return errors.New("--to names the data directory to make")
		}
		o.File = args[0]
		r, err := app.Restore(cmd.Context(), o)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(r)
		}
		if err := c.printBackup(o.File, &r.Backup, false); err != nil {
			return err
		}
		log := "the backup's do-not-call log was laid down"
		if r.KeptDNC {
			log = "the do-not-call log that was there stays, with " + plural(r.JoinedDNC, "line") + " that only the backup had"
		}
		c.print("restored to %s; %s", o.Dir, log)
		for _, what := range r.DamagedDNC {
			c.print("in the backup, %s", what)
		}
		c.print("it does not dial until: carillon doctor --reconcile, then carillon doctor --accept")
		return nil
	}
	return cmd
}

// dataPlaces are the data directory and what is set about its storage.
func dataPlaces(cmd *cobra.Command, file string) (dir string, storage configs.Storage, err error) {
	config, err := loadUnchecked(file)
	if err != nil {
		return "", storage, err
	}
	if f := cmd.Flags().Lookup("data"); f.Changed {
		config.DataDir = f.Value.String()
	}
	return config.DataDir, config.Storage, nil
}
