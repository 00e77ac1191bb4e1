package dashboard

import (
	"net"
	"slices"
	"testing"
	"time"
)

// noted is a connection that keeps the deadlines it was given.
type noted struct {
	net.Conn
	deadlines []time.Time
}

func (n *noted) Read(p []byte) (int, error) { return len(p), nil }

func (n *noted) SetReadDeadline(t time.Time) error {
	n.deadlines = append(n.deadlines, t)
	return nil
}

// A deadline holds from the next read on, is not set again for less than a
// second, and never holds longer than was asked for.
func TestReadDeadlines(t *testing.T) {
	from := time.Unix(1000, 0)
	after := from.Add
	for name, c := range map[string]struct {
		asked []time.Time // before each of as many reads
		want  []time.Time
	}{
		"the first":      {[]time.Time{after(0)}, []time.Time{after(0)}},
		"nearly same":    {[]time.Time{after(0), after(999 * time.Millisecond)}, []time.Time{after(0)}},
		"a second later": {[]time.Time{after(0), after(time.Second)}, []time.Time{after(0), after(time.Second)}},
		"earlier":        {[]time.Time{after(0), after(-time.Millisecond)}, []time.Time{after(0), after(-time.Millisecond)}},
		"none any more":  {[]time.Time{after(0), {}}, []time.Time{after(0), {}}},
	} {
		t.Run(name, func(t *testing.T) {
			n := &noted{}
			conn := &conn{Conn: n, of: track(nil)}
			for _, at := range c.asked {
				if err := conn.SetReadDeadline(after(time.Hour)); err != nil { // no read waits under this one
					t.Fatal(err)
				}
				if err := conn.SetReadDeadline(at); err != nil {
					t.Fatal(err)
				}
				if _, err := conn.Read(make([]byte, 1)); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.EqualFunc(n.deadlines, c.want, time.Time.Equal) {
				t.Errorf("set %v, want %v", n.deadlines, c.want)
			}
		})
	}
}

// A drained connection lets the request that has begun arrive, and ends the
// read of the next.
func TestDrainedConnectionEndsReads(t *testing.T) {
	n := &noted{}
	c := &conn{Conn: n, of: track(nil)}
	if err := c.SetReadDeadline(time.Unix(1000, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	c.drain()
	if last := n.deadlines[len(n.deadlines)-1]; last.Equal(past) {
		t.Error("a request under way was cut off")
	}
	c.answer()
	if last := n.deadlines[len(n.deadlines)-1]; !last.Equal(past) {
		t.Errorf("the next read may last until %v", last)
	}
	if err := c.SetReadDeadline(time.Unix(2000, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if last := n.deadlines[len(n.deadlines)-1]; !last.Equal(past) {
		t.Errorf("a read after the end may last until %v", last)
	}
}
