package bench

import (
	"context"
	"errors"
)

// imports measures W7: a file of leads goes in through the API, and every row
// through a turn: parsed, normalised, claimed, saved, enrolled, its first due
// set, durable.
func (s *session) imports(ctx context.Context, m *Measure) (err error) {
	dir, err := s.folder("import")
	if err != nil {
		return err
	}
	r, err := s.open(ctx, setting{dir: dir, ahead: ahead()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	file, err := s.leadFile("leads.csv", 0, s.o.Sizes.Rows)
	if err != nil {
		return err
	}
	defer file.Close()
	t, err := m.begin(ctx, nil)
	if err != nil {
		return err
	}
	if err := r.enroll(ctx, file, s.o.Sizes.Rows); err != nil {
		return err
	}
	if err := t.end(ctx, m, s.o.Sizes.Rows); err != nil {
		return err
	}
	m.Value = float64(m.Units) / m.Seconds
	return nil
}
