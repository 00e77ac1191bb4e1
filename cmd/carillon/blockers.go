package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// blockers is the part of the server's answer that is printed.
type blockers struct {
	AsOf     time.Time `json:"as_of"`
	Cadence  string    `json:"cadence_name"`
	Waiting  int       `json:"waiting"`
	Looked   int       `json:"looked"`
	Callable int       `json:"callable"`
	Items    []struct {
		Rule    string     `json:"rule"`
		Message string     `json:"message"`
		Touches int        `json:"touches"`
		Next    *time.Time `json:"next"`
		Leads   []string   `json:"leads"`
	} `json:"items"`
	Ended []struct {
		Rule    string `json:"rule"`
		Message string `json:"message"`
		Leads   int64  `json:"leads"`
	} `json:"ended"`
}

func (c *cli) blockers() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "blockers CADENCE",
		Short: "Say what keeps the leads of a cadence from being called now",
		Long: `Judge every waiting touch of a cadence (the earliest due first, as many as
--look says) and count them by the first rule that stands in the way; then
those whom rules have put out of the cadence for good.
CADENCE is an id (cd_…) or the exact name.`,
		Example: "  carillon blockers 'Five touches'\n  carillon blockers cd_777q2sczzblwyprdmow4g6hiaa --look 100000 --json",
		Args:    cobra.ExactArgs(1),
	}
	look := cmd.Flags().Int("look", 20_000, "how many waiting touches to judge at most, 1 to 100000")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		one, err := api.FindCadence(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		var raw []byte
		if err := api.Get(cmd.Context(), "/v1/cadences/"+url.PathEscape(one.ID)+"/blockers", url.Values{"look": {fmt.Sprint(*look)}}, &raw); err != nil {
			return err
		}
		return c.show(raw, *asJSON, &blockers{})
	})
	return cmd
}

// text is the answer for people.
func (x *blockers) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: %d waiting, %d judged, %d callable now", x.Cadence, x.AsOf.Format(time.RFC3339), x.Waiting, x.Looked, x.Callable)
	for _, it := range x.Items {
		next := "until somebody acts"
		if it.Next != nil {
			next = "the first at " + it.Next.Format(time.RFC3339)
		}
		fmt.Fprintf(&b, "\n%8d  %s, %s\n          %s", it.Touches, it.Rule, next, it.Message)
	}
	for _, it := range x.Ended {
		fmt.Fprintf(&b, "\n%8d  %s, put out of the cadence\n          %s", it.Leads, it.Rule, it.Message)
	}
	return b.String()
}
