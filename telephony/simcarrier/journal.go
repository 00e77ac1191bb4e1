package simcarrier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Sink is where the log goes: bytes are appended, and durable once Sync has
// returned. *os.File is one.
type Sink interface {
	Write(p []byte) (int, error)
	Sync() error
}

// journal appends entries and syncs them in groups: whoever needs an entry
// to be durable waits, and one Sync serves all that wait. It owns one
// goroutine, which sleeps while there is nothing to write. After a failed
// write or sync nothing is accepted any more, because what is on disk is then
// unknown.
type journal struct {
	sink   Sink
	closes func() error

	mu      sync.Mutex
	seq     uint64
	open    *group // collects what the next sync will cover
	syncing *group // being synced, nil when the disk is idle
	work    chan struct{}
	err     error
	closed  bool
	syncs   uint64
	stopped chan struct{}
}

// group is the entries that become durable together.
type group struct {
	buf  bytes.Buffer
	done chan struct{}
	err  error // set before done is closed
}

// receipt is the promise that a group becomes durable.
type receipt struct{ g *group }

// wait returns once everything up to the receipt is durable.
func (r receipt) wait() error {
	if r.g == nil {
		return nil
	}
	<-r.g.done
	return r.g.err
}

var errLogClosed = errors.New("the carrier's log is closed")

func newJournal(s Sink, closes func() error, last uint64) *journal {
	j := &journal{sink: s, closes: closes, seq: last, open: newGroup(), work: make(chan struct{}, 1), stopped: make(chan struct{})}
	go j.run()
	return j
}

func newGroup() *group { return &group{done: make(chan struct{})} }

// append numbers and encodes entries in the order given. The receipt covers
// them and everything appended before.
func (j *journal) append(entries ...Entry) receipt {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil || j.closed {
		return receipt{failed(errors.Join(j.err, errLogClosed))}
	}
	enc := json.NewEncoder(&j.open.buf)
	enc.SetEscapeHTML(false)
	for i := range entries {
		j.seq++
		entries[i].Seq = j.seq
		if err := enc.Encode(&entries[i]); err != nil {
			panic("BUG: simcarrier: an entry cannot be encoded: " + err.Error())
		}
	}
	select {
	case j.work <- struct{}{}:
	default:
	}
	return receipt{j.open}
}

// barrier is a receipt for everything appended so far. It is free when all of
// it is durable already.
func (j *journal) barrier() receipt {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.err != nil:
		return receipt{failed(j.err)}
	case j.open.buf.Len() > 0:
		return receipt{j.open}
	}
	return receipt{j.syncing}
}

func failed(err error) *group {
	g := newGroup()
	g.err = err
	close(g.done)
	return g
}

func (j *journal) run() {
	defer close(j.stopped)
	for range j.work {
		j.flush()
	}
	j.flush()
}

func (j *journal) flush() {
	j.mu.Lock()
	g := j.open
	j.open, j.syncing = newGroup(), g
	g.err = j.err
	j.mu.Unlock()
	if g.buf.Len() > 0 && g.err == nil {
		g.err = j.write(g.buf.Bytes())
	}
	close(g.done)
	j.mu.Lock()
	j.syncing = nil
	j.mu.Unlock()
}

func (j *journal) write(p []byte) error {
	_, err := j.sink.Write(p)
	if err == nil {
		err = j.sink.Sync()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.syncs++
	if err != nil {
		j.err = fmt.Errorf("append to the carrier's log: %w", err)
	}
	return j.err
}

// close makes the rest durable and ends the goroutine.
func (j *journal) close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		<-j.stopped
		return nil
	}
	j.closed = true
	close(j.work)
	j.mu.Unlock()
	<-j.stopped
	err := j.err
	if j.closes != nil {
		err = errors.Join(err, j.closes())
	}
	return err
}

// position is the number of entries and of syncs so far.
func (j *journal) position() (entries, syncs uint64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq, j.syncs, j.err
}

// openLog opens or makes the log at path for appending. A torn last line is
// cut off, so that the next entry does not run into it.
func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the carrier's log: %w", err)
	}
	end, err := lastNewline(f)
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err == nil {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(end, 0)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open the carrier's log %s: %w", path, err)
	}
	return f, nil
}

// syncDir makes a new file's name durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// lastNewline is the offset behind the last newline of f.
func lastNewline(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	buf := make([]byte, 4096)
	for end := info.Size(); end > 0; {
		from := max(0, end-int64(len(buf)))
		part := buf[:end-from]
		if _, err := f.ReadAt(part, from); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		end = from
	}
	return 0, nil
}
