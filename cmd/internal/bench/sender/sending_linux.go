package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// sending is one run. One goroutine waits for whichever line has its answer,
// checks it, and sends that line's next webhook: two system calls for each, and
// no goroutine to wake.
type sending struct {
	job   *Job
	calls []Call
	next  int // call that no line has yet
	form  *Form
	poll  int
	lines []track
	busy  int // lines that wait for an answer
	took  []time.Duration
}

// track is a line and what it has sent last.
type track struct {
	*Line
	call *Call
	seq  int
	from time.Time
}

// pollFor is how long to wait before looking whether to go on, in milliseconds.
const pollFor = 100

func newSending(ctx context.Context, j *Job, calls []Call) (s *sending, err error) {
	s = &sending{job: j, calls: calls, form: NewForm(j.Token), lines: make([]track, j.Lines), took: make([]time.Duration, 0, len(calls)*len(j.States))}
	if s.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("wait for answers: %w", err)
	}
	for i := range s.lines {
		if err := s.connect(ctx, i); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *sending) connect(ctx context.Context, i int) error {
	l, fd, err := dialSocket(ctx, s.job.Server)
	if err != nil {
		return err
	}
	s.lines[i].Line = l
	if err := unix.EpollCtl(s.poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)}); err != nil {
		return fmt.Errorf("wait for answers: %w", err)
	}
	return nil
}

func (s *sending) close() error {
	for i := range s.lines {
		if s.lines[i].Line != nil {
			s.lines[i].Close()
		}
	}
	return unix.Close(s.poll)
}

// run sends every state of every call.
func (s *sending) run(ctx context.Context) error {
	for i := range s.lines {
		if err := s.begin(&s.lines[i]); err != nil {
			return err
		}
	}
	events := make([]unix.EpollEvent, len(s.lines))
	for s.busy > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := unix.EpollWait(s.poll, events, pollFor)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("wait for answers: %w", err)
		}
		for i := range max(n, 0) {
			if err := s.ready(&s.lines[events[i].Fd]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ready takes what has arrived on a line.
func (s *sending) ready(t *track) error {
	err := t.answered()
	if errors.Is(err, unix.EAGAIN) {
		return nil // the answer is not whole yet
	}
	if err != nil {
		return fmt.Errorf("%s of call %s: %w", s.job.States[t.seq].Status, t.call.SID, err)
	}
	s.took = append(s.took, time.Since(t.from))
	s.busy--
	t.seq++
	return s.begin(t)
}

// begin sends a line's next webhook, if there is one.
func (s *sending) begin(t *track) error {
	if t.call == nil || t.seq == len(s.job.States) {
		if s.next == len(s.calls) {
			return nil
		}
		t.call, t.seq = &s.calls[s.next], 0
		s.next++
	}
	t.from = time.Now()
	if err := t.begin(s.form, s.job.Account, t.call, s.job.States[t.seq], t.seq, t.from.Add(s.job.Ahead)); err != nil {
		return err
	}
	s.busy++
	return nil
}
