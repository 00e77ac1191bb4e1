//go:build !unix

package usage

import (
	"errors"
	"time"
)

// CPU is the processor time of this process; it is known on Unix only.
func CPU() (time.Duration, error) {
	return 0, errors.New("processor time is measured on Unix only")
}
