package statute

import "time"

// share is a law about the live answers that nobody takes.
type share struct {
	name, place, purpose string
	percent              float64
	within               time.Duration
	// since is when the period begins that an instant lies in.
	since func(began, at time.Time) time.Time
	edge  time.Duration // how far off the house may be where the period rolls
}

// shares are the laws about abandoned calls. Sources: 16 CFR 310.4(b)(1)(iv) and
// (b)(4), successive periods of thirty days from the campaign's beginning; the
// house for Great Britain, in any 24 hours; CRTC Decision 2007-48, per calendar
// month.
var shares = []share{
	{"us.abandon", "US", "sales charity", 3, 2 * time.Second, func(began, at time.Time) time.Time {
		return at.Add(-(at.Sub(began) % (30 * day)))
	}, 0},
	{"gb.abandon", "GB", "", 3, 2 * time.Second, func(_, at time.Time) time.Time { return at.Add(-day) }, 75 * time.Minute},
	{"ca.abandon", "CA", "", 5, 2 * time.Second, func(_, at time.Time) time.Time {
		return time.Date(at.UTC().Year(), at.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	}, 0},
}

// quarter is by how much the house's periods begin early: it counts by quarters of
// an hour, and judges every hour.
const quarter = 15 * time.Minute

// abandoned judges whether the campaign was to wait: it is over a share, and
// somebody was abandoned on this day already. So may one call a day be, and those
// that were under way when it was. What the house cannot know yet does not count.
func (j *judge) abandoned(i int, g *ground) {
	if j.house.Began.IsZero() {
		return
	}
	c := j.calls[i]
	for k := range shares {
		law := &shares[k]
		if !j.house.about(g, law.place, law.purpose, "", "") {
			continue
		}
		since := law.since(j.house.Began, c.At)
		answered, missed := j.liveAnswers(i, law, since)
		more, _ := j.liveAnswers(i, law, since.Add(-law.edge-quarter))
		_, fewer := j.liveAnswers(i, law, since.Add(law.edge))
		_, today := j.liveAnswers(i, law, later(since.Add(law.edge), c.At.UTC().Truncate(day)))
		if today > 0 && law.over(fewer, more) {
			j.object(c, law.name, "%d of %d live answers since %s were abandoned, %d of them today", missed, answered, since.UTC().Format(time.RFC3339), today)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// over: a single call is an accident, until there were as many answers as make
// it the share.
func (law *share) over(missed, answered int) bool {
	n := float64(answered)
	for n*law.percent < 100 {
		n++
	}
	return float64(missed)*100 > law.percent*n
}

// liveAnswers counts the calls before call i that a law is about and that
// persons answered, and those of them that are known to have been abandoned.
func (j *judge) liveAnswers(i int, law *share, since time.Time) (answered, missed int) {
	at := j.calls[i].At
	for k := i - 1; k >= 0 && !j.calls[k].At.Before(since); k-- {
		c := &j.calls[k]
		g, known := groundOf(c.To, j.holders[c.To])
		if c.Heard.IsZero() || !known || !j.house.about(&g, law.place, law.purpose, "", "") {
			continue
		}
		answered++
		if known := !c.Over.IsZero() && c.Over.Add(j.house.Hears).Before(at); known && j.house.missed(c, law.within) {
			missed++
		}
	}
	return answered, missed
}

// missed reports whether nobody spoke to a person who had answered, or, in a
// strict house, not in time.
func (h *House) missed(c *Call, within time.Duration) bool {
	if c.PutThrough.IsZero() {
		return c.Told.IsZero()
	}
	return h.Strict && c.PutThrough.Sub(c.Heard) > within
}
