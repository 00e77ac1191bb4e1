package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/routing"
)

// stock is what a data directory is filled with: so many leads, imported row
// after row into the cadence, each with its due.
type stock struct {
	cadence cadence.ID
	leads   int
	start   time.Time     // when the first is due
	every   time.Duration // between two; 0: all at the start
	lists   int           // over how many lists they are spread; 0: one
	mail    bool          // with e-mail addresses
}

// fillIn puts leads into a data directory that nobody has open. The shard that
// imports them is the real one, deciding and folding every row; only what is
// under it is not the ledger but a sorter, whose rows then go into the store's
// tables at once. The state is the one that an import leaves, byte for byte;
// the log knows nothing of it, as after a trim.
func (s *session) fillIn(ctx context.Context, dir string, k stock) (err error) {
	began := time.Now()
	g := &gatherer{small: map[string][]byte{}, sorted: newSorter(s.dir, runBytes)}
	key, err := g.load(ctx, dir)
	if err != nil {
		return err
	}
	if err := importInto(ctx, g, g, key, k); err != nil {
		return err
	}
	decided := time.Since(began)
	for key, value := range g.small {
		g.sorted.add([]byte(key), value)
	}
	rows, err := g.sorted.merged()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.close()) }()
	if err := badger.Fill(badger.Options{Dir: filepath.Join(dir, "ledger")}, rows.next); err != nil {
		return err
	}
	s.logf("%s leads filled in within %.1f s (%.1f s of it decided and folded)", count(k.leads), time.Since(began).Seconds(), decided.Seconds())
	return nil
}

// openShard is the real shard over any ground, with the rules of the product
// that the bench opens.
func openShard(ground dialer.Ground, tenure ledger.Tenure, numberKey []byte, at time.Time, pace pacing.Config) (*dialer.Shard, dialer.Now, error) {
	now := dialer.Now{Wall: at.UnixMilli(), Real: at}
	set, err := routing.ParseDispositions(configs.Dispositions())
	if err != nil {
		return nil, now, err
	}
	pacer, err := pacing.New(pace)
	if err != nil {
		return nil, now, err
	}
	c := configs.Default()
	shard, err := dialer.OpenShard(dialer.ShardOptions{
		Core: dialer.NewCore(dialer.Rules{
			Dispositions: set, Countries: c.Dial.Countries, NumberCap: c.Dial.NumberCap, Pools: map[string]bool{configs.DefaultPool: true},
			NumberKey: numberKey, Reconcile: c.Reconcile, Seller: sample.Seller,
		}, 1),
		Reader: ground, Tenure: tenure, Pacer: pacer, Swap: func(cadence.ID) bool { return false }, Now: now,
	})
	return shard, now, err
}

// importInto imports leads through the turns of a shard over any ground. The
// same stock gives the same state.
func importInto(ctx context.Context, ground dialer.Ground, tenure ledger.Tenure, numberKey []byte, k stock) error {
	shard, now, err := openShard(ground, tenure, numberKey, k.start, pacing.Config{CPS: 1, Channels: 1})
	if err != nil {
		return err
	}
	t := turns{ctx: ctx, shard: shard, now: now}
	t.imports(k)
	return t.err
}

// imports takes a stock of leads in.
func (t *turns) imports(k stock) {
	n := newNumbers()
	if k.leads > n.most() {
		t.err = fmt.Errorf("%d leads are more than there are numbers that nobody can have (%d)", k.leads, n.most())
		return
	}
	lists := max(1, k.lists)
	for l := range lists {
		t.list(k, n, byte(l), l*k.leads/lists, (l+1)*k.leads/lists)
	}
}

// list takes some of a stock's leads in as one list.
func (t *turns) list(k stock, n numbers, nth byte, from, to int) {
	job, list := cadence.NewID(cadence.OfficeSlot, [14]byte{'j', nth}), cadence.NewID(cadence.OfficeSlot, [14]byte{'l', nth})
	digest := sha256.Sum256(job[:])
	t.take(&dialer.OpenImport{
		Job:  event.ImportOpened{ID: job, List: list, Cadence: k.cadence, OnDuplicate: dialer.OnDuplicateUpdate, Region: "US", Format: "csv", Digest: digest[:]},
		List: event.ListOpened{ID: list, Name: fmt.Sprintf("Bench %d", nth+1)},
	})
	for i := from; i < to; i++ {
		if len(t.items) == 0 { // the rows of one turn are due together
			t.now.Wall = k.start.Add(time.Duration(i) * k.every).UnixMilli()
		}
		row := &dialer.ImportRow{Import: job, Line: int64(i-from) + 2, Lead: lead(i, n), Consent: agreed()}
		if k.mail {
			row.Lead.Email = mail(i)
		}
		t.put(row)
	}
	t.take(&dialer.EndImport{Import: job})
}

func mail(i int) string { return fmt.Sprintf("lead%08d@example.com", i+1) }

