package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// abandonShares is the part of the server's answer that is printed.
type abandonShares struct {
	Items []struct {
		Rule      string     `json:"rule"`
		Campaign  *string    `json:"campaign"`
		Limit     float64    `json:"limit"`
		Since     time.Time  `json:"since"`
		Answered  int64      `json:"answered"`
		Abandoned int64      `json:"abandoned"`
		Rate      *float64   `json:"rate"`
		Within    *float64   `json:"connect_within"`
		Late      int64      `json:"late"`
		Told      int64      `json:"late_told"`
		Over      bool       `json:"over"`
		OverLate  bool       `json:"over_with_late"`
		HeldUntil *time.Time `json:"held_until"`
	} `json:"items"`
}

func (c *cli) abandon() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "abandon",
		Short: "Show what share of their answered calls campaigns abandon",
		Long: `For each campaign and each rule that limits abandoned calls: the live answers
of its period to people whom the rule is about, how many of them reached nobody,
and the limit; beside them those that were put through too late, or heard a
message because nobody answered. The law counts these too; with
compliance.abandon strict they count here. While a campaign is over a limit, the
first call it abandons on a day ends its day, unless compliance.abandon is
report. Exits 2 when a campaign is over a limit.`,
		Example: "  carillon abandon\n  carillon abandon --json",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		var raw []byte
		if err := api.Get(cmd.Context(), "/v1/abandon", nil, &raw); err != nil {
			return err
		}
		var x abandonShares
		if err := json.Unmarshal(raw, &x); err != nil {
			return err
		}
		if !*asJSON {
			x.print(c)
		} else if err := c.printJSON(json.RawMessage(raw)); err != nil {
			return err
		}
		for i := range x.Items {
			if x.Items[i].Over {
				return exitError{code: 2}
			}
		}
		return nil
	})
	return cmd
}

func (x *abandonShares) print(c *cli) {
	if len(x.Items) == 0 {
		c.print("no rule limits abandoned calls, or no cadence was published yet")
	}
	for _, s := range x.Items {
		campaign, percent := "all campaigns", "nobody answered"
		if s.Campaign != nil {
			campaign = *s.Campaign
		}
		if s.Rate != nil {
			percent = fmt.Sprintf("%.1f %%", 100**s.Rate)
		}
		text := fmt.Sprintf("%s, %s: %d of %d live answers abandoned since %s, %s of at most %g %%",
			campaign, s.Rule, s.Abandoned, s.Answered, s.Since.Format(time.RFC3339), percent, 100*s.Limit)
		if s.Over {
			text += ", over"
		}
		if s.Within != nil && s.Late > 0 {
			text += fmt.Sprintf("; %d more after %g s or with a message instead (%d)", s.Late, *s.Within, s.Told)
			if s.OverLate && !s.Over {
				text += ", with which it is over"
			}
		}
		if s.HeldUntil != nil {
			text += ", waits until " + s.HeldUntil.Format(time.RFC3339)
		}
		c.print("%s", text)
	}
}
