package ledger

import (
	"errors"
	"fmt"
)

// Limits that every ledger keeps, so that what runs on one runs on all. They
// leave a turn (≤ 5,000 keys, ≤ 512 KiB of inbox) ample room and stay well
// below what one synced transaction of the embedded store can carry.
const (
	// MaxKeyBytes is the longest key.
	MaxKeyBytes = 1024
	// MaxValueBytes is the longest value. Larger values would leave the
	// store's sorted tables and lose their protection against damage.
	MaxValueBytes = 1<<20 - 1024
	// MaxCommitKeys is the largest number of writes in one commit.
	MaxCommitKeys = 50_000
	// MaxCommitBytes bounds the body, keys and values of one commit together.
	MaxCommitBytes = 6 << 20
)

var (
	// ErrTooLarge is returned by Commit, before anything is written, when a
	// key, a value or the whole commit is beyond the limits.
	ErrTooLarge = errors.New("ledger: too large")
	// ErrTrimmed is returned by Records when the asked position has been
	// trimmed away.
	ErrTrimmed = errors.New("ledger: records trimmed")
)

// Weigh returns the size of a commit in bytes, or ErrTooLarge naming the limit
// it breaks.
func Weigh(body []byte, writes []Write) (int, error) {
	if len(writes) > MaxCommitKeys {
		return 0, fmt.Errorf("%w: %d writes, at most %d", ErrTooLarge, len(writes), MaxCommitKeys)
	}
	size := len(body)
	for i := range writes {
		w := &writes[i]
		if len(w.Key) > MaxKeyBytes {
			return 0, fmt.Errorf("%w: key of %d bytes, at most %d", ErrTooLarge, len(w.Key), MaxKeyBytes)
		}
		size += len(w.Key)
		if w.Delete {
			continue
		}
		if len(w.Value) > MaxValueBytes {
			return 0, fmt.Errorf("%w: value of %d bytes, at most %d", ErrTooLarge, len(w.Value), MaxValueBytes)
		}
		size += len(w.Value)
	}
	if size > MaxCommitBytes {
		return 0, fmt.Errorf("%w: commit of %d bytes, at most %d", ErrTooLarge, size, MaxCommitBytes)
	}
	return size, nil
}
