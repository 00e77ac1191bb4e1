package main

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// noEntry is a mark as the server shows it.
type noEntry struct {
	Number string `json:"number"`
	List   string `json:"list"`
	Scope  string `json:"scope"`
	At     string `json:"at"`
	Source string `json:"source"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

func (c *cli) dnc() *cobra.Command {
	return group(&cobra.Command{
		Use:     "dnc",
		Short:   "Say who is not to be called, or may be again",
		Example: "  carillon dnc add +13035550142 --reason \"asked by mail\" --by \"front desk\"\n  carillon dnc show +13035550142",
	}, c.dncAdd(), c.dncRemove(), c.dncShow(), c.dncImport(), c.dncLists())
}

// sayFlags are the flags of what somebody says about a number.
type sayFlags struct{ scope, reason, by *string }

func sayer(cmd *cobra.Command) sayFlags {
	fl := cmd.Flags()
	return sayFlags{
		fl.String("scope", "all", "what the no is about: all, call, campaign:NAME or cadence:ID"),
		fl.String("reason", "", "why; kept in the number's history"),
		fl.String("by", "", "who says so; kept in the number's history"),
	}
}

func (c *cli) dncAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add NUMBER",
		Short: "Never call this number again",
		Long: `Put a number (E.164) on the do-not-call list. When the verb returns it holds:
queued and ringing calls within the scope are cancelled, and no other follows.`,
		Example: "  carillon dnc add +13035550142 --reason \"asked by mail\"\n  carillon dnc add +13035550142 --scope campaign:Spring --by \"agent 7\"",
		Args:    cobra.ExactArgs(1),
	}
	asJSON, f := jsonFlag(cmd), sayer(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		body := map[string]string{"number": args[0], "scope": *f.scope, "reason": *f.reason}
		if *f.by != "" {
			body["by"] = *f.by
		}
		var e noEntry
		if err := api.Post(cmd.Context(), "/v1/dnc", body, &e); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(e)
		}
		c.print("%s", e.text())
		return nil
	})
	return cmd
}

func (c *cli) dncRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "remove NUMBER",
		Short: "Let a number be called again",
		Long: `Take one mark off a number: the one of the scope. Who says so and why is kept.
What an imported list says is changed by its next import only.`,
		Example: "  carillon dnc remove +13035550142 --reason \"asked to be called\" --by \"front desk\"",
		Args:    cobra.ExactArgs(1),
	}
	f := sayer(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		q := url.Values{"number": {args[0]}, "scope": {*f.scope}, "reason": {*f.reason}}
		if *f.by != "" {
			q.Set("by", *f.by)
		}
		if err := api.Delete(cmd.Context(), "/v1/dnc", q); err != nil {
			return err
		}
		c.print("%s may be called again (%s)", args[0], *f.scope)
		return nil
	})
	return cmd
}

// dncSaid is one entry of a number's history.
type dncSaid struct {
	Scope  string `json:"scope"`
	On     bool   `json:"on"`
	At     string `json:"at"`
	Source string `json:"source"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

func (c *cli) dncShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show NUMBER",
		Short:   "Show what is known about calling a number, and all that was ever said",
		Example: "  carillon dnc show +13035550142\n  carillon dnc show +13035550142 --json",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		q := url.Values{"number": {args[0]}}
		marks, err := apiclient.All[noEntry](cmd.Context(), api, "/v1/dnc", q, 1000)
		if err != nil {
			return err
		}
		said, err := apiclient.All[dncSaid](cmd.Context(), api, "/v1/dnc/history", q, 1000)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(map[string]any{"number": args[0], "marks": marks, "history": said})
		}
		if len(marks) == 0 {
			c.print("%s is on no list", args[0])
		}
		for i := range marks {
			c.print("%s", marks[i].text())
		}
		for _, s := range said {
			what := "no to"
			if !s.On {
				what = "taken back:"
			}
			c.print("  %s %s %s %s", s.At, what, s.Scope, because(s.Source, s.By, s.Reason))
		}
		return nil
	})
	return cmd
}

// text is a mark for people.
func (e *noEntry) text() string {
	return e.Number + " is on the list " + e.List + ", for " + e.Scope + ", since " + e.At + " " + because(e.Source, e.By, e.Reason)
}

func because(source, by, reason string) string {
	said := []string{source}
	if by != "" && by != source {
		said = append(said, by)
	}
	if reason != "" {
		said = append(said, reason)
	}
	return "(" + strings.Join(said, ", ") + ")"
}
