package main

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"
)

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
	client, asJSON := online(cmd), jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		api, err := client()
		if err != nil {
			return err
		}
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
		if err := api.Post(cmd.Context(), "/v1/leads/"+url.PathEscape(id)+"/erase", body, &raw); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(json.RawMessage(raw))
		}
		var x struct {
			Forgotten int    `json:"numbers_forgotten"`
			Shared    int    `json:"numbers_shared"`
			Open      int    `json:"open_attempts"`
			LogUntil  string `json:"log_until"`
			Backups   string `json:"backups"`
		}
		if err := json.Unmarshal(raw, &x); err != nil {
			return err
		}
		c.print("%s is erased: %s forgotten, %d kept for other leads", id, plural(x.Forgotten, "number"), x.Shared)
		if x.Open > 0 {
			c.print("  %s under way: the number stands in its row until it ends; erase again then", plural(x.Open, "call"))
		}
		c.print("  the log names them until %s\n  %s", x.LogUntil, x.Backups)
		return nil
	}
	return cmd
}
