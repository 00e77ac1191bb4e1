package main

import (
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) export() *cobra.Command {
	return group(&cobra.Command{
		Use:     "export",
		Short:   "Take cadences out of a running server",
		Example: "  carillon export cadence \"Five touches\" > five.json",
	}, c.exportCadence())
}

func (c *cli) exportCadence() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cadence NAME",
		Short: "Print a cadence's document in canonical form",
		Long: `Print the document of a cadence's draft, always in the same form: exporting,
importing and exporting again gives the same bytes.`,
		Example: "  carillon export cadence \"Five touches\" > five.json\n  carillon export cadence Follow-up --closure --output bundle.json",
		Args:    cobra.ExactArgs(1),
	}
	closure := cmd.Flags().Bool("closure", false, "with every cadence it can hand leads to, as a bundle")
	output := cmd.Flags().String("output", "", "file to write instead of standard output")
	online(cmd, func(api *apiclient.Client, args []string) error {
		one, err := api.FindCadence(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		q := url.Values{}
		if *closure {
			q.Set("closure", "true")
		}
		var document []byte
		if err := api.Get(cmd.Context(), "/v1/cadences/"+url.PathEscape(one.ID)+"/export", q, &document); err != nil {
			return err
		}
		if *output != "" {
			return os.WriteFile(*output, document, 0o644) //nolint:gosec // a document to hand around
		}
		_, err = c.out.Write(document)
		return err
	})
	return cmd
}
