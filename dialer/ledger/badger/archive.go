package badger

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// A backup is one stream of blocks after the magic: a kind, a length, a
// CRC-32C and as many bytes.
//
//	H  the Snapshot in JSON, once and first
//	F  a piece of an attached file: name, zero byte, bytes
//	K  stored keys with their sealed values, in ascending order
//	E  the Closing in JSON, once and last, with the SHA-256 of all before it
const archiveMagic = "CRLNBK01"

const (
	blockHead  = 'H'
	blockFile  = 'F'
	blockKeys  = 'K'
	blockEnd   = 'E'
	blockBytes = 1 << 20
	blockMost  = 4 << 20 // what a reader takes
	fileChunk  = 256 << 10
)

// Snapshot says what a backup is of.
type Snapshot struct {
	Format int          `json:"carillon_ledger"`
	ID     string       `json:"id"`
	Epoch  uint64       `json:"epoch"`
	Taken  time.Time    `json:"taken"`
	Shards []ShardState `json:"shards"`
	Meta   Meta         `json:"meta,omitempty"`
}

// Meta is the caller's own notes about a backup.
type Meta map[string]string

// ShardState is where a shard's log ended, and from which record it is kept.
type ShardState struct {
	Shard uint16    `json:"shard"`
	First uint64    `json:"first"`
	Last  uint64    `json:"last"`
	At    time.Time `json:"at"`
	Head  string    `json:"head"` // chain hash of the last record
}

// Closing ends a backup.
type Closing struct {
	Keys   uint64 `json:"keys"`
	Bytes  uint64 `json:"bytes"` // of keys and sealed values
	SHA256 string `json:"sha256"`
}

// archiver writes blocks and keeps their sum.
type archiver struct {
	to   *bufio.Writer
	sum  hash.Hash
	head [9]byte
}

func newArchiver(w io.Writer) (*archiver, error) {
	a := &archiver{to: bufio.NewWriterSize(w, blockBytes), sum: sha256.New()}
	return a, a.raw([]byte(archiveMagic))
}

func (a *archiver) raw(b []byte) error {
	a.sum.Write(b)
	_, err := a.to.Write(b)
	return err
}

func (a *archiver) block(kind byte, body []byte) error {
	a.head[0] = kind
	binary.BigEndian.PutUint32(a.head[1:], uint32(len(body)))
	binary.BigEndian.PutUint32(a.head[5:], crc(a.head[:5], body))
	return errors.Join(a.raw(a.head[:]), a.raw(body))
}

func (a *archiver) json(kind byte, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode backup: %w", err)
	}
	return a.block(kind, body)
}

// close writes the last block and hands everything on.
func (a *archiver) close(c Closing) (Closing, error) {
	c.SHA256 = hex.EncodeToString(a.sum.Sum(nil))
	return c, errors.Join(a.json(blockEnd, c), a.to.Flush())
}

// unarchiver reads what an archiver wrote.
type unarchiver struct {
	from *bufio.Reader
	sum  hash.Hash
	buf  []byte
}

func newUnarchiver(r io.Reader) (*unarchiver, error) {
	u := &unarchiver{from: bufio.NewReaderSize(r, blockBytes), sum: sha256.New()}
	magic := make([]byte, len(archiveMagic))
	if _, err := io.ReadFull(u.from, magic); err != nil || string(magic) != archiveMagic {
		return nil, fmt.Errorf("%w: this is not a backup of a Carillon ledger", ledger.ErrForeign)
	}
	u.sum.Write(magic)
	return u, nil
}

// next reads one block; its bytes are valid until the next one. Before the
// last block sum is the digest of all that came before it.
func (u *unarchiver) next() (kind byte, body []byte, sum string, err error) {
	var head [9]byte
	if _, err := io.ReadFull(u.from, head[:]); err != nil {
		return 0, nil, "", fmt.Errorf("%w: the backup ends early", ledger.ErrDamaged)
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > blockMost {
		return 0, nil, "", fmt.Errorf("%w: a block of the backup says it has %d bytes", ledger.ErrDamaged, n)
	}
	if uint32(cap(u.buf)) < n {
		u.buf = make([]byte, n)
	}
	u.buf = u.buf[:n]
	if _, err := io.ReadFull(u.from, u.buf); err != nil {
		return 0, nil, "", fmt.Errorf("%w: the backup ends early", ledger.ErrDamaged)
	}
	if crc(head[:5], u.buf) != binary.BigEndian.Uint32(head[5:]) {
		return 0, nil, "", fmt.Errorf("%w: a block of the backup does not match its checksum", ledger.ErrDamaged)
	}
	if head[0] == blockEnd {
		return head[0], u.buf, hex.EncodeToString(u.sum.Sum(nil)), nil
	}
	u.sum.Write(head[:])
	u.sum.Write(u.buf)
	return head[0], u.buf, "", nil
}
