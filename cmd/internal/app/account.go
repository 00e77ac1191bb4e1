package app

import (
	"context"
	"fmt"

	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// mostAsked is how many numbers one look at the account asks about: each takes
// two or three requests, and somebody waits for the answer.
const mostAsked = 20

// checkAccount is what `carillon doctor --twilio` finds out, asked by the server
// itself: it knows its own key, and whether it reaches itself.
func (a *App) checkAccount(ctx context.Context) twilio.Report {
	numbers := voiceNumbers(&a.o.Config)
	more := max(0, len(numbers)-mostAsked)
	report := a.client.Check(ctx, twilio.Inquiry{CallerIDs: numbers[:len(numbers)-more], Countries: a.o.Config.Dial.Countries, Answers: true})
	if more > 0 {
		report = append(report, twilio.Finding{
			Name: "other caller IDs", OK: true, Detail: fmt.Sprintf("%d more were not asked about; `carillon doctor --twilio` asks about all", more),
		})
	}
	f := twilio.Finding{Name: "public URL", OK: true, Detail: a.hooks.PublicURL() + " leads to this server"}
	if err := newProbe(a.hooks).reach(ctx); err != nil {
		f.OK, f.Detail, f.Remedy = false, err.Error(), "let public_url lead to the server's hooks listener"
	}
	return append(report, f)
}
