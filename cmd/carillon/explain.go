package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// explanation is the part of the server's answer that is printed.
type explanation struct {
	AsOf    time.Time `json:"as_of"`
	Lead    string    `json:"lead"`
	Answer  string    `json:"answer"`
	Blocker *struct {
		Rule    string     `json:"rule"`
		Message string     `json:"message"`
		Until   *time.Time `json:"until"`
	} `json:"blocker"`
	NextEligible *struct {
		At    time.Time `json:"at"`
		Local string    `json:"local"`
		Zone  string    `json:"zone"`
	} `json:"next_eligible"`
	Touches []struct {
		Cadence string     `json:"cadence_name"`
		Step    string     `json:"step"`
		Due     *time.Time `json:"due"`
		Answer  string     `json:"answer"`
		Rule    string     `json:"rule"`
		Message string     `json:"message"`
	} `json:"touches"`
}

func (c *cli) explain() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain LEAD",
		Short: "Say why a lead is, or is not, being called",
		Long: `Name the first rule that stands in the way of a lead's next call and the first
instant at which nothing known now does. LEAD is an id (ld_…), an external id
or a number in E.164 form.`,
		Example: "  carillon explain sample-00042\n  carillon explain +13035550142 --json",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		id, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		var raw []byte
		if err := api.Get(cmd.Context(), "/v1/leads/"+url.PathEscape(id)+"/explain", nil, &raw); err != nil {
			return err
		}
		return c.show(raw, *asJSON, &explanation{})
	})
	return cmd
}

func findLead(ctx context.Context, api *apiclient.Client, ref string) (string, error) {
	if strings.HasPrefix(ref, "ld_") {
		return ref, nil
	}
	key := "external_id"
	if strings.HasPrefix(ref, "+") {
		key = "number"
	}
	found, err := apiclient.All[struct {
		ID string `json:"id"`
	}](ctx, api, "/v1/leads", url.Values{key: {ref}}, 2)
	if err != nil {
		return "", err
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no lead with %s %s", strings.ReplaceAll(key, "_", " "), ref)
	case 1:
		return found[0].ID, nil
	}
	return "", fmt.Errorf("several leads have %s %s; name one by its id", strings.ReplaceAll(key, "_", " "), ref)
}

// text is the explanation for people.
func (x *explanation) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: ", x.Lead, x.AsOf.Format(time.RFC3339))
	if x.Blocker == nil {
		b.WriteString("nothing stands in the way")
	} else {
		fmt.Fprintf(&b, "%s: %s (%s)", x.Answer, x.Blocker.Message, x.Blocker.Rule)
	}
	if n := x.NextEligible; n != nil {
		fmt.Fprintf(&b, "\nnext eligible: %s, there %s %s", n.At.Format(time.RFC3339), n.Local, n.Zone)
	}
	for _, t := range x.Touches {
		due := "no due time"
		if t.Due != nil {
			due = "due " + t.Due.Format(time.RFC3339)
		}
		fmt.Fprintf(&b, "\n  %s, %s: %s, %s", t.Cadence, t.Step, due, t.Answer)
		if t.Rule != "" {
			fmt.Fprintf(&b, " (%s)", t.Rule)
		}
	}
	if len(x.Touches) == 0 {
		b.WriteString("\n  in no cadence")
	}
	return b.String()
}
