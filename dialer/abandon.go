package dialer

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// NoteAbandon says which campaigns are over a share of abandoned calls.
type NoteAbandon struct{ Over []event.Over }

func (*NoteAbandon) message() {}

// noteAbandon puts the campaigns in force that are over. What is so already
// changes nothing.
func (c *Core) noteAbandon(now int64, v *state.View, m *NoteAbandon) Outcome {
	if sameOver(now, v.Office().Overs(), m.Over) {
		return Outcome{}
	}
	return Outcome{Facts: []event.Fact{&event.CampaignsOver{Over: m.Over, At: now}}}
}

// sameOver compares who is over, and until when, among what has not ended.
func sameOver(now int64, a, b []event.Over) bool {
	ended := func(o event.Over) bool { return o.Until <= now }
	a, b = slices.DeleteFunc(slices.Clone(a), ended), slices.DeleteFunc(slices.Clone(b), ended)
	return slices.EqualFunc(a, b, func(x, y event.Over) bool {
		return x.Rule == y.Rule && x.Campaign == y.Campaign && x.Until == y.Until
	})
}

// overFacts tells the permit of the shares that a campaign is over.
func overFacts(office *state.Office, campaign string) (over []permit.Over) {
	all := office.Overs()
	for i := range all {
		if o := &all[i]; o.Campaign == "" || o.Campaign == campaign {
			over = append(over, permit.Over{Rule: o.Rule, Since: o.Since, Until: o.Until, Answered: o.Answered, Abandoned: o.Abandoned})
		}
	}
	return over
}

// Share is how many of a campaign's live answers were abandoned in the period
// that a rule counts.
type Share struct {
	Rule      string
	Campaign  string  // "" is all campaigns together
	Limit     float64 // percent of the live answers
	Since     int64   // Unix ms, on a quarter of an hour
	Ends      int64   // of the period; 0 for one that rolls
	Answered  int64
	Abandoned int64
	Today     int64 // abandoned since the house's day began
	Over      bool
}

// abandonMonth is the longest period of abandoned calls that is counted.
const abandonMonth = 31 * 24 * time.Hour

// Shares counts, for each rule of kind abandon in force, the live answers of
// every campaign and those that were abandoned, by the instants of their
// intents. A campaign's calls count wherever they went and whatever they were
// about; it begins when the first of its cadences was first published, and
// cadences belong to the campaign of their published document.
func (e *Engine) Shares() ([]Share, error) {
	set, err := e.Packs()
	if err != nil || set == nil {
		return nil, err
	}
	now := e.Now()
	rows := e.Rows()
	campaigns, err := campaignsOf(rows)
	if err != nil {
		return nil, err
	}
	_, dayEnds := dayOf(e.o.Rules.DayZone, now.UnixMilli())
	day := atMs(dayEnds).Add(-time.Second).In(cmp.Or(e.o.Rules.DayZone, time.UTC))
	today := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	shares := sharesToCount(set, campaigns, now, today)
	if len(shares) == 0 {
		return nil, nil
	}
	err = rows.Buckets(bucketed(now.Add(-abandonMonth-24*time.Hour)), 0, func(at int64, id cadence.ID, c *state.Counts) bool {
		for i := range shares {
			shares[i].add(at, today.UnixMilli(), campaigns.of[id], c)
		}
		return true
	})
	for i := range shares {
		shares[i].judge()
	}
	return shares, err
}

func bucketed(at time.Time) int64 { return at.UnixMilli() / state.BucketMs * state.BucketMs }

// campaigns are the cadences' campaigns, and when each campaign began.
type campaigns struct {
	of    map[cadence.ID]string
	began map[string]int64
}

func campaignsOf(rows state.Rows) (campaigns, error) {
	all := campaigns{map[cadence.ID]string{}, map[string]int64{}}
	var failed error
	err := rows.Cadences(func(c *state.Cadence) bool {
		if c.Version == 0 {
			return true
		}
		first, err := rows.Version(c.ID, 1)
		last, errLast := rows.Version(c.ID, c.Version)
		if failed = errors.Join(err, errLast); failed != nil || first == nil || last == nil {
			return failed == nil
		}
		doc, _ := cadence.Parse(last.Document)
		if doc == nil {
			return true
		}
		name := doc.CampaignName()
		if began, ok := all.began[name]; !ok || first.At < began {
			all.began[name] = first.At
		}
		all.of[c.ID] = name
		return true
	})
	return all, errors.Join(failed, err)
}

