package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
)

func (c *cli) packs() *cobra.Command {
	return group(&cobra.Command{
		Use:     "packs",
		Short:   "The rule packs of a running server",
		Example: "  carillon packs reload",
	}, c.packsReload())
}

func (c *cli) packsReload() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "reload",
		Short: "Have a running server read its rule packs again",
		Long: `Ask the server that runs on the data directory to read the shipped packs and
those of compliance.dir again. All of them are put in force at once; when
anything is wrong the old ones stay, and everything that is wrong is told. The
directory is --data's, else data_dir of --config or CARILLON_DATA_DIR.`,
		Example: "  carillon packs reload\n  carillon packs reload --data /var/lib/carillon --json",
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
		if errors.Is(err, app.ErrNoServer) {
			return fmt.Errorf("no server runs on the data directory %s; name the right one with --data or --config", config.DataDir)
		}
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
