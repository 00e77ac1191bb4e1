package main

import (
	"context"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// answers asks the carrier where calls to the configured numbers go, and returns
// what lint wants to know of each step's numbers.
func answers(ctx context.Context, config *configs.Config) (func(cadence.CallerID) (elsewhere, notOwned []cadence.Number), error) {
	key, err := app.HookKey(config)
	if err != nil {
		return nil, fmt.Errorf("lint: where calls should go is not known: %w; start the server once, or set hooks.key", err)
	}
	hooks, err := twilio.NewHooks(publicURL(config), key)
	if err != nil {
		return nil, fmt.Errorf("lint: public URL: %w", err)
	}
	client, err := carrierClient(config, hooks)
	if err != nil {
		return nil, fmt.Errorf("lint: account: %w", err)
	}
	defer func() { _ = client.Close() }() // idle connections only
	where := map[cadence.Number]twilio.Answering{}
	pools := map[string][]cadence.Number{}
	for i := range config.CallerIDs {
		id := &config.CallerIDs[i]
		if !id.Voice() {
			continue
		}
		n := cadence.Number(id.Number)
		pools[id.Pool] = append(pools[id.Pool], n)
		if _, asked := where[n]; asked {
			continue
		}
		if where[n], err = client.Answers(ctx, n); err != nil {
			return nil, fmt.Errorf("lint: where calls to %s go: %w", n, err)
		}
	}
	return func(c cadence.CallerID) (elsewhere, notOwned []cadence.Number) { return astray(c, pools, where) }, nil
}

// astray are the numbers of a step's choice whose calls do not come here.
func astray(c cadence.CallerID, pools map[string][]cadence.Number, where map[cadence.Number]twilio.Answering) (elsewhere, notOwned []cadence.Number) {
	choice := pools[c.Pool]
	switch {
	case c.Strategy == cadence.StrategyFixed:
		choice = []cadence.Number{c.Number}
	case c.Pool == "":
		choice = pools[configs.DefaultPool]
	}
	for _, n := range choice {
		switch where[n] {
		case twilio.AnswersElsewhere:
			elsewhere = append(elsewhere, n)
		case twilio.AnswersNotOwned:
			notOwned = append(notOwned, n)
		case twilio.AnswersOurs, twilio.AnswersUntold:
		}
	}
	return elsewhere, notOwned
}
