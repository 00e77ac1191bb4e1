package bench

import "math"

// trend is the least-squares line through points, and the standard error of its
// slope.
func trend(x, y []float64) (t Trend) {
	n := float64(len(x))
	if n < 3 {
		return t
	}
	var mx, my float64
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	var sxx, sxy float64
	for i := range x {
		sxx += (x[i] - mx) * (x[i] - mx)
		sxy += (x[i] - mx) * (y[i] - my)
	}
	t.Mean, t.PerHour = my, sxy/sxx
	var rest float64
	for i := range x {
		d := y[i] - my - t.PerHour*(x[i]-mx)
		rest += d * d
	}
	t.Error = math.Sqrt(rest / (n - 2) / sxx)
	return t
}