// lead is what a row of leadFile says.
func lead(i int, n numbers) cadence.Lead {
	return cadence.Lead{
		ExternalID: fmt.Sprintf("bench-%08d", i+1), Name: fmt.Sprintf("Lead %08d", i+1), FirstName: "Lead", LastName: fmt.Sprintf("%08d", i+1),
		Numbers: []cadence.LeadNumber{{Number: cadence.Number(n.at(i))}},
	}
}

// agreed is the consent of such a row: a machine speaks to the leads.
func agreed() *cadence.ConsentRecord {
	return &cadence.ConsentRecord{Kind: string(cadence.ConsentWritten), Seller: sample.Seller, Given: time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC).UnixMilli()}
}

// turns hands messages to a shard, many in a turn.
type turns struct {
	ctx   context.Context
	shard *dialer.Shard
	now   dialer.Now
	items []dialer.Item
	err   error
}

// put adds a message; turns are as long as the engine's importer makes them.
func (t *turns) put(m dialer.Message) {
	t.items = append(t.items, dialer.Item{Message: m, Done: t.done})
	if len(t.items) == dialer.TurnMessages {
		t.flush()
	}
}

// take adds a message and ends the turn.
func (t *turns) take(m dialer.Message) {
	t.put(m)
	t.flush()
}

func (t *turns) done(_ any, err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *turns) flush() {
	for len(t.items) > 0 && t.err == nil {
		rel, err := t.shard.Turn(t.ctx, t.now, t.items)
		if err != nil {
			t.err = err
			return
		}
		rel.Finish()
		t.items = append(t.items[:0], rel.Left...)
		if t.err == nil {
			t.err = t.ctx.Err()
		}
	}
}

// gatherer is the ground under the import: what the directory holds already,
// and of what is new the small tables. Rows of leads are only sorted, never
// read again: no two leads have anything in common.
type gatherer struct {
	small  map[string][]byte
	sorted *sorter
	pos    uint64
	at     int64
}

// ofLeads are the tables with rows per lead, by the first byte of their keys.
const ofLeads = "DEKLN"

// load reads what the directory holds, and returns the ledger's number key.
func (g *gatherer) load(ctx context.Context, dir string) (numberKey []byte, err error) {
	store, err := app.OpenStore(ctx, app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop(), Existing: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	large := false
	err = store.Ledger.Scan(nil, nil, func(key, value []byte) bool {
		if large = isOfLead(key); large {
			return false
		}
		g.small[string(key)] = append([]byte(nil), value...)
		return true
	})
	if large {
		err = errors.Join(err, fmt.Errorf("%s holds leads already", dir))
	}
	g.at = store.LastRecord().UnixMilli()
	return store.Keys.Number, err
}

func isOfLead(key []byte) bool {
	for _, t := range []byte(ofLeads) {
		if len(key) > 0 && key[0] == t {
			return true
		}
	}
	return false
}

// Get implements ledger.Reader.
func (g *gatherer) Get(key []byte) ([]byte, error) {
	if v, ok := g.small[string(key)]; ok {
		return v, nil
	}
	return nil, ledger.ErrNotFound
}

// Scan implements ledger.Reader.
func (g *gatherer) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	for _, key := range slices.Sorted(maps.Keys(g.small)) {
		if key >= string(from) && (len(to) == 0 || key < string(to)) && !fn([]byte(key), g.small[key]) {
			return nil
		}
	}
	return nil
}

// ScanKeys implements ledger.Reader.
func (g *gatherer) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	return g.Scan(from, to, func(key, _ []byte) bool { return fn(key) })
}

// ScanBack implements ledger.Reader.
func (g *gatherer) ScanBack([]byte, []byte, func(key, value []byte) bool) error {
	return errors.New("an import reads nothing backwards")
}

// Hold implements dialer.Ground: while an import decides, nobody else writes.
func (g *gatherer) Hold() (ledger.Reader, func(), error) { return g, func() {}, nil }

// Head implements ledger.Tenure.
func (g *gatherer) Head() (pos uint64, at int64) { return g.pos, g.at }

// Commit implements ledger.Tenure.
func (g *gatherer) Commit(_ context.Context, at int64, _ []byte, writes []ledger.Write) (uint64, error) {
	g.pos, g.at = g.pos+1, max(g.at, at)
	for i := range writes {
		w := &writes[i]
		switch {
		case w.Delete:
			return 0, fmt.Errorf("an import deletes nothing, not %x", w.Key)
		case isOfLead(w.Key):
			g.sorted.add(w.Key, w.Value)
		default:
			g.small[string(w.Key)] = bytes.Clone(w.Value) // the turn uses its memory again
		}
	}
	return g.pos, nil
}

// Records implements ledger.Tenure.
func (g *gatherer) Records(uint64, func(ledger.Record) bool) error {
	return errors.New("an import reads no records")
}

// Trim implements ledger.Tenure.
func (g *gatherer) Trim(context.Context, uint64, int) (int, error) {
	return 0, errors.New("an import trims nothing")
}

var (
	_ dialer.Ground = (*gatherer)(nil)
	_ ledger.Tenure = (*gatherer)(nil)
)
