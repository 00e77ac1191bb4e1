package telephony

import (
	"context"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Lister is a Carrier that lists all calls placed from a number, whoever they
// went to: what a ledger that has lost its memory asks for.
type Lister interface {
	// Placed lists, over all pages, the outbound calls from a number created
	// in [since, until]. It fails rather than returning an incomplete list.
	Placed(ctx context.Context, from cadence.Number, since, until time.Time) ([]Call, error)
}
