package main

import (
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// consentEntry is a record as the server shows it.
type consentEntry struct {
	ID        string  `json:"id"`
	Number    string  `json:"number"`
	Kind      string  `json:"kind"`
	GivenAt   string  `json:"given_at"`
	Seller    string  `json:"seller"`
	Scope     string  `json:"scope"`
	Source    string  `json:"source"`
	Proof     string  `json:"proof"`
	By        string  `json:"by"`
	Recorded  string  `json:"recorded_at"`
	Status    string  `json:"status"`
	LapsesAt  *string `json:"lapses_at"`
	RevokedAt *string `json:"revoked_at"`
	History   []struct {
		At     string `json:"at"`
		What   string `json:"what"`
		By     string `json:"by"`
		How    string `json:"how"`
		Reason string `json:"reason"`
		Source string `json:"source"`
		Proof  string `json:"proof"`
	} `json:"history"`
}

// consentList is all of a lead.
type consentList struct {
	Lead        string         `json:"lead"`
	Items       []consentEntry `json:"items"`
	Revocations []struct {
		Number string `json:"number"`
		At     string `json:"at"`
		Scope  string `json:"scope"`
		Seller string `json:"seller"`
		By     string `json:"by"`
		How    string `json:"how"`
		Reason string `json:"reason"`
	} `json:"revocations"`
}

func (c *cli) consent() *cobra.Command {
	return group(&cobra.Command{
		Use:     "consent",
		Short:   "Record what people agreed to, and what they took back",
		Example: "  carillon consent add +13035550142 --kind express_written --given 2026-03-01 --proof \"form 17\"\n  carillon consent list +13035550142",
	}, c.consentAdd(), c.consentList(), c.consentRevoke())
}

func (c *cli) consentAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add LEAD",
		Short: "Record a consent or a business relationship",
		Long: `Record what a person agreed to. LEAD is an id (ld_…), an external id or a number
in E.164 form. A record belongs to one number: --number says which when the lead
has several. Adding it again changes nothing; one that was taken back stays so,
and a new consent has a new date. When the verb returns the permit knows of it.`,
		Example: "  carillon consent add sample-00042 --kind express_written --given 2026-03-01 --seller \"Acme\" --source \"web form\" --proof https://example.com/forms/17\n" +
			"  carillon consent add +13035550142 --kind ebr.18m_purchase --given 2026-02-11 --json",
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	fl := cmd.Flags()
	flags := map[string]*string{
		"kind":     fl.String("kind", "", "express, express_written, prior, time_specific, ebr.18m_purchase, ebr.3m_inquiry, ebr.12m or contract.running"),
		"given_at": fl.String("given", "", "when it was given: a date, or a time with its zone"),
		"seller":   fl.String("seller", "", "who it was given to"),
		"source":   fl.String("source", "", "where it was given: a form, a call, a contract"),
		"proof":    fl.String("proof", "", "where it can be seen: a text, an address, a digest"),
		"scope":    fl.String("scope", "all", "the calls it is about: all, call, campaign:NAME or cadence:ID"),
		"number":   fl.String("number", "", "which of the lead's numbers"),
		"by":       fl.String("by", "", "who enters it"),
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		lead, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		if strings.HasPrefix(args[0], "+") && *flags["number"] == "" {
			*flags["number"] = args[0]
		}
		var e consentEntry
		if err := api.Post(cmd.Context(), "/v1/leads/"+url.PathEscape(lead)+"/consents", told(flags), &e); err != nil {
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

// told are the flags that say something.
func told(flags map[string]*string) map[string]string {
	body := map[string]string{}
	for name, value := range flags {
		if *value != "" {
			body[name] = *value
		}
	}
	return body
}

func (c *cli) consentList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list LEAD",
		Short:   "Show what a lead's numbers have agreed to, and all that was said about it",
		Example: "  carillon consent list sample-00042\n  carillon consent list +13035550142 --json",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		lead, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		var all consentList
		if err := api.Get(cmd.Context(), "/v1/leads/"+url.PathEscape(lead)+"/consents", nil, &all); err != nil {
			return err
		}
		return c.showConsents(&all, *asJSON)
	})
	return cmd
}

func (c *cli) consentRevoke() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "revoke LEAD [CONSENT]",
		Short: "Take a consent back, or all of a scope",
		Long: `Record that a person took a consent back: the one of an id (cs_…), or, without
one, everything that was given until now to --seller (left out: to anybody) for
the calls of --scope. Queued and ringing calls that may rest on it are cancelled.
Whoever wants no calls at all is put on the do-not-call list: carillon dnc add.`,
		Example: "  carillon consent revoke sample-00042 cs_aaaaaaaaaaaaaaaaaaaaaaaaaa --how call --reason \"asked\" --by \"agent 7\"\n" +
			"  carillon consent revoke +13035550142 --scope campaign:Spring --how mail",
		Args: cobra.RangeArgs(1, 2),
	}
	asJSON := jsonFlag(cmd)
	fl := cmd.Flags()
	said := map[string]*string{
		"how":    fl.String("how", "", "the way in which the person said so: call, mail, web, letter"),
		"reason": fl.String("reason", "", "why"),
		"by":     fl.String("by", "", "who says so"),
	}
	wide := map[string]*string{
		"scope":  fl.String("scope", "", "without CONSENT: what is taken back: all, call, campaign:NAME or cadence:ID"),
		"seller": fl.String("seller", "", "without CONSENT: only what was given to this seller"),
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		if len(args) == 2 && len(told(wide)) > 0 {
			return fmt.Errorf("--scope and --seller say what is taken back where no consent is named; leave them out, or leave out %s", args[1])
		}
		lead, err := findLead(cmd.Context(), api, args[0])
		if err != nil {
			return err
		}
		at, body := "/v1/leads/"+url.PathEscape(lead)+"/consents", told(said)
		if len(args) == 1 {
			maps.Copy(body, told(wide))
			var all consentList
			if err := api.Post(cmd.Context(), at+"/revoke", body, &all); err != nil {
				return err
			}
			return c.showConsents(&all, *asJSON)
		}
		var e consentEntry
		if err := api.Post(cmd.Context(), at+"/"+url.PathEscape(args[1])+"/revoke", body, &e); err != nil {
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

func (c *cli) showConsents(all *consentList, asJSON bool) error {
	if asJSON {
		return c.printJSON(all)
	}
	if len(all.Items) == 0 {
		c.print("no consent is recorded for %s", all.Lead)
	}
	for i := range all.Items {
		e := &all.Items[i]
		c.print("%s", e.text())
		for _, h := range e.History {
			c.print("  %s %s %s", h.At, h.What, because(h.By, h.How, strings.Join(nonEmpty(h.Reason, h.Source, h.Proof), ", ")))
		}
	}
	for _, r := range all.Revocations {
		seller := r.Seller
		if seller == "" {
			seller = "anybody"
		}
		c.print("%s took back on %s what was given to %s for %s %s", r.Number, r.At, seller, r.Scope, because(r.By, r.How, r.Reason))
	}
	return nil
}

func nonEmpty(texts ...string) (out []string) {
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// text is a record for people.
func (e *consentEntry) text() string {
	text := fmt.Sprintf("%s: %s agreed to %s on %s, for %s: %s", e.ID, e.Number, e.Kind, e.GivenAt, e.Scope, e.Status)
	if e.Seller != "" {
		text += ", given to " + e.Seller
	}
	switch {
	case e.RevokedAt != nil:
		text += ", taken back on " + *e.RevokedAt + "; a new consent has a new date"
	case e.LapsesAt != nil:
		text += ", lapses on " + *e.LapsesAt
	}
	return text
}
