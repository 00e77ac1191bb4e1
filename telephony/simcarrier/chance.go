package simcarrier

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"
)

// chance draws addressed randomness: the same seed and address give the same
// draws, whatever else happens and in whatever order. A stream shared between
// calls would let one more call change the fate of all others.
func chance(seed uint64, address ...string) *rand.Rand {
	h := fnv.New64a()
	for _, part := range address {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// between draws a duration from [lo, hi].
func between(r *rand.Rand, lo, hi time.Duration) time.Duration {
	f := r.Float64()
	return lo + time.Duration(f*float64(hi-lo))
}

func itoa(n int) string { return strconv.Itoa(n) }
