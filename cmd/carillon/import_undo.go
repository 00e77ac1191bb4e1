package main

import (
	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) importUndo() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "undo IMPORT",
		Short: "Take an import of leads back",
		Long: `Take an import back: its list is paused, and the leads it made that were never
called are removed with their enrollments. What is left is told with the reason;
it stays paused until the list is resumed (carillon lists resume).`,
		Example: "  carillon import undo im_aaaaaaaaaaaaaaaaaaaaaaaaaa",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		im, err := api.UndoImport(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(im)
		}
		c.print("%s: %s removed", im.State, plural(im.Removed, "lead"))
		for _, k := range im.Kept {
			c.print("  %s left: %s", plural(k.Leads, "lead"), keptWords[k.Reason])
		}
		return nil
	})
	return cmd
}

// keptWords say why the undo of an import leaves leads.
var keptWords = map[string]string{
	apiclient.KeptCalled: "called, or being called", apiclient.KeptCaller: "they have called us",
	apiclient.KeptChanged: "changed since the import", apiclient.KeptHere: "here before the import; they keep what it changed",
}
