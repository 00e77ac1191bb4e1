package simcarrier_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// disk is a log that tells written from durable.
type disk struct {
	mu      sync.Mutex
	written bytes.Buffer
	synced  int
	fail    error
	hold    chan struct{} // Sync waits for it, when set
}

func (d *disk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.written.Write(p)
}

func (d *disk) Sync() error {
	d.mu.Lock()
	hold := d.hold
	d.mu.Unlock()
	if hold != nil {
		<-hold
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail == nil {
		d.synced = d.written.Len()
	}
	return d.fail
}

func (d *disk) durable() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return string(d.written.Bytes()[:d.synced])
}

func (d *disk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func TestNothingIsSeenBeforeItIsDurable(t *testing.T) {
	d := &disk{}
	r := newRig(t, func(o *simcarrier.Options) { o.Log = d })
	r.setModel(`{"default":"human","patience_ms":0}`)
	var mu sync.Mutex
	var early []string
	r.answers(func(h hook) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		log := d.durable()
		if !strings.Contains(log, `"ev":"webhook","call":"`+h.Form.Get("CallSid")) {
			early = append(early, h.Path)
		}
		if h.Form.Get("CallStatus") == "ringing" && !strings.Contains(log, `"ev":"ringing"`) {
			early = append(early, "ringing")
		}
		return 200, "<Response><Say>Hello</Say></Response>"
	})
	call := r.place(r.params(to))
	if !strings.Contains(d.durable(), *call.Sid) {
		t.Error("the call was answered for before it was durable")
	}
	r.run(time.Minute)
	mu.Lock()
	defer mu.Unlock()
	if len(early) > 0 {
		t.Errorf("seen before durable: %v", early)
	}
}

func TestReadsWaitForTheLog(t *testing.T) {
	d := &disk{}
	r := newRig(t, func(o *simcarrier.Options) { o.Log = d })
	r.setModel(`{"default":"no_answer","setup_ms":1000}`)
	call := r.place(r.params(to))
	r.run(time.Millisecond)
	hold := make(chan struct{})
	d.set(func() { d.hold = hold })
	r.clock.Advance(5 * time.Second)
	answered := make(chan string)
	go func() {
		for {
			if s := *r.fetch(*call.Sid).Status; s != "queued" {
				answered <- s
				return
			}
		}
	}()
	select {
	case s := <-answered:
		t.Errorf("status %s was shown while the log was not durable", s)
	case <-time.After(50 * time.Millisecond):
		d.set(func() { d.hold = nil })
		close(hold)
		<-answered
		return
	}
	d.set(func() { d.hold = nil })
	close(hold)
}

func TestFailedLogStopsTheCarrier(t *testing.T) {
	d := &disk{}
	r := newRig(t, func(o *simcarrier.Options) { o.Log = d })
	r.setModel(`{"default":"human"}`)
	r.place(r.params(to))
	r.settle()
	d.set(func() { d.fail = errors.New("the disk is gone") })
	if _, err := r.api.CreateCall(r.params("+12125550102")); err == nil {
		t.Error("a call was accepted without a log")
	}
	before := len(r.hooksTo("status"))
	r.clock.Advance(time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := r.carrier.Settle(ctx); err == nil {
		t.Error("Settle hides the failure")
	}
	if after := len(r.hooksTo("status")); after != before {
		t.Errorf("%d callbacks were sent without a log", after-before)
	}
	if !strings.Contains(r.carrier.Stats().LogError, "the disk is gone") {
		t.Error("the stats do not say why")
	}
	if err := r.carrier.Carrier.Close(ctx); err == nil {
		t.Error("Close hides the failure")
	}
}

func TestTornLogIsReadAndContinued(t *testing.T) {
	path := filepath.Join(t.TempDir(), "carrier.log")
	var first string
	t.Run("first", func(t *testing.T) {
		r := newRig(t, func(o *simcarrier.Options) { o.LogPath = path })
		r.setModel(`{"default":"busy"}`)
		first = *r.place(r.params(to)).Sid
		r.run(time.Minute)
		r.setModel(`{"default":"human"}`)
		r.place(r.params("+12125550102"))
	})
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"seq":99,"ev":"acc`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := simcarrier.ReadLog(path)
	if err != nil || len(before) == 0 || before[len(before)-1].Seq == 99 {
		t.Fatalf("torn log: %d entries, %v", len(before), err)
	}
	r := newRig(t, func(o *simcarrier.Options) { o.LogPath = path })
	r.want("call of the first run", *r.fetch(first).Status, "busy")
	open, err := r.api.ListCall((&api.ListCallParams{}).SetTo("+12125550102"))
	if err != nil || len(open) != 1 || *open[0].Status != "failed" {
		t.Errorf("the call that was open: %v %v", open, err)
	}
	again := r.place(r.params(to))
	if *again.Sid == first {
		t.Error("a SID was given twice")
	}
	all, err := simcarrier.ReadLog(path)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for i, e := range all {
		last = max(last, e.N)
		if e.Seq != uint64(i+1) {
			t.Fatalf("line %d has seq %d", i+1, e.Seq)
		}
	}
	if last != 2 {
		t.Errorf("the second call to %s is number %d", to, last)
	}
}

func TestDamagedLogIsAnError(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		ok   bool
	}{
		{"", 0, true},
		{`{"seq":1,"ev":"accepted"}` + "\n", 1, true},
		{`{"seq":1,"ev":"accepted"}` + "\n{", 1, true},
		{`{"seq":1,"ev":"accepted"}` + "\nnoise\n", 1, true},
		{"noise\n" + `{"seq":1,"ev":"accepted"}` + "\n", 0, false},
	} {
		n, failed := 0, false
		for _, err := range simcarrier.Entries(strings.NewReader(c.text)) {
			if err != nil {
				failed = true
				break
			}
			n++
		}
		if n != c.n || failed == c.ok {
			t.Errorf("%q: %d entries, failed %v", c.text, n, failed)
		}
	}
}
