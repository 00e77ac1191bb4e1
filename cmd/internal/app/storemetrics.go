package app

import "github.com/prometheus/client_golang/prometheus"

var (
	descFree  = prometheus.NewDesc("carillon_disk_free_bytes", "Free space where the ledger is.", nil, nil)
	descLeast = prometheus.NewDesc("carillon_disk_min_free_bytes", "Free space below which nothing is dialed.", nil, nil)
	descDoubt = prometheus.NewDesc("carillon_ledger_suspicious", "Findings about the ledger that an operator has to accept. Must be 0.", nil, nil)
)

// newCommits measures what one durable transaction costs.
func newCommits() prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "carillon_commit_seconds", Help: "How long one durable commit of the ledger took.",
		Buckets: []float64{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5},
	})
}

// storeMetrics are the store's figures, read when they are scraped.
type storeMetrics struct{ s *Store }

// Describe implements prometheus.Collector.
func (m storeMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descFree, descLeast, descDoubt} {
		ch <- d
	}
	m.s.commits.Describe(ch)
}

// Collect implements prometheus.Collector.
func (m storeMetrics) Collect(ch chan<- prometheus.Metric) {
	h := m.s.Health()
	put := func(d *prometheus.Desc, v float64) { ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	put(descFree, float64(h.FreeBytes))
	put(descLeast, float64(h.MinFree))
	put(descDoubt, float64(len(h.Suspicious)))
	m.s.commits.Collect(ch)
}
