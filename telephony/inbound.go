package telephony

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Inbound is one verified report about a call that somebody makes to one of
// our numbers: that it asks what to do (Status not terminal), or that it is
// over. From is empty when the caller's number is withheld. Connection names
// the carrier account's own path, so that several could be told apart.
type Inbound struct {
	Connection string
	CallID     string
	From, To   cadence.Number
	Status     Status
	Duration   time.Duration
	At         time.Time // when the carrier says it happened; zero when it does not say
}
