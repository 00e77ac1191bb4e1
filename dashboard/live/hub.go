// Package live sends the live board to browsers: server-sent events, each a
// full snapshot, so that a slow reader loses nothing by skipping to the newest
// and a reconnect needs no replay.
package live

import (
	"bytes"
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/protocol/sse"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

const (
	// Every is the time between two snapshots (real time).
	Every = time.Second
	// beatAfter is how many snapshots without a change are passed over before
	// a keep-alive is sent; it is also when a client that is gone is noticed
	// at the latest.
	beatAfter = 5
	// retry is how long a browser waits before it connects again.
	retry = 2 * time.Second
	// soon is how long after a snapshot the next is taken at the earliest for
	// whoever is new: when a server comes back, all its pages are.
	soon = 100 * time.Millisecond
	// maxClients bounds the open streams. One takes about 40 KB.
	maxClients = 2000
)

// Sample takes one snapshot. Data is its JSON; key is equal as long as nothing
// worth sending has changed.
type Sample func() (data, key []byte, err error)

// Hub fans snapshots out. It samples only while somebody listens.
type Hub struct {
	sample Sample
	clock  clock.Clock
	log    *zap.Logger
	wake   chan struct{}
	done   chan struct{}
	end    sync.Once

	mu   sync.Mutex
	seq  uint64
	subs map[chan frame]struct{}
}

// frame is one snapshot, or with a seq of 0 a keep-alive.
type frame struct {
	seq  uint64
	data []byte
}

// NewHub returns a hub that does nothing until Run.
func NewHub(s Sample, c clock.Clock, log *zap.Logger) *Hub {
	return &Hub{
		sample: s, clock: c, log: log.Named("live"), wake: make(chan struct{}, 1), done: make(chan struct{}), subs: map[chan frame]struct{}{},
	}
}

// Clients is how many streams are open.
func (h *Hub) Clients() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}

// Close ends every stream and Run. It may be called more than once.
func (h *Hub) Close() { h.end.Do(func() { close(h.done) }) }

// Run samples about once a second while somebody listens, until Close.
func (h *Hub) Run() {
	var last []byte
	quiet := 0
	for {
		if h.Clients() == 0 {
			last = nil
			select {
			case <-h.done:
				return
			case <-h.wake:
			}
		}
		select {
		case <-h.wake: // whoever called is served by the sample that follows
		default:
		}
		data, key, err := h.sample()
		switch {
		case err != nil:
			h.log.Error("the live board cannot be read", zap.Error(err))
			last = nil
			h.publish(nil)
		case last == nil || !bytes.Equal(key, last):
			last, quiet = key, 0
			h.publish(data)
		default:
			if quiet++; quiet >= beatAfter {
				quiet = 0
				h.publish(nil)
			}
		}
		if !h.pause(&last) {
			return
		}
	}
}

// pause waits for the next snapshot's time, or for somebody new, who gets one
// soon.
func (h *Hub) pause(last *[]byte) bool {
	now := h.clock.Now()
	next, stop := h.clock.At(now.Add(Every))
	defer stop()
	select {
	case <-h.done:
		return false
	case <-next:
		return true
	case <-h.wake:
	}
	*last = nil
	early, stop := h.clock.At(now.Add(soon))
	defer stop()
	select {
	case <-h.done:
		return false
	case <-early:
	}
	return true
}

// publish offers a snapshot, or a keep-alive when data is nil, to everybody.
func (h *Hub) publish(data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := frame{data: data}
	if data != nil {
		h.seq++
		f.seq = h.seq
	}
	for ch := range h.subs {
		put(ch, f)
	}
}

// put replaces what the client has not read yet: only the newest matters. A
// keep-alive never displaces a snapshot.
func put(ch chan frame, f frame) {
	for {
		select {
		case ch <- f:
			return
		default:
		}
		if f.seq == 0 {
			return
		}
		select {
		case <-ch:
		default:
		}
	}
}

func (h *Hub) join() (chan frame, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) >= maxClients {
		return nil, false
	}
	ch := make(chan frame, 1)
	h.subs[ch] = struct{}{}
	select {
	case h.wake <- struct{}{}:
	default:
	}
	return ch, true
}

func (h *Hub) leave(ch chan frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, ch)
}

// Serve is the handler of the stream. It ends when the client is gone, the hub
// is closed, or the client may not read any more: may makes what is asked
// before each event. busy answers when there are too many streams.
func (h *Hub) Serve(may func(*app.RequestContext) func() bool, busy app.HandlerFunc) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		still := may(c)
		ch, ok := h.join()
		if !ok {
			busy(ctx, c)
			return
		}
		defer h.leave(ch)
		c.Response.Header.Set("X-Accel-Buffering", "no") // a proxy must not hold events back
		w := sse.NewWriter(c)
		defer w.Close() //nolint:errcheck // the client is gone or will be
		first := &sse.Event{}
		first.SetRetry(retry)
		if w.Write(first) != nil {
			return
		}
		for {
			select {
			case <-ctx.Done():
				return
			case <-h.done:
				return
			case f := <-ch:
				if !still() || send(w, f) != nil {
					return
				}
			}
		}
	}
}

func send(w *sse.Writer, f frame) error {
	if f.seq == 0 {
		return w.WriteKeepAlive()
	}
	return w.WriteEvent(strconv.FormatUint(f.seq, 10), "live", f.data)
}
