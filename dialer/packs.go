package dialer

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// maxPacksBytes bounds the canonical form of a set: it must fit into a turn.
const maxPacksBytes = 512 << 10

// setPacks puts a set of rule packs in force. Every set that ever was stays in
// the ledger, so that its verdicts can be given again.
func (c *Core) setPacks(now int64, v *state.View, m *SetPacks) Outcome {
	digest := event.Packs(sha256.Sum256(m.Body))
	if v.Office().Packs == digest {
		return Outcome{}
	}
	if len(m.Body) > maxPacksBytes {
		return Outcome{Err: refusal(CodeInvalid, "", "the rule packs are longer than 512 KiB")}
	}
	set, err := pack.Read(m.Body)
	if err != nil {
		return Outcome{Err: refusal(CodeInvalid, "", err.Error())}
	}
	if !set.Bounded() {
		return Outcome{Err: refusal(CodeInvalid, "", "no window of the rule packs holds for every call; write one without applies, waived_by, effective dates and zone, as house.hours is")}
	}
	c.laws.take(set)
	f := &event.PacksSet{Digest: digest, At: now}
	if v.Packs(digest) == nil {
		f.Body = m.Body
	}
	return c.decreed(v, f)
}

// packs is the set of packs in force, nil when there is none.
func (c *Core) packs(v *state.View) *pack.Set {
	digest := pack.Digest(v.Office().Packs)
	if digest.IsZero() {
		return nil
	}
	if set := c.laws.known(digest); set != nil {
		return set
	}
	set, err := pack.Read(v.Packs(event.Packs(digest)).Body)
	if err != nil {
		panic(&state.Broken{Err: err})
	}
	c.laws.take(set)
	return set
}

// ruling is what one kind of call to one place is judged by.
type ruling struct {
	pack     *permit.Pack // nil when there are no rules
	zones    permit.Zones
	places   []string // countries and states whose rules were asked for
	evidence []string // what the person's records are to the rules
	given    []string // of that, what was given to the seller
	demands  []pacing.Demand
}

// rulingKey is all a ruling depends on besides the set.
type rulingKey struct {
	plan         planKey
	voice        cadence.Voice
	zones        string // of the enrollment
	region, area string // of the number, where it is known
	callee       callee
}

// callee is what is known of the person beyond the place. A stranger's records
// are not at hand, as where a due time is placed: then consent is taken to be
// there, and waives nothing.
type callee struct {
	stranger bool
	held     pack.Held
	given    pack.Held // of held, to the seller of the call
}

var stranger = callee{stranger: true}

// maxRulings bounds the cache: beyond it it is emptied. Rulings are as many as
// versions times places with other clocks or laws.
const maxRulings = 4096

// lawbook remembers rulings under one set of packs. It is not for several
// goroutines.
type lawbook struct {
	sets    [2]*pack.Set // the last ones read
	under   pack.Digest
	rulings map[rulingKey]*ruling
}

func (b *lawbook) known(digest pack.Digest) *pack.Set {
	for _, s := range b.sets {
		if s != nil && s.Digest() == digest {
			return s
		}
	}
	return nil
}

func (b *lawbook) take(set *pack.Set) { b.sets[0], b.sets[1] = set, b.sets[0] }

// ruling compiles, the first time, what calls of a step are judged by. Number
// and region are empty where they are not known: then the place text alone
// tells.
func (b *lawbook) ruling(set *pack.Set, p *Plan, step int, z *zoneSet, text, number, region string, who callee) *ruling {
	digest := pack.Digest{}
	if set != nil {
		digest = set.Digest()
	}
	if b.under != digest || len(b.rulings) >= maxRulings || b.rulings == nil {
		b.under, b.rulings = digest, map[rulingKey]*ruling{}
	}
	k := rulingKey{planKey{p.ID, p.Number}, p.Steps[step].voice, text, region, areaCode(number), who}
	if r, ok := b.rulings[k]; ok {
		return r
	}
	r := &ruling{zones: z.zones, places: withPlaces(z.places, numberPlaces(number, region)...)}
	if set != nil {
		r.zones = withZones(r.zones, set.AreaZones(number))
		q := p.query(step, r.places)
		q.Evidence, q.Given, q.Hopeful = who.held.Names(), who.given.Names(), who.stranger
		r.evidence, r.given = q.Evidence, q.Given
		r.pack = p.joined(set.Law(q))
		r.demands = standing(r.pack.Law.Callers)
	}
	b.rulings[k] = r
	return r
}

// areaCode tells numbers of the North American plan apart by where they are.
func areaCode(number string) string {
	if len(number) == len("+12025550100") && strings.HasPrefix(number, "+1") {
		return number[2:5]
	}
	return ""
}

// withZones adds zones that are not there yet. Without any zone it adds none:
// then nothing is known of the place, and the permit says so.
func withZones(zones permit.Zones, more permit.Zones) permit.Zones {
	if len(zones) == 0 {
		return zones
	}
	out := slices.Clone(zones)
	for _, z := range more {
		if !slices.Contains(out, z) {
			out = append(out, z)
		}
	}
	return out
}

func withPlaces(places []string, more ...string) []string {
	out := slices.Clone(places)
	for _, p := range more {
		if p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// numberPlaces are the country of a number and the states of its area code.
func numberPlaces(number, region string) []string {
	places := []string{region}
	for _, state := range window.AreaStates(number) {
		places = append(places, region+"-"+state)
	}
	return places
}
