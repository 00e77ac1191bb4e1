package clock

import (
	"container/heap"
	"time"
)

// waiter is somebody who waits for an instant.
type waiter struct {
	until   time.Time
	seq     uint64 // order of arrival, breaks ties
	reached chan struct{}
	index   int // place in the heap, -1 once it has left
}

// waiters is a heap of waiters by instant, then arrival. It has no lock: its
// clock guards it.
type waiters struct {
	heap waiterHeap
	seq  uint64
}

// add enters a waiter. One whose instant has come is not entered but closed.
func (ws *waiters) add(until, now time.Time) *waiter {
	ws.seq++
	w := &waiter{until: until, seq: ws.seq, reached: make(chan struct{}), index: -1}
	if !until.After(now) {
		close(w.reached)
		return w
	}
	heap.Push(&ws.heap, w)
	return w
}

// remove takes a waiter out; it does nothing when the waiter has left.
func (ws *waiters) remove(w *waiter) {
	if w.index >= 0 {
		heap.Remove(&ws.heap, w.index)
	}
}

// release closes, in order, every waiter whose instant is not after now.
func (ws *waiters) release(now time.Time) {
	for len(ws.heap) > 0 && !ws.heap[0].until.After(now) {
		w := heap.Pop(&ws.heap).(*waiter)
		close(w.reached)
	}
}

// next is the earliest instant anybody waits for.
func (ws *waiters) next() (time.Time, bool) {
	if len(ws.heap) == 0 {
		return time.Time{}, false
	}
	return ws.heap[0].until, true
}

type waiterHeap []*waiter

func (h waiterHeap) Len() int { return len(h) }

func (h waiterHeap) Less(i, j int) bool {
	if !h[i].until.Equal(h[j].until) {
		return h[i].until.Before(h[j].until)
	}
	return h[i].seq < h[j].seq
}

func (h waiterHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *waiterHeap) Push(x any) {
	w := x.(*waiter)
	w.index = len(*h)
	*h = append(*h, w)
}

func (h *waiterHeap) Pop() any {
	old := *h
	w := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	w.index = -1
	return w
}
