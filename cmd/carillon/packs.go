package main

import (
	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
)

func (c *cli) packs() *cobra.Command {
	return group(&cobra.Command{
		Use:     "packs",
		Short:   "The rule packs of a running server",
		Example: "  carillon packs reload --config carillon.yaml",
	}, c.packsReload())
}

func (c *cli) packsReload() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "reload --config FILE",
		Short: "Have a running server read its rule packs again",
		Long: `Ask the server that runs on the data directory to read the shipped packs and
those of compliance.dir again. All of them are put in force at once; when
anything is wrong the old ones stay, and everything that is wrong is told.`,
		Example: "  carillon packs reload --data data",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().StringVar(&file, "config", "", "configuration file (YAML)")
	data := cmd.Flags().String("data", "", "data directory, over the file's")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		config, err := loadUnchecked(file)
		if err != nil {
			return err
		}
		if *data != "" {
			config.DataDir = *data
		}
		digest, err := app.AskReload(cmd.Context(), config.DataDir)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(map[string]string{"digest": digest})
		}
		c.print("in force: %s", digest)
		return nil
	}
	return cmd
}
