package pacing

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// DefaultPool is the pool of a step that names none.
const DefaultPool = "default"

// CallerID is one number we call from, in one pool ("" is DefaultPool). A
// number may be listed once per pool, each time with the same region and cap;
// its use is one for all.
type CallerID struct {
	Number cadence.Number
	Pool   string
	Region string // where it is from, as "US-CO"; "" is nowhere
	// Capabilities are what the account may do with it. They are told, not
	// looked at: a number without voice is never given here.
	Capabilities []string
	// DailyCap is how many calls a day may be placed from it; 0 is no limit.
	DailyCap int
	// Away says that calls to the number go to somebody else, of whom nobody
	// knows whether they hear a no.
	Away bool
}

// Demand is what a rule of law wants of the number that is shown.
type Demand struct {
	Rule string
	Fits func(number string, away bool) bool
}

// Need is a step's wish for a caller ID, with what the strategies look at.
type Need struct {
	Strategy cadence.Strategy // "" is random
	Pool     string
	Number   cadence.Number // of the fixed strategy
	Lead     cadence.ID     // of the sticky strategy
	To       cadence.Number // who is called, of the local-presence strategy
	Region   string         // where the called person is, as "US-CO"; of the same
	Demands  []Demand       // all of them hold
}

// The reasons why a head got no caller ID: a closed set.
const (
	ReasonNoCallerID = "callerid.none"    // no such pool or number
	ReasonResting    = "callerid.resting" // every choice rests, see Refusal.Until
	ReasonCapped     = "callerid.cap"     // every choice rests or had its calls today, see Refusal.Until
)

// Wall is what the wall clock says to rests and daily caps. Day numbers the
// days in the order they come; Ends is when it ends.
type Wall struct {
	At   time.Time
	Day  int64
	Ends time.Time
}

// line is one of our numbers. Its place in the rotation is the later of its
// last use and its last grant that is still out.
type line struct {
	number  cadence.Number
	hash    uint64
	area    string // its country and area code, "" where it has none
	near    string // its area and exchange
	region  string
	away    bool // calls to it go to somebody else
	cap     int
	used    stamp
	granted stamp // of the last grant that is out
	out     int   // how many of its grants are
	day     int64 // that today counts
	today   int
	rested  time.Time // wall
}

func (l *line) placed() stamp {
	if l.granted.compare(l.used) > 0 {
		return l.granted
	}
	return l.used
}

// spoken is how many of a day's calls are placed or granted.
func (l *line) spoken(day int64) int {
	if l.day != day {
		return l.out
	}
	return l.today + l.out
}

// add counts calls of a day. Days that are over are not counted any more.
func (l *line) add(day int64, n int) {
	if day > l.day {
		l.day, l.today = day, 0
	}
	if day == l.day {
		l.today = max(0, l.today+n)
	}
}

// stamp orders uses: by time, then by the order they were told.
type stamp struct {
	at  time.Time
	seq uint64
}

func (s stamp) compare(o stamp) int {
	return cmp.Or(s.at.Compare(o.at), cmp.Compare(s.seq, o.seq))
}

// lines are our numbers by number and by pool; pools are sorted by number.
type lines struct {
	byNumber map[cadence.Number]*line
	pools    map[string][]*line
	seed     uint64
	wall     Wall
	ready    []*line // reused
	fit      []*line // likewise
}

func newLines(ids []CallerID, seed uint64) (*lines, error) {
	l := &lines{byNumber: map[cadence.Number]*line{}, pools: map[string][]*line{}, seed: seed}
	for _, id := range ids {
		if id.Number == "" {
			return nil, fmt.Errorf("pacing: a caller ID of pool %q has no number", id.Pool)
		}
		if id.DailyCap < 0 {
			return nil, fmt.Errorf("pacing: caller ID %s: daily cap %d is negative", id.Number.Masked(), id.DailyCap)
		}
		one, known := l.byNumber[id.Number]
		if !known {
			one = newLine(id)
			l.byNumber[id.Number] = one
		}
		if one.region != id.Region || one.cap != id.DailyCap || one.away != id.Away {
			return nil, fmt.Errorf("pacing: caller ID %s has two regions, daily caps or ways back", id.Number.Masked())
		}
		pool := poolName(id.Pool)
		if slices.Contains(l.pools[pool], one) {
			return nil, fmt.Errorf("pacing: caller ID %s stands twice in pool %q", id.Number.Masked(), pool)
		}
		l.pools[pool] = append(l.pools[pool], one)
	}
	for _, pool := range l.pools {
		slices.SortFunc(pool, func(a, b *line) int { return cmp.Compare(a.number, b.number) })
	}
	return l, nil
}

func newLine(id CallerID) *line {
	l := &line{number: id.Number, region: id.Region, away: id.Away, cap: id.DailyCap, hash: hashOf(id.Number)}
	l.area, l.near = areaOf(id.Number)
	return l
}

func poolName(name string) string {
	if name == "" {
		return DefaultPool
	}
	return name
}

// areaOf is a number's area code with its country, and that with the exchange;
// both "" outside the North American plan, where lengths differ.
func areaOf(n cadence.Number) (area, near string) {
	const area10, near10, whole = len("+1303"), len("+1303555"), len("+13035550100")
	if len(n) != whole || !strings.HasPrefix(string(n), "+1") {
		return "", ""
	}
	return string(n[:area10]), string(n[:near10])
}

// Near reports whether two numbers are of one exchange of the North American
// plan: they differ in their last four digits at most.
func Near(a, b cadence.Number) bool {
	_, x := areaOf(a)
	_, y := areaOf(b)
	return x != "" && x == y
}

// hashOf spreads a number over 64 bits (FNV-1a).
func hashOf(n cadence.Number) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(n) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// halves are an id as two numbers.
func halves(id cadence.ID) (high, low uint64) {
	return binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
}
