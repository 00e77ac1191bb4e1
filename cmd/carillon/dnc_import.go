package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) dncImport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import an edition of a list of numbers that are not to be called",
		Long: `Import a list such as a national one: one number on each line, or CSV with a
telephone column. A number is on the list as soon as its line is taken; what
the new edition lacks leaves the list when the edition is whole and verified.
An import that fails takes nobody off. Sending the same file again after a
crash goes on where it stopped. Lines that are no numbers are reported; the
exit code is then 2. FILE may be "-".`,
		Example: "  carillon dnc import national.csv --list us_national_dnc --as-of 2026-03-01\n" +
			"  carillon dnc import tps.txt --list tps --as-of 2026-03-01 --region GB --by \"compliance\"",
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	fl := cmd.Flags()
	list := fl.String("list", "", "name of the list: lower-case letters, digits and _")
	asOf := fl.String("as-of", "", "of which date the list is, such as 2026-03-01")
	region := fl.String("region", "US", "country of numbers without one")
	rejects := fl.Int("max-rejects", 1000, "fail when more lines than this are no numbers")
	by := fl.String("by", "", "who imports it")
	noWait := fl.Bool("no-wait", false, "do not wait for the numbers")
	online(cmd, func(api *apiclient.Client, args []string) error {
		q := url.Values{"list": {*list}, "as_of": {*asOf}, "region": {*region}, "max_rejects": {strconv.Itoa(*rejects)}}
		if *by != "" {
			q.Set("by", *by)
		}
		im, err := sendNumbers(cmd.Context(), api, args[0], q)
		if err != nil {
			return err
		}
		if !*noWait {
			tell := c.progress()
			im, err = api.WaitDNC(cmd.Context(), im, func(d apiclient.DNCImport) { tell(apiclient.Import{State: d.State, Rows: d.Rows}) })
			if err != nil {
				return err
			}
		}
		return c.listed(cmd.Context(), api, im, *asJSON)
	})
	return cmd
}

func sendNumbers(ctx context.Context, api *apiclient.Client, file string, q url.Values) (apiclient.DNCImport, error) {
	var in io.Reader = os.Stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return apiclient.DNCImport{}, err
		}
		defer opened.Close()
		in = opened
	}
	return api.ImportDNC(ctx, q, in)
}

// listed prints what became of an edition.
func (c *cli) listed(ctx context.Context, api *apiclient.Client, im apiclient.DNCImport, asJSON bool) error {
	var rows []apiclient.RowError
	if im.Rejected > 0 {
		var err error
		if rows, err = apiclient.All[apiclient.RowError](ctx, api, im.ErrorsURL, url.Values{"limit": {fmt.Sprint(shownErrors)}}, shownErrors); err != nil {
			return err
		}
	}
	if asJSON {
		if err := c.printJSON(map[string]any{"import": im, "errors": rows}); err != nil {
			return err
		}
	} else {
		c.print("%s edition %d, as of %s, %s: %d lines, %d numbers, %d twice, %d rejected", im.List, im.Edition, im.AsOf, im.State, im.Rows, im.Listed, im.Duplicates, im.Rejected)
		for _, r := range rows {
			c.print("  line %d: %s", r.Line, r.Message)
		}
		if left := im.Rejected - int64(len(rows)); left > 0 {
			c.print("  and %s more at %s", plural(left, "line"), im.ErrorsURL)
		}
	}
	switch {
	case im.State == "failed":
		return fmt.Errorf("the import failed, and the edition before stays in force: %s", im.Message)
	case im.Rejected > 0:
		return exitError{code: 2}
	}
	return nil
}

// scrubbing is an imported list as the server shows it.
type scrubbing struct {
	Name    string  `json:"name"`
	Edition int     `json:"edition"`
	AsOf    *string `json:"as_of"`
	AgeDays *int64  `json:"age_days"`
	InForce *string `json:"in_force_since"`
	Count   uint64  `json:"count"`
	Sum     string  `json:"sum"`
	Digest  string  `json:"digest"`
	Running *string `json:"running_import"`
}

func (c *cli) dncLists() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lists",
		Short:   "Show the imported lists and how old they are",
		Example: "  carillon dnc lists\n  carillon dnc lists --json",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		lists, err := apiclient.All[scrubbing](cmd.Context(), api, "/v1/dnc/lists", url.Values{}, 1000)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(lists)
		}
		if len(lists) == 0 {
			c.print("no list was imported")
		}
		for _, l := range lists {
			if l.AsOf == nil {
				c.print("%s: never imported whole", l.Name)
			} else {
				c.print("%s: edition %d as of %s (%s old), %d numbers", l.Name, l.Edition, *l.AsOf, plural(*l.AgeDays, "day"), l.Count)
			}
			if l.Running != nil {
				c.print("  %s is being imported", *l.Running)
			}
		}
		return nil
	})
	return cmd
}
