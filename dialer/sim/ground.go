package sim

import (
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
)

// Ground is where the ledgers of a world lie, one for each node.
type Ground interface {
	// Open makes the empty ledger of a node.
	Open(node int) (ledger.Ledger, error)
	// Crash kills the process that holds a node's ledger and opens again what
	// it left behind.
	Crash(node int) (ledger.Ledger, error)
	// Close lets go of everything.
	Close() error
}

// Memory is ground that costs nothing and loses nothing but what was not
// committed.
type Memory struct{ of map[int]*memory.Ledger }

// Open implements Ground.
func (m *Memory) Open(node int) (ledger.Ledger, error) {
	if m.of == nil {
		m.of = map[int]*memory.Ledger{}
	}
	m.of[node] = memory.New()
	return m.of[node], nil
}

// Crash implements Ground.
func (m *Memory) Crash(node int) (ledger.Ledger, error) {
	m.of[node] = m.of[node].Clone()
	return m.of[node], nil
}

// Close implements Ground.
func (m *Memory) Close() error { return nil }
