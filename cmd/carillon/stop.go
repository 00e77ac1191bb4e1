package main

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// stopAnswer is what stands still.
type stopAnswer struct {
	Stopped   bool     `json:"stopped"`
	Halted    []string `json:"halted"`
	Cancelled int      `json:"cancelled"`
}

func (c *cli) stop() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "stop",
		Short:   "Stop dialing now, everything or one cadence",
		Long:    "Stop dialing now. Queued and ringing calls are cancelled, live ones go on. It\nholds over restarts, until `carillon resume`.",
		Example: "  carillon stop\n  carillon stop --cadence \"Five touches\"",
		Args:    cobra.NoArgs,
	}
	return c.switching(cmd, "/v1/stop")
}

func (c *cli) resume() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "resume",
		Short:   "Clear a stop, of everything or of one cadence",
		Long:    "Clear a stop. What became due meanwhile goes out at the paced rate. Without\n--cadence, cadences stopped by name stay stopped.",
		Example: "  carillon resume\n  carillon resume --cadence \"Five touches\"",
		Args:    cobra.NoArgs,
	}
	return c.switching(cmd, "/v1/resume")
}

func (c *cli) switching(cmd *cobra.Command, path string) *cobra.Command {
	cadence := cmd.Flags().String("cadence", "", "only this cadence (name or id)")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		if cmd.Flags().Changed("cadence") { // an empty name is none, and not everything
			path += "?" + url.Values{"cadence": {*cadence}}.Encode()
		}
		var a stopAnswer
		if err := api.Post(cmd.Context(), path, nil, &a); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(a)
		}
		c.print("%s", a)
		return nil
	})
	return cmd
}

// String is the answer in a sentence.
func (a stopAnswer) String() string {
	said := "dialing is on"
	if a.Stopped {
		said = "dialing is stopped"
	}
	if len(a.Halted) > 0 {
		said += "; stopped by name: " + strings.Join(a.Halted, ", ")
	}
	if a.Cancelled > 0 {
		said += "; " + plural(a.Cancelled, "call") + " being cancelled"
	}
	return said
}
