package dialer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony"
)

var updateGolden = flag.Bool("update", false, "write the golden ledger of this fold version; never over a released one")

// goldenLog and goldenState are a whole ledger as one fold version left it: the
// records of its log, and every row of its state.
func goldenLog(version int) string   { return fmt.Sprintf("testdata/v%d.ledger", version) }
func goldenState(version int) string { return fmt.Sprintf("testdata/v%d.state", version) }

// TestGoldenLedger folds the log that each release left and compares every
// row with what the present fold makes of it, byte by byte. A difference means
// that the fold has changed: that takes a new version and a migration.
func TestGoldenLedger(t *testing.T) {
	if *updateGolden {
		r := goldenRun(t)
		writeGolden(t, goldenLog(state.FoldVersion), goldenRecords(t, r.store))
		writeGolden(t, goldenState(state.FoldVersion), dump(t, r.store))
	}
	store := foldGolden(t, state.FoldVersion)
	if want := readGolden(t, goldenState(state.FoldVersion)); !bytes.Equal(dump(t, store), want) {
		t.Fatalf("the log of fold version %d folds to another state than it did", state.FoldVersion)
	}
}

// TestGoldenUpgrade migrates the state that an older release left, and folds
// its log anew: both must end in the same rows, the stamp apart.
func TestGoldenUpgrade(t *testing.T) {
	for version := 1; version < state.FoldVersion; version++ {
		store := memory.New()
		tenure, err := store.Claim(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		var rows []ledger.Write
		for rest := readGolden(t, goldenState(version)); len(rest) > 0; {
			var w ledger.Write
			w.Key, rest = cut(rest)
			w.Value, rest = cut(rest)
			rows = append(rows, w)
		}
		if version > 1 { // the first had no stamp
			rows = append(rows, ledger.Write{Key: []byte("v"), Value: state.Encode(&state.Versions{Fold: version, Facts: 1})})
		}
		if _, err := tenure.Commit(context.Background(), 1, nil, rows); err != nil {
			t.Fatal(err)
		}
		plan, err := upgrade.Prepare(store, upgrade.Current())
		if err != nil || plan.From() != version {
			t.Fatalf("from version %d: %v", plan.From(), err)
		}
		if err := plan.Run(context.Background(), store, tenure); err != nil {
			t.Fatal(err)
		}
		if v, err := state.ReadVersions(store); err != nil || v.Fold != state.FoldVersion {
			t.Fatalf("%+v, %v", v, err)
		}
		if _, err := tenure.Commit(context.Background(), 1, nil, []ledger.Write{{Key: []byte("v"), Delete: true}}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(dump(t, store), dump(t, foldGolden(t, version))) {
			t.Fatalf("version %d migrated is not version %d folded anew", version, version)
		}
	}
}

func cut(b []byte) (one, rest []byte) {
	n := binary.BigEndian.Uint32(b)
	return b[4 : 4+n], b[4+n:]
}

// goldenRun is a small life with something of everything.
func goldenRun(t *testing.T) *rig {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Golden", map[string]any{"exit_when": []any{map[string]any{"signal": "booked"}}}))
	results := []telephony.Status{telephony.StatusNoAnswer, telephony.StatusBusy, telephony.StatusFailed, telephony.StatusCompleted}
	n := 0
	r.onDial = func(d dialer.DialOrder) {
		if n++; n%7 == 0 {
			r.sent[d.Dial.Attempt] = true // its fate stays unknown
			return
		}
		r.ends(results[n%len(results)])(d)
	}
	var leads []cadence.ID
	for i := range 12 {
		leads = append(leads, r.lead(theCadence, cadence.Number(fmt.Sprintf("+1303555%04d", 100+i))))
	}
	mark := func(i int, on bool) {
		r.must(&dialer.MarkNumber{Number: cadence.Number(fmt.Sprintf("+1303555%04d", 100+i)), On: on, Reason: "asked", Source: "api"})
	}
	mark(3, true)
	mark(5, true)
	mark(6, true)
	mark(99, true) // nobody's number
	r.pass(5 * time.Hour)
	mark(5, false)
	r.must(&dialer.Signal{Lead: leads[8], Name: "booked"})
	r.must(&dialer.SetDialing{Stop: true, Reason: "lunch"})
	r.must(&dialer.SetDialing{})
	r.open()
	r.pass(8 * time.Hour)
	r.must(&dialer.Audit{What: "golden", Detail: "the last record"})
	return r
}

func goldenRecords(t *testing.T, store *memory.Ledger) []byte {
	t.Helper()
	tenure, err := store.Clone().Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	err = tenure.Records(1, func(rec ledger.Record) bool {
		out = binary.BigEndian.AppendUint64(out, uint64(rec.At))
		out = binary.BigEndian.AppendUint32(out, uint32(len(rec.Body)))
		out = append(out, rec.Body...)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// foldGolden folds a golden log into an empty ledger.
func foldGolden(t *testing.T, version int) *memory.Ledger {
	t.Helper()
	store := memory.New()
	tenure, err := store.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	view := state.NewView(store)
	for rest := readGolden(t, goldenLog(version)); len(rest) > 0; {
		at, n := int64(binary.BigEndian.Uint64(rest)), binary.BigEndian.Uint32(rest[8:])
		body := rest[12 : 12+n]
		rest = rest[12+n:]
		facts, err := event.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			view.Fold(f)
		}
		if _, err := tenure.Commit(context.Background(), at, body, view.Writes()); err != nil {
			t.Fatal(err)
		}
		view.Settle()
	}
	return store
}

// dump is every row of a state in the order of its keys.
func dump(t *testing.T, store ledger.Reader) []byte {
	t.Helper()
	var out []byte
	err := store.Scan(nil, []byte{0xFF}, func(k, v []byte) bool {
		out = binary.BigEndian.AppendUint32(out, uint32(len(k)))
		out = append(out, k...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(v)))
		out = append(out, v...)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func writeGolden(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readGolden(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
