package badger

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Attachment is a file that travels with a backup.
type Attachment struct {
	Name string
	From io.Reader
}

// BackupOptions say what goes into a backup beside the ledger.
type BackupOptions struct {
	Meta   Meta
	Attach []Attachment
	// Progress is told now and then how many keys and bytes are written.
	Progress func(keys, bytes uint64)
}

// Backup writes one consistent state of the ledger, with its log, while
// commits go on. Every value is checked on the way: damage is not backed up
// but reported. It waits until all tables have been checked, and holds back
// compaction while it runs.
func (l *Ledger) Backup(ctx context.Context, w io.Writer, o BackupOptions) (Snapshot, Closing, error) {
	if err := l.AwaitChecked(ctx); err != nil {
		return Snapshot{}, Closing{}, fmt.Errorf("back up ledger: %w", err)
	}
	if !l.gate.enter() {
		return Snapshot{}, Closing{}, ledger.ErrClosed
	}
	defer l.gate.leave()
	txn := l.db.NewTransaction(false)
	defer txn.Discard()
	s, c, err := l.backup(ctx, txn, w, o)
	if err != nil {
		return s, c, fmt.Errorf("back up ledger: %w", err)
	}
	return s, c, nil
}

func (l *Ledger) backup(ctx context.Context, txn *badgerdb.Txn, w io.Writer, o BackupOptions) (s Snapshot, c Closing, err error) {
	if s, err = l.snapshot(txn, o.Meta); err != nil {
		return s, c, err
	}
	a, err := newArchiver(w)
	if err != nil {
		return s, c, err
	}
	if err := a.json(blockHead, &s); err != nil {
		return s, c, err
	}
	for _, f := range o.Attach {
		if err := attach(a, f); err != nil {
			return s, c, fmt.Errorf("attach %s: %w", f.Name, err)
		}
	}
	if c, err = stream(ctx, a, txn, o.Progress); err != nil {
		return s, c, err
	}
	c, err = a.close(c)
	return s, c, err
}

// snapshot describes what the transaction sees.
func (l *Ledger) snapshot(txn *badgerdb.Txn, meta Meta) (Snapshot, error) {
	s := Snapshot{Format: format, ID: l.id.String(), Epoch: l.epoch, Taken: realNow().UTC(), Meta: meta}
	ends, err := loadEnds(txn)
	if err != nil {
		return s, err
	}
	for _, e := range ends {
		s.Shards = append(s.Shards, ShardState{
			Shard: e.shard, First: e.base + 1, Last: e.pos, At: time.UnixMilli(e.at).UTC(), Head: hex.EncodeToString(e.head[:]),
		})
	}
	slices.SortFunc(s.Shards, func(a, b ShardState) int { return int(a.Shard) - int(b.Shard) })
	return s, nil
}

func attach(a *archiver, f Attachment) error {
	body := make([]byte, 0, len(f.Name)+1+fileChunk)
	for first := true; ; first = false {
		body = append(append(body[:0], f.Name...), 0)
		n, err := io.ReadFull(f.From, body[len(body):cap(body)])
		if n > 0 || first {
			if err := a.block(blockFile, body[:len(body)+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// stream writes all stored keys with their values as they are, seals and all.
func stream(ctx context.Context, a *archiver, txn *badgerdb.Txn, progress func(keys, bytes uint64)) (c Closing, err error) {
	body := make([]byte, 0, blockBytes+blockBytes/4)
	flush := func() error {
		if len(body) == 0 {
			return nil
		}
		err := a.block(blockKeys, body)
		body = body[:0]
		if progress != nil {
			progress(c.Keys, c.Bytes)
		}
		return errors.Join(err, ctx.Err())
	}
	err = walk(txn, []byte{0}, []byte{0xFF}, false, func(item *badgerdb.Item) (bool, error) {
		key := item.Key()
		return true, item.Value(func(sealed []byte) error {
			if _, err := unseal(key, sealed); err != nil {
				return err
			}
			if len(body)+len(key)+len(sealed) > blockBytes {
				if err := flush(); err != nil {
					return err
				}
			}
			c.Keys++
			c.Bytes += uint64(len(key) + len(sealed))
			body = binary.BigEndian.AppendUint16(body, uint16(len(key)))
			body = binary.BigEndian.AppendUint32(body, uint32(len(sealed)))
			body = append(append(body, key...), sealed...)
			return nil
		})
	})
	if err == nil {
		err = flush()
	}
	return c, err
}
