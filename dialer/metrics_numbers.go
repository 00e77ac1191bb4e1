package dialer

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// numberMetrics are the figures of our numbers and of the day's money. No
// number is ever a label.
type numberMetrics struct {
	e     *Engine
	rests *prometheus.CounterVec
}

// noRule is the rule of a rest that is not for a number's own figures.
const noRule = "none"

func newNumberMetrics(e *Engine) *numberMetrics {
	m := &numberMetrics{e: e, rests: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "carillon_caller_id_rests_total",
		Help: "Rests of caller IDs that began, by who ordered them (carrier, health, operator) and the rule of health.",
	}, []string{"by", "rule"})}
	for _, by := range []string{RestByCarrier, RestByOperator} {
		m.rests.WithLabelValues(by, noRule)
	}
	for _, rule := range pacing.Ills {
		m.rests.WithLabelValues(RestByHealth, string(rule))
	}
	return m
}

// rested counts a rest that begins; one that ends is none.
func (m *numberMetrics) rested(f *event.CallerIDRested) {
	if f.Until <= f.At {
		return
	}
	rule := f.Rule
	if rule == "" {
		rule = noRule
	}
	m.rests.WithLabelValues(f.By, rule).Inc()
}

var (
	descCallerIDs = prometheus.NewDesc("carillon_caller_ids", "Numbers that calls are placed from, by state: ready, full for today, resting.", []string{"state"}, nil)
	descIll       = prometheus.NewDesc("carillon_caller_ids_ill", "Numbers whose figures are bad now, by the rule of health, whether or not they rest.", []string{"rule"}, nil)
	descRoom      = prometheus.NewDesc("carillon_caller_id_room", "Calls that the daily caps still allow today from numbers that do not rest.", nil, nil)
	descSpend     = prometheus.NewDesc("carillon_spend_today", "What the day's calls cost, in the account's currency: spent by calls that are over, held for open ones.", []string{"kind"}, nil)
	descSpendCap  = prometheus.NewDesc("carillon_spend_cap", "What the calls of a day may cost, in the account's currency; 0 is no limit.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m *numberMetrics) Describe(ch chan<- *prometheus.Desc) {
	m.rests.Describe(ch)
	for _, d := range []*prometheus.Desc{descCallerIDs, descIll, descRoom, descSpend, descSpendCap} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m *numberMetrics) Collect(ch chan<- prometheus.Metric) {
	m.rests.Collect(ch)
	m.callerIDs(ch)
	put := func(d *prometheus.Desc, micros int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(micros)/Micros, labels...)
	}
	r := &m.e.o.Rules
	put(descSpendCap, r.SpendCap)
	day, _ := dayOf(r.DayZone, m.e.Now().UnixMilli())
	spend, err := m.e.Rows().Spend(day)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descSpend, err)
		return
	}
	put(descSpend, spend.Spent, "spent")
	put(descSpend, spend.Held, "held")
}

func (m *numberMetrics) callerIDs(ch chan<- prometheus.Metric) {
	all, err := m.e.CallerIDs()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descCallerIDs, err)
		return
	}
	states, ill, room, capped := map[string]int{CallerIDReady: 0, CallerIDFull: 0, CallerIDResting: 0}, map[pacing.Ill]int{}, int64(0), true
	for i := range all {
		c := &all[i]
		capped = capped && c.DailyCap > 0
		states[c.State()]++
		if c.Rest == nil {
			room += max(0, int64(c.DailyCap)-c.Today)
		}
		ill[c.Ill()]++
	}
	put := func(d *prometheus.Desc, n float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, n, labels...)
	}
	for state, n := range states {
		put(descCallerIDs, float64(n), state)
	}
	for _, rule := range pacing.Ills {
		put(descIll, float64(ill[rule]), string(rule))
	}
	if capped {
		put(descRoom, float64(room))
	}
}
