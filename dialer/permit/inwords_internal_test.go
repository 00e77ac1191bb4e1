package permit

import (
	"testing"
	"time"
)

func TestInWords(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"},
		{time.Second, "1 second"},
		{15 * time.Second, "15 seconds"},
		{90 * time.Second, "90 seconds"},
		{time.Hour, "1 hour"},
		{24 * time.Hour, "24 hours"},
		{7 * 24 * time.Hour, "7 days"},
		{36 * time.Hour, "36 hours"},
		{1500 * time.Millisecond, "1.5s"},
	} {
		if got := inWords(c.d); got != c.want {
			t.Errorf("%v: %q, not %q", c.d, got, c.want)
		}
	}
}
