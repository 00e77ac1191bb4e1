package simcarrier

import (
	"bytes"
	"sync"
)

// MemoryLog is a log that is kept in memory, for simulations that make no
// files. Its zero value is empty and ready. It is safe for concurrent use.
type MemoryLog struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

var _ Sink = (*MemoryLog)(nil)

// Write appends p.
func (m *MemoryLog) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buf.Write(p)
}

// Sync does nothing: memory is as durable as it gets.
func (m *MemoryLog) Sync() error { return nil }

// Entries is the log so far.
func (m *MemoryLog) Entries() ([]Entry, error) {
	m.mu.Lock()
	raw := bytes.Clone(m.buf.Bytes())
	m.mu.Unlock()
	var all []Entry
	for e, err := range Entries(bytes.NewReader(raw)) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}
