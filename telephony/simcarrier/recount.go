package simcarrier

import "iter"

// Figures is what the log says happened, counted without any help from the
// dialer. A leg that a call's script dialed is not a call here.
type Figures struct {
	Calls    int // accepted: what the dialer calls attempts
	Rejected int
	Answered int
	Human    int // answered by a person
	Messages int // messages that a machine kept, that is: voicemails left
	Contacts int // see Contact
	Forged   int // forged callbacks sent
	Open     int // accepted and not ended
	ByStatus map[string]int
}

// CallFacts is one call as the log tells it.
type CallFacts struct {
	Call, Token, To, From string
	N                     int
	Status                string // empty while the call is not over
	AnsweredBy            string // the truth; empty when nobody picked up
	Told                  string // what detection told the client, empty without detection
	Dialed                bool   // the script dialed a leg
	LegAnswered           bool
	Said                  bool // something was said to whoever picked up
	Recorded              bool // a machine kept the message
	Accepted              Entry
}

// Contact reports whether a person was reached: somebody answered, and was
// connected to a leg that answered, or heard a message. Whom detection called
// a machine or a fax is none; a call without a verdict counts as the client
// has to count it, as a person.
func (f CallFacts) Contact() bool {
	switch f.Told {
	case VerdictMachine, VerdictBeep, VerdictSilence, VerdictOther, VerdictFax:
		return false
	}
	if f.AnsweredBy == "" {
		return false
	}
	return f.LegAnswered || f.Said
}

// Calls folds a log into one record per call, in the order of acceptance.
// Legs are folded into the call that dialed them.
func Calls(log iter.Seq2[Entry, error]) ([]CallFacts, error) {
	var order []*CallFacts
	byID := map[string]*CallFacts{}
	for e, err := range log {
		if err != nil {
			return nil, err
		}
		if e.Parent != "" {
			if parent := byID[e.Parent]; parent != nil {
				parent.leg(e)
			}
			continue
		}
		if e.Ev == Accepted {
			f := &CallFacts{Call: e.Call, Token: e.Token, To: e.To, From: e.From, N: e.N, Accepted: e}
			byID[e.Call] = f
			order = append(order, f)
			continue
		}
		if f := byID[e.Call]; f != nil {
			f.fold(e)
		}
	}
	all := make([]CallFacts, len(order))
	for i, f := range order {
		all[i] = *f
	}
	return all, nil
}

func (f *CallFacts) leg(e Entry) {
	switch e.Ev {
	case Accepted:
		f.Dialed = true
	case Answered:
		f.LegAnswered = true
	default: // the rest of a leg's life is not the call's
	}
}

func (f *CallFacts) fold(e Entry) {
	switch e.Ev {
	case Answered:
		f.AnsweredBy = e.By
	case TwiML, Detected:
		if e.By != "" {
			f.Told = e.By
		}
	case Said:
		f.Said = true
	case Recorded:
		f.Recorded = true
	case Ended:
		f.Status = e.Status
	default: // says nothing the facts hold
	}
}

// Recount counts a log.
func Recount(log iter.Seq2[Entry, error]) (Figures, error) {
	n := Figures{ByStatus: map[string]int{}}
	calls, err := Calls(func(yield func(Entry, error) bool) {
		for e, err := range log {
			switch {
			case e.Ev == Rejected:
				n.Rejected++
			case e.Ev == Webhook && e.Fault == FaultForged && e.HTTP == 0:
				n.Forged++
			}
			if !yield(e, err) {
				return
			}
		}
	})
	if err != nil {
		return Figures{}, err
	}
	for _, f := range calls {
		n.add(f)
	}
	return n, nil
}

func (n *Figures) add(f CallFacts) {
	n.Calls++
	if f.Status == "" {
		n.Open++
	} else {
		n.ByStatus[f.Status]++
	}
	if f.AnsweredBy != "" {
		n.Answered++
	}
	if f.AnsweredBy == ByHuman {
		n.Human++
	}
	if f.Recorded {
		n.Messages++
	}
	if f.Contact() {
		n.Contacts++
	}
}
