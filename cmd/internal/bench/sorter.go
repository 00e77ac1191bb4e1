package bench

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// sorter puts rows into the order of their keys with little memory: runs of a
// fixed size are sorted while the next is gathered, kept in files, and merged.
type sorter struct {
	dir   string
	limit int // bytes of one run
	now   *run
	full  chan *run
	ended chan error
	files []string
}

// runBytes is the size of one run in memory; two exist at once.
const runBytes = 192 << 20

type run struct {
	data []byte
	rows []rowAt
}

type rowAt struct {
	at         int
	key, value int // lengths
}

func newSorter(dir string, limit int) *sorter {
	s := &sorter{dir: dir, limit: limit, now: &run{}, full: make(chan *run), ended: make(chan error, 1)}
	go s.spill()
	return s
}

// add takes a copy of one row.
func (s *sorter) add(key, value []byte) {
	r := s.now
	if len(r.data)+len(key)+len(value) > s.limit && len(r.rows) > 0 {
		s.full <- r
		r = &run{data: make([]byte, 0, s.limit), rows: make([]rowAt, 0, len(r.rows))}
		s.now = r
	}
	r.rows = append(r.rows, rowAt{len(r.data), len(key), len(value)})
	r.data = append(append(r.data, key...), value...)
}

// spill sorts and writes runs until there are no more.
func (s *sorter) spill() {
	var failed error
	for r := range s.full {
		if failed == nil {
			failed = s.write(r)
		}
	}
	s.ended <- failed
}

func (r *run) key(i int) []byte   { e := r.rows[i]; return r.data[e.at : e.at+e.key] }
func (r *run) value(i int) []byte { e := r.rows[i]; return r.data[e.at+e.key : e.at+e.key+e.value] }

func (s *sorter) write(r *run) error {
	slices.SortFunc(r.rows, func(a, b rowAt) int {
		return bytes.Compare(r.data[a.at:a.at+a.key], r.data[b.at:b.at+b.key])
	})
	f, err := os.Create(filepath.Join(s.dir, fmt.Sprintf("run-%d", len(s.files))))
	if err != nil {
		return err
	}
	s.files = append(s.files, f.Name())
	w := bufio.NewWriterSize(f, 1<<20)
	var head [8]byte
	for i := range r.rows {
		binary.BigEndian.PutUint32(head[:], uint32(r.rows[i].key))
		binary.BigEndian.PutUint32(head[4:], uint32(r.rows[i].value))
		for _, part := range [][]byte{head[:], r.key(i), r.value(i)} {
			if _, err := w.Write(part); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

// merged ends the gathering and returns a reader of all rows in order, which
// yields a nil key at the end.
func (s *sorter) merged() (*merge, error) {
	s.full <- s.now
	close(s.full)
	s.now = nil
	if err := <-s.ended; err != nil {
		return nil, err
	}
	m := &merge{}
	for _, name := range s.files {
		f, err := os.Open(name)
		if err != nil {
			return nil, errors.Join(err, m.close())
		}
		r := &runReader{file: f, in: bufio.NewReaderSize(f, 256<<10)}
		m.open = append(m.open, r)
		if ok, err := r.step(); err != nil {
			return nil, errors.Join(err, m.close())
		} else if ok {
			m.heads = append(m.heads, r)
		}
	}
	heap.Init(m)
	return m, nil
}

// runReader reads one file of rows.
type runReader struct {
	file       *os.File
	in         *bufio.Reader
	key, value []byte
}

// step reads the next row; false at the end.
func (r *runReader) step() (bool, error) {
	var head [8]byte
	_, err := io.ReadFull(r.in, head[:])
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.key = slices.Grow(r.key[:0], int(binary.BigEndian.Uint32(head[:])))[:binary.BigEndian.Uint32(head[:])]
	r.value = slices.Grow(r.value[:0], int(binary.BigEndian.Uint32(head[4:])))[:binary.BigEndian.Uint32(head[4:])]
	if _, err := io.ReadFull(r.in, r.key); err != nil {
		return false, err
	}
	_, err = io.ReadFull(r.in, r.value)
	return err == nil, err
}

// merge is a heap of runs by their next key.
type merge struct {
	heads []*runReader
	open  []*runReader
	last  *runReader // whose row was given out
}

func (m *merge) Len() int           { return len(m.heads) }
func (m *merge) Less(i, j int) bool { return bytes.Compare(m.heads[i].key, m.heads[j].key) < 0 }
func (m *merge) Swap(i, j int)      { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }
func (m *merge) Push(any)           { panic("BUG: runs are not added to a merge") }
func (m *merge) Pop() any {
	r := m.heads[len(m.heads)-1]
	m.heads = m.heads[:len(m.heads)-1]
	return r
}

// next is the next row in order; both slices are valid until the one after.
func (m *merge) next() (key, value []byte, err error) {
	if m.last != nil {
		ok, err := m.last.step()
		if err != nil {
			return nil, nil, err
		}
		if ok {
			heap.Fix(m, 0)
		} else {
			heap.Pop(m)
		}
	}
	if len(m.heads) == 0 {
		m.last = nil
		return nil, nil, nil
	}
	m.last = m.heads[0]
	return m.last.key, m.last.value, nil
}

// close closes and removes the files.
func (m *merge) close() error {
	var errs []error
	for _, r := range m.open {
		errs = append(errs, r.file.Close(), os.Remove(r.file.Name()))
	}
	return errors.Join(errs...)
}
