package api

import (
	"strconv"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// costItem is the money of a call in the account's currency. Reckoned says that
// the call is open and its price an estimate that counts in the day's cap.
type costItem struct {
	Amount   string `json:"amount"`
	Reckoned bool   `json:"reckoned"`
}

// costOf is what the books hold for a call: what was reckoned while it is open.
func costOf(a *state.Attempt, reckoned int64) costItem {
	if !a.State.Terminal() {
		return costItem{millionths(reckoned), true}
	}
	return costItem{Amount: millionths(a.Cost)}
}

// millionths writes an amount as a decimal number with at least two places, ""
// for nothing.
func millionths(n int64) string {
	if n == 0 {
		return ""
	}
	s := strings.TrimRight(strconv.FormatFloat(float64(n)/1e6, 'f', 6, 64), "0")
	if _, places, _ := strings.Cut(s, "."); len(places) < 2 {
		s += strings.Repeat("0", 2-len(places))
	}
	return s
}

// detectionOf is how a machine was told from a person, in the contract's words.
func detectionOf(m telephony.AMD) string {
	if m == telephony.AMDOff {
		return "off"
	}
	return string(m)
}

// callerChoice is how the caller ID of a call was chosen: the strategy and the
// pool of the step in the version it ran under. Strategy is empty when that
// version names no such step.
type callerChoice struct {
	Number   string           `json:"number"`
	Strategy cadence.Strategy `json:"strategy"`
	Pool     string           `json:"pool"`
}

// defaultPool is the pool of a step that names none.
const defaultPool = "default"

func (a *API) callerChoice(row *state.Attempt) (callerChoice, error) {
	c := callerChoice{Number: string(row.From)}
	v, err := a.op.Rows().Version(row.Cadence, row.Version)
	if err != nil || v == nil {
		return c, err
	}
	doc := a.docs.Of(v.Document)
	if doc == nil {
		return c, nil
	}
	i := doc.StepIndex(row.StepKey)
	if i < 0 {
		return c, nil
	}
	if c.Strategy, c.Pool = doc.Steps[i].CallerID.Strategy, doc.Steps[i].CallerID.Pool; c.Strategy == "" {
		c.Strategy = cadence.StrategyRandom
	}
	if c.Pool == "" && c.Strategy != cadence.StrategyFixed {
		c.Pool = defaultPool
	}
	return c, nil
}
