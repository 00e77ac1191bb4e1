package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) call() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "call",
		Short: "Call a verified staff number once, as a step of a cadence would",
		Long: `Place one real call to a verified number of your own people, as a step would: its
caller ID, ringing, detection, message, voicemail, connect targets and keys. The
permit judges it. It counts in no figure, list or cap of a lead. It is placed
within a minute or not at all, once and never again; one at a time and ten in 24
hours for each number. See "carillon staff" for the numbers.`,
		Example: "  carillon call --to +13035550142 --cadence \"Five touches\" --step 1\n" +
			"  carillon call --to +13035550142 --cadence \"Five touches\" --version draft --step call-1 --json",
		Args: cobra.NoArgs,
	}
	fl := cmd.Flags()
	to, cadence := fl.String("to", "", "verified staff number, in E.164 form"), fl.String("cadence", "", "id or exact name of the cadence")
	step := fl.String("step", "", "key of the step, or its place from 1")
	version := fl.String("version", "", "draft, or a version; the published one when left out")
	leave := fl.Bool("no-wait", false, "do not wait for the call's end")
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		for _, flag := range []struct{ name, value string }{{"to", *to}, {"cadence", *cadence}, {"step", *step}} {
			if flag.value == "" {
				return fmt.Errorf("--%s is needed (see carillon call --help)", flag.name)
			}
		}
		r, err := api.Rehearse(cmd.Context(), *to, *cadence, *version, *step)
		if err != nil {
			return err
		}
		return c.follow(cmd.Context(), api, r, *leave, *asJSON)
	})
	return cmd
}

// follow tells how a call goes, and fails when there was none.
func (c *cli) follow(ctx context.Context, api *apiclient.Client, r apiclient.Rehearsal, leave, asJSON bool) (err error) {
	if !leave {
		tell := func(now apiclient.Rehearsal) {
			if !asJSON && !now.Over() {
				c.print("%s: %s", now.To, calling(now.State))
			}
		}
		if r, err = api.FollowRehearsal(ctx, r, tell); err != nil {
			return err
		}
	}
	if asJSON {
		if err := c.printJSON(r); err != nil {
			return err
		}
	} else {
		c.print("%s  %s", r.ID, became(&r))
	}
	if r.Refused != nil {
		return errors.New("no call was placed: " + whyNot(&r))
	}
	return nil
}

// calling is a state of a call that is under way, in words.
func calling(state string) string {
	switch state {
	case "waiting":
		return "waits for its turn"
	case "intent", "placed":
		return "is being called"
	case "ringing":
		return "rings"
	case "live", "closing":
		return "answered"
	case "unknown":
		return "nobody knows yet whether there is a call; it is searched for, never repeated"
	}
	return state
}

// became is what a call came to, in one line.
func became(r *apiclient.Rehearsal) string {
	if !r.Over() {
		return calling(r.State)
	}
	if r.Refused != nil {
		return "not placed"
	}
	said := []string{r.Disposition}
	if r.AnsweredBy != "" {
		said = append(said, "answered by "+r.AnsweredBy)
	}
	if r.Played != "" {
		said = append(said, "got "+r.Played)
	}
	if r.Digits != "" {
		said = append(said, "key "+r.Digits)
	}
	if r.TalkSeconds > 0 {
		said = append(said, fmt.Sprintf("%d s", r.TalkSeconds))
	}
	if r.Note != "" {
		said = append(said, r.Note)
	}
	return strings.Join(said, ", ") + "; from " + r.From
}

func whyNot(r *apiclient.Rehearsal) string {
	why := r.Refused.Title
	if why == "" {
		why = r.Refused.Rule
	}
	if r.Refused.Detail != "" {
		why += " (" + r.Refused.Detail + ")"
	}
	if r.Refused.Until != nil {
		why += "; allowed from " + *r.Refused.Until
	} else if r.Refused.Unblock != "" {
		why += "; " + r.Refused.Unblock
	}
	return why
}
