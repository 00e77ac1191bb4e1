package permit

import (
	"math"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Result is the answer.
type Result string

// The answers. A deferred touch becomes possible by itself; a blocked one only
// when somebody changes something.
const (
	Allow Result = "allow"
	Defer Result = "defer"
	Block Result = "block"
)

// Verdict is the answer with what it rests on. Instants are Unix milliseconds,
// 0 for none. It encodes to CBOR with integer keys.
type Verdict struct {
	Result   Result `cbor:"1,keyasint"`
	Rule     string `cbor:"2,keyasint,omitempty"`  // the first that did not allow
	Until    int64  `cbor:"3,keyasint,omitempty"`  // of Defer: the earliest instant that caps and hours allow, rounded up
	NotAfter int64  `cbor:"4,keyasint,omitempty"`  // of Allow: the call must be placed before it, rounded down
	At       int64  `cbor:"5,keyasint"`            // when it was given
	Zone     string `cbor:"6,keyasint,omitempty"`  // of the deciding window, else the first candidate
	Offset   int32  `cbor:"7,keyasint,omitempty"`  // of Zone at At, seconds east of UTC
	Detail   string `cbor:"8,keyasint,omitempty"`  // the health reason, the source or scope of the no, or the list
	Policy   uint64 `cbor:"9,keyasint,omitempty"`  // decided under
	Pack     Digest `cbor:"10,keyasint"`           // decided under
	TZ       string `cbor:"11,keyasint,omitempty"` // release of the tz database
	Calls    int    `cbor:"12,keyasint,omitempty"` // that counted in the cap that decided, else in the number's
	Cap      int    `cbor:"13,keyasint,omitempty"`
	Zones    int    `cbor:"14,keyasint,omitempty"` // how many candidates were looked at
	// Rules names the set of rule packs in force; zero in verdicts of releases
	// that had their rules built in.
	Rules pack.Digest `cbor:"15,keyasint,omitzero"`
}

// OK reports whether the touch may happen.
func (v *Verdict) OK() bool { return v.Result == Allow }

// Local is the local time in Zone at which the verdict was given; the zero
// time when no zone was known.
func (v *Verdict) Local() time.Time {
	if v.Zone == "" {
		return time.Time{}
	}
	return time.UnixMilli(v.At).In(time.FixedZone(v.Zone, int(v.Offset)))
}

// ceilMilli is never early, floorMilli never late.
func ceilMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}

func floorMilli(t time.Time) int64 { return t.UnixMilli() }

// never is later than any instant.
var never = time.UnixMilli(math.MaxInt64 / 2)
