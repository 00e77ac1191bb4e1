// Package ledgertest is the suite every ledger passes, and a decorator that
// makes a ledger fail on demand.
package ledgertest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Harness opens one store again and again. Open after a Close must show what
// was committed before; no two are open at once.
type Harness interface {
	Open() (ledger.Ledger, error)
}

// Exercise runs the suite. fresh returns a harness on an empty store; it is
// called once per test and per run of the state machine.
func Exercise(t *testing.T, fresh func(t *testing.T) Harness) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*bench)
	}{
		{"positions have no gaps and time never runs back", positions},
		{"the log is a chain", chained},
		{"records are read from anywhere", recordsFrom},
		{"trim", trim},
		{"reading beside trimming", trimBeside},
		{"bodies of any size", bodies},
		{"a commit is one step", atomic},
		{"scans are ordered and bounded", scans},
		{"a snapshot stands still", snapshot},
		{"readers may read and write on the way", nested},
		{"slices are the caller's", ownership},
		{"reopening changes no byte", reopen},
		{"one tenure per shard", claims},
		{"shards commit side by side", sideBySide},
		{"what is too large is refused whole", tooLarge},
		{"an error ends the tenure", deadTenure},
		{"closed is closed", closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{T: t, harness: fresh(t)}
			b.open()
			c.run(b)
			b.close()
		})
	}
	t.Run("against a model", func(t *testing.T) { model(t, fresh) })
}

// bench is one ledger under test.
type bench struct {
	*testing.T
	harness Harness
	ledger.Ledger
}

func (b *bench) open() {
	b.Helper()
	l, err := b.harness.Open()
	if err != nil {
		b.Fatalf("open: %v", err)
	}
	b.Ledger = l
}

func (b *bench) close() {
	b.Helper()
	if err := b.Close(); err != nil {
		b.Fatalf("close: %v", err)
	}
}

func (b *bench) reopen() {
	b.Helper()
	b.close()
	b.open()
}

func (b *bench) claim(shard uint16) ledger.Tenure {
	b.Helper()
	ten, err := b.Claim(context.Background(), shard)
	if err != nil {
		b.Fatalf("claim %d: %v", shard, err)
	}
	return ten
}

func (b *bench) commit(ten ledger.Tenure, at int64, body string, writes ...ledger.Write) uint64 {
	b.Helper()
	pos, err := ten.Commit(context.Background(), at, []byte(body), writes)
	if err != nil {
		b.Fatalf("commit: %v", err)
	}
	return pos
}

func (b *bench) records(ten ledger.Tenure, from uint64) []ledger.Record {
	b.Helper()
	var got []ledger.Record
	if err := ten.Records(from, func(r ledger.Record) bool { got = append(got, r); return true }); err != nil {
		b.Fatalf("records from %d: %v", from, err)
	}
	return got
}

func (b *bench) wantErr(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Fatalf("error %v, want %v", err, want)
	}
}

func (b *bench) wantKeys(got []string, want ...string) {
	b.Helper()
	if !slices.Equal(got, want) {
		b.Fatalf("keys %q, want %q", got, want)
	}
}

// set is a write of text.
func set(key, value string) ledger.Write {
	return ledger.Write{Key: []byte(key), Value: []byte(value)}
}

func del(key string) ledger.Write { return ledger.Write{Key: []byte(key), Delete: true} }

// keysOf lists the keys of a range upwards, without values.
func keysOf(r ledger.Reader, from, to string) ([]string, error) {
	var got []string
	err := r.ScanKeys([]byte(from), []byte(to), func(k []byte) bool { got = append(got, string(k)); return true })
	return got, err
}

// dump is the whole state as text, read upwards.
func dump(r ledger.Reader) ([]string, error) {
	var got []string
	err := r.Scan(nil, nil, func(k, v []byte) bool {
		got = append(got, fmt.Sprintf("%s=%s", hex.EncodeToString(k), hex.EncodeToString(v)))
		return true
	})
	return got, err
}
