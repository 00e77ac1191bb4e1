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
			over = append(over, permit.Over{Rule: o.Rule, Since: o.Since, Until: o.Until, Answered: o.Answered, Abandoned: o.Abandoned, Late: o.Late})
		}
	}
	return over
}

// Share is how many of a campaign's live answers were abandoned in the period
// that a rule counts: of the calls that the rule is about. Calls of earlier
// releases, of which nobody knows that, all count.
type Share struct {
	Rule      string
	Campaign  string  // "" is all campaigns together
	Limit     float64 // percent of the live answers
	Within    time.Duration
	Since     int64 // Unix ms, on a quarter of an hour
	Ends      int64 // of the period; 0 for one that rolls
	Answered  int64
	Abandoned int64 // put through to nobody
	Late      int64 // put through later than Within, or told a message instead
	Told      int64 // of those: told the message
	Today     int64 // abandoned since the house's day began
	TodayLate int64
	Over      bool // with what counts in this house
	OverLate  bool // if the late ones counted
}

// Late says whether calls that are put through too late count as abandoned, as
// the laws have it, or are told beside them.
type Late bool

// abandonMonth is the longest period of abandoned calls that is counted.
const abandonMonth = 31 * 24 * time.Hour

// Shares counts, for each rule of kind abandon in force, the live answers of
// every campaign and those that were abandoned, by the instants of their
// intents. A campaign begins when the first of its cadences was first published,
// and cadences belong to the campaign of their published document.
func (e *Engine) Shares() ([]Share, error) {
	set, err := e.Packs()
	if err != nil || set == nil {
		return nil, err
	}
	return SharesOf(set, []state.Rows{e.Rows()}, e.Now(), e.o.Rules.DayZone, e.o.Rules.Late)
}

// SharesOf is what Shares says of several shards together. The first is the
// office's; zone is the house's, in which its days begin (nil: UTC).
func SharesOf(set *pack.Set, shards []state.Rows, now time.Time, zone *time.Location, late Late) ([]Share, error) {
	campaigns, err := campaignsOf(shards[0])
	if err != nil {
		return nil, err
	}
	_, dayEnds := dayOf(zone, now.UnixMilli())
	day := atMs(dayEnds).Add(-time.Second).In(cmp.Or(zone, time.UTC))
	today := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	shares := sharesToCount(set, campaigns, now, today)
	if len(shares) == 0 {
		return nil, nil
	}
	from := bucketed(now.Add(-abandonMonth - 24*time.Hour))
	for _, rows := range shards {
		err = errors.Join(err, rows.Buckets(from, 0, func(at int64, id cadence.ID, c *state.Counts) bool {
			for i := range shares {
				shares[i].add(at, today.UnixMilli(), campaigns.of[id], c)
			}
			return true
		}), rows.Lives(from, func(at int64, id cadence.ID, l *state.Live) bool {
			for i := range shares {
				shares[i].sort(at, today.UnixMilli(), campaigns.of[id], l)
			}
			return true
		}))
	}
	for i := range shares {
		shares[i].judge(late)
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
	s := Share{Rule: r.ID, Campaign: campaign, Limit: r.Params.MaxPercent, Within: r.ConnectWithin()}
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

// counts reports whether what fell into a quarter of an hour is the share's.
func (s *Share) counts(at int64, campaign string) bool {
	return (s.Campaign == "" || s.Campaign == campaign) && at >= s.Since
}

// add takes all live answers of a quarter of an hour.
func (s *Share) add(at, today int64, campaign string, c *state.Counts) {
	if !s.counts(at, campaign) {
		return
	}
	s.Answered += c.Answered
	s.Abandoned += c.Abandoned
	if at >= today {
		s.Today += c.Abandoned
	}
}

// sort takes those out again of which it is known what rules they are under, but
// for the rule's own.
func (s *Share) sort(at, today int64, campaign string, l *state.Live) {
	if !s.counts(at, campaign) {
		return
	}
	var own state.RuleLive
	if i := slices.IndexFunc(l.Rules, func(r state.RuleLive) bool { return r.Rule == s.Rule }); i >= 0 {
		own = l.Rules[i]
	}
	s.Answered += own.Answered - l.Answered
	s.Abandoned += own.Abandoned - l.Abandoned
	s.Late += own.Late
	s.Told += own.Told
	if at >= today {
		s.Today += own.Abandoned - l.Abandoned
		s.TodayLate += own.Late
	}
}

// judge finds a share over its limit. One abandoned call is over no limit until
// there were as many answers as make it one: what is judged is a share and not
// an accident.
func (s *Share) judge(late Late) {
	over := func(n int64) bool { return float64(n)*100 > s.Limit*max(float64(s.Answered), math.Ceil(100/s.Limit)) }
	s.OverLate = over(s.Abandoned + s.Late)
	if s.Over = over(s.Abandoned); late {
		s.Over = s.OverLate
	}
}

// Overs are the campaigns that have to wait, each until the house's day or the
// period ends: those over a share that have abandoned somebody today. So the
// first call that such a campaign abandons ends its day; days without one bring
// the share down again, which nothing else can.
func Overs(shares []Share, now int64, zone *time.Location, late Late) (over []event.Over) {
	_, dayEnds := dayOf(zone, now)
	for i := range shares {
		s := &shares[i]
		o := event.Over{Rule: s.Rule, Campaign: s.Campaign, Since: s.Since, Until: dayEnds, Answered: s.Answered, Abandoned: s.Abandoned}
		today := s.Today
		if late {
			today += s.TodayLate
			o.Late = s.Late
		}
		if !s.Over || today == 0 {
			continue
		}
		if s.Ends != 0 {
			o.Until = min(o.Until, s.Ends)
		}
		over = append(over, o)
	}
	return over
}

// judgeSoon has campaigns judged again when a call was abandoned.
func (e *Engine) judgeSoon(abandoned bool) {
	if abandoned {
		e.abandoned.Store(true)
	}
}

// judgeAbandon has the calls of campaigns wait that are over a share.
func (e *Engine) judgeAbandon(ctx context.Context) {
	shares, err := e.Shares()
	if err != nil {
		e.log.Error("abandoned calls cannot be counted", zap.Error(err))
		return
	}
	over := int64(0)
	for i := range shares {
		if shares[i].Over {
			over++
		}
	}
	e.over.Store(over)
	m := &NoteAbandon{}
	if !e.o.Rules.OnlyReport {
		m.Over = Overs(shares, e.Now().UnixMilli(), e.o.Rules.DayZone, e.o.Rules.Late)
	}
	office, err := e.Rows().Office()
	if err != nil || sameOver(e.Now().UnixMilli(), office.Overs(), m.Over) {
		return
	}
	for _, o := range m.Over {
		e.log.Warn("too many answered calls are abandoned: the campaign waits", zap.String("rule", o.Rule), zap.String("campaign", o.Campaign),
			zap.Int64("answered", o.Answered), zap.Int64("abandoned", o.Abandoned), zap.Int64("late", o.Late), zap.Time("until", atMs(o.Until)))
	}
	if _, err := e.Do(ctx, m); err != nil {
		e.abandoned.Store(true) // again with the next look
	}
}
