package bench

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Measure is what one workload came to.
type Measure struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Least   float64 `json:"at_least"`
	Aim     float64 `json:"aim"`
	Verdict string  `json:"verdict"` // "aim", "at least" or "missed"
	Units   int     `json:"units"`   // how many dials, webhooks, rows …
	Seconds float64 `json:"seconds"`
	CPU     CPU     `json:"cpu_us_per_unit"`
	Spread  *Spread `json:"latency,omitempty"`
	RSS     int64   `json:"rss_bytes"`
	GC      float64 `json:"gc_share"` // of the product's processor time
	// Extra are figures of this workload alone, by name.
	Extra  map[string]float64 `json:"extra,omitempty"`
	Note   string             `json:"note,omitempty"`
	Shares []Share            `json:"shares,omitempty"` // of the profile, largest first

	below   bool
	profile string
}

// CPU is processor time per unit in microseconds, by process: the product, the
// accepting carrier, the load generator.
type CPU struct {
	Own     float64 `json:"own"`
	Carrier float64 `json:"carrier"`
	Load    float64 `json:"load"`
}

// Spread is a distribution of latencies in milliseconds.
type Spread struct {
	Min float64 `json:"min_ms"`
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

// spread sorts took.
func spread(took []time.Duration) *Spread {
	if len(took) == 0 {
		return nil
	}
	at := func(q float64) float64 { return float64(quantile(took, q)) / float64(time.Millisecond) }
	return &Spread{Min: at(0), P50: at(0.50), P99: at(0.99), Max: at(1)}
}

// quantile sorts took, of which there is some.
func quantile(took []time.Duration, q float64) time.Duration {
	slices.Sort(took)
	return took[min(len(took)-1, int(q*float64(len(took))))]
}

func (m *Measure) extra(name string, value float64) {
	if m.Extra == nil {
		m.Extra = map[string]float64{}
	}
	m.Extra[name] = value
}

// The verdicts.
const (
	reachedAim   = "aim"
	reachedLeast = "at least"
	missed       = "missed"
)

// judge compares the value with what is wanted, unless its workload has.
func (m *Measure) judge() {
	reached := func(want float64) bool { return m.Value >= want != m.below || m.Value == want }
	switch {
	case m.Verdict != "":
	case reached(m.Aim):
		m.Verdict = reachedAim
	case reached(m.Least):
		m.Verdict = reachedLeast
	default:
		m.Verdict = missed
	}
}

// Line is the measure for people.
func (m *Measure) Line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s; CPU µs each: own %.1f, carrier %.1f, load %.1f; GC %.0f %%, RSS %d MiB",
		m.ID, amount(m.Value), m.Unit, m.CPU.Own, m.CPU.Carrier, m.CPU.Load, m.GC*100, m.RSS>>20)
	if m.Spread != nil {
		fmt.Fprintf(&b, "; p50 %.2f ms, p99 %.2f ms", m.Spread.P50, m.Spread.P99)
	}
	for _, name := range sortedNames(m.Extra) {
		fmt.Fprintf(&b, "; %s %s", name, amount(m.Extra[name]))
	}
	return b.String()
}

func sortedNames(m map[string]float64) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// amount writes a figure with as many places as it deserves.
func amount(v float64) string {
	switch {
	case v >= 1000:
		return count(int(v + 0.5))
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// count writes a whole number with commas.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Markdown is the table of the README.
func (r *Result) Markdown() string {
	var b strings.Builder
	b.WriteString("| | workload | at least | aim | measured | p50 / p99 ms | CPU µs each: own + carrier + load | GC | RSS | verdict |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for i := range r.Workloads {
		r.Workloads[i].row(&b)
	}
	if len(r.Scale) > 0 {
		b.WriteString("\n| leads | dials/s | CPU µs each: own + carrier | RSS |\n|---|---|---|---|\n")
		for i := range r.Scale {
			m := &r.Scale[i]
			fmt.Fprintf(&b, "| %s | %s | %.1f + %.1f | %d MiB |\n", amount(m.Extra["leads"]), amount(m.Value), m.CPU.Own, m.CPU.Carrier, m.RSS>>20)
		}
	}
	return b.String()
}

func (m *Measure) row(b *strings.Builder) {
	latency := "–"
	if m.Spread != nil {
		latency = fmt.Sprintf("%.2f / %.2f", m.Spread.P50, m.Spread.P99)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s | **%s %s** | %s | %.1f + %.1f + %.1f | %.0f %% | %d MiB | %s |\n",
		strings.ToUpper(m.ID), m.Title, amount(m.Least), amount(m.Aim), amount(m.Value), m.Unit, latency,
		m.CPU.Own, m.CPU.Carrier, m.CPU.Load, m.GC*100, m.RSS>>20, m.Verdict)
}

// Profiles is which part took how much of each workload that was profiled.
func (r *Result) Profiles() string {
	var b strings.Builder
	for _, m := range slices.Concat(r.Workloads, r.Scale) {
		if len(m.Shares) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s, of %.1f µs each:\n", m.ID, m.CPU.Own)
		for _, s := range m.Shares {
			fmt.Fprintf(&b, "  %5.1f %%  %6.2f µs  %s\n", s.Share*100, s.Share*m.CPU.Own, s.Part)
		}
	}
	return b.String()
}
