package simcarrier

import "sync"

// crew does the work that leaves the carrier: requests to the client and
// questions to the desk. It has a goroutine per job up to its size and none
// while there is nothing to do; jobs beyond that wait their turn in order.
type crew struct {
	size int
	idle func() // called after the last job is done

	mu      sync.Mutex
	queue   []func()
	working int
	shut    bool
	hands   sync.WaitGroup
}

// hire gives jobs to the crew. After dismiss they are thrown away.
func (w *crew) hire(jobs ...func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, job := range jobs {
		if w.shut {
			return
		}
		if w.working >= w.size {
			w.queue = append(w.queue, job)
			continue
		}
		w.working++
		w.hands.Go(func() { w.work(job) })
	}
}

func (w *crew) work(job func()) {
	for job != nil {
		job()
		job = w.next()
	}
}

// next takes the oldest waiting job, or lets the hand go.
func (w *crew) next() func() {
	w.mu.Lock()
	if len(w.queue) > 0 {
		job := w.queue[0]
		w.queue[0] = nil
		w.queue = w.queue[1:]
		w.mu.Unlock()
		return job
	}
	w.working--
	last := w.working == 0
	w.mu.Unlock()
	if last {
		w.idle()
	}
	return nil
}

func (w *crew) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.working > 0
}

// dismiss throws away what waits and takes no more.
func (w *crew) dismiss() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut, w.queue = true, nil
}
