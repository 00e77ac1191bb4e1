package main

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// keyShown is an API key as the server shows one.
type keyShown struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Grants    []string `json:"grants"`
	ExpiresAt *string  `json:"expires_at"`
	SeenAt    *string  `json:"seen_at"`
	RevokedAt *string  `json:"revoked_at"`
}

func (c *cli) keys() *cobra.Command {
	return group(&cobra.Command{
		Use:     "keys",
		Short:   "Create, see and revoke API keys",
		Example: "  carillon keys create crm --grant enroll --grant leads.import --days 90\n  carillon keys list",
	}, c.keysList(), c.keysCreate(), c.keysRevoke())
}

func (c *cli) keysList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List API keys, newest first", Example: "  carillon keys list --json", Args: cobra.NoArgs}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		all, err := apiclient.All[keyShown](cmd.Context(), api, "/v1/keys", nil, 1000)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all)
		}
		for _, k := range all {
			state := "never expires"
			switch {
			case k.RevokedAt != nil:
				state = "revoked " + *k.RevokedAt
			case k.ExpiresAt != nil:
				state = "expires " + *k.ExpiresAt
			}
			c.print("%s  %s  %s  %s", k.ID, k.Name, state, strings.Join(k.Grants, ","))
		}
		return nil
	})
	return cmd
}

func (c *cli) keysCreate() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "create NAME",
		Short:   "Create an API key; its token is shown this once",
		Example: "  carillon keys create crm --grant enroll --days 90",
		Args:    cobra.ExactArgs(1),
	}
	asJSON, fl := jsonFlag(cmd), cmd.Flags()
	grants := fl.StringSlice("grant", nil, "what the key may do; may be given again")
	days := fl.Int("days", 90, "days until it expires; 0 never")
	online(cmd, func(api *apiclient.Client, args []string) error {
		if len(*grants) == 0 {
			return errors.New("say with --grant what the key may do; the server's /v1/roles lists the grants")
		}
		body := map[string]any{"name": args[0], "grants": *grants}
		if *days != 0 {
			body["expires_at"] = clock.System{}.Now().AddDate(0, 0, *days).Format(time.RFC3339)
		}
		var a struct {
			Key   keyShown `json:"key"`
			Token string   `json:"token"`
		}
		if err := api.Post(cmd.Context(), "/v1/keys", body, &a); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(a)
		}
		c.print("%s", a.Token)
		return nil
	})
	return cmd
}

func (c *cli) keysRevoke() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "revoke ID",
		Short:   "Revoke an API key for good",
		Example: "  carillon keys revoke ak_aaaaaaaaaaaaaaaaaaaaaaaaaa",
		Args:    cobra.ExactArgs(1),
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		if err := api.Delete(cmd.Context(), "/v1/keys/"+url.PathEscape(args[0]), nil); err != nil {
			return err
		}
		c.print("%s opens nothing any more", args[0])
		return nil
	})
	return cmd
}
