package bench

import (
	"math"
	"testing"
)

func TestTrend(t *testing.T) {
	for name, c := range map[string]struct {
		y    []float64
		want Trend
	}{
		"flat":          {[]float64{5, 5, 5, 5}, Trend{Mean: 5}},
		"rising":        {[]float64{1, 3, 5, 7}, Trend{Mean: 4, PerHour: 2}},
		"falling, late": {[]float64{2, 2, 2, 1}, Trend{Mean: 1.75, PerHour: -0.3, Error: math.Sqrt(0.3 / 2 / 5)}},
		"too few":       {[]float64{1, 2}, Trend{}},
	} {
		x := []float64{0, 1, 2, 3}[:len(c.y)]
		got := trend(x, c.y)
		for _, d := range []float64{got.Mean - c.want.Mean, got.PerHour - c.want.PerHour, got.Error - c.want.Error} {
			if math.Abs(d) > 1e-9 {
				t.Errorf("%s: %+v, want %+v", name, got, c.want)
			}
		}
	}
}
