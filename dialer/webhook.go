package dialer

import (
	"context"
	"fmt"
	"sync"

	"github.com/carillon-dialer/carillon/telephony"
)

// report is a webhook on its way to the loop, and where its answer arrives. It
// serves many webhooks one after the other.
type report struct {
	message Reported
	reply   any
	err     error
	answer  chan struct{} // room for one: the loop never waits
	done    func(reply any, err error)
}

var reports = sync.Pool{New: func() any {
	r := &report{answer: make(chan struct{}, 1)}
	r.done = func(reply any, err error) {
		r.reply, r.err = reply, err
		r.answer <- struct{}{}
	}
	return r
}}

// Report hands a verified carrier event in and waits until it is durable.
func (e *Engine) Report(ctx context.Context, ev telephony.Event) (Answered, error) {
	if !ev.At.IsZero() {
		e.delayed(ev.At)
	}
	r := reports.Get().(*report)
	r.message.Event = ev
	if err := e.inbox.put(Urgent, Item{Message: &r.message, Done: r.done}); err != nil {
		return Answered{}, err
	}
	select {
	case <-r.answer:
	case <-ctx.Done():
		return Answered{}, ctx.Err() // the loop still has r
	}
	reply, err := r.reply, r.err
	r.message, r.reply, r.err = Reported{}, nil, nil
	reports.Put(r)
	if err != nil {
		return Answered{}, err
	}
	a, ok := reply.(Answered)
	if !ok {
		return Answered{}, fmt.Errorf("BUG: reply to a carrier event is %T", reply)
	}
	return a, nil
}
