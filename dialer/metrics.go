package dialer

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// metrics are the engine's figures for Prometheus. Every label is from a
// closed set; no number, lead or call is ever one.
type metrics struct {
	reg      prometheus.Registerer
	all      []prometheus.Collector
	lateness prometheus.Histogram
	attempts *prometheus.CounterVec
	permits  *prometheus.CounterVec
	requests *prometheus.CounterVec
	webhook  prometheus.Histogram
	quarant  prometheus.Counter
	imported prometheus.Counter
	editions prometheus.Counter
	numbers  *numberMetrics
}

var seconds = []float64{0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800}

func newMetrics(reg prometheus.Registerer, e *Engine) *metrics {
	m := &metrics{
		reg: reg,
		lateness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "carillon_due_lateness_seconds",
			Help: "From a touch's due time to the first byte of its request.", Buckets: seconds,
		}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carillon_attempts_total",
			Help: "Attempts that ended, by outcome.",
		}, []string{"outcome"}),
		permits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carillon_permits_total",
			Help: "Permits asked for, by verdict and deciding rule.",
		}, []string{"verdict", "rule"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carillon_carrier_requests_total",
			Help: "Requests to place a call, by result: ok or the carrier's reason.",
		}, []string{"code"}),
		webhook: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "carillon_webhook_delay_seconds",
			Help: "From when the carrier says it happened to its webhook's arrival.", Buckets: seconds,
		}),
		quarant: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carillon_quarantined_total",
			Help: "Messages that could not be handled and were set aside.",
		}),
		imported: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carillon_import_rows_total",
			Help: "Rows of lead files that were read.",
		}),
		editions: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carillon_scrub_editions_failed_total",
			Help: "Editions of do-not-call lists that were not taken; the ones before stayed in force.",
		}),
	}
	m.numbers = newNumberMetrics(e)
	m.all = []prometheus.Collector{m.lateness, m.attempts, m.permits, m.requests, m.webhook, m.quarant, m.imported, m.editions, &gauges{e}, m.numbers}
	reg.MustRegister(m.all...)
	return m
}

func (m *metrics) unregister() {
	for _, c := range m.all {
		m.reg.Unregister(c)
	}
}

func (m *metrics) sent(s *Sent) {
	switch {
	case s.Late:
		m.requests.WithLabelValues("late").Inc()
	case s.Err != nil:
		m.requests.WithLabelValues(s.Err.Reason).Inc()
	default:
		m.requests.WithLabelValues("ok").Inc()
	}
}

// released counts what a durable turn holds.
func (m *metrics) released(rel *Released, e *Engine) {
	for i := range rel.Verdicts {
		v := &rel.Verdicts[i]
		m.permits.WithLabelValues(string(v.Result), v.Rule).Inc()
	}
	for _, f := range rel.Facts {
		switch f := f.(type) {
		case *event.AttemptEnded:
			if !f.Rehearsal {
				m.attempts.WithLabelValues(m.outcome(e, f)).Inc()
			}
			e.health.ended(f)
			e.judgeSoon(f.Abandoned || f.Late)
		case *event.AttemptRevised:
			e.judgeSoon(true) // it may be one more, or one less
		case *event.PacksSet:
			e.judgeSoon(true)
		case *event.AttemptReturned:
			if f.Rehearsal {
				continue
			}
			m.attempts.WithLabelValues("returned").Inc()
		case *event.CallerIDRested:
			m.numbers.rested(f)
		case *event.ScrubEnded:
			if f.Failed != "" {
				m.editions.Inc()
				e.log.Error("an edition of a do-not-call list was not taken; the one before stays in force", zap.String("why", f.Failed))
			}
		case *event.ImportAdvanced:
			m.imported.Add(float64(f.Rows))
		case *event.ReportKept:
			m.quarant.Inc()
			e.log.Error("message quarantined: report this", logReport(f)...)
		}
	}
}

func (m *metrics) outcome(e *Engine, f *event.AttemptEnded) string {
	if d, ok := e.o.Rules.Dispositions.Resolve(f.Code); ok {
		return string(d.Code)
	}
	return string(cadence.DispositionCode("other"))
}

// gauges are read when they are scraped.
type gauges struct{ e *Engine }

var (
	descPending = prometheus.NewDesc("carillon_pending", "Enrollments with a due touch.", nil, nil)
	descReady   = prometheus.NewDesc("carillon_ready", "Due touches that wait for a grant.", nil, nil)
	descOpen    = prometheus.NewDesc("carillon_open_attempts", "Attempts that are not over, by state.", []string{"state"}, nil)
	descStuck   = prometheus.NewDesc("carillon_stuck", "Open attempts nobody looked at in time. Must be 0.", nil, nil)
	descBusy    = prometheus.NewDesc("carillon_pool_busy", "Goroutines that are placing a call.", nil, nil)
	descDialing = prometheus.NewDesc("carillon_dialing", "1 while calls may be placed; otherwise 0, with the reason.", []string{"reason"}, nil)
	descAmiss   = prometheus.NewDesc("carillon_rule_packs_bad", "1 while the newest rule packs are refused and older ones stay in force. Must be 0.", nil, nil)
	descOverdue = prometheus.NewDesc("carillon_rule_packs_overdue", "Rule packs, calendars and rules in force whose review is overdue.", nil, nil)
	descOver    = prometheus.NewDesc("carillon_campaigns_over_abandon", "Campaigns over a share of abandoned calls that a rule pack allows, as last judged: within seconds of an abandoned call, else hourly.", nil, nil)
	descStale   = prometheus.NewDesc("carillon_scrub_lists_stale", "Imported lists that a rule pack in force wants and that are older than it allows; with compliance.scrub enforce also those never imported.", nil, nil)
	descRate    = prometheus.NewDesc("carillon_calls_per_second", "Accepted calls per second over the last 9 s.", nil, nil)
)

func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descPending, descReady, descOpen, descStuck, descBusy, descDialing, descAmiss, descOverdue, descOver, descStale, descRate} {
		ch <- d
	}
}

func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	s := g.e.Status()
	put := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	pending, err := g.e.Pending()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descPending, err)
	} else {
		put(descPending, float64(pending))
	}
	put(descReady, float64(s.Ready))
	for state, n := range map[string]int{
		"intent": s.Calls.Intent, "unknown": s.Calls.Unknown, "placed": s.Calls.Placed,
		"ringing": s.Calls.Ringing, "live": s.Calls.Live, "closing": s.Calls.Closing,
	} {
		put(descOpen, float64(n), state)
	}
	put(descStuck, float64(s.Stuck))
	put(descBusy, float64(g.e.exec.placing.Load()))
	put(descRate, s.PerSecond)
	amiss := 0.0
	if s.PacksAmiss != "" {
		amiss = 1
	}
	put(descAmiss, amiss)
	if overdue, err := g.e.PacksOverdue(); err != nil {
		ch <- prometheus.NewInvalidMetric(descOverdue, err)
	} else {
		put(descOverdue, float64(overdue))
	}
	put(descOver, float64(g.e.over.Load()))
	if stale, err := g.e.StaleLists(); err != nil {
		ch <- prometheus.NewInvalidMetric(descStale, err)
	} else {
		put(descStale, float64(len(stale)))
	}
	if s.Doubt.Reason == "" {
		put(descDialing, 1, "on")
	} else {
		put(descDialing, 0, s.Doubt.Reason)
	}
}

func logReport(f *event.ReportKept) []zap.Field {
	return []zap.Field{zap.String("what", f.What), zap.String("reason", f.Reason)}
}
