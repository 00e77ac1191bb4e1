package main

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// userShown is a user as the server shows one.
type userShown struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Role     string `json:"role"`
	Disabled bool   `json:"disabled"`
	Invited  bool   `json:"invited"`
}

type linkShown struct {
	User userShown `json:"user"`
	Path string    `json:"path"`
}

func (c *cli) users() *cobra.Command {
	return group(&cobra.Command{
		Use:     "users",
		Short:   "See and invite users, and make links to reset passwords",
		Example: "  carillon users list\n  carillon users invite --name \"Manager 1\" --email m1@example.com --role manager",
	}, c.usersList(), c.usersInvite(), c.usersLink())
}

func (c *cli) usersList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List users", Example: "  carillon users list --json", Args: cobra.NoArgs}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		all, err := apiclient.All[userShown](cmd.Context(), api, "/v1/users", nil, 1000)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all)
		}
		for _, u := range all {
			state := "active"
			switch {
			case u.Disabled:
				state = "disabled"
			case u.Invited:
				state = "invited"
			}
			c.print("%s  %-8s  %-8s  %s <%s>", u.ID, u.Role, state, u.Name, u.Email)
		}
		return nil
	})
	return cmd
}

func (c *cli) usersInvite() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "invite",
		Short:   "Invite a user; prints a link with which they choose a password",
		Example: "  carillon users invite --name \"Manager 1\" --email m1@example.com --role manager",
		Args:    cobra.NoArgs,
	}
	asJSON, fl := jsonFlag(cmd), cmd.Flags()
	name, email := fl.String("name", "", "how colleagues know them"), fl.String("email", "", "the address they sign in with")
	role := fl.String("role", "viewer", "owner, manager, agent, ops, viewer or custom")
	grants := fl.StringSlice("grant", nil, "a grant of the role custom; may be given again")
	online(cmd, func(api *apiclient.Client, _ []string) error {
		body := map[string]any{"name": *name, "email": *email, "role": *role}
		if len(*grants) > 0 {
			body["grants"] = *grants
		}
		var a linkShown
		if err := api.Post(cmd.Context(), "/v1/users", body, &a); err != nil {
			return err
		}
		return c.showLink(cmd, a, *asJSON)
	})
	return cmd
}

func (c *cli) showLink(cmd *cobra.Command, a linkShown, asJSON bool) error {
	server, err := cmd.Flags().GetString("server")
	if err != nil {
		return err
	}
	link := strings.TrimRight(server, "/") + a.Path
	if asJSON {
		return c.printJSON(map[string]any{"user": a.User, "link": link})
	}
	c.print("send this to %s <%s>; it works once, for seven days:\n%s", a.User.Name, a.User.Email, link)
	return nil
}

func (c *cli) usersLink() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "link USER",
		Short:   "Make a new link with which a user chooses a password",
		Long:    "Make a new link with which a user (id or e-mail address) chooses a password. One\nbefore is of no use any more. On the server's own computer the operator's key\nlets an owner back in who has lost the password.",
		Example: "  carillon users link owner@example.com",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		all, err := apiclient.All[userShown](cmd.Context(), api, "/v1/users", nil, 1000)
		if err != nil {
			return err
		}
		id := args[0]
		for _, u := range all {
			if strings.EqualFold(u.Email, args[0]) {
				id = u.ID
			}
		}
		var a linkShown
		if err := api.Post(cmd.Context(), "/v1/users/"+url.PathEscape(id)+"/link", nil, &a); err != nil {
			return err
		}
		return c.showLink(cmd, a, *asJSON)
	})
	return cmd
}
