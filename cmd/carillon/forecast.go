package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// forecast is the part of the server's answer that is printed.
type forecast struct {
	AsOf   time.Time `json:"as_of"`
	Lead   string    `json:"lead"`
	Assume string    `json:"assume"`
	Stays  []struct {
		Cadence string `json:"cadence_name"`
		Held    *struct {
			Rule    string `json:"rule"`
			Message string `json:"message"`
		} `json:"held"`
		Touches []struct {
			Step  string `json:"step"`
			Run   int    `json:"run"`
			Local string `json:"local"`
			Zone  string `json:"zone"`
			Rule  string `json:"rule"`
		} `json:"touches"`
		Ends   *string `json:"ends"`
		Reason string  `json:"reason"`
	} `json:"enrollments"`
}

func (c *cli) forecast() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forecast LEAD",
		Short: "Say when a lead's next touches happen under today's rules",
		Long: `Tell the local times of a lead's touches to come, as if every call ended with
one disposition and nobody changed anything. LEAD is an id (ld_…), an external
id or a number in E.164 form.`,
		Example: "  carillon forecast sample-00042\n  carillon forecast +13035550142 --assume BUSY --limit 20",
		Args:    cobra.ExactArgs(1),
	}
	assume := cmd.Flags().String("assume", "NO_ANSWER", "how every call ends")
	limit := cmd.Flags().Int("limit", 20, "how many touches at most, 1 to 100")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		id, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		var raw []byte
		q := url.Values{"assume": {*assume}, "limit": {fmt.Sprint(*limit)}}
		if err := api.Get(cmd.Context(), "/v1/leads/"+url.PathEscape(id)+"/forecast", q, &raw); err != nil {
			return err
		}
		return c.show(raw, *asJSON, &forecast{})
	})
	return cmd
}

// text is the forecast for people.
func (f *forecast) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s as of %s, if every call ends %s:", f.Lead, f.AsOf.Format(time.RFC3339), f.Assume)
	for _, s := range f.Stays {
		fmt.Fprintf(&b, "\n%s", s.Cadence)
		if s.Held != nil {
			fmt.Fprintf(&b, "\n  held now by %s; as if it were lifted now:", s.Held.Rule)
		}
		for _, t := range s.Touches {
			fmt.Fprintf(&b, "\n  %s %s  run %d, %s", t.Local, t.Zone, t.Run, t.Step)
			if t.Rule != "" {
				fmt.Fprintf(&b, " (moved by %s)", t.Rule)
			}
		}
		if s.Ends != nil {
			fmt.Fprintf(&b, "\n  then %s: %s", *s.Ends, s.Reason)
		}
	}
	if len(f.Stays) == 0 {
		b.WriteString("\n  in no cadence")
	}
	return b.String()
}
