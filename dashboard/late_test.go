package dashboard_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dialer"
)

// late is an engine whose stop is done after its caller has given up waiting.
type late struct{ dashboard.Operator }

func (l late) Do(ctx context.Context, m dialer.Message) (any, error) {
	if s, ok := m.(*dialer.SetDialing); ok && s.Stop {
		_, _ = l.Operator.Do(ctx, m)
		return nil, context.DeadlineExceeded
	}
	return l.Operator.Do(ctx, m)
}

// What was answered before it was known whether it is done may be done: the
// audit log says who wanted it.
func TestADeedWhoseEndNobodySawIsAudited(t *testing.T) {
	h := newHouse(t, func(r *rig) {
		r.interposed = func(op dashboard.Operator) dashboard.Operator { return late{op} }
	})
	h.want(503, h.owner, "POST", "/v1/stop", `{"reason":"smoke"}`)
	h.want(200, h.owner, "POST", "/v1/resume", "") // behind the entry
	p := h.want(200, h.owner, "GET", "/v1/audit?what=dialing.stopped", "")
	if p.text(t, "items", 0, "name") != "Owner" || p.text(t, "items", 0, "detail") != "answered before it was known whether it was done: stopped by Owner: smoke" {
		t.Errorf("the audit log: %s", p.body)
	}
}

// held is an engine at which the first dry run takes as long as it is held.
type held struct {
	dashboard.Operator
	begun, over chan struct{}
}

func (h *held) DryRun(ctx context.Context, req dialer.ImportRequest, body io.Reader) (*dialer.DryRun, error) {
	if req.Name == "slow" {
		close(h.begun)
		<-h.over
	}
	return h.Operator.DryRun(ctx, req, body)
}

// One long file keeps nobody else's waiting.
func TestDryRunsGoBesideEachOther(t *testing.T) {
	slow := &held{begun: make(chan struct{}), over: make(chan struct{})}
	r := newRig(t, func(r *rig) {
		r.interposed = func(op dashboard.Operator) dashboard.Operator { slow.Operator = op; return slow }
	})
	try := func(ctx context.Context, name string) {
		req, err := http.NewRequestWithContext(ctx, "POST", "http://"+r.main+"/v1/leads/import/preview?name="+name, strings.NewReader("phone\n+13035550142\n"))
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Content-Type", "text/csv")
		res, err := r.client.Do(req)
		if err != nil {
			t.Errorf("the %s file: %v", name, err)
			return
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("the %s file: %s", name, res.Status)
		}
	}
	var trying sync.WaitGroup
	trying.Go(func() { try(t.Context(), "slow") })
	<-slow.begun
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	try(ctx, "quick")
	close(slow.over)
	trying.Wait()
}
