package simcarrier_test

import (
	"context"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestCallsRunOnVirtualTime(t *testing.T) {
	v, err := clock.NewVirtual(start, 1200)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(o *simcarrier.Options) { o.Clock = v })
	r.setModel(`{"default":"human","setup_ms":1000,"ring_ms":10000,"patience_ms":0}`)
	r.answers(func(hook) (int, string) { return 200, `<Response><Pause length="60"/></Response>` })
	before := clock.System{}.Mono()
	call := r.place(r.params(to))
	reached, stop := v.At(start.Add(10 * time.Minute))
	defer stop()
	<-reached
	r.settle()
	r.want("status", *r.fetch(*call.Sid).Status, "completed")
	if took := (clock.System{}).Mono() - before; took > 20*time.Second {
		t.Errorf("ten virtual minutes at 1200× took %v", took)
	}
}

func TestCloseBreaksOffWhatHangs(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"busy","setup_ms":0}`)
	came, release := make(chan struct{}, 8), make(chan struct{})
	r.answers(func(hook) (int, string) {
		came <- struct{}{}
		<-release
		return 200, ""
	})
	r.place(r.params(to))
	<-came
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := r.carrier.Carrier.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
	close(release)
	if _, err := r.api.CreateCall(r.params(to)); err == nil {
		t.Error("a closed carrier took a call")
	}
	if n := r.recount(); n.Calls != 1 || n.Open > 1 {
		t.Errorf("the log after Close: %+v", n)
	}
}
