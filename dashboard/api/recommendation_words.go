package api

import (
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/projection"
)

var weekdays = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// adviceWords says an advice: what to do, what it rests on, and what it may
// bring. healthDays is over how many days numbers are judged.
func adviceWords(x *projection.Advice, cadenceName string, healthDays int) (title, evidence, effect string) {
	switch x.Kind {
	case projection.AdviceCallerID:
		return fmt.Sprintf("Let %s rest", x.Number),
			fmt.Sprintf("%s of its calls were answered by a person in the last %d days, %s of those of the other numbers of pool %q. Chance does not explain that.",
				partWords(x.Own), healthDays, partWords(x.Rest), x.Pool),
			fmt.Sprintf("If its calls were answered like those of the others: about %.0f more answered calls in as many days.", x.Gain)
	case projection.AdviceHours:
		return fmt.Sprintf("Call more on %ss from %d:00 to %d:00 in %q", weekdays[x.Week/24], x.Week%24, x.Week%24+1, cadenceName),
			fmt.Sprintf("In this hour, where the lead is, %s of the calls of the last %d days were contacts, %s in all other hours. Chance does not explain that.",
				partWords(x.Own), adviceDays, partWords(x.Rest)),
			fmt.Sprintf("If a tenth of the other calls were made in this hour and went as well: about %.0f more contacts in %d days.", x.Gain, adviceDays)
	case projection.AdviceStep:
		return fmt.Sprintf("Look at step %q of %q: it reaches fewer people", x.Step, cadenceName),
			fmt.Sprintf("%s of its calls of the last %d days were contacts, %s in the %d days before. Chance does not explain that.",
				partWords(x.Own), recentDays, partWords(x.Rest), adviceDays-recentDays),
			fmt.Sprintf("If it went as before: about %.0f more contacts in %d days.", x.Gain, recentDays)
	default:
		return fmt.Sprintf("Enroll leads in %q", cadenceName),
			fmt.Sprintf("It is active and made calls in the last %d days (%d), and no lead is left in it.", recentDays, x.Own.Of),
			"Without new leads it calls nobody. Enroll leads, or deactivate it."
	}
}

func partWords(p projection.Part) string {
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*p.Rate(), p.Count, p.Of)
}
