package sim

// RunJudged runs a world that is looked at every virtual minute by a judge of
// the test's own. What it says breaks the invariant X1.
func RunJudged(o Options, judge func(calls, dnc int) string) (Result, error) {
	w, err := newWorld(o)
	if err != nil {
		return Result{}, err
	}
	var look func()
	look = func() {
		marked := 0
		for _, on := range w.witness.dnc {
			if on {
				marked++
			}
		}
		if why := judge(len(w.witness.calls), marked); why != "" {
			w.witness.broken("X1", about{}, "%s", why)
		}
		if w.now < w.faultyUntil {
			w.agenda.plan(w.now+60_000, look)
		}
	}
	w.agenda.plan(0, look)
	return w.play()
}
