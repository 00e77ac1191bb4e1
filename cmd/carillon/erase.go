package main

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// erasure is the part of the server's answer that is printed.
type erasure struct {
	id        string
	Forgotten int    `json:"numbers_forgotten"`
	Shared    int    `json:"numbers_shared"`
	Open      int    `json:"open_attempts"`
	LogUntil  string `json:"log_until"`
	Backups   string `json:"backups"`
}

// text is the answer for people.
func (x *erasure) text() string {
	said := fmt.Sprintf("%s is erased: %s forgotten, %d kept for other leads", x.id, plural(x.Forgotten, "number"), x.Shared)
	if x.Open > 0 {
		said += fmt.Sprintf("\n  %s under way: the number stands in its row until it ends; erase again then", plural(x.Open, "call"))
	}
	return said + fmt.Sprintf("\n  the log names them until %s\n  %s", x.LogUntil, x.Backups)
}

func (c *cli) erase() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "erase LEAD",
		Short: "Erase a person: name, fields and numbers",
		Long: `Take a person out of the ledger. LEAD is an id (ld_…), an external id or a number
in E.164 form. What is pending ends, queued and ringing calls are cancelled, and
nothing that stays names the person: calls with their verdicts, and the keyed hash
of each number, under which caps and do-not-call marks go on to hold. The verb
says until when the log, and which backups, still name them. It cannot be undone.`,
		Example: "  carillon erase ld_aeaq2sczzblwyprdmow4g6hiaa --reason \"asked by mail\" --by \"privacy 1\" --yes",
		Args:    cobra.ExactArgs(1),
	}
	fl := cmd.Flags()
	reason, by := fl.String("reason", "", "why; kept, so do not name the person"), fl.String("by", "", "who wants it; kept")
	yes := fl.Bool("yes", false, "really do it")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		id, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		if !*yes {
			return fmt.Errorf("this cannot be undone; say --yes to erase %s", id)
		}
		body := map[string]string{"reason": *reason}
		if *by != "" {
			body["by"] = *by
		}
		var raw []byte
		if err := api.PostMany(cmd.Context(), "/v1/leads/"+url.PathEscape(id)+"/erase", body, &raw); err != nil {
			return err
		}
		return c.show(raw, *asJSON, &erasure{id: id})
	})
	return cmd
}
