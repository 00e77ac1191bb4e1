package sim

import "container/heap"

// happening is something that will happen in the world. Equal times are taken
// in the order they were planned.
type happening struct {
	at  int64
	seq uint64
	do  func()
}

type agenda struct {
	items []happening
	seq   uint64
}

func (a *agenda) plan(at int64, do func()) {
	a.seq++
	heap.Push(a, happening{at, a.seq, do})
}

func (a *agenda) next() (int64, bool) {
	if len(a.items) == 0 {
		return 0, false
	}
	return a.items[0].at, true
}

// take removes the first happening.
func (a *agenda) take() happening { return heap.Pop(a).(happening) }

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (a *agenda) Len() int { return len(a.items) }

func (a *agenda) Less(i, j int) bool {
	x, y := a.items[i], a.items[j]
	return x.at < y.at || x.at == y.at && x.seq < y.seq
}

func (a *agenda) Swap(i, j int) { a.items[i], a.items[j] = a.items[j], a.items[i] }

func (a *agenda) Push(x any) { a.items = append(a.items, x.(happening)) }

func (a *agenda) Pop() any {
	last := a.items[len(a.items)-1]
	a.items = a.items[:len(a.items)-1]
	return last
}
