package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const (
	// askNumbers bounds the look at where calls to our numbers go: the carrier's
	// webhooks wait meanwhile.
	askNumbers = 5 * time.Second
	// askAtOnce is how many numbers are looked up at a time.
	askAtOnce = 8
)

// checkNumbers refuses to start while a number we call from does not lead back
// here: whoever calls it could not say no. On a carrier of this computer it sets
// them itself: nobody else does. A carrier that does not answer is no reason to
// stand still; dialing has its own gate.
func (a *App) checkNumbers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askNumbers)
	defer cancel()
	numbers := voiceNumbers(&a.o.Config)
	found := make([]twilio.Answering, len(numbers))
	errs := make([]error, len(numbers))
	var looks sync.WaitGroup
	slots := make(chan struct{}, askAtOnce)
	for i, n := range numbers {
		slots <- struct{}{}
		looks.Go(func() {
			defer func() { <-slots }()
			found[i], errs[i] = a.answering(ctx, n)
		})
	}
	looks.Wait()
	var astray []string
	a.away = map[cadence.Number]bool{}
	for i, n := range numbers {
		switch {
		case errs[i] != nil:
			a.log.Warn("where calls to our number go could not be found out", zap.String("number", n.Masked()), zap.Error(errs[i]))
		case found[i] == twilio.AnswersElsewhere:
			astray = append(astray, string(n))
		case found[i] == twilio.AnswersNotOwned:
			a.away[n] = true
			a.log.Warn("calls to a number that we show go to its owner, and not here: where the law wants a number that takes calls it is shown only with answered: true (caller_ids); run `carillon doctor --twilio`",
				zap.String("number", n.Masked()))
		}
	}
	if len(astray) > 0 {
		return fmt.Errorf("caller_ids: calls to %s do not come here, so nobody who calls back could say no; run `carillon doctor --twilio --fix`, or take them out", strings.Join(astray, ", "))
	}
	return nil
}

// answering is where calls to a number go, after it was set on a carrier of this
// computer.
func (a *App) answering(ctx context.Context, n cadence.Number) (twilio.Answering, error) {
	where, err := a.client.Answers(ctx, n)
	if err != nil || where != twilio.AnswersElsewhere {
		return where, err
	}
	base, err := url.Parse(a.o.Config.Twilio.BaseURL)
	if err != nil || !configs.Loopback(base.Hostname()) {
		return where, nil //nolint:nilerr // Twilio's own, which has no base URL
	}
	return twilio.AnswersOurs, a.client.AnswerHere(ctx, n)
}

// voiceNumbers are the numbers that calls are placed from, each once.
func voiceNumbers(c *configs.Config) []cadence.Number {
	var all []cadence.Number
	seen := map[string]bool{}
	for i := range c.CallerIDs {
		if id := &c.CallerIDs[i]; id.Voice() && !seen[id.Number] {
			seen[id.Number] = true
			all = append(all, cadence.Number(id.Number))
		}
	}
	return all
}

// HookKey is the key that the server of a configuration signs webhook paths
// with; an error when there is no data directory yet.
func HookKey(c *configs.Config) ([]byte, error) {
	if c.Hooks.Key != "" {
		return []byte(c.Hooks.Key), nil
	}
	k, err := loadKeys(filepath.Join(c.DataDir, keyName), true)
	if err == nil && len(k.Hook) == 0 {
		err = errors.New("the key file names no hook key")
	}
	return k.Hook, err
}

// returns are what callers hear and where they go.
func returns(c *configs.Config) (dialer.Returns, dialer.OptOut) {
	r, o := &c.ReturnCalls, &c.OptOut
	owners := make(map[string]cadence.Number, len(r.Owners))
	for _, one := range r.Owners {
		owners[one.Name] = cadence.Number(one.Number)
	}
	return dialer.Returns{Greeting: r.Greeting, Nobody: r.Nobody, Unknown: r.Unknown, Withheld: r.Withheld, Owners: owners},
		dialer.OptOut{Key: o.Key, Offer: o.Offer, Call: o.Call, Done: o.Done}
}
