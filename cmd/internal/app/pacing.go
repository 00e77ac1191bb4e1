package app

import (
	"cmp"
	"math"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// callerIDs are the numbers that calls may be placed from, and their pools.
// Calls to those that are away go to somebody of whom nobody knows what they do.
func callerIDs(c *configs.Config, away map[cadence.Number]bool) (ids []pacing.CallerID, pools map[string]bool) {
	pools = map[string]bool{}
	for i := range c.CallerIDs {
		id := &c.CallerIDs[i]
		if !id.Voice() {
			continue
		}
		ids = append(ids, pacing.CallerID{
			Number: cadence.Number(id.Number), Pool: id.Pool, Region: id.From(), DailyCap: cmp.Or(id.DailyCap, c.Pacing.CallerIDCap),
			Capabilities: id.Can(), Away: away[cadence.Number(id.Number)] && !id.Answered,
		})
		pools[id.Pool] = true
	}
	return ids, pools
}

// pace is what the carrier account and its campaigns are paced by.
func pace(c *configs.Config, ids []pacing.CallerID, seed uint64) pacing.Config {
	p := pacing.Config{
		CPS: c.Pacing.CPS, Channels: c.Pacing.Channels, CallerIDs: ids, Seed: seed,
		Weights: map[string]float64{}, Limits: map[string]pacing.Limit{},
	}
	for _, campaign := range c.Pacing.Campaigns {
		if campaign.Weight != 0 {
			p.Weights[campaign.Name] = campaign.Weight
		}
		if campaign.CPS != 0 || campaign.Channels != 0 {
			p.Limits[campaign.Name] = pacing.Limit{CPS: campaign.CPS, Channels: campaign.Channels}
		}
	}
	return p
}

// sellers are who sells by campaigns.
func sellers(c *configs.Config) map[string]string {
	names := map[string]string{}
	for _, campaign := range c.Pacing.Campaigns {
		if campaign.Seller != "" {
			names[campaign.Name] = campaign.Seller
		}
	}
	return names
}

func thresholds(h *configs.CallerHealth) pacing.Thresholds {
	return pacing.Thresholds{
		Days: h.Window, MinCalls: int64(h.MinCalls), MinAnswered: int64(h.MinAnswered), Confidence: h.Confidence, Margin: h.Margin,
		ShortShare: h.ShortRatio, NearShare: h.NeighbourRatio, RestMs: h.Rest.Milliseconds(),
	}
}

// micros is an amount of money as the engine counts it.
func micros(amount float64) int64 { return int64(math.Round(amount * dialer.Micros)) }
