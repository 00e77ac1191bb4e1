package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) imports() *cobra.Command {
	return group(&cobra.Command{
		Use:     "import",
		Short:   "Bring leads or cadences into a running server",
		Example: "  carillon import leads leads.csv --cadence \"Five touches\"\n  carillon import cadence cadence.json",
	}, c.importLeads(), c.importCadence(), c.importUndo())
}

// leadFlags are the flags of `carillon import leads`.
type leadFlags struct {
	cadence, duplicate, region, mapping, name, source, leadType string
	noWait, dryRun                                              bool
}

func (c *cli) importLeads() *cobra.Command {
	var f leadFlags
	cmd := &cobra.Command{
		Use:   "leads FILE",
		Short: "Import a list of leads (CSV or JSON lines)",
		Long: `Import a list as a CRM or a spreadsheet exports it: any delimiter, UTF-8, UTF-16
or Windows-1252. Columns are recognised by name; --mapping says what the others
are. Rows that cannot be leads are reported and do not stop the others; the
exit code is then 2. Sending the same file again after a crash goes on where it
stopped. FILE may be "-".`,
		Example: "  carillon import leads leads.csv --cadence \"Five touches\"\n" +
			"  carillon import leads export.csv --region GB --mapping '{\"Handy\": \"phone.mobile\"}'\n" +
			"  carillon import leads export.csv --dry-run",
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.cadence, "cadence", "", "enroll the leads in this cadence (name or id)")
	fl.StringVar(&f.duplicate, "on-duplicate", "update", "what to do with leads already there: update, skip or reject")
	fl.StringVar(&f.region, "region", "US", "country of numbers without one")
	fl.StringVar(&f.mapping, "mapping", "", "JSON object: column name to field")
	fl.StringVar(&f.name, "name", "", "name of the list; the file's unless given")
	fl.StringVar(&f.source, "source", "", "where the leads come from")
	fl.StringVar(&f.leadType, "lead-type", "", "what kind of leads they are")
	fl.BoolVar(&f.noWait, "no-wait", false, "do not wait for the rows")
	fl.BoolVar(&f.dryRun, "dry-run", false, "store nothing; tell what the import would meet (at most 32 MiB)")
	online(cmd, func(api *apiclient.Client, args []string) error {
		return c.sendLeads(cmd.Context(), api, args[0], &f, *asJSON)
	})
	return cmd
}

func (f *leadFlags) query(file string) url.Values {
	q := url.Values{"on_duplicate": {f.duplicate}, "region": {f.region}}
	name := f.name
	if name == "" && file != "-" {
		name = filepath.Base(file)
	}
	for key, value := range map[string]string{"cadence": f.cadence, "mapping": f.mapping, "name": name, "source": f.source, "lead_type": f.leadType} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

func (c *cli) sendLeads(ctx context.Context, api *apiclient.Client, file string, f *leadFlags, asJSON bool) error {
	var in io.Reader = os.Stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return err
		}
		defer opened.Close()
		in = opened
	}
	kind := "text/csv"
	if ext := strings.ToLower(filepath.Ext(file)); ext == ".jsonl" || ext == ".ndjson" {
		kind = "application/x-ndjson"
	}
	if f.dryRun {
		found, err := api.PreviewLeads(ctx, f.query(file), kind, in)
		if err != nil {
			return err
		}
		return c.tried(&found, asJSON)
	}
	im, err := api.ImportLeads(ctx, f.query(file), kind, in)
	if err != nil {
		return err
	}
	if !f.noWait {
		if im, err = api.WaitImport(ctx, im, c.progress()); err != nil {
			return err
		}
	}
	return c.imported(ctx, api, im, asJSON)
}

// tried tells what a dry run found. Rows that cannot be leads end it with 2, as
// they end an import.
func (c *cli) tried(found *apiclient.LeadsPreview, asJSON bool) error {
	if asJSON {
		if err := c.printJSON(found); err != nil {
			return err
		}
	} else if found.Problem == nil {
		c.print("%d rows: %d new, %d here already, %d repeated in the file, %d rejected; nothing was stored",
			found.Rows, found.New, found.Existing, found.Repeated, found.Rejected)
		if found.Suppressed > 0 {
			c.print("%s whose numbers may not be called", plural(found.Suppressed, "row"))
		}
		for _, col := range found.Columns {
			c.print("  %s -> %s", col.Name, col.Field)
		}
		for _, r := range found.Rejects[:min(len(found.Rejects), shownErrors)] {
			c.print("  line %d %s: %s", r.Line, r.Column, r.Message)
		}
	}
	switch {
	case found.Problem != nil:
		return fmt.Errorf("the file cannot be imported: %s; %s", found.Problem.Message, found.Problem.Remedy)
	case found.Rejected > 0:
		return exitError{code: 2}
	}
	return nil
}