// sharesToCount are the shares that the rules in force want to be counted.
func sharesToCount(set *pack.Set, all campaigns, now, today time.Time) (shares []Share) {
	set.Rules(func(r *pack.Rule, _ pack.Applies) {
		if r.Kind != pack.Abandon || !r.InForce(window.DayOf(today)) {
			return
		}
		if slices.Contains(r.Params.Key, "telemarketer") {
			shares = append(shares, share(r, "", now.UnixMilli(), now, today))
			return
		}
		for name, began := range all.began {
			shares = append(shares, share(r, name, began, now, today))
		}
	})
	slices.SortFunc(shares, func(a, b Share) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Campaign, b.Campaign))
	})
	return shares
}

// share begins the count of one campaign under one rule. A period of several
// days follows the one before from the campaign's beginning on (16 CFR
// 310.4(b)(4)(i)); one of a day at most rolls.
func share(r *pack.Rule, campaign string, began int64, now, today time.Time) Share {
	s := Share{Rule: r.ID, Campaign: campaign, Limit: r.Params.MaxPercent}
	span, calendar := r.Period()
	switch {
	case calendar == "month":
		first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, today.Location())
		s.Since, s.Ends = first.UnixMilli(), first.AddDate(0, 1, 0).UnixMilli()
	case calendar != "":
		s.Since, s.Ends = today.UnixMilli(), today.AddDate(0, 0, 1).UnixMilli()
	case span > 24*time.Hour:
		s.Since = began + (now.UnixMilli()-began)/ms(span)*ms(span)
		s.Ends = s.Since + ms(span)
	default:
		s.Since = now.UnixMilli() - ms(span)
	}
	s.Since = bucketed(atMs(s.Since))
	return s
}

func (s *Share) add(at, today int64, campaign string, c *state.Counts) {
	if s.Campaign != "" && s.Campaign != campaign || at < s.Since {
		return
	}
	s.Answered += c.Answered
	s.Abandoned += c.Abandoned
	if at >= today {
		s.Today += c.Abandoned
	}
}

// judge finds a share over its limit. One abandoned call is over no limit until
// there were as many answers as make it one: what is judged is a share and not
// an accident.
func (s *Share) judge() {
	least := math.Ceil(100 / s.Limit)
	s.Over = float64(s.Abandoned)*100 > s.Limit*max(float64(s.Answered), least)
}

// judgeSoon has campaigns judged again when a call was abandoned.
func (e *Engine) judgeSoon(abandoned bool) {
	if abandoned {
		e.abandoned.Store(true)
	}
}

// judgeAbandon has the calls of campaigns wait that are over a share, each
// until the house's day or the period ends. While it is over, the first call
// that a campaign abandons ends its day; days without one bring the share down
// again, which nothing else can.
func (e *Engine) judgeAbandon(ctx context.Context) {
	shares, err := e.Shares()
	if err != nil {
		e.log.Error("abandoned calls cannot be counted", zap.Error(err))
		return
	}
	_, dayEnds := dayOf(e.o.Rules.DayZone, e.Now().UnixMilli())
	m, over := &NoteAbandon{}, int64(0)
	for _, s := range shares {
		if s.Over {
			over++
		}
		if !s.Over || s.Today == 0 || e.o.Rules.OnlyReport {
			continue
		}
		until := dayEnds
		if s.Ends != 0 {
			until = min(until, s.Ends)
		}
		m.Over = append(m.Over, event.Over{Rule: s.Rule, Campaign: s.Campaign, Since: s.Since, Until: until, Answered: s.Answered, Abandoned: s.Abandoned})
	}
	e.over.Store(over)
	office, err := e.Rows().Office()
	if err != nil || sameOver(e.Now().UnixMilli(), office.Overs(), m.Over) {
		return
	}
	for _, o := range m.Over {
		e.log.Warn("too many answered calls are abandoned: the campaign waits", zap.String("rule", o.Rule), zap.String("campaign", o.Campaign),
			zap.Int64("answered", o.Answered), zap.Int64("abandoned", o.Abandoned), zap.Time("until", atMs(o.Until)))
	}
	if _, err := e.Do(ctx, m); err != nil {
		e.abandoned.Store(true) // again with the next look
	}
}
