package telephony

import (
	"context"
	"time"
)

// Dater is a Carrier that tells the time without placing a call. The engine
// asks it when it doubts its own clock.
type Dater interface {
	// Date is the carrier's clock, to the second. The error is a *Error.
	Date(ctx context.Context) (time.Time, error)
}
