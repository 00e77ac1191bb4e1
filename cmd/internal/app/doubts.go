package app

import (
	"encoding/json"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/state"
)

// mark is what must not vanish, kept beside the ledger by another writer than
// the store itself. It may be a second old after a crash, so only what never
// becomes less is compared: leads, and entries of the do-not-call log. Marks
// that were taken away are told by the log itself, in order.
type mark struct {
	Leads uint64 `json:"leads"`
	Log   uint64 `json:"log,omitempty"` // entries of the do-not-call log
	Key   string `json:"key,omitempty"` // print of the number key
}

func (s *Store) lastMark() (m mark, err error) {
	raw := s.Ledger.Mark()
	if len(raw) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("high-water file: %w", err)
	}
	return m, nil
}

// keyPrint is the print of the key that the ledger was last open with.
func (s *Store) keyPrint() string {
	m, err := s.lastMark()
	if err != nil {
		return ""
	}
	return m.Key
}

// compareMark notices leads and entries of the do-not-call log that are gone.
func (s *Store) compareMark() error {
	was, err := s.lastMark()
	if err != nil {
		return err
	}
	o, err := state.Rows{R: s.Ledger}.Office()
	if err != nil {
		return fmt.Errorf("read the office: %w", err)
	}
	if o.Leads < was.Leads {
		s.suspicious = append(s.suspicious, fmt.Sprintf("the ledger held %d leads and now holds %d", was.Leads, o.Leads))
	}
	return nil
}

// Mark notes how much there is now.
func (s *Store) Mark() error {
	if len(s.suspicious) > 0 {
		return nil // the evidence stays until somebody has accepted it
	}
	o, err := state.Rows{R: s.Ledger}.Office()
	if err != nil {
		return fmt.Errorf("read the office: %w", err)
	}
	raw, err := json.Marshal(mark{Leads: o.Leads, Log: s.DNC.Seq(), Key: s.Keys.Print()})
	if err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	return s.Ledger.SetMark(raw)
}
