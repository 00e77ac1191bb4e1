package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
	"github.com/carillon-dialer/carillon/dashboard/api"
)

func (c *cli) dossier() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dossier NUMBER",
		Short: "Put together all that is known of the calls to a number",
		Long: `Every call to a number (E.164) with its permit and the permit judged again, the
rules as they stood, the caller ID, and who said what about do-not-call: across
all leads that have or had the number, also erased ones. With a digest.`,
		Example: "  carillon dossier +13035550142 --from 2026-03-01 --to 2026-03-31 --tz America/Denver --out case.json\n  carillon dossier +13035550142 --html --out case.html\n  carillon dossier check case.html",
		Args:    cobra.ExactArgs(1),
	}
	fl := cmd.Flags()
	from, to, tz := fl.String("from", "", "not before this instant or date"), fl.String("to", "", "before this instant, or up to the end of this date"), fl.String("tz", "", "zone of dates; default UTC")
	html, out := fl.Bool("html", false, "a page for printing instead of JSON"), fl.String("out", "", "file to write; default standard output")
	jsonFlag(cmd) // what it prints is JSON
	cmd.MarkFlagsMutuallyExclusive("html", "json")
	online(cmd, func(server *apiclient.Client, args []string) error {
		q := url.Values{"number": {args[0]}}
		for name, v := range map[string]string{"from": *from, "to": *to, "tz": *tz} {
			if v != "" {
				q.Set(name, v)
			}
		}
		if *html {
			q.Set("format", "html")
		}
		var raw []byte
		if err := server.Get(cmd.Context(), "/v1/dossier", q, &raw); err != nil {
			return err
		}
		if !*html {
			var b bytes.Buffer
			if err := json.Indent(&b, raw, "", "  "); err != nil {
				return err
			}
			raw = append(b.Bytes(), '\n')
		}
		if *out == "" {
			_, err := c.out.Write(raw)
			return err
		}
		if err := durable.Write(*out, raw); err != nil {
			return err
		}
		c.print("written to %s", *out)
		return nil
	})
	cmd.AddCommand(c.dossierCheck())
	return cmd
}

func (c *cli) dossierCheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "check FILE",
		Short:   "Compare a dossier with the digest that is written in it",
		Long:    "Take the digest of a dossier's canonical JSON again, of a JSON file or a page. Works without a server.",
		Example: "  carillon dossier check case.html",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		raw, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		said, canonical, err := api.ReadDossier(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		is := api.DigestOf(canonical)
		if *asJSON {
			if err := c.printJSON(map[string]any{"file": args[0], "said": said, "is": is, "same": said == is}); err != nil {
				return err
			}
		}
		if said != is {
			return fmt.Errorf("%s was changed: it says %s and is %s", args[0], said, is)
		}
		if !*asJSON {
			c.print("%s is as it was written: %s", args[0], is)
		}
		return nil
	}
	return cmd
}
