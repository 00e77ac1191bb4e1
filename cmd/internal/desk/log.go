package desk

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
	"time"
)

// What a line of the log is about.
const (
	Connected = "connected" // the desk picked up
	Disposed  = "disposed"  // the server took the disposition
	Missed    = "missed"    // the person had hung up before the desk was heard: there is nothing to dispose of
)

// Line is one line of the desk's log. T is the desk's clock.
type Line struct {
	T       time.Time `json:"t"`
	Attempt string    `json:"attempt"`
	Ev      string    `json:"ev"`
	Code    string    `json:"code,omitempty"`
}

// maxLine bounds a line when a log is read.
const maxLine = 64 << 10

// log is append-only; each line is written whole in one write.
type log struct {
	mu   sync.Mutex
	f    *os.File
	left []Line // connected and not disposed when it was opened
}

func openLog(file string) (*log, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("desk log: %w", err)
	}
	l := &log{f: f}
	if err := l.recall(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// recall finds what an earlier desk owes, and cuts off a torn last line.
func (l *log) recall() error {
	var order []Line
	done := map[string]bool{}
	end, err := scan(l.f, func(line Line) bool {
		if line.Ev == Connected {
			order = append(order, line)
		}
		done[line.Attempt] = line.Ev != Connected
		return true
	})
	if err != nil {
		return err
	}
	for _, line := range order {
		if !done[line.Attempt] {
			l.left = append(l.left, line)
		}
	}
	if err := l.f.Truncate(end); err != nil {
		return fmt.Errorf("desk log: %w", err)
	}
	return nil
}

// owed returns, once, what an earlier desk left.
func (l *log) owed() []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := l.left
	l.left = nil
	return left
}

func (l *log) write(line Line) error {
	raw, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("desk log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.f.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("desk log: %w", err)
	}
	return nil
}

func (l *log) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.f.Sync(), l.f.Close())
}

// Lines reads a log. A last line without its end, as a killed desk leaves it,
// is passed over; any other that cannot be read ends the sequence.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		stopped := false
		_, err := scan(r, func(line Line) bool {
			stopped = !yield(line, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(Line{}, err)
		}
	}
}

// scan gives each whole line and returns where the last one ends.
func scan(r io.Reader, each func(Line) bool) (end int64, err error) {
	in := bufio.NewReaderSize(r, maxLine)
	for n := 1; ; n++ {
		raw, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return end, fmt.Errorf("desk log, line %d: %w", n, err)
		}
		var line Line
		if err := json.Unmarshal(raw, &line); err != nil {
			return end, fmt.Errorf("desk log, line %d: %w", n, err)
		}
		end += int64(len(raw))
		if !each(line) {
			return end, nil
		}
	}
}

// Figures is what a log says happened, each attempt counted once.
type Figures struct {
	Connected int
	Disposed  int
	ByCode    map[string]int // the last disposition of each attempt
}

// Recount counts a log.
func Recount(log iter.Seq2[Line, error]) (Figures, error) {
	connected, code := map[string]bool{}, map[string]string{}
	for line, err := range log {
		if err != nil {
			return Figures{}, err
		}
		switch line.Ev {
		case Connected:
			connected[line.Attempt] = true
		case Disposed:
			code[line.Attempt] = line.Code
		case Missed:
			delete(connected, line.Attempt)
		}
	}
	f := Figures{Connected: len(connected), Disposed: len(code), ByCode: map[string]int{}}
	for _, c := range code {
		f.ByCode[c]++
	}
	return f, nil
}