// progressEvery is how often a long import says how far it is.
const progressEvery = 2 * time.Second

// progress reports on standard error.
func (c *cli) progress() func(apiclient.Import) {
	last := time.Now()
	return func(im apiclient.Import) {
		if im.State == "running" && time.Since(last) >= progressEvery {
			last = time.Now()
			fmt.Fprintf(c.err, "%d rows\n", im.Rows)
		}
	}
}

// shownErrors is how many rejected rows are printed.
const shownErrors = 20

func (c *cli) imported(ctx context.Context, api *apiclient.Client, im apiclient.Import, asJSON bool) error {
	var rows []apiclient.RowError
	if im.Rejected > 0 {
		var err error
		path := "/v1/imports/" + url.PathEscape(im.ID) + "/errors"
		if rows, err = apiclient.All[apiclient.RowError](ctx, api, path, url.Values{"limit": {fmt.Sprint(shownErrors)}}, shownErrors); err != nil {
			return err
		}
	}
	if asJSON {
		if err := c.printJSON(map[string]any{"import": im, "errors": rows}); err != nil {
			return err
		}
	} else {
		c.print("%s: %d rows, %d accepted (%d new, %d updated, %d skipped), %d rejected, %d enrolled",
			im.State, im.Rows, im.Accepted, im.Created, im.Updated, im.Skipped, im.Rejected, im.Enrolled)
		for _, r := range rows {
			c.print("  line %d %s: %s", r.Line, r.Column, r.Message)
		}
		if left := im.Rejected - int64(len(rows)); left > 0 {
			c.print("  and %s more at %s", plural(left, "row"), im.ErrorsURL)
		}
	}
	switch {
	case im.State == "failed":
		return fmt.Errorf("the import failed: %s", im.Message)
	case im.Rejected > 0:
		return exitError{code: 2}
	}
	return nil
}

func (c *cli) importCadence() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cadence FILE",
		Short: "Import a cadence document, or a bundle of them, as drafts",
		Long: `Import a document as a draft. With --publish it is published, with --activate
published and activated; both fail when something it needs is missing.`,
		Example: "  carillon import cadence cadence.json\n  carillon import cadence cadence.json --activate",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	publish := cmd.Flags().Bool("publish", false, "publish it")
	activate := cmd.Flags().Bool("activate", false, "publish and activate it")
	online(cmd, func(api *apiclient.Client, args []string) error {
		document, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		made, err := api.ImportCadences(cmd.Context(), document)
		if err != nil {
			return err
		}
		var verbs []string
		if *publish || *activate {
			verbs = append(verbs, "publish")
		}
		if *activate {
			verbs = append(verbs, "activate")
		}
		if err := actOnAll(cmd.Context(), api, made, verbs); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(made)
		}
		for _, one := range made {
			c.draft(one)
		}
		return nil
	})
	return cmd
}

// actOnAll takes the cadences from the last to the first: one comes before
// those that hand leads to it.
func actOnAll(ctx context.Context, api *apiclient.Client, made []apiclient.ImportedCadence, verbs []string) error {
	for i := len(made) - 1; i >= 0; i-- {
		for _, verb := range verbs {
			one, err := api.Act(ctx, made[i].Cadence.ID, verb)
			if err != nil {
				return fmt.Errorf("%s %s: %w", verb, made[i].Cadence.Name, err)
			}
			made[i].Cadence = one
		}
	}
	return nil
}

func (c *cli) draft(one apiclient.ImportedCadence) {
	said := fmt.Sprintf("%s %s: %s", one.Cadence.ID, one.Cadence.Status, one.Cadence.Name)
	if one.RenamedFrom != nil {
		said += fmt.Sprintf(" (was %q in the file; the name is in use)", *one.RenamedFrom)
	}
	c.print("%s", said)
	for _, m := range one.Missing {
		c.print("  %s: there is no %s %q here", m.Path, m.Kind, m.Name)
	}
	for _, p := range one.Cadence.Problems {
		c.print("  %s: %s", p.Severity, p)
	}
}
