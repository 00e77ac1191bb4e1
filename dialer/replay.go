package dialer

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Replayed is a stored permit judged again, on the facts and by the rules it
// was given on.
type Replayed struct {
	Facts permit.Facts
	Then  permit.Verdict
	Again permit.Verdict
	Same  bool // byte for byte
	Trace []permit.Check
	Rules *pack.Set // the packs of then; nil of a release that had its rules built in
}

// ErrNoVerdict says that an attempt holds no permit: it was found at the
// carrier after a restore.
var ErrNoVerdict = errors.New("the attempt holds no verdict")

// Replay judges an attempt's permit again. The rule packs are those that were
// in force then, from the ledger; the version's own hours are part of it.
func (e *Engine) Replay(a *state.Attempt) (Replayed, error) {
	if len(a.Verdict) == 0 {
		return Replayed{}, ErrNoVerdict
	}
	var j Judged
	if err := state.Decode(a.Verdict, &j); err != nil {
		return Replayed{}, err
	}
	k := playedIn(a)
	p, err := e.plans.get(e.Rows(), k.id, k.version)
	if err != nil {
		return Replayed{}, err
	}
	law, set, err := e.lawOf(&j)
	if err != nil {
		return Replayed{}, err
	}
	j.Facts.Pack = p.joined(law)
	at := atMs(j.Verdict.At)
	r := Replayed{Facts: j.Facts, Then: j.Verdict, Again: permit.Decide(&j.Facts, at), Trace: permit.Trace(&j.Facts, at), Rules: set}
	again := state.Encode(&Judged{r.Again, j.Facts})
	r.Same = r.Again == r.Then && bytes.Equal(again, a.Verdict)
	return r, nil
}

// lawOf is the law that a verdict was given by, and the packs it is of.
func (e *Engine) lawOf(j *Judged) (*pack.Law, *pack.Set, error) {
	if j.Verdict.Rules.IsZero() {
		return formerLaw, nil, nil
	}
	set, err := e.plans.packs(e.Rows(), j.Verdict.Rules)
	if err != nil {
		return nil, nil, err
	}
	return set.Law(j.Facts.Query()), set, nil
}

// PacksOf is a set of rule packs that was ever in force, by its digest in hex.
func (e *Engine) PacksOf(digest string) (*pack.Set, error) {
	var d pack.Digest
	if n, err := hex.Decode(d[:], []byte(digest)); err != nil || n != len(d) {
		return nil, fmt.Errorf("%q is no digest of rule packs", digest)
	}
	return e.plans.packs(e.Rows(), d)
}

// formerLaw is what releases judged by that had their rules built in: the
// hours of 16 CFR 310.4(c), for every call.
var formerLaw = &pack.Law{Known: true, Windows: []*window.Rule{
	{ID: "us.tsr.hours", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 8 * 60, To: 21 * 60})},
}}
