package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) staff() *cobra.Command {
	return group(&cobra.Command{
		Use:   "staff",
		Short: "Keep the numbers of your own people that steps are rehearsed to",
		Long: `Keep the numbers of your own people. One is added, called with a code, and
counts once the code was repeated: so that no stranger is called to try a step out.`,
		Example: "  carillon staff add +13035550142 --name \"Desk 4\"\n  carillon staff call +13035550142\n  carillon staff confirm +13035550142 427190",
	}, c.staffList(), c.staffAdd(), c.staffCall(), c.staffConfirm(), c.staffRemove())
}

func (c *cli) staffList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the staff numbers",
		Example: "  carillon staff list\n  carillon staff list --json",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		all, err := api.StaffNumbers(cmd.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all)
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NUMBER\tNAME\tSTATE\tCALLS IN 24 H")
		for i := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d of %d\n", all[i].Number, all[i].Name, staffState(&all[i]), all[i].Calls, all[i].CallsMost)
		}
		return w.Flush()
	})
	return cmd
}

func staffState(s *apiclient.StaffNumber) string {
	switch {
	case s.Verified:
		return "verified " + *s.VerifiedAt + " by " + s.VerifiedBy
	case s.CodeUntil != nil:
		return "its code is good until " + *s.CodeUntil
	}
	return "not verified"
}

func (c *cli) staffAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "add NUMBER",
		Short:   "Add a number whose owner has agreed to be called",
		Example: "  carillon staff add +13035550142 --name \"Desk 4\"",
		Args:    cobra.ExactArgs(1),
	}
	name := cmd.Flags().String("name", "", "who answers there")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		if *name == "" {
			return fmt.Errorf("say with --name who answers there")
		}
		s, err := api.AddStaffNumber(cmd.Context(), args[0], *name)
		if err != nil {
			return err
		}
		return c.showStaff(&s, *asJSON)
	})
	return cmd
}

func (c *cli) showStaff(s *apiclient.StaffNumber, asJSON bool) error {
	if asJSON {
		return c.printJSON(s)
	}
	c.print("%s  %s, %s", s.Number, s.Name, staffState(s))
	return nil
}

func (c *cli) staffCall() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "call NUMBER",
		Short:   "Let a number that is not verified be called with a code",
		Example: "  carillon staff call +13035550142",
		Args:    cobra.ExactArgs(1),
	}
	leave := cmd.Flags().Bool("no-wait", false, "do not wait for the call's end")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		r, err := api.CallStaffNumber(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return c.follow(cmd.Context(), api, r, *leave, *asJSON)
	})
	return cmd
}

func (c *cli) staffConfirm() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "confirm NUMBER CODE",
		Short:   "Repeat the code that the call has spoken",
		Example: "  carillon staff confirm +13035550142 427190",
		Args:    cobra.ExactArgs(2),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, args []string) error {
		s, err := api.ConfirmStaffNumber(cmd.Context(), args[0], args[1])
		if err != nil {
			return err
		}
		return c.showStaff(&s, *asJSON)
	})
	return cmd
}

func (c *cli) staffRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "remove NUMBER",
		Short:   "Remove a staff number, and take back what is under way to it",
		Example: "  carillon staff remove +13035550142",
		Args:    cobra.ExactArgs(1),
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		if err := api.RemoveStaffNumber(cmd.Context(), args[0]); err != nil {
			return err
		}
		c.print("%s is removed", args[0])
		return nil
	})
	return cmd
}
