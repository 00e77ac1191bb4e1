package dialer

import (
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// decide calls the core and keeps a panic to the message that caused it: the
// message is reported, its touch is quarantined, and the others go on.
func (s *Shard) decide(now int64, m Message) (o Outcome) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if b, ok := p.(*state.Broken); ok {
			panic(b)
		}
		o = s.quarantine(now, m, fmt.Sprint(p))
	}()
	return s.core.Decide(now, s.view, m)
}

func (s *Shard) quarantine(now int64, m Message, reason string) Outcome {
	report := &event.ReportKept{What: fmt.Sprintf("%T", m), Reason: reason, At: now}
	out := Outcome{Err: &Refusal{Code: CodeInternal, Message: "the request could not be handled; it was reported"}, Unused: true}
	if id, ok := enrollmentOf(m); ok {
		report.Touch = id
		if e := s.view.Enrollment(id); e != nil && e.LeftAt == 0 {
			out.fact(&event.EnrollmentLeft{Enrollment: id, Status: "quarantined", Reason: reason, At: now})
		}
	}
	out.fact(report)
	return out
}

func enrollmentOf(m Message) (cadence.ID, bool) {
	switch m := m.(type) {
	case *Due:
		return m.Enrollment, true
	case *ask:
		return m.Enrollment, true
	case *answer:
		return m.Enrollment, true
	case *over:
		return m.Enrollment, true
	case *late:
		return m.Enrollment, true
	}
	return cadence.ID{}, false
}
