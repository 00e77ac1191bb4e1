package projection

import "github.com/carillon-dialer/carillon/dialer/state"

// Figures are counts of calls with the rates made of them. A rate is nil when
// its denominator is 0.
//
//	completion rate  completed ÷ attempts
//	contact rate     contacts ÷ attempts
//	conversion rate  conversions ÷ contacts
//
// An attempt is a call the carrier accepted; completed, one that ran to an
// outcome; a contact, one in which a live person was connected or heard the
// message; a conversion, one whose standing disposition has that flag.
type Figures struct {
	Attempts       int64    `json:"attempts"`
	Completed      int64    `json:"completed"`
	Contacts       int64    `json:"contacts"`
	Conversions    int64    `json:"conversions"`
	CompletionRate *float64 `json:"completion_rate"`
	ContactRate    *float64 `json:"contact_rate"`
	ConversionRate *float64 `json:"conversion_rate"`
}

// FiguresOf derives the figures of some counters.
func FiguresOf(c state.Counts) Figures {
	return Figures{
		Attempts: c.Attempts, Completed: c.Completed, Contacts: c.Contacts, Conversions: c.Conversions,
		CompletionRate: rate(c.Completed, c.Attempts),
		ContactRate:    rate(c.Contacts, c.Attempts),
		ConversionRate: rate(c.Conversions, c.Contacts),
	}
}

// MoreFigures are Figures with the counts that only reports show.
//
//	abandon rate  abandoned ÷ answered by a person
type MoreFigures struct {
	Figures
	Answered    int64    `json:"answered"`
	Abandoned   int64    `json:"abandoned"`
	Voicemails  int64    `json:"voicemails"`
	Unconfirmed int64    `json:"unconfirmed"`
	AbandonRate *float64 `json:"abandon_rate"`
}

// MoreFiguresOf derives them from some counters.
func MoreFiguresOf(c state.Counts) MoreFigures {
	return MoreFigures{
		Figures: FiguresOf(c), Answered: c.Answered, Abandoned: c.Abandoned, Voicemails: c.Voicemails, Unconfirmed: c.Unconfirmed,
		AbandonRate: rate(c.Abandoned, c.Answered),
	}
}

// rate is n ÷ d. It is cut to 1: a conversion may be posted for an answered
// call that was given up before it was connected, which is no contact.
func rate(n, d int64) *float64 {
	if d <= 0 {
		return nil
	}
	r := min(1, float64(max(n, 0))/float64(d))
	return &r
}

// mean is n ÷ d, nil when d is 0.
func mean(n, d int64) *float64 {
	if d <= 0 {
		return nil
	}
	m := float64(n) / float64(d)
	return &m
}
