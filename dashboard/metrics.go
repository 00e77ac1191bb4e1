package dashboard

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-dialer/carillon/dashboard/live"
)

// metrics are the server's own figures. Labels are closed sets.
type metrics struct {
	webhooks *prometheus.CounterVec
	taken    prometheus.Counter // of webhooks, the one with result "ok"
	audits   prometheus.Counter
	all      []prometheus.Collector
}

func newMetrics(reg prometheus.Registerer, hub *live.Hub) (*metrics, error) {
	m := &metrics{
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carillon_webhooks_total",
			Help: "Webhooks that arrived, by what became of them.",
		}, []string{"result"}),
		audits: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carillon_webhook_audits_suppressed_total",
			Help: "Refused webhooks that were counted but not audited, because too many came.",
		}),
	}
	m.taken = m.webhooks.WithLabelValues("ok")
	clients := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "carillon_live_clients", Help: "Open live streams."},
		func() float64 { return float64(hub.Clients()) })
	m.all = []prometheus.Collector{m.webhooks, m.audits, clients}
	for i, c := range m.all {
		if err := reg.Register(c); err != nil {
			for _, done := range m.all[:i] {
				reg.Unregister(done)
			}
			return nil, fmt.Errorf("register the dashboard's metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) unregister(reg prometheus.Registerer) {
	for _, c := range m.all {
		reg.Unregister(c)
	}
}
